import { describe, expect, test } from 'vitest'
import { idOf } from '../../src/sandbox/ids.js'
import { ask, call } from './acme.js'
import { begun, denied, id, mutate, opened, row, world } from './world.js'

type World = ReturnType<typeof world>

const state = begun(
  'create cluster:ios',
  'create queue:ios/m2',
  'set cluster:ios default_queue=m2',
  'connect queue:ios/m2 mac-1',
  'create pipeline:app cluster=ios',
  'grant team:web pipeline:app build_and_read',
)

const count = async (buildkite: World, connection: string, token = 'ada') =>
  (await ask(buildkite, `{ organization(slug: "acme") { all: ${connection} { count } } }`, { token })).body
    .data.organization.all.count

describe('an agent', () => {
  const agentId = (buildkite: World) => idOf('Agent', row(buildkite, 'agents', 'mac-1').uuid)

  test('is in a queue, and seen by all', async () => {
    const buildkite = opened(state)
    const queue = id(buildkite, 'queues', 'm2')
    expect(await count(buildkite, `agents(clusterQueue: ["${queue}"])`, 'eve')).toBe(1)
    expect(await count(buildkite, `agents(cluster: "${id(buildkite, 'clusters', 'Default cluster')}")`)).toBe(
      0,
    )
    expect(await count(buildkite, 'agents(clustered: false)')).toBe(0)
    expect(await count(buildkite, 'agents(metaData: ["queue=m2"], paused: false, isRunningJob: false)')).toBe(
      1,
    )
    const slug = `acme/${row(buildkite, 'agents', 'mac-1').uuid}`
    const { body } = await ask(
      buildkite,
      `{ agent(slug: "${slug}") { name connectionState clusterQueue { key } metaData } }`,
    )
    expect(body.data.agent).toEqual({
      name: 'mac-1',
      connectionState: 'connected',
      clusterQueue: { key: 'm2' },
      metaData: ['queue=m2'],
    })
  })

  test('is stopped once, by maintainers or members who may', async () => {
    const buildkite = opened(state)
    const stop = (token: string) =>
      mutate(
        buildkite,
        'agentStop',
        { id: agentId(buildkite) },
        'agent { connectionState stoppedGracefullyBy { email } }',
        token,
      )
    expect(await stop('eve')).toEqual({
      agent: { connectionState: 'stopping', stoppedGracefullyBy: { email: 'eve@acme.test' } },
    })
    expect(await stop('ada')).toBe('Can only stop connected agents')
    const closed = opened(
      begun(
        'create "queue:Default cluster/x"',
        'connect "queue:Default cluster/x" mac-1',
        'set organization members_can_stop_agents=false',
      ),
    )
    const denial = await mutate(closed, 'agentStop', { id: agentId(closed) }, 'agent { id }', 'eve')
    expect(denial).toBe(denied)
  })

  test('pauses and resumes', async () => {
    const buildkite = opened(state)
    const input = { id: agentId(buildkite) }
    expect(
      await mutate(
        buildkite,
        'agentPause',
        { ...input, note: 'disk' },
        'agent { paused pausedNote pausedTimeoutInMinutes }',
      ),
    ).toEqual({
      agent: { paused: true, pausedNote: 'disk', pausedTimeoutInMinutes: 5 },
    })
    expect(await mutate(buildkite, 'agentPause', input, 'agent { id }')).toBe('Agent is already paused')
    expect(await mutate(buildkite, 'agentResume', input, 'agent { paused }')).toEqual({
      agent: { paused: false },
    })
    expect(await mutate(buildkite, 'agentResume', input, 'agent { id }')).toBe('Agent is not paused')
  })

  test('is listed over REST while it is connected', async () => {
    const buildkite = opened(state)
    const path = '/v2/organizations/acme/agents'
    const [listed] = (await call(buildkite, `GET ${path}`)).body
    expect(listed).toMatchObject({ name: 'mac-1', connection_state: 'connected', queue: 'm2', paused: false })
    expect(
      (
        await call(buildkite, `PUT ${path}/${listed.id}/pause`, {
          body: { note: 'x', timeout_in_minutes: 9 },
        })
      ).body,
    ).toMatchObject({ paused: true, paused_timeout_in_minutes: 9 })
    expect((await call(buildkite, `PUT ${path}/${listed.id}/resume`)).body.paused).toBe(false)
    expect(
      (await call(buildkite, `PUT ${path}/${listed.id}/stop`, { body: { force: true } })).body
        .connection_state,
    ).toBe('stopped')
    const again = await call(buildkite, `PUT ${path}/${listed.id}/stop`)
    expect([again.status, again.body]).toEqual([400, { message: 'Can only stop connected agents' }])
    expect((await call(buildkite, `GET ${path}`)).body).toEqual([])
  })
})

describe('a build', () => {
  const create = (buildkite: World, input: object = {}, token = 'cat') =>
    mutate(
      buildkite,
      'buildCreate',
      { pipelineID: id(buildkite, 'pipelines', 'app'), ...input },
      'build { id uuid number state branch commit env source { name } createdBy { ... on User { email } } }',
      token,
    )

  test('is started by who may build, and numbered', async () => {
    const buildkite = opened(state)
    expect((await create(buildkite, { env: ['A=1'] })).build).toMatchObject({
      number: 1,
      state: 'SCHEDULED',
      branch: 'main',
      commit: 'HEAD',
      env: ['A=1'],
      source: { name: 'api' },
      createdBy: { email: 'cat@acme.test' },
    })
    expect((await create(buildkite)).build.number).toBe(2)
    expect(row(buildkite, 'pipelines', 'app').nextBuildNumber).toBe(3)
    expect(await create(buildkite, {}, 'eve')).toBe('No Pipeline found')
    const watched = opened(begun('create pipeline:app', 'grant team:web pipeline:app read_only'))
    expect(await create(watched)).toBe(denied)
  })

  test('waits with a job in the default queue of its cluster', async () => {
    const buildkite = opened(state)
    const { build } = await create(buildkite)
    const queue = id(buildkite, 'queues', 'm2')
    expect(
      await count(buildkite, `jobs(clusterQueue: ["${queue}"], state: [SCHEDULED, ASSIGNED, RUNNING])`),
    ).toBe(1)
    expect(await count(buildkite, 'jobs(agentQueryRules: ["queue=m2"], type: [COMMAND])')).toBe(1)
    expect(await count(buildkite, 'jobs(type: [BLOCK])')).toBe(0)
    expect(await count(buildkite, 'jobs', 'eve')).toBe(0)
    const { body } = await ask(
      buildkite,
      `{ build(slug: "acme/app/1") { uuid url jobs { edges { node { __typename ... on JobTypeCommand { id command state clusterQueue { key } pipeline { slug } } } } } } }`,
    )
    expect(body.data.build).toMatchObject({
      uuid: build.uuid,
      url: 'https://buildkite.com/acme/app/builds/1',
    })
    expect(body.data.build.jobs.edges[0].node).toMatchObject({
      __typename: 'JobTypeCommand',
      state: 'SCHEDULED',
      clusterQueue: { key: 'm2' },
      pipeline: { slug: 'app' },
    })
  })

  test('is canceled with its jobs, and rebuilt where that is allowed', async () => {
    const buildkite = opened(state)
    const { build } = await create(buildkite)
    const cancel = () => mutate(buildkite, 'buildCancel', { id: build.id }, 'build { state }', 'cat')
    expect(await cancel()).toEqual({ build: { state: 'CANCELED' } })
    expect(await cancel()).toBe('Build can no longer be canceled')
    const rebuild = () =>
      mutate(buildkite, 'buildRebuild', { id: build.id }, 'build { number } rebuild { number }', 'cat')
    expect(await rebuild()).toEqual({ build: { number: 1 }, rebuild: { number: 2 } })
    await call(buildkite, 'PATCH /v2/organizations/acme/pipelines/app', { body: { allow_rebuilds: false } })
    expect(await rebuild()).toBe('Rebuilds are not allowed on this pipeline')
  })

  test('has jobs that are canceled and run again', async () => {
    const buildkite = opened(state)
    await create(buildkite)
    const [job] = [...buildkite.state.tables.jobs.rows.values()]
    const input = { id: idOf('JobTypeCommand', job!.uuid) }
    const cancel = (token: string) =>
      mutate(buildkite, 'jobTypeCommandCancel', input, 'jobTypeCommand { state }', token)
    expect(await cancel('eve')).toBe('No Job found')
    expect(await mutate(buildkite, 'jobTypeCommandRetry', input, 'jobTypeCommand { id }')).toBe(
      'Job has not finished yet',
    )
    expect(await cancel('cat')).toEqual({ jobTypeCommand: { state: 'CANCELED' } })
    expect(await cancel('cat')).toBe('Job can no longer be canceled')
    const retried = await mutate(
      buildkite,
      'jobTypeCommandRetry',
      input,
      'jobTypeCommand { state } retriedInJobTypeCommand { state command }',
    )
    expect(retried).toEqual({
      jobTypeCommand: { state: 'CANCELED' },
      retriedInJobTypeCommand: { state: 'SCHEDULED', command: 'buildkite-agent pipeline upload' },
    })
  })
})
