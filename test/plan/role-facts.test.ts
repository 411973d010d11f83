import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import { granted, type Fact, type Grant } from '../../src/model/grant.js'
import { law } from '../support/law.js'
import { roleGrants } from '../../src/plan/role-facts.js'
import type { RoleVersion, RoleWorld, Thing } from '../../src/plan/roles.js'
import type { Address } from '../../src/model/address.js'

const uuid = (kind: number, n: number) =>
  `${String(kind).padStart(8, '0')}-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

const account = '333333333333'
const provider = `arn:aws:iam::${account}:oidc-provider/agent.buildkite.com`
const organization = { slug: 'acme', id: uuid(9, 1) }
const clusters = Array.from({ length: 60 }, (_, n): Thing => ({
  address: `cluster:c${n}`,
  id: uuid(1, n),
  name: `c${n}`,
}))
const queues = clusters.flatMap((cluster, c) =>
  Array.from({ length: 5 }, (_, n) => ({
    address: `queue:${cluster.name}/q${n}` as Address,
    id: uuid(2, c * 5 + n),
    name: `q${n}`,
    cluster: cluster.address,
  })),
)
const pipelines = Array.from({ length: 5_000 }, (_, n) => ({
  address: `pipeline:p${n}` as Address,
  id: uuid(3, n),
  name: `p${n}`,
  cluster: clusters[n % 60]!.address,
}))

const ofPipeline = (n: number): RoleVersion => {
  const pipeline = pipelines[n * 5]!
  const cluster = clusters[(n * 5) % 60]!
  return role(`r${n}`, [
    {
      Effect: 'Allow',
      Principal: { Federated: provider },
      Action: 'sts:AssumeRoleWithWebIdentity',
      Condition: {
        StringEquals: {
          'agent.buildkite.com:aud': 'sts.amazonaws.com',
          'agent.buildkite.com:sub': queues.find((one) => one.cluster === cluster.address)!.id,
          'agent.buildkite.com:organization_id': organization.id,
          'agent.buildkite.com:cluster_id': cluster.id,
          'agent.buildkite.com:pipeline_id': pipeline.id,
          'agent.buildkite.com:build_branch': 'main',
        },
      },
    },
  ])
}

const role = (name: string, Statement: object[]): RoleVersion => ({
  address: `role:prod/${name}`,
  arn: `arn:aws:iam::${account}:role/buildkite/${name}`,
  tags: {},
  trust: { Version: '2012-10-17', Statement } as never,
  identity: [
    {
      name: 'x',
      document: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }],
      },
    },
  ],
  boundary: null,
  inProfile: false,
})

const worldOf = (roles: readonly RoleVersion[], more: Partial<RoleWorld> = {}): RoleWorld => ({
  organization,
  clusters,
  queues,
  pipelines,
  providers: [{ arn: provider, url: 'agent.buildkite.com', clientIds: ['sts.amazonaws.com'] }],
  roles,
  accounts: new Set([account]),
  withUsers: new Set(),
  ...more,
})

test('1,000 roles against 5,000 pipelines are looked at through an index', () => {
  const begin = performance.now()
  const grants = roleGrants(worldOf(Array.from({ length: 1_000 }, (_, n) => ofPipeline(n))))
  expect(grants.filter(({ grant }) => grant.power === 'becomes')).toHaveLength(1_000)
  // A second where the machine does nothing else.
  expect(performance.now() - begin).toBeLessThan(60_000)
}, 90_000)

test('200 roles for what 5,000 pipelines are called are asked about those that begin so, and about no others', () => {
  const like = (sub: string) => [token({}, { sub })]
  const roles = Array.from({ length: 100 }, (_, n) => [
    role(`begins-${n}`, like(`organization:acme:pipeline:p${n + 100}*:ref:refs/heads/main:*`)),
    role(`is-${n}`, like(`organization:acme:pipeline:p${n}:*`)),
  ]).flat()
  const becomes = roleGrants(worldOf(roles)).filter(({ grant }) => grant.power === 'becomes')
  // p100 and p1000 to p1009, and so on; p0 to p99 once each.
  expect(becomes).toHaveLength(100 * 11 + 100)
  expect(becomes.filter(({ grant }) => !grant.sure)).toEqual([])
}, 90_000)

/** A small organization, in which a world can be looked through by eye. */
const small: Partial<RoleWorld> = {
  clusters: clusters.slice(0, 2),
  queues: queues.slice(0, 6),
  pipelines: pipelines.slice(0, 2),
}

/** `becomes pipeline:p0 "c0/q0"`, with a question mark where it is not sure; that a role is there goes without saying. */
const said = (roles: readonly RoleVersion[], more: Partial<RoleWorld> = {}): readonly string[] =>
  roleGrants(worldOf(roles, { ...small, ...more }))
    .filter(({ grant }) => grant.power !== 'is-role' && grant.power !== 'from-anywhere')
    .map(({ grant: { power, of, on, by, sure } }) =>
      [
        power,
        of,
        ...(of === on ? [] : [on]),
        ...(by === undefined ? [] : [`"${by}"`]),
        ...(sure ? [] : ['?']),
      ].join(' '),
    )
    .sort()

const token = (asks: Record<string, string>, like: Record<string, string> = {}) => ({
  Effect: 'Allow',
  Principal: { Federated: provider },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: {
    StringEquals: Object.fromEntries(
      Object.entries({ aud: 'sts.amazonaws.com', ...asks }).map(([key, value]) => [
        `agent.buildkite.com:${key}`,
        value,
      ]),
    ),
    StringLike: Object.fromEntries(
      Object.entries(like).map(([key, value]) => [`agent.buildkite.com:${key}`, value]),
    ),
  },
})

const named = (arn: string, more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: arn },
  Action: 'sts:AssumeRole',
  ...more,
})

test('a pipeline and a queue by their uuids: that pair, and no other', () => {
  const exact = ofPipeline(0)
  expect(said([exact])).toEqual(['becomes pipeline:p0 role:prod/r0 "c0/q0"'])
})

test('the whole organization: any job, wherever it is', () => {
  expect(said([role('all', [token({}, { sub: 'organization:acme:*' })])])).toEqual([
    'becomes organization: role:prod/all',
  ])
})

test('a queue alone: any job there, whoever makes the pipeline', () => {
  expect(said([role('q', [token({ sub: queues[0]!.id })])])).toEqual([
    'becomes cluster:c0 role:prod/q "c0/q0"',
  ])
})

test('a name that is not taken: whoever gives it to a pipeline of theirs', () => {
  const wild = role('wild', [
    token({}, { sub: 'organization:acme:pipeline:web-*:ref:refs/heads/main:commit:*' }),
  ])
  expect(said([wild])).toEqual(['becomes-by-name organization: role:prod/wild'])
})

test('any organization: anybody at all', () => {
  expect(said([role('open', [token({}, { sub: '*' })])])).toEqual([
    'admits outsider:anybody role:prod/open',
    'becomes organization: role:prod/open',
  ])
})

test('a trust that could not be read: everything, and nothing of it sure', () => {
  expect(said([{ ...role('closed', []), trust: undefined }])).toEqual([
    'admits principal:whoever its trust names role:prod/closed ?',
    'becomes organization: role:prod/closed ?',
    'for-machines role:prod/closed ?',
  ])
})

test('machines have what EC2 may take and a profile holds', () => {
  const ec2 = role('agent', [
    { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ])
  expect(said([{ ...ec2, inProfile: true }])).toEqual(['for-machines role:prod/agent'])
  expect(said([ec2])).toEqual([])
})

test('a role that another names, whatever session name or ExternalId it asks for', () => {
  const agent = role('agent', [
    { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' },
  ])
  const asks = {
    Condition: { StringEquals: { 'sts:ExternalId': 'acme-bridle', 'sts:RoleSessionName': 'hook' } },
  }
  expect(said([agent, role('report', [named(agent.arn, asks)])])).toEqual([
    'assumes role:prod/agent role:prod/report',
  ])
})

test('accounts that nobody declared, and those that are read', () => {
  expect(said([role('x', [named('arn:aws:iam::999999999999:root')])])).toEqual([
    'admits principal:arn:aws:iam::999999999999:root role:prod/x',
  ])
  const own = role('x', [named(`arn:aws:iam::${account}:root`)])
  expect(said([own])).toEqual([])
  expect(said([own], { withUsers: new Set([account]) })).toEqual([
    `admits principal:arn:aws:iam::${account}:root role:prod/x ?`,
  ])
})

const read = (grant: Grant): Fact => ({
  ...grant,
  at: { from: 'api', address: grant.on, field: grant.field, api: 'a law' },
})

const places = [
  ...queues.slice(0, 6).map((queue) => granted('has-queue', queue.cluster, queue.address, 'key')),
  ...pipelines
    .slice(0, 2)
    .flatMap((pipeline) => [
      granted('runs-in', pipeline.address, pipeline.cluster, 'cluster'),
      granted('active', pipeline.address, pipeline.address, 'archived'),
    ]),
].map(read)

/** Statements that let somebody in: one more takes nothing away. */
const statements = [
  token({ sub: queues[0]!.id, pipeline_id: pipelines[0]!.id }),
  token({ sub: queues[5]!.id }),
  token({}, { sub: 'organization:acme:*' }),
  token({}, { sub: 'organization:acme:pipeline:p1:*' }),
  token({ organization_id: organization.id }, { sub: '*' }),
  named('arn:aws:iam::999999999999:role/deploy'),
  named(`arn:aws:iam::${account}:role/buildkite/agent`),
  { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
]

law(
  'a statement more that allows never takes reach away',
  fc.tuple(fc.subarray(statements, { minLength: 1 }), fc.constantFrom(...statements)),
  ([some, one]) => {
    const who = (list: readonly object[]) =>
      roleGrants(worldOf([role('agent', []), role('x', [...list])], small))
        .filter(({ grant }) => grant.on === 'role:prod/x' && grant.power !== 'is-role')
        .map(({ grant }) => grant)
    const reach = (list: readonly object[]) =>
      accessOf([...places, ...who(list).map(read)])
        .graph.edges.filter(({ to }) => to === 'can assume role:prod/x')
        .map(({ from }) => [...from].sort().join(' + '))
    const after = new Set(reach([...some, one]))
    // Who has any job has a job of a pipeline, and of a cluster, too.
    const wider = after.has('can use R55 at organization:')
    for (const from of reach(some)) expect(wider || after.has(from), from).toBe(true)
  },
  100,
)
