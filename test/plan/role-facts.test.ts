import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import { granted, type Fact, type Grant } from '../../src/model/grant.js'
import { law } from '../support/law.js'
import { grantsLeadingTo, roleGrants } from '../../src/plan/role-facts.js'
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

const fenced = (condition: object) => {
  const one = token({ sub: queues[0]!.id, pipeline_id: pipelines[0]!.id })
  return role('x', [{ ...one, Condition: { ...one.Condition, ...condition } }])
}

test.each<readonly [string, object, boolean]>([
  ['no network', {}, true],
  ['an address', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, false],
  ['every address', { IpAddress: { 'aws:SourceIp': ['10.0.0.0/8', '0.0.0.0/0'] } }, true],
  ['every longer address', { IpAddress: { 'aws:SourceIp': '::/0' } }, true],
  ['all but some', { NotIpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }, true],
  ['an endpoint', { StringEquals: { 'aws:SourceVpce': 'vpce-1' } }, false],
  ['an endpoint, if there is one', { StringEqualsIfExists: { 'aws:SourceVpce': 'vpce-1' } }, true],
  ['a network', { StringEquals: { 'aws:SourceVpc': 'vpc-1' } }, false],
  ['an address within it', { IpAddress: { 'aws:VpcSourceIp': '10.0.0.0/8' } }, false],
])('a trust that asks for %s takes tokens from anywhere, or not', (_, condition, expected) => {
  const grants = roleGrants(worldOf([fenced(condition)], small))
  expect(grants.some(({ grant }) => grant.power === 'becomes')).toBe(true)
  expect(grants.some(({ grant }) => grant.power === 'from-anywhere')).toBe(expected)
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

const ours = { withUsers: new Set([account]) }
const asking = (operator: string, key: string, value: string) => ({
  Condition: { [operator]: { [key]: value } },
})
const anybody = 'admits outsider:anybody role:prod/x'
const users = `admits principal:arn:aws:iam::${account}:root role:prod/x ?`

test.each<readonly [string, string, object, readonly string[]]>([
  ['asks for nothing', '*', {}, [anybody]],
  [
    'asks for a role of ours',
    '*',
    asking('ArnEquals', 'aws:PrincipalArn', `arn:aws:iam::${account}:role/y`),
    [],
  ],
  ['asks for an account of ours', '*', asking('StringEquals', 'aws:PrincipalAccount', account), [users]],
  [
    'asks for a user of ours',
    '*',
    asking('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${account}:user/*`),
    [users],
  ],
  [
    'asks for another account',
    '*',
    asking('StringEquals', 'aws:PrincipalAccount', '999999999999'),
    [`${anybody} ?`],
  ],
  [
    'asks for a role elsewhere',
    '*',
    asking('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::999999999999:role/*'),
    [`${anybody} ?`],
  ],
  ['asks for a name', '*', asking('ArnLike', 'aws:PrincipalArn', 'arn:aws:iam::*:role/deploy-*'), [anybody]],
  ['asks for users', '*', asking('StringEquals', 'aws:PrincipalType', 'User'), [anybody]],
  [
    'names another account and asks for users',
    'arn:aws:iam::999999999999:root',
    asking('StringEquals', 'aws:PrincipalType', 'User'),
    ['admits principal:arn:aws:iam::999999999999:root role:prod/x'],
  ],
  [
    'names our account and asks for a role',
    `arn:aws:iam::${account}:root`,
    asking('ArnEquals', 'aws:PrincipalArn', `arn:aws:iam::${account}:role/y`),
    [],
  ],
  [
    'names our account and asks for a user',
    `arn:aws:iam::${account}:root`,
    asking('StringLike', 'aws:username', 'a*'),
    [users],
  ],
])('who is let in by a trust that %s', (_, arn, condition, expected) => {
  expect(said([role('x', [named(arn, condition)])], ours)).toEqual(expected)
})

/** A role of machines that may do something, and what it may be done to. */
const writer = (statements: readonly object[], more: Partial<RoleVersion> = {}): RoleVersion => ({
  ...role('agent', toLambda),
  identity: [policyOf('own', statements)],
  ...more,
})
const policyOf = (name: string, Statement: readonly object[]) => ({
  name,
  document: { Version: '2012-10-17', Statement } as never,
})
const may = (Action: string | string[], Resource: string | string[] = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
})
const toLambda = [
  { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' },
]
const target = { ...role('x', toLambda), tags: { team: 'web' } }
const elsewhere: RoleVersion = {
  ...role('x', toLambda),
  address: 'role:dev/x',
  arn: 'arn:aws:iam::444444444444:role/buildkite/x',
}
const trust = 'iam:UpdateAssumeRolePolicy'
const isX = 'rewrites role:prod/agent role:prod/x "trust"'
const limited = (statements: readonly object[]) => ({
  boundary: policyOf('arn:aws:iam::333333333333:policy/b', statements),
})

test.each<readonly [string, RoleVersion, readonly string[]]>([
  ['any role', writer([may(trust)]), [isX]],
  ['as a wildcard', writer([may('iam:Update*')]), [isX]],
  ['this role', writer([may(trust, target.arn)]), [isX]],
  ['a role of this path', writer([may(trust, `arn:aws:iam::${account}:role/buildkite/*`)]), [isX]],
  ['a role of another path', writer([may(trust, `arn:aws:iam::${account}:role/ops/*`)]), []],
  ['a role of another account', writer([may(trust, elsewhere.arn)]), []],
  ['only reading', writer([may(['iam:Get*', 'iam:List*', 'sts:*'])]), []],
  ['everything but IAM', writer([{ Effect: 'Allow', NotAction: ['iam:*'], Resource: '*' }]), []],
  ['denied', writer([may('iam:*'), { ...may('iam:*'), Effect: 'Deny' }]), []],
  ['denied for another', writer([may(trust), { ...may('iam:*', elsewhere.arn), Effect: 'Deny' }]), [isX]],
  ['a boundary without it', writer([may(trust)], limited([may('s3:*')])), []],
  ['a boundary with it', writer([may(trust)], limited([may('*')])), [isX]],
  [
    'a tag that it has',
    writer([may(trust, '*', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'web' } } })]),
    [isX],
  ],
  [
    'a tag that it lacks',
    writer([may(trust, '*', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'ops' } } })]),
    [],
  ],
  [
    'a tag that it lacks, and may be given',
    writer([
      may('iam:TagRole'),
      may(trust, '*', { Condition: { StringEquals: { 'aws:ResourceTag/team': 'ops' } } }),
    ]),
    [isX],
  ],
  [
    'a condition that nobody can read',
    writer([may(trust, '*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } })]),
    [`${isX} ?`],
  ],
  [
    'a network that its machines are in',
    writer([may(trust, '*', { Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } })]),
    [isX],
  ],
  [
    'a policy that nobody can read',
    writer([], { identity: [{ name: 'own', document: undefined }] }),
    [`${isX} ?`],
  ],
  [
    'one of AWS’s own that says nothing of it',
    writer([], { identity: [{ name: 'arn:aws:iam::aws:policy/ReadOnlyAccess', document: undefined }] }),
    [],
  ],
  [
    'one of AWS’s own that lets it',
    writer([], { identity: [{ name: 'arn:aws:iam::aws:policy/AdministratorAccess', document: undefined }] }),
    [`${isX} ?`],
  ],
])('who may write the trust of a role has it: %s', (_, from, expected) => {
  expect(said([from, target, elsewhere]).filter((one) => one.startsWith('rewrites'))).toEqual(expected)
})

const byItself = 'rewrites role:prod/agent role:prod/x "itself"'
const own = `arn:aws:iam::${account}:role/buildkite/agent`
/** It takes whoever in the account may ask. */
const open = role('x', [named(`arn:aws:iam::${account}:root`)])
const managed = `arn:aws:iam::${account}:policy/agent`

test.each<readonly [string, RoleVersion, readonly string[]]>([
  ['inline', writer([may('iam:PutRolePolicy', own)]), [byItself]],
  ['attached', writer([may('iam:AttachRolePolicy', own)]), [byItself]],
  ['of another role', writer([may('iam:PutRolePolicy', open.arn)]), []],
  [
    'one that is attached to it',
    writer([], { identity: [policyOf(managed, [may('iam:CreatePolicyVersion', managed)])] }),
    [byItself],
  ],
  [
    'one that is not',
    writer([], { identity: [policyOf(managed, [may('iam:CreatePolicyVersion', `${managed}-other`)])] }),
    [],
  ],
  [
    'another version of it, whatever that says',
    writer([], { identity: [policyOf(managed, [may('iam:SetDefaultPolicyVersion', managed)])] }),
    [`${byItself} ?`],
  ],
  [
    'only some that may be attached',
    writer([
      may('iam:AttachRolePolicy', own, {
        Condition: { ArnEquals: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/ReadOnlyAccess' } },
      }),
    ]),
    [`${byItself} ?`],
  ],
  [
    'within a boundary that lets it do no more',
    writer([may('iam:PutRolePolicy', own)], limited([may('s3:*'), may('iam:PutRolePolicy')])),
    [],
  ],
  [
    'within a boundary that it may take off',
    writer(
      [may(['iam:PutRolePolicy', 'iam:DeleteRolePermissionsBoundary'], own)],
      limited([may('s3:*'), may('iam:*Role*')]),
    ),
    [byItself],
  ],
  [
    'where an attached policy denies what it would need',
    writer([], {
      identity: [
        policyOf('own', [may('iam:PutRolePolicy', own)]),
        policyOf(managed, [{ ...may(['sts:AssumeRole', 'iam:*'], [open.arn, managed]), Effect: 'Deny' }]),
        policyOf('arn:aws:iam::333333333333:policy/other', [
          { ...may(['iam:Detach*', 'iam:*PolicyVersion']), Effect: 'Deny' },
        ]),
      ],
    }),
    [],
  ],
  [
    'where its own inline policy does',
    writer([may('iam:PutRolePolicy', own), { ...may('sts:AssumeRole'), Effect: 'Deny' }]),
    [byItself],
  ],
])('who may write their own policies is let in where a trust asks for no more: %s', (_, from, expected) => {
  expect(said([from, open]).filter((one) => one.startsWith('rewrites'))).toEqual(expected)
})

test('whoever may write their own policies may ask in other accounts, too', () => {
  const far = { ...elsewhere, trust: { Version: '2012-10-17', Statement: [named(own)] } as never }
  expect(said([writer([may('iam:PutRolePolicy', own)]), far])).toContain(
    'rewrites role:prod/agent role:dev/x "itself"',
  )
  expect(said([writer([may('s3:*')]), far]).filter((one) => /rewrites|assumes/.test(one))).toEqual([])
})

test('an account in which every role administers is looked through in a moment', () => {
  const roles = Array.from({ length: 300 }, (_, n) => ({
    ...writer([may('*')]),
    address: `role:prod/r${n}` as Address,
    arn: `arn:aws:iam::${account}:role/r${n}`,
  }))
  const begin = performance.now()
  const grants = roleGrants(worldOf(roles, small)).filter(({ grant }) => grant.power === 'rewrites')
  expect(grants).toHaveLength(300 * 299)
  expect(performance.now() - begin).toBeLessThan(30_000)
}, 60_000)

/** Instances can have it. */
const ofMachines: RoleVersion = {
  ...role('x', [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }]),
  inProfile: true,
}
const byMachines = 'rewrites role:prod/agent role:prod/x "ec2.amazonaws.com"'

test.each<readonly [string, RoleVersion, RoleVersion, readonly string[]]>([
  ['to instances', writer([may(['iam:PassRole', 'ec2:RunInstances'])]), ofMachines, [byMachines]],
  ['and starting nothing', writer([may('iam:PassRole')]), ofMachines, []],
  ['starting without it', writer([may('ec2:RunInstances')]), ofMachines, []],
  ['what another service takes', writer([may(['iam:PassRole', 'lambda:CreateFunction'])]), ofMachines, []],
  [
    'to another service',
    writer([
      may('iam:PassRole', '*', {
        Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
      }),
      may('ec2:RunInstances'),
    ]),
    ofMachines,
    [],
  ],
  ['another role', writer([may('iam:PassRole', own), may('ec2:RunInstances')]), ofMachines, []],
  [
    'a role that no profile holds',
    writer([may(['iam:PassRole', 'ec2:RunInstances'])]),
    { ...ofMachines, inProfile: false },
    [],
  ],
])('who may pass a role and start something with it has it: %s', (_, from, to, expected) => {
  expect(said([from, to]).filter((one) => one.startsWith('rewrites'))).toEqual(expected)
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

test('strangers are taken to be in a network that a trust asks for, and nobody is sure of it', () => {
  const open = token({}, { sub: 'organization:*:pipeline:p0:*' })
  const fenced = {
    ...open,
    Condition: { ...open.Condition, IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
  }
  const strangers = (statement: object) =>
    said([role('a', [statement])]).filter((line) => line.startsWith('admits outsider'))
  expect(strangers(open)).toEqual(['admits outsider:anybody role:prod/a'])
  expect(strangers(fenced)).toEqual(['admits outsider:anybody role:prod/a ?'])
})

test('of what leads to a role, who may write it counts as well', () => {
  const by = { ...writer([may(trust)]), inProfile: true }
  const world = worldOf([by, target, role('unrelated', [token({ sub: queues[0]!.id })])], small)
  const found = grantsLeadingTo(world, new Set([target.address])).map(
    ({ power, of, on }) => `${power} ${of} ${on}`,
  )
  expect(found).toContain('rewrites role:prod/agent role:prod/x')
  expect(found.filter((one) => one.startsWith('becomes'))).toEqual([])
})
