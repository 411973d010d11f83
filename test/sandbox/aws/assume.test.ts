import { describe, expect, test } from 'vitest'
import { actAsInstance, actInAws, type AwsDone } from '../../../src/sandbox/aws/act.js'
import { addRole, addUser, newAccounts } from '../../../src/sandbox/aws/seed.js'
import { emptyState, insert, type State } from '../../../src/sandbox/state.js'
import { first, put } from '../../../src/sandbox/table.js'
import { keyOf } from '../../../src/sandbox/aws/ids.js'
import { MANAGEMENT as HERE, PROD as THERE } from './world.js'

const now = '2026-11-02T09:00:00.000Z'

/** What the callers of these tests may do, and who the role trusts. */
interface Scene {
  /** Account of the role. */
  readonly at?: string
  /** Statements of the role's trust. */
  readonly trust: readonly object[]
  /** Statements of the caller's policy. */
  readonly may?: readonly object[]
  /** Statements of the caller's permissions boundary. */
  readonly boundary?: readonly object[]
  /** Statements of the policy that the caller's session was narrowed by. */
  readonly session?: readonly object[]
  readonly input?: Readonly<Record<string, unknown>>
}

const policy = (statements: readonly object[]) => ({ Version: '2012-10-17', Statement: statements })
const allow = (Principal: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Principal,
  Action: 'sts:AssumeRole',
  ...more,
})
const deny = (Principal: unknown, more: object = {}) => ({ ...allow(Principal, more), Effect: 'Deny' })
const may = (Resource: unknown = '*', more: object = {}) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Resource,
  ...more,
})
const mayNot = (Resource: unknown = '*') => ({ ...may(Resource), Effect: 'Deny' })
const anything = { Effect: 'Allow', Action: '*', Resource: '*' }
const nothing = { Effect: 'Allow', Action: 's3:*', Resource: '*' }

const ADA = `arn:aws:iam::${HERE}:user/ada`
const RUNNER = `arn:aws:iam::${HERE}:role/agents/runner`
const RUN = `arn:aws:sts::${HERE}:assumed-role/runner/run`
const root = (account: string) => `arn:aws:iam::${account}:root`
const arnAt = (account: string) => `arn:aws:iam::${account}:role/t/target`

const resultOf = (done: AwsDone): { state: State; result: Record<string, Record<string, string>> } => {
  if ('refused' in done) throw new Error(done.refused)
  return done as never
}

const sceneOf = ({ at = HERE, trust, may = [], boundary }: Scene): State => {
  const state = emptyState()
  newAccounts(state, [
    { id: HERE, name: 'management' },
    { id: THERE, name: 'prod' },
  ])
  const limit = `arn:aws:iam::${HERE}:policy/limit`
  if (boundary)
    insert(
      state,
      'awsPolicies',
      { createdAt: now, createdBy: null },
      {
        account: HERE,
        key: keyOf(HERE, 'limit'),
        name: 'limit',
        path: '/',
        id: 'ANPALIMIT',
        description: null,
        document: JSON.stringify(policy(boundary)),
        tags: [],
      },
    )
  const inline = { own: policy(may) }
  addUser(state, {
    account: HERE,
    name: 'ada',
    inline: [{ name: 'own', document: JSON.stringify(inline.own) }],
    ...(boundary && { boundary: limit }),
  })
  addRole(state, {
    account: HERE,
    path: '/agents/',
    name: 'runner',
    trust: policy([allow({ AWS: `arn:aws:iam::${HERE}:user/bridle` })]),
    inline,
    ...(boundary && { boundary: limit }),
  })
  addRole(state, { account: at, path: '/t/', name: 'target', trust: policy(trust) })
  return state
}

/** Of the user, and of a session of the role: `yes` or why not. */
const tried = (scene: Scene) => {
  const state = sceneOf(scene)
  const target = { RoleArn: arnAt(scene.at ?? HERE), RoleSessionName: 'session', ...scene.input }
  const said = (done: AwsDone) => ('refused' in done ? done.refused.replace(/.*\/target ?/, '') : 'yes')
  const begun = resultOf(
    actInAws(state, { as: `arn:aws:iam::${HERE}:user/bridle`, now }, 'AssumeRole', {
      RoleArn: RUNNER,
      RoleSessionName: 'run',
      ...(scene.session && { Policy: JSON.stringify(policy(scene.session)) }),
    }),
  )
  const session = begun.result['Credentials']!['SessionToken']!
  return {
    user: said(actInAws(state, { as: ADA, now }, 'AssumeRole', target)),
    role: said(actInAws(begun.state, { as: session, now }, 'AssumeRole', target)),
  }
}

const noTrust = 'because no resource-based policy allows the sts:AssumeRole action'
const noPolicy = 'because no identity-based policy allows the sts:AssumeRole action'
const noBoundary = 'because no permissions boundary allows the sts:AssumeRole action'
const noSession = 'because no session policy allows the sts:AssumeRole action'
const trustDenies = 'with an explicit deny in a resource-based policy'
const policyDenies = 'with an explicit deny in an identity-based policy'
const both = { AWS: [ADA, RUNNER] }

describe('in one account', () => {
  test.each<[string, Scene, string, string]>([
    ['a trust that names them is enough', { trust: [allow(both)] }, 'yes', 'yes'],
    ['a policy of their own is not', { trust: [], may: [anything] }, noTrust, noTrust],
    ['a trust of others', { trust: [allow({ AWS: root(THERE) })], may: [anything] }, noTrust, noTrust],
    [
      'the account alone leaves it to their policies',
      { trust: [allow({ AWS: root(HERE) })] },
      noPolicy,
      noPolicy,
    ],
    ['the account, and their policies', { trust: [allow({ AWS: root(HERE) })], may: [may()] }, 'yes', 'yes'],
    ['the account by its number', { trust: [allow({ AWS: HERE })], may: [may()] }, 'yes', 'yes'],
    ['everybody', { trust: [allow('*')] }, 'yes', 'yes'],
    ['everybody, said longer', { trust: [allow({ AWS: '*' })] }, 'yes', 'yes'],
    ['one session by its name', { trust: [allow({ AWS: RUN })] }, noTrust, 'yes'],
    ['another session', { trust: [allow({ AWS: RUN.replace('/run', '/other') })] }, noTrust, noTrust],
    [
      'a service is nobody',
      { trust: [allow({ Service: 'ec2.amazonaws.com' })], may: [anything] },
      noTrust,
      noTrust,
    ],
    ['another action', { trust: [allow(both, { Action: 'sts:TagSession' })] }, noTrust, noTrust],
    ['an action with a wildcard', { trust: [allow(both, { Action: 'sts:*' })] }, 'yes', 'yes'],
    ['an action in another case', { trust: [allow(both, { Action: 'STS:assumerole' })] }, 'yes', 'yes'],
    [
      'a condition that holds',
      { trust: [allow(both, { Condition: { StringLike: { 'sts:RoleSessionName': 'sess*' } } })] },
      'yes',
      'yes',
    ],
    [
      'a trust that denies',
      { trust: [allow(both), deny({ AWS: root(HERE) })], may: [anything] },
      trustDenies,
      trustDenies,
    ],
    ['one that denies one of them', { trust: [allow(both), deny({ AWS: ADA })] }, trustDenies, 'yes'],
    ['a policy that denies', { trust: [allow(both)], may: [anything, mayNot()] }, policyDenies, policyDenies],
    [
      'one that denies another role',
      { trust: [allow(both)], may: [mayNot('arn:aws:iam::*:role/other')] },
      'yes',
      'yes',
    ],
    [
      'all but one',
      { trust: [allow(both), { ...deny({}), Principal: undefined, NotPrincipal: { AWS: ADA } }] },
      'yes',
      trustDenies,
    ],
    [
      'everybody but one',
      { trust: [{ ...allow({}), Principal: undefined, NotPrincipal: { AWS: ADA } }] },
      noTrust,
      'yes',
    ],
    [
      'a boundary that leaves it out holds a role',
      { trust: [allow(both)], boundary: [nothing] },
      'yes',
      noBoundary,
    ],
    [
      'and what is open to the account',
      { trust: [allow({ AWS: root(HERE) })], may: [may()], boundary: [nothing] },
      noBoundary,
      noBoundary,
    ],
    [
      'but not a session that is named',
      { trust: [allow({ AWS: RUN })], boundary: [nothing] },
      noTrust,
      'yes',
    ],
    [
      'a boundary that has it',
      { trust: [allow({ AWS: root(HERE) })], may: [may()], boundary: [may()] },
      'yes',
      'yes',
    ],
    [
      'a boundary allows nothing by itself',
      { trust: [allow({ AWS: root(HERE) })], boundary: [anything] },
      noPolicy,
      noPolicy,
    ],
    [
      'a boundary that denies',
      { trust: [allow(both)], boundary: [anything, mayNot()] },
      'with an explicit deny in a permissions boundary',
      'with an explicit deny in a permissions boundary',
    ],
    ['a session that was narrowed', { trust: [allow(both)], session: [nothing] }, 'yes', noSession],
    [
      'narrowed to this',
      { trust: [allow({ AWS: root(HERE) })], may: [may()], session: [may(arnAt(HERE))] },
      'yes',
      'yes',
    ],
  ])('%s', (_, scene, user, role) => {
    expect(tried(scene)).toEqual({ user, role })
  })
})

describe('from another account', () => {
  const at = THERE
  test.each<[string, Scene, string, string]>([
    ['a trust alone is not enough', { at, trust: [allow(both)] }, noPolicy, noPolicy],
    ['nor everybody', { at, trust: [allow('*')] }, noPolicy, noPolicy],
    ['a policy alone is not enough', { at, trust: [], may: [anything] }, noTrust, noTrust],
    ['both are', { at, trust: [allow(both)], may: [may(arnAt(THERE))] }, 'yes', 'yes'],
    ['a policy for another role', { at, trust: [allow(both)], may: [may(arnAt(HERE))] }, noPolicy, noPolicy],
    [
      'a policy with a wildcard in the path',
      { at, trust: [allow(both)], may: [may('arn:aws:iam::*:role/t/*')] },
      'yes',
      'yes',
    ],
    [
      'a policy for all but this',
      {
        at,
        trust: [allow(both)],
        may: [{ Effect: 'Allow', Action: 'sts:AssumeRole', NotResource: arnAt(THERE) }],
      },
      noPolicy,
      noPolicy,
    ],
    [
      'a policy of all but other actions',
      { at, trust: [allow(both)], may: [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }] },
      'yes',
      'yes',
    ],
    [
      'a boundary holds both',
      { at, trust: [allow(both)], may: [may()], boundary: [nothing] },
      noBoundary,
      noBoundary,
    ],
    [
      'even who is named as a session',
      { at, trust: [allow({ AWS: RUN })], may: [may()], boundary: [nothing] },
      noTrust,
      noBoundary,
    ],
    [
      'the organization of AWS',
      {
        at,
        trust: [allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-sandbox000' } } })],
        may: [may()],
      },
      'yes',
      'yes',
    ],
    [
      'another organization',
      {
        at,
        trust: [allow('*', { Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-other' } } })],
        may: [may()],
      },
      noTrust,
      noTrust,
    ],
    [
      'a secret that both know',
      {
        at,
        trust: [allow(both, { Condition: { StringEquals: { 'sts:ExternalId': 'acme' } } })],
        may: [may()],
        input: { ExternalId: 'acme' },
      },
      'yes',
      'yes',
    ],
    [
      'and that was not said',
      {
        at,
        trust: [allow(both, { Condition: { StringEquals: { 'sts:ExternalId': 'acme' } } })],
        may: [may()],
      },
      noTrust,
      noTrust,
    ],
  ])('%s', (_, scene, user, role) => {
    expect(tried(scene)).toEqual({ user, role })
  })
})

describe('with tags', () => {
  const Tags = [{ Key: 'team', Value: 'web' }]
  const tagging = { Action: ['sts:AssumeRole', 'sts:TagSession'] }

  test('a trust has to allow them', () => {
    const no = 'because no resource-based policy allows the sts:TagSession action'
    expect(tried({ trust: [allow(both)], input: { Tags } })).toEqual({ user: no, role: no })
    expect(tried({ trust: [allow(both, tagging)], input: { Tags } })).toEqual({ user: 'yes', role: 'yes' })
  })

  test('those that go along are there for the next role, and stay what they are', () => {
    const state = sceneOf({ trust: [allow(both, tagging)] })
    const runner = first(state.tables.awsRoles, 'key', keyOf(HERE, 'runner'))!
    const trust = JSON.stringify(policy([allow({ AWS: ADA }, tagging)]))
    put(state.tables.awsRoles, { ...runner, trust, meant: {} })
    const begun = resultOf(
      actInAws(state, { as: ADA, now }, 'AssumeRole', {
        RoleArn: RUNNER,
        RoleSessionName: 'run',
        Tags,
        TransitiveTagKeys: ['team'],
      }),
    )
    const as = begun.result['Credentials']!['SessionToken']!
    const target = { RoleArn: arnAt(HERE), RoleSessionName: 'next' }
    expect(actInAws(begun.state, { as, now }, 'AssumeRole', target)).toHaveProperty('result')
    expect(actInAws(begun.state, { as, now }, 'AssumeRole', { ...target, Tags })).toEqual({
      refused:
        'InvalidParameterValue: One of the specified transitive tag keys is already set by the calling session.',
    })
  })
})

describe('how long', () => {
  const scene: Scene = { trust: [allow(both)] }
  test.each([
    ['an hour', 3600, 'yes', 'yes'],
    [
      'more than the role allows',
      3601,
      'ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
      'ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    ],
    [
      'less than a quarter',
      899,
      "ValidationError: 1 validation error detected: Value at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
      "ValidationError: 1 validation error detected: Value at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
  ])('%s', (_, DurationSeconds, user, role) => {
    expect(tried({ ...scene, input: { DurationSeconds } })).toEqual({ user, role })
  })

  test('credentials end with their time, and with their role', () => {
    const state = sceneOf({ trust: [allow(both)] })
    const begun = resultOf(
      actInAws(state, { as: ADA, now }, 'AssumeRole', { RoleArn: arnAt(HERE), RoleSessionName: 'x1' }),
    )
    const as = begun.result['Credentials']!['SessionToken']!
    expect(begun.result['Credentials']!['Expiration']).toBe('2026-11-02T10:00:00.000Z')
    const whoAt = (at: State, time: string) => actInAws(at, { as, now: time }, 'GetCallerIdentity')
    expect(whoAt(begun.state, '2026-11-02T09:59:59.000Z')).toMatchObject({
      result: { Arn: `arn:aws:sts::${HERE}:assumed-role/target/x1`, Account: HERE },
    })
    expect(whoAt(begun.state, '2026-11-02T10:00:00.000Z')).toHaveProperty('refused')
    const bridle = { as: `arn:aws:iam::${HERE}:user/bridle`, now }
    const gone = resultOf(actInAws(begun.state, bridle, 'DeleteRole', { RoleName: 'target' }))
    expect(whoAt(gone.state, now)).toHaveProperty('refused')
  })
})

test('a role that was deleted and made anew is not the one that was trusted', () => {
  const state = sceneOf({ trust: [allow(both)] })
  const bridle = { as: `arn:aws:iam::${HERE}:user/bridle`, now }
  const trust = JSON.stringify(policy([allow({ AWS: `arn:aws:iam::${HERE}:user/bridle` })]))
  const steps: [string, object][] = [
    ['DeleteRolePolicy', { RoleName: 'runner', PolicyName: 'own' }],
    ['DeleteRole', { RoleName: 'runner' }],
    ['CreateRole', { RoleName: 'runner', Path: '/agents/', AssumeRolePolicyDocument: trust }],
  ]
  const id = first(state.tables.awsRoles, 'key', keyOf(HERE, 'runner'))!.id
  const after = steps.reduce(
    (so, [name, input]) => resultOf(actInAws(so, bridle, name, input as never)).state,
    state,
  )
  const { result } = resultOf(actInAws(after, bridle, 'GetRole', { RoleName: 'target' }))
  const document = JSON.parse(decodeURIComponent(result['Role']!['AssumeRolePolicyDocument']!)) as never
  expect(document).toMatchObject({ Statement: [{ Principal: { AWS: [ADA, id] } }] })
  const run = resultOf(actInAws(after, bridle, 'AssumeRole', { RoleArn: RUNNER, RoleSessionName: 'run' }))
  const as = run.result['Credentials']!['SessionToken']!
  const done = actInAws(run.state, { as, now }, 'AssumeRole', { RoleArn: arnAt(HERE), RoleSessionName: 'x1' })
  expect(done).toHaveProperty('refused')
  expect(
    actInAws(after, bridle, 'UpdateAssumeRolePolicy', {
      RoleName: 'target',
      PolicyDocument: JSON.stringify(document),
    }),
  ).toEqual({ refused: `MalformedPolicyDocument: Invalid principal in policy: "AWS":"${id}"` })
})

test('an instance has the role that its profile holds, where that trusts EC2', () => {
  const state = sceneOf({ trust: [allow({ Service: 'ec2.amazonaws.com' })] })
  const arn = arnAt(HERE)
  expect(actAsInstance(state, { now }, arn, 'i-1')).toHaveProperty('refused')
  const bridle = { as: `arn:aws:iam::${HERE}:user/bridle`, now }
  const steps: [string, object][] = [
    ['CreateInstanceProfile', { InstanceProfileName: 'p' }],
    ['AddRoleToInstanceProfile', { InstanceProfileName: 'p', RoleName: 'target' }],
  ]
  const held = steps.reduce(
    (so, [name, input]) => resultOf(actInAws(so, bridle, name, input as never)).state,
    state,
  )
  const begun = resultOf(actAsInstance(held, { now }, arn, 'i-1'))
  const as = begun.result['Credentials']!['SessionToken']!
  expect(actInAws(begun.state, { as, now }, 'GetCallerIdentity')).toMatchObject({
    result: { Arn: `arn:aws:sts::${HERE}:assumed-role/target/i-1` },
  })
  expect(actAsInstance(held, { now }, RUNNER, 'i-1')).toHaveProperty('refused')
})
