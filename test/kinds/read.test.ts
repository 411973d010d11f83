import { describe, expect, test } from 'vitest'
import { accessThings, kinds, readObserved, type Scope } from '../../src/kinds/index.js'
import type { Sandbox } from '../../src/sandbox/index.js'
import { call } from '../sandbox/acme.js'
import { all, json, reading, refusalOf } from '../providers/world.js'
import { id, mutate, row, world } from '../sandbox/world.js'

/** What a thing reads, as an administrator: its specs, by key. */
const read = async (buildkite: Sandbox, name: string, scope?: Scope) => {
  const thing = [...kinds, ...accessThings].find((one) => one.name === name)!
  const found = await all(thing.read(reading({ fetch: buildkite.fetch, token: 'ada' }), scope))
  return Object.fromEntries(found.map(({ key, spec }) => [key, spec]))
}

const only = (...clusters: readonly string[]): Scope => ({ clusters: new Set(clusters) })

const clusters = [
  'create cluster:production',
  'create queue:production/deploy',
  'create cluster:general',
  'create queue:general/default',
] as const

test('invitations, with what they promise', async () => {
  const buildkite = world('invite person Kim@acme.test admin', 'invite person lee@acme.test')
  expect(await read(buildkite, 'invitation')).toEqual({
    'kim@acme.test': { email: 'kim@acme.test', role: 'admin', teams: [] },
    'lee@acme.test': { email: 'lee@acme.test', role: 'member', teams: [] },
  })
})

test('agent tokens of every cluster, never their values', async () => {
  const buildkite = world(...clusters)
  await mutate(
    buildkite,
    'clusterAgentTokenCreate',
    {
      organizationId: id(buildkite, 'organizations', 'acme'),
      clusterId: id(buildkite, 'clusters', 'production'),
      description: 'deploy',
      allowedIpAddresses: '10.30.0.0/16 10.20.0.0/16',
      expiresAt: '2026-12-01T00:00:00.000Z',
    },
    'tokenValue',
  )
  const found = await read(buildkite, 'token')
  expect(found['production/deploy']).toMatchObject({
    cluster: 'production',
    description: 'deploy',
    allowed_ip_addresses: ['10.20.0.0/16', '10.30.0.0/16'],
    named: 'deploy',
    store: null,
    current: { expires_at: '2026-12-01T00:00:00.000Z', made_by: 'ada@acme.test' },
    replaced: [],
    unfinished: [],
  })
  expect(JSON.stringify(found)).not.toMatch(/bkct_/)
})

test('agent tokens of one description are told apart', async () => {
  const buildkite = world(...clusters)
  for (const allowedIpAddresses of ['10.20.0.0/16', '0.0.0.0/0'])
    await mutate(
      buildkite,
      'clusterAgentTokenCreate',
      {
        organizationId: id(buildkite, 'organizations', 'acme'),
        clusterId: id(buildkite, 'clusters', 'production'),
        description: 'deploy',
        allowedIpAddresses,
      },
      'tokenValue',
    )
  const found = await read(buildkite, 'token')
  expect(Object.keys(found)).toEqual(expect.arrayContaining(['production/deploy', 'production/deploy/2']))
  expect(found['production/deploy/2']).toMatchObject({ description: 'deploy', nth: 2 })
})

describe('agents', () => {
  const connected = [
    ...clusters,
    'connect queue:production/deploy host-1',
    'connect queue:general/default host-2',
  ]

  test('of the queues that are looked at, or of all', async () => {
    const spec = {
      name: 'host-1',
      hostname: 'host-1',
      cluster: 'production',
      queue: 'deploy',
      connected: true,
    }
    expect(await read(world(...connected), 'agent', only('production'))).toMatchObject({
      'production/deploy/host-1': spec,
    })
    expect(Object.keys(await read(world(...connected), 'agent', only('production')))).toHaveLength(1)
    expect(Object.keys(await read(world(...connected), 'agent'))).toHaveLength(2)
    expect(await read(world(...connected), 'agent', only())).toEqual({})
  })
})

test('API access tokens, never their values', async () => {
  const found = Object.values(await read(world(), 'api-token')) as { owner: string; scopes: string[] }[]
  expect(found.map(({ owner }) => owner)).toContain('eve@acme.test')
  for (const { scopes } of found) expect(scopes).toContain('graphql')
})

describe('unfinished builds', () => {
  const started = [
    ...clusters,
    'create pipeline:web-deploy',
    'move pipeline:web-deploy cluster:production',
    'create pipeline:web',
    'move pipeline:web cluster:general',
    'start pipeline:web-deploy',
    'start pipeline:web',
  ]

  test('of the clusters that are looked at, or of all', async () => {
    expect(await read(world(...started), 'build', only('production'))).toEqual({
      'web-deploy/1': { pipeline: 'web-deploy', number: 1, hands: ['ada@acme.test'] },
    })
    expect(Object.keys(await read(world(...started), 'build'))).toEqual(['web/1', 'web-deploy/1'])
  })

  test('of pipelines elsewhere, where the scope names them', async () => {
    const scope = { ...only('production'), pipelines: new Set(['web', 'web-deploy']) }
    expect(Object.keys(await read(world(...started), 'build', scope))).toEqual(['web-deploy/1', 'web/1'])
  })

  test('and none that has finished', async () => {
    expect(await read(world(...started, 'finish pipeline:web-deploy'), 'build', only('production'))).toEqual(
      {},
    )
  })
})

test('secrets of the clusters that are looked at, never their values', async () => {
  const buildkite = world(...clusters)
  const { body } = await call(buildkite, 'GET /v2/organizations/acme/clusters')
  for (const { id, name } of body)
    await call(buildkite, `POST /v2/organizations/acme/clusters/${id}/secrets`, {
      body: { key: `OF_${name.replaceAll(' ', '_')}`, value: 'very-secret' },
    })
  expect(await read(buildkite, 'secret', only('production'))).toEqual({
    'production/OF_production': { cluster: 'production', key: 'OF_production', for_all: true },
  })
})

/** A Buildkite that answers some paths, and questions of some names, in its own way. */
const but = (buildkite: Sandbox, part: string, answer: () => Response): Sandbox => ({
  ...buildkite,
  fetch: async (url, init) =>
    (url as string).endsWith(part) || (init?.body as string | undefined)?.includes(`query ${part}(`)
      ? answer()
      : buildkite.fetch(url, init),
})

test('portals, with the mutations that are stored in them', async () => {
  const rows = [
    { uuid: 'p', slug: 'unblock', query: 'mutation { jobTypeBlockUnblock(input: {}) { clientMutationId } }' },
    { uuid: 'q', slug: 'status', query: '{ viewer { id } }' },
    { uuid: 'r', slug: 'odd', query: null },
    {
      uuid: 's',
      slug: 'hooks',
      query: '{ pipeline(slug: "a/b") { ...F } } fragment F on Pipeline { webhookURL }',
    },
  ]
  const buildkite = but(world(), '/portals?per_page=100', () => json(rows))
  expect(await read(buildkite, 'portal')).toEqual({
    unblock: { slug: 'unblock', mutations: ['jobTypeBlockUnblock'], tells: [] },
    status: { slug: 'status', mutations: [], tells: [] },
    odd: { slug: 'odd', mutations: undefined, tells: [] },
    hooks: { slug: 'hooks', mutations: [], tells: ['webhookURL'] },
  })
})

test('identity providers', async () => {
  const node = { id: 'x', uuid: 'y', type: 'SAML', state: 'ENABLED', emailDomain: 'acme.test' }
  const ssoProviders = { count: 1, edges: [{ node }] }
  const buildkite = but(world(), 'SsoProviders', () => json({ data: { organization: { ssoProviders } } }))
  expect(await read(buildkite, 'sso-provider')).toEqual({
    'saml/acme.test': { type: 'saml', email_domain: 'acme.test', enabled: true },
  })
})

describe('what is in no cluster', () => {
  test('is nothing in an organization that never had any', async () => {
    expect(await read(world(...clusters, 'create pipeline:web'), 'unclustered')).toEqual({})
  })

  const answers = (name: string, page: object) => json({ data: { organization: { [name]: page } } })

  test('pipelines that the list of all does not have', async () => {
    const page = {
      count: 1,
      pageInfo: { hasNextPage: false, endCursor: null },
      edges: [{ node: { id: 'x', uuid: 'y', slug: 'old' } }],
    }
    const buildkite = but(world(), 'UnclusteredPipelines', () => answers('page', page))
    expect(await read(buildkite, 'unclustered')).toEqual({
      'pipeline/old': { is: 'pipeline', name: 'old', sure: true },
    })
  })

  test('agents by their hosts, and tokens', async () => {
    const agent = (more: object) => ({
      node: {
        id: 'x',
        uuid: 'y',
        name: 'a',
        hostname: null,
        connectionState: 'connected',
        clusterQueue: null,
        ...more,
      },
    })
    const page = {
      count: 4,
      pageInfo: { hasNextPage: false, endCursor: null },
      edges: [
        agent({ id: '1', hostname: 'host-1' }),
        agent({ id: '2', name: 'host-2', connectionState: 'lost' }),
        agent({ id: '3', name: 'host-3', connectionState: 'disconnected' }),
        agent({ id: '4', name: 'host-4', clusterQueue: { uuid: 'q' } }),
      ],
    }
    const agentTokens = { count: 1, edges: [{ node: { id: 'x', uuid: 'y', description: 'legacy' } }] }
    const agents = but(world(), 'UnclusteredAgents', () => answers('page', page))
    const buildkite = but(agents, 'UnclusteredTokens', () => answers('agentTokens', agentTokens))
    expect(await read(buildkite, 'unclustered')).toEqual({
      'agent/host-1': { is: 'agent', name: 'host-1', sure: true },
      'agent/host-2': { is: 'agent', name: 'host-2', sure: undefined },
      'token/legacy': { is: 'token', name: 'legacy', sure: true },
    })
  })
})

describe('what is out of sight is unsure, and never left out', () => {
  const gone = (message: string, status: number) => () => json({ message }, {}, status)
  const nothing = (name: string) => () => json({ data: { organization: { [name]: null } } })
  const denied = () => json({ data: null, errors: [{ message: "You're not allowed to do that" }] })

  test.each<[string, string, () => Response, readonly string[]]>([
    [
      'portal',
      '/portals?per_page=100',
      gone('No organization found', 404),
      ['runs-operation portal:unknown'],
    ],
    ['portal', '/portals?per_page=100', gone('Forbidden', 403), ['runs-operation portal:unknown']],
    [
      'portal',
      '/portals?per_page=100',
      gone("Your access token doesn't have the read_portals scope", 403),
      ['runs-operation portal:unknown'],
    ],
    [
      'secret',
      '/secrets?per_page=100',
      gone('Forbidden', 403),
      ['secret-for-all secret:general/unknown', 'secret-for-all secret:production/unknown'],
    ],
    ['sso-provider', 'SsoProviders', nothing('ssoProviders'), ['signs-in sso-provider:unknown']],
    ['sso-provider', 'SsoProviders', denied, ['signs-in sso-provider:unknown']],
    ['api-token', 'ApiTokens', denied, ['acts-as api-token:unknown/unknown']],
    ['unclustered', 'UnclusteredTokens', nothing('agentTokens'), ['unclustered token:unknown']],
    ['unclustered', 'UnclusteredAgents', denied, ['unclustered agent:unknown']],
  ])('%s, where %s is denied', async (name, part, answer, grants) => {
    const thing = [...kinds, ...accessThings].find((one) => one.name === name)!
    const buildkite = but(world(...clusters), part, answer)
    const specs = await read(buildkite, name, only('general', 'production'))
    const given = Object.values(specs).flatMap((spec) => thing.grants!(spec))
    expect(given.map(({ power, of }) => `${power} ${of}`)).toEqual(grants)
    expect(given.map(({ sure }) => sure)).toEqual(grants.map(() => false))
  })

  test('agent tokens of a cluster', async () => {
    const node = { id: 'x', uuid: 'y', name: 'production', agentTokens: null }
    const page = { count: 1, pageInfo: { hasNextPage: false, endCursor: null }, edges: [{ node }] }
    const buildkite = but(world(), 'AgentTokens', () => json({ data: { organization: { page } } }))
    const [spec] = Object.values(await read(buildkite, 'token'))
    expect(kinds.find(({ name }) => name === 'token')!.grants!(spec)).toMatchObject([
      { power: 'registers-agents', of: 'token:production/unknown', sure: false },
    ])
  })
})

describe('a list that may have been cut off is refused', () => {
  const edges = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      node: { id: `${i}`, uuid: `${i}`, description: '', allowedIpAddresses: null, expiresAt: null },
    }))

  test.each([
    ['of which some are missing', 3, 2],
    ['that is as long as it may be', 200, 200],
    ['that is longer', 201, 200],
  ])('tokens %s', async (_name, count, came) => {
    const agentTokens = { count, edges: edges(came) }
    const node = { id: 'x', uuid: 'y', name: 'production', agentTokens }
    const page = { count: 1, pageInfo: { hasNextPage: false, endCursor: null }, edges: [{ node }] }
    const buildkite = but(world(), 'AgentTokens', () => json({ data: { organization: { page } } }))
    expect(await refusalOf(read(buildkite, 'token'))).toMatchObject({ reason: 'incomplete' })
  })

  test('anything that fails for another reason', async () => {
    const buildkite = but(world(), '/portals?per_page=100', () => json({ message: 'no' }, {}, 401))
    expect(await refusalOf(read(buildkite, 'portal'))).toMatchObject({ reason: 'unauthenticated' })
  })
})

describe('machines of two clusters', () => {
  const page = (...nodes: readonly object[]) => ({
    count: nodes.length,
    pageInfo: { hasNextPage: false, endCursor: null },
    edges: nodes.map((node, i) => ({ node: { id: `${i}`, uuid: `${i}`, name: `agent-${i}`, ...node } })),
  })
  const agents = (hostname: string, connectionState = 'connected') => ({ hostname, connectionState })
  const org = (ours: readonly object[], others: () => Response) =>
    but(
      but(world(...clusters), 'Agents', () => json({ data: { organization: { page: page(...ours) } } })),
      'HostNames',
      others,
    )

  test('are those of which an agent of another cluster gives the name, too', async () => {
    const ours = [agents('box'), agents('gone', 'disconnected')]
    const others = page(
      agents('box'),
      agents('box', 'odd'),
      agents('gone'),
      agents('else'),
      agents('box', 'stopped'),
    )
    const buildkite = org(ours, () => json({ data: { organization: { page: others } } }))
    expect(await read(buildkite, 'host', only('production', 'Default cluster'))).toEqual({
      'general/box': { name: 'box', cluster: 'general', connected: true },
    })
  })

  test.each<[string, Scope | undefined, readonly object[]]>([
    ['none of ours is connected', only('production'), [agents('box', 'stopped')]],
    ['every cluster is looked at', only('production', 'general', 'Default cluster'), [agents('box')]],
    ['nobody says where to look', undefined, [agents('box')]],
  ])('are not asked for where %s', async (_, scope, ours) => {
    expect(
      await read(
        org(ours, () => json({}, {}, 500)),
        'host',
        scope,
      ),
    ).toEqual({})
  })
})

describe('whose hand is in an unfinished build', () => {
  const member = (email: string) => ({ __typename: 'User', email })
  const source = (__typename: string, more: object = {}) => ({ __typename, ...more })
  const row = (more: object) => ({
    id: 'x',
    uuid: 'y',
    number: 7,
    source: source('BuildSourceFrontend'),
    createdBy: member('Ada@acme.test'),
    pullRequest: null,
    rebuiltFrom: null,
    triggeredFrom: null,
    jobs: { count: 1 },
    ...more,
  })
  const parent = (more: object, cluster: string | null) => ({
    build: { ...row(more), pipeline: { slug: 'web', cluster: cluster === null ? null : { name: cluster } } },
  })
  const trigger = source('BuildSourceTriggerJob')
  const webhook = source('BuildSourceWebhook')
  const schedule = source('BuildSourceSchedule', { pipelineSchedule: { id: 's' } })

  test.each<[string, object, readonly (string | null)[]]>([
    ['whoever pressed the button', {}, ['ada@acme.test']],
    ['whoever called the API', { source: source('BuildSourceAPI') }, ['ada@acme.test']],
    ['somebody, if nobody is named', { createdBy: null }, [null]],
    ['somebody, if it is no member', { createdBy: { __typename: 'UnregisteredUser' } }, [null]],
    ['nobody’s beyond those who may push', { source: webhook }, []],
    ['somebody, if it came with a pull request', { source: webhook, pullRequest: { id: '1' } }, [null]],
    ['nobody’s beyond whoever made the schedule', { source: schedule, createdBy: null }, []],
    [
      'somebody, if the schedule is gone',
      { source: source('BuildSourceSchedule', { pipelineSchedule: null }) },
      [null],
    ],
    ['somebody, if it started in a way that is new', { source: source('BuildSourceNew') }, [null]],
    [
      'whoever started what triggered it',
      { source: trigger, createdBy: member('eve@acme.test'), triggeredFrom: parent({}, 'general') },
      ['ada@acme.test'],
    ],
    ['somebody, if that is not told', { source: trigger, triggeredFrom: { build: null } }, [null]],
    [
      'somebody, if a push elsewhere did',
      { source: trigger, triggeredFrom: parent({ source: webhook }, 'general') },
      [null],
    ],
    [
      'nobody’s more, if a push within the cluster did',
      { source: trigger, triggeredFrom: parent({ source: webhook }, 'production') },
      [],
    ],
    [
      'somebody, if that was triggered, too',
      { source: trigger, triggeredFrom: parent({ source: trigger }, 'production') },
      [null],
    ],
    [
      'whoever started it first, too, if it is a rebuild',
      { rebuiltFrom: row({ createdBy: member('eve@acme.test') }) },
      ['ada@acme.test', 'eve@acme.test'],
    ],
    [
      'somebody, too, if it is a rebuild of a rebuild',
      { rebuiltFrom: row({ rebuiltFrom: { uuid: 'z' } }) },
      ['ada@acme.test', null],
    ],
  ])('%s', async (_name, more, hands) => {
    const page = (node: object) => ({
      count: 1,
      pageInfo: { hasNextPage: false, endCursor: null },
      edges: [{ node }],
    })
    const pipeline = { id: 'p', uuid: 'p', slug: 'web-deploy', jobs: { count: 1 }, builds: page(row(more)) }
    const buildkite = but(world(...clusters), 'UnfinishedBuilds', () =>
      json({ data: { organization: { page: page(pipeline) } } }),
    )
    expect(await read(buildkite, 'build', only('production'))).toEqual({
      'web-deploy/7': { pipeline: 'web-deploy', number: 7, hands },
    })
  })

  const page = (node: object) => ({
    count: 1,
    pageInfo: { hasNextPage: false, endCursor: null },
    edges: [{ node }],
  })

  test('nobody’s more, if a push elsewhere came by a rule that is there', async () => {
    const pipeline = (build: object) => ({
      id: 'p',
      uuid: 'p',
      slug: 'web-deploy',
      jobs: { count: 1 },
      builds: page(build),
    })
    const pushed = { source: trigger, triggeredFrom: parent({ source: webhook }, 'general') }
    const rule = {
      id: 'r',
      uuid: 'r',
      type: 'pipeline.trigger_build.pipeline',
      effect: 'ALLOW',
      description: null,
      document: null,
      source: { __typename: 'Pipeline', slug: 'web' },
      target: { __typename: 'Pipeline', slug: 'web-deploy' },
    }
    const builds = but(world(...clusters), 'UnfinishedBuilds', () =>
      json({ data: { organization: { page: page(pipeline(row(pushed))) } } }),
    )
    const buildkite = but(builds, 'Rules', () => json({ data: { organization: { page: page(rule) } } }))
    expect(await read(buildkite, 'build', only('production'))).toMatchObject({
      'web-deploy/7': { hands: [] },
    })
  })

  test('somebody’s, if what was pushed waits in a pipeline that is elsewhere', async () => {
    const started = world(...clusters, 'create pipeline:web', 'move pipeline:web cluster:general')
    const builds = but(started, 'UnfinishedBuildsOfPipeline', () =>
      json({ data: { pipeline: { page: page(row({ source: webhook })) } } }),
    )
    const buildkite = but(builds, 'UnfinishedJobsOfPipeline', () =>
      json({ data: { pipeline: { page: page({ uuid: 'j', build: { number: 7, state: 'RUNNING' } }) } } }),
    )
    const scope = { ...only('production'), pipelines: new Set(['web']) }
    expect(await read(buildkite, 'build', scope)).toEqual({
      'web/7': { pipeline: 'web', number: 7, hands: [null] },
    })
  })

  test('somebody’s, if jobs are left of a build that is over', async () => {
    const builds = { count: 0, pageInfo: { hasNextPage: false, endCursor: null }, edges: [] }
    const node = { id: 'p', uuid: 'p', slug: 'web-deploy', jobs: { count: 1 }, builds }
    const page = { ...builds, count: 1, edges: [{ node }] }
    const buildkite = but(world(...clusters), 'UnfinishedBuilds', () =>
      json({ data: { organization: { page } } }),
    )
    expect(await read(buildkite, 'build', only('production'))).toEqual({
      'web-deploy/left': { pipeline: 'web-deploy', number: null, hands: [null] },
    })
  })

  describe('beside a build that has not finished', () => {
    const listed = (...nodes: readonly object[]) => ({
      count: nodes.length,
      pageInfo: { hasNextPage: false, endCursor: null },
      edges: nodes.map((node) => ({ node })),
    })
    const job = (number: number, state: string) => ({ uuid: `${number}`, build: { number, state } })
    const of = (jobs: readonly object[], more: object = {}) => {
      const pipeline = { id: 'p', uuid: 'p', slug: 'web-deploy', jobs: { count: jobs.length } }
      const builds = but(world(...clusters), 'UnfinishedBuilds', () =>
        json({ data: { organization: { page: page({ ...pipeline, builds: page(row(more)) }) } } }),
      )
      return but(builds, 'UnfinishedJobsOfPipeline', () =>
        json({ data: { pipeline: { page: listed(...jobs) } } }),
      )
    }
    const keys = async (buildkite: Sandbox) => Object.keys(await read(buildkite, 'build', only('production')))

    test.each<[string, readonly object[], readonly string[]]>([
      ['jobs are left of one that is over', [job(7, 'RUNNING'), job(3, 'PASSED')], ['7', 'left']],
      ['a job is of nobody knows which', [job(7, 'RUNNING'), { uuid: 'x', build: null }], ['7', 'left']],
      ['a job is of a type that is new', [job(7, 'RUNNING'), {}], ['7', 'left']],
      ['another has begun meanwhile', [job(7, 'RUNNING'), job(8, 'RUNNING')], ['7']],
    ])('%s', async (_, jobs, found) => {
      expect(await keys(of(jobs))).toEqual(found.map((one) => `web-deploy/${one}`))
    })

    test('jobs are looked at only where their number does not tell', async () => {
      const buildkite = of([job(7, 'RUNNING'), job(7, 'RUNNING')], { jobs: { count: 2 } })
      const none = but(buildkite, 'UnfinishedJobsOfPipeline', () => json({}, {}, 500))
      expect(await keys(none)).toEqual(['web-deploy/7'])
    })

    test('in a pipeline that is elsewhere, and will come in', async () => {
      const started = world(...clusters, 'create pipeline:web', 'move pipeline:web cluster:general')
      const buildkite = but(started, 'UnfinishedJobsOfPipeline', () =>
        json({ data: { pipeline: { page: listed(job(3, 'PASSED')) } } }),
      )
      const scope = { ...only('production'), pipelines: new Set(['web']) }
      expect(await read(buildkite, 'build', scope)).toEqual({
        'web/left': { pipeline: 'web', number: null, hands: [null] },
      })
    })
  })
})

describe('who ran on a queue', () => {
  const ran = [
    ...clusters,
    'create pipeline:web-deploy',
    'move pipeline:web-deploy cluster:production',
    'start pipeline:web-deploy',
    'start pipeline:web-deploy',
  ]
  const span = { from: '2026-10-01T00:00:00.000Z', to: '2026-11-03T00:00:00.000Z' }

  test('is told of jobs that began, together', async () => {
    const job = (startedAt: string | null, createdBy: object | null) => ({
      __typename: 'JobTypeCommand',
      id: startedAt,
      uuid: startedAt,
      startedAt,
      clusterQueue: { uuid: row(buildkite, 'queues', 'deploy').uuid },
      pipeline: { uuid: 'p', slug: 'web-deploy' },
      build: {
        number: Number(startedAt?.slice(8, 10)),
        source: { __typename: 'BuildSourceFrontend' },
        createdBy,
      },
    })
    const buildkite = world(...ran)
    const jobs = [
      job('2026-11-02T10:00:00Z', { email: 'Eve@acme.test' }),
      job('2026-11-01T10:00:00Z', { email: 'eve@acme.test' }),
      job('2026-11-01T11:00:00Z', { name: 'Mallory' }),
      { ...job('2026-11-01T12:00:00Z', null), pipeline: null },
      job(null, { email: 'eve@acme.test' }),
    ]
    const page = {
      count: jobs.length,
      pageInfo: { hasNextPage: false, endCursor: null },
      edges: jobs.map((node) => ({ node })),
    }
    const { fetch } = but(buildkite, 'ObservedJobs', () => json({ data: { organization: { page } } }))
    const reader = reading({ fetch, token: 'ada' })
    const seen = await readObserved(reader, new Set(['production/deploy']), span)
    const usual = { queue: 'queue:production/deploy', started: 'ui', verified: true, named: null, jobs: 1 }
    const ofPipeline = { ...usual, pipeline: 'pipeline:web-deploy' }
    expect(seen).toEqual([
      { ...ofPipeline, who: 'user:eve@acme.test', jobs: 2, last: '2026-11-02T10:00:00Z', build: 2 },
      { ...ofPipeline, who: null, named: 'Mallory', last: '2026-11-01T11:00:00Z', build: 1 },
      { ...usual, pipeline: null, who: null, last: '2026-11-01T12:00:00Z', build: 1 },
    ])
  })

  test('is nobody on a queue that is not there, and nothing is asked', async () => {
    const buildkite = but(world(...ran), 'ObservedJobs', () => json({}, {}, 500))
    const reader = reading({ fetch: buildkite.fetch, token: 'ada' })
    expect(await readObserved(reader, new Set(['production/none']), span)).toEqual([])
  })

  test('is asked of the organization itself', async () => {
    const reader = reading({ fetch: world(...ran).fetch, token: 'ada' })
    expect(await readObserved(reader, new Set(['production/deploy']), span)).toEqual([])
  })
})
