import { describe, expect, test } from 'vitest'
import { fork, insert, type State } from '../../src/sandbox/state.js'
import { all, put } from '../../src/sandbox/table.js'
import { startBuild, type Start } from '../../src/sandbox/world/builds.js'
import { worldOf } from '../../src/sandbox/world/settle.js'
import { acts, fresh, rowOf, withFiles, worked } from './running.js'
import { edited, now, opened } from './world.js'

const sha = '0123456789abcdef0123456789abcdef01234567'
const repository = 'git@github.com:acme/app.git'

const ground = (...lines: readonly string[]) =>
  fresh(
    'create cluster:ios',
    'create queue:ios/m2',
    'create queue:ios/other',
    'set cluster:ios default_queue=m2',
    'connect queue:ios/m2',
    `create pipeline:app cluster=ios repository=${repository}`,
    `create pipeline:other cluster=ios repository=${repository}`,
    ...lines,
  )

type Json = Readonly<Record<string, unknown>>

/** A policy of the queue that lets in pushes to main of `app`, and what is said. */
const policyFor = (state: State, said: Json = {}, over: Json = {}): string => {
  const { uuid, slug } = all(state.tables.organizations)[0]!
  return JSON.stringify({
    format: 'bridle.gate/1',
    organization: { slug, uuid },
    cluster: { name: 'ios', uuid: rowOf(state, 'clusters', 'ios').uuid },
    queue: { key: 'm2', uuid: rowOf(state, 'queues', 'm2').uuid },
    mode: 'block',
    serial: 7,
    issued_at: '2026-11-01T00:00:00Z',
    ...over,
    pipelines: [
      {
        slug: 'app',
        uuid: rowOf(state, 'pipelines', 'app').uuid,
        repository,
        branches: ['main', 'release/*', '!release/old'],
        sources: ['webhook'],
        ...said,
      },
    ],
  })
}

const start: Start = {
  branch: 'main',
  commit: sha,
  message: null,
  env: [],
  source: 'webhook',
  creator: null,
  labels: {},
}

const gated = (state: State, policy: string): State => {
  for (const agent of all(state.tables.agents)) put(state.tables.agents, { ...agent, gate: { policy } })
  return state
}

/** How a build of a pipeline ends on a host with a gate: the rule that refused it, or that it ran. */
const outcome = (how: Partial<Start> = {}, said: Json = {}, over: Json = {}, slug = 'app'): string => {
  const state = ground()
  gated(state, policyFor(state, said, over))
  startBuild(worldOf(state, now), rowOf(state, 'pipelines', slug), { ...start, ...how })
  return endOf(worked(state))
}

const endOf = (after: State): string => {
  const [job] = all(after.tables.jobs)
  const [told] = all(after.tables.annotations)
  if (job?.signalReason !== 'AGENT_REFUSED') return `${job?.state.toLowerCase()} ${job?.exitStatus}`
  return /<code>([\w-]+)<\/code>/.exec(told?.body ?? '')?.[1] ?? 'untold'
}

const pull = (fork: boolean): Partial<Start> => ({ pullRequest: { id: '3', fork, base: 'main' } })

test.each<readonly [string, Partial<Start>, Json, string]>([
  ['a push to a branch that is named', {}, {}, 'finished 0'],
  ['a push to a branch that a star names', { branch: 'release/2' }, {}, 'finished 0'],
  ['a push to a branch that is taken out again', { branch: 'release/old' }, {}, 'branch'],
  ['a push to a branch that only contains the name', { branch: 'not-main' }, {}, 'branch'],
  ['a commit that is no whole hash', { commit: 'HEAD' }, {}, 'commit'],
  ['a tag that is called like a branch', { tag: 'main' }, {}, 'tag'],
  ['a tag that is named', { tag: 'v1', branch: 'v1' }, { tags: ['v*'] }, 'finished 0'],
  ['a build by hand', { source: 'ui' }, {}, 'source'],
  ['a build by hand where that is named', { source: 'ui' }, { sources: ['ui'] }, 'finished 0'],
  [
    'a build by hand of nobody in the teams',
    { source: 'api' },
    { sources: ['api'], creator_teams: ['ops'] },
    'creator',
  ],
  ['a rebuild, whatever it says of its source', { rebuiltFrom: sha }, {}, 'source'],
  [
    'a rebuild where a build by hand is named',
    { rebuiltFrom: sha },
    { sources: ['webhook', 'ui'] },
    'finished 0',
  ],
  [
    'a rebuild of nobody in the teams',
    { rebuiltFrom: sha },
    { sources: ['webhook', 'ui'], creator_teams: ['ops'] },
    'creator',
  ],
  [
    'a rebuild that a variable calls none',
    { rebuiltFrom: sha, env: ['BUILDKITE_REBUILT_FROM_BUILD_ID='] },
    {},
    'source',
  ],
  ['a trigger of nobody named', { source: 'trigger_job' }, { sources: ['trigger_job'] }, 'trigger'],
  ['a pull request', pull(false), {}, 'pull-request'],
  ['a pull request of its own', pull(false), { pull_requests: 'own' }, 'finished 0'],
  ['a pull request from a fork', pull(true), { pull_requests: 'own' }, 'pull-request'],
  ['a pull request from a fork where that is named', pull(true), { pull_requests: 'forks' }, 'finished 0'],
  ['a variable', { env: ['STAGE=x'] }, {}, 'environment'],
  ['a variable that is named', { env: ['STAGE=x'] }, { environment: ['STAGE'] }, 'finished 0'],
  [
    'a variable that runs code, named or not',
    { env: ['BASH_ENV=x'] },
    { environment: ['BASH_ENV'] },
    'environment',
  ],
  ['what Buildkite says over what somebody says', { env: ['BUILDKITE_BRANCH=x'] }, {}, 'finished 0'],
  ['a branch that is called a tag by a variable', { env: ['BUILDKITE_TAG=v1'] }, { tags: ['v*'] }, 'tag'],
  ['another command', {}, { commands: ['make'] }, 'command'],
  ['another repository', {}, { repository: 'git@github.com:acme/web.git' }, 'repository'],
  [
    'the same repository, written in another way',
    {},
    { repository: 'https://github.com/acme/app' },
    'finished 0',
  ],
  [
    'the same path for another user of ssh',
    {},
    { repository: 'alice@github.com:acme/app.git' },
    'repository',
  ],
])('%s', (_, how, said, ended) => {
  expect(outcome(how, said)).toBe(ended)
})

test.each([
  ['alice@git.acme.test:/srv/app', 'ssh://alice@GIT.acme.test:22/srv/app', 'finished 0'],
  ['alice@git.acme.test:/srv/app', 'alice@git.acme.test:srv/app', 'repository'],
  ['alice@git.acme.test:/srv/app', 'alice@git.acme.test:/srv/app.git', 'repository'],
  ['alice@git.acme.test:/srv/app', 'bob@git.acme.test:/srv/app', 'repository'],
  ['alice@git.acme.test:/srv/app', 'https://git.acme.test/srv/app', 'repository'],
  ['git.acme.test:/srv/app', 'ssh://git.acme.test/srv/app', 'finished 0'],
])('a job of %s, where the policy has %s: %s', (of, allowed, ended) => {
  const state = ground()
  put(state.tables.pipelines, { ...rowOf(state, 'pipelines', 'app'), repository: of })
  gated(state, policyFor(state, { repository: allowed }))
  startBuild(worldOf(state, now), rowOf(state, 'pipelines', 'app'), start)
  expect(endOf(worked(state))).toBe(ended)
})

describe('a gate', () => {
  test('lets in no other pipeline', () => {
    expect(outcome({}, {}, {}, 'other')).toBe('pipeline')
  })

  test('refuses a pipeline of the same slug that is another', () => {
    expect(outcome({}, { uuid: '00000000-0000-4000-8000-000000000000' })).toBe('pipeline')
  })

  test('refuses everything without a policy of its queue that it can read', () => {
    const state = ground()
    const other = { queue: { key: 'other', uuid: rowOf(state, 'queues', 'other').uuid } }
    for (const over of [other, { mode: 'perhaps' }, { more: 1 }, { expires_at: '2026-11-01T00:00:00Z' }])
      expect(outcome({}, {}, over)).toBe('policy')
  })

  test('refuses nothing where it only observes or warns', () => {
    for (const mode of ['observe', 'warn']) expect(outcome({ source: 'ui' }, {}, { mode })).toBe('finished 0')
  })

  test('may look whether the commit is in the branch that the build names', () => {
    const pushed = withFiles(ground(), repository, { 'a.txt': 'a' })
    const { sha: merged } = all(pushed.tables.commits)[0]!
    const ended = (commit: string) => {
      const state = gated(fork(pushed), policyFor(pushed, {}, { checks: ['ancestor'] }))
      startBuild(worldOf(state, now), rowOf(state, 'pipelines', 'app'), { ...start, commit })
      return endOf(worked(state))
    }
    expect(ended(merged)).toBe('finished 0')
    expect(ended(sha)).toBe('ancestor')
  })

  test('refuses a rebuild, whatever source it has', () => {
    for (const rebuildKeepsSource of [true, false]) {
      const state = ground('grant team:web pipeline:app build_and_read')
      gated(state, policyFor(state))
      const build = startBuild(worldOf(state, now), rowOf(state, 'pipelines', 'app'), start)
      const id = btoa(`Build---${build.uuid}`)
      const after = worked(acts(worked(state), 'cat', 'buildRebuild', { id }, { rebuildKeepsSource }))
      expect(all(after.tables.builds).at(-1)?.source === 'webhook').toBe(rebuildKeepsSource)
      expect(all(after.tables.jobs).map(({ signalReason }) => signalReason)).toEqual([null, 'AGENT_REFUSED'])
    }
  })

  test('keeps what it refuses from everybody who had a hand in it', () => {
    const state = ground()
    gated(state, policyFor(state))
    startBuild(worldOf(state, now), rowOf(state, 'pipelines', 'other'), {
      ...start,
      labels: { start: ['eve'] },
    })
    const after = worked(state)
    expect(all(after.tables.assignments)).toEqual([])
    expect(all(after.tables.builds)[0]?.state).toBe('FAILED')
  })

  test('is on no machine that somebody has slipped in, and on every one of ours that comes after', () => {
    const state = edited(ground('token cluster:ios agents'), 'rogue queue:ios/m2 eve')
    const gate = edited(state, `gate queue:ios/m2 none`, 'connect queue:ios/m2 late')
    expect(all(gate.tables.agents).map((one) => one.gate)).toEqual([null, null, null])
    const policy = policyFor(state).replaceAll('"', "'")
    const more = edited(
      gated(ground('token cluster:ios agents'), policy),
      'connect queue:ios/m2 late',
      'rogue queue:ios/m2 eve',
    )
    expect(all(more.tables.agents).map((one) => one.gate !== null)).toEqual([true, true, false])
  })
})

describe('a policy that is published', () => {
  const publish = (state: State, name: string, value: string) =>
    insert(
      state,
      'awsParameters',
      { createdAt: now, createdBy: null },
      {
        account: '333333333333',
        key: `333333333333/eu-west-1/${name}`,
        region: 'eu-west-1',
        name,
        type: 'String',
        value,
        version: 1,
        tier: 'Standard',
        keyId: null,
        description: null,
        allowedPattern: null,
        dataType: 'text',
        modifiedAt: now,
        modifiedBy: 'somebody',
        tags: [],
      },
    )
  const envelope = (state: State) => JSON.stringify({ payload: policyFor(state), kid: 'x', sig: 'x' })
  const ended = (publishing: (state: State) => void) => {
    const state = ground()
    for (const agent of all(state.tables.agents))
      put(state.tables.agents, { ...agent, gate: { account: '333333333333', parameter: '/gate' } })
    publishing(state)
    startBuild(worldOf(state, now), rowOf(state, 'pipelines', 'app'), start)
    return endOf(worked(state))
  }

  test('is read from its parameter', () => {
    expect(ended((state) => publish(state, '/gate', envelope(state)))).toBe('finished 0')
  })

  test('is read from several', () => {
    const parts = (state: State) => {
      const bytes = Buffer.from(envelope(state))
      return [bytes.subarray(0, 100), bytes.subarray(100)].map((part, index) =>
        JSON.stringify({ chunk: { serial: 7, index, count: 2 }, part: part.toString('base64') }),
      )
    }
    expect(
      ended((state) => {
        parts(state).forEach((part, at) => publish(state, at === 0 ? '/gate' : `/gate/${at}`, part))
      }),
    ).toBe('finished 0')
  })

  test('that is gone lets nothing in', () => {
    expect(ended(() => undefined)).toBe('policy')
  })
})

test('over REST a build says that its job was refused, and its page says why', async () => {
  const state = ground('grant team:web pipeline:app build_and_read')
  const buildkite = opened(gated(state, policyFor(state)), { agentsWorkAtOnce: true })
  const rest = async (method: string, path: string, body?: object) => {
    const init = {
      method,
      headers: { Authorization: 'Bearer cat' },
      ...(body && { body: JSON.stringify(body) }),
    }
    const url = `https://api.buildkite.com/v2/organizations/acme/pipelines/app/builds${path}`
    const answer = await buildkite.fetch(new Request(url, init))
    return [answer.status, await answer.json()]
  }
  expect(await rest('POST', '', { branch: 'main', commit: sha })).toMatchObject([
    201,
    {
      number: 1,
      state: 'failed',
      source: 'api',
      web_url: 'https://buildkite.com/acme/app/builds/1',
      jobs: [
        { state: 'failed', exit_status: -1, signal_reason: 'agent_refused', agent: { name: 'agent-1' } },
      ],
    },
  ])
  expect(await rest('GET', '/1')).toMatchObject([200, { state: 'failed' }])
  const [, said] = await rest('GET', '/1/annotations')
  expect(said).toMatchObject([{ style: 'error', body_html: expect.stringMatching(/refused.*policy 7/) }])
})
