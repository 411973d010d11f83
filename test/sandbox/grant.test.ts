import { describe, expect, test } from 'vitest'
import { ask, call } from './acme.js'
import { begun, denied, id, mutate, opened, row, world, type Json } from './world.js'

type World = ReturnType<typeof world>

const give = (buildkite: World, team: string, pipeline: string, input: object = {}, token = 'ada') =>
  mutate(
    buildkite,
    'teamPipelineCreate',
    { teamID: id(buildkite, 'teams', team), pipelineID: id(buildkite, 'pipelines', pipeline), ...input },
    'teamPipeline { id uuid accessLevel team { slug } pipeline { slug } } teamPipelineEdge { cursor } team { slug } pipeline { slug }',
    token,
  )

const update = (buildkite: World, grant: string, accessLevel: string, token = 'ada') =>
  mutate(buildkite, 'teamPipelineUpdate', { id: grant, accessLevel }, 'teamPipeline { accessLevel }', token)

const grantIds = async (buildkite: World, pipeline: string): Promise<Record<string, string>> => {
  const { body } = await ask(
    buildkite,
    `{ pipeline(slug: "acme/${pipeline}") { teams { edges { node { id team { slug } } } } } }`,
  )
  return Object.fromEntries(body.data.pipeline.teams.edges.map(({ node }: Json) => [node.team.slug, node.id]))
}

describe('a grant', () => {
  test('gives reading where nothing is said, and is given once', async () => {
    const buildkite = world('create pipeline:app')
    expect(await give(buildkite, 'web', 'app')).toMatchObject({
      teamPipeline: { accessLevel: 'READ_ONLY', team: { slug: 'web' }, pipeline: { slug: 'app' } },
      team: { slug: 'web' },
      pipeline: { slug: 'app' },
    })
    expect(await give(buildkite, 'web', 'app')).toBe('This pipeline has already been added to this team')
  })

  test('named when the pipeline is made gives everything where nothing is said', async () => {
    const buildkite = world()
    const input = {
      organizationId: id(buildkite, 'organizations', 'acme'),
      name: 'app',
      repository: { url: 'git@github.com:acme/app.git' },
      steps: { yaml: 'steps: []' },
      teams: [
        { id: id(buildkite, 'teams', 'web') },
        { id: id(buildkite, 'teams', 'ops'), accessLevel: 'READ_ONLY' },
      ],
    }
    const { pipeline } = await mutate(
      buildkite,
      'pipelineCreate',
      input,
      'pipeline { teams(order: NAME) { edges { node { accessLevel team { slug } } } } }',
    )
    expect(pipeline.teams.edges.map(({ node }: Json) => [node.team.slug, node.accessLevel])).toEqual([
      ['ops', 'READ_ONLY'],
      ['web', 'MANAGE_BUILD_AND_READ'],
    ])
  })

  test('shows a pipeline to a team, and no more than that', async () => {
    const buildkite = world('create pipeline:app', 'grant team:web pipeline:app read_only')
    const query =
      '{ pipeline(slug: "acme/app") { slug permissions { buildCreate { allowed } pipelineUpdate { allowed } } } }'
    const seen = await ask(buildkite, query, { token: 'cat' })
    expect(seen.body.data.pipeline).toEqual({
      slug: 'app',
      permissions: { buildCreate: { allowed: false }, pipelineUpdate: { allowed: false } },
    })
    expect((await ask(buildkite, query, { token: 'dan' })).body).toEqual({ data: { pipeline: null } })
  })

  test('counts by the highest of all teams', async () => {
    const buildkite = world(
      'create pipeline:app',
      'join team:ops cat@acme.test',
      'grant team:web pipeline:app read_only',
      'grant team:ops pipeline:app build_and_read',
    )
    const query = '{ pipeline(slug: "acme/app") { permissions { buildCreate { allowed } } } }'
    expect(
      (await ask(buildkite, query, { token: 'cat' })).body.data.pipeline.permissions.buildCreate.allowed,
    ).toBe(true)
    expect(
      (await ask(buildkite, query, { token: 'bob' })).body.data.pipeline.permissions.buildCreate.allowed,
    ).toBe(false)
  })

  test('is given by who edits the pipeline and runs the team', async () => {
    const buildkite = world(
      'create pipeline:app',
      'create team:qa',
      'join team:qa bob@acme.test maintainer',
      'join team:qa cat@acme.test',
      'grant team:web pipeline:app manage_build_and_read',
    )
    expect(await give(buildkite, 'qa', 'app', {}, 'cat')).toBe(denied)
    expect(await give(buildkite, 'ops', 'app', {}, 'bob')).toBe(denied)
    expect(await give(buildkite, 'qa', 'app', {}, 'bob')).toHaveProperty('teamPipeline')
  })

  test('is raised by a maintainer of the team who cannot edit the pipeline, as far as anybody knows', async () => {
    const state = begun('create pipeline:app', 'grant team:web pipeline:app read_only')
    const known = opened(state)
    const { web = '' } = await grantIds(known, 'app')
    expect(await update(known, web, 'MANAGE_BUILD_AND_READ', 'cat')).toBe(denied)
    expect(await update(known, web, 'MANAGE_BUILD_AND_READ', 'bob')).toEqual({
      teamPipeline: { accessLevel: 'MANAGE_BUILD_AND_READ' },
    })
    const strict = opened(state, { teamMaintainerChangesLevels: false })
    expect(await update(strict, web, 'MANAGE_BUILD_AND_READ', 'bob')).toBe(denied)
  })

  test('is taken away, force or no force, by who may change it', async () => {
    const buildkite = world('create pipeline:app', 'grant team:web pipeline:app build_and_read')
    const { web = '' } = await grantIds(buildkite, 'app')
    const take = (token: string) =>
      mutate(
        buildkite,
        'teamPipelineDelete',
        { id: web, force: true },
        'deletedTeamPipelineID team { slug }',
        token,
      )
    expect(await take('cat')).toBe(denied)
    expect(await take('ada')).toEqual({ deletedTeamPipelineID: web, team: { slug: 'web' } })
    expect(await take('ada')).toBe('No Team Pipeline found')
    expect(
      (await ask(buildkite, '{ pipeline(slug: "acme/app") { slug } }', { token: 'cat' })).body.data.pipeline,
    ).toBeNull()
  })

  test('to a secret team is seen by who sees the team', async () => {
    const buildkite = world(
      'create pipeline:app',
      'grant team:web pipeline:app read_only',
      'grant team:ops pipeline:app read_only',
      'set team:web privacy=secret',
    )
    const count = async (token: string) =>
      (await ask(buildkite, '{ pipeline(slug: "acme/app") { teams { count } } }', { token })).body.data
        .pipeline.teams.count
    expect([await count('ada'), await count('cat'), await count('dan')]).toEqual([2, 2, 1])
  })

  test('is a row of its own over REST', async () => {
    const buildkite = world('create pipeline:app')
    const team = row(buildkite, 'teams', 'web').uuid
    const pipeline = row(buildkite, 'pipelines', 'app').uuid
    const base = `/v2/organizations/acme/teams/${team}/pipelines`
    const made = await call(buildkite, `POST ${base}`, { body: { pipeline_id: pipeline } })
    expect([made.status, made.body]).toEqual([
      201,
      {
        access_level: 'read_only',
        created_at: '2026-11-02T09:00:00.000Z',
        pipeline_id: pipeline,
        pipeline_url: 'https://api.buildkite.com/v2/organizations/acme/pipelines/app',
      },
    ])
    const changed = await call(buildkite, `PATCH ${base}/${pipeline}`, {
      body: { access_level: 'build_and_read' },
    })
    expect(changed.body.access_level).toBe('build_and_read')
    expect((await call(buildkite, `GET ${base}`)).body).toHaveLength(1)
    expect((await call(buildkite, `DELETE ${base}/${pipeline}`)).status).toBe(204)
    expect((await call(buildkite, `GET ${base}`)).body).toEqual([])
  })
})
