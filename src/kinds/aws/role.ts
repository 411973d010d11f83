import * as z from 'zod'
import { addressOf, keyOf, type Address } from '../../model/address.js'
import type { RoleDetail } from '../../model/aws.js'
import type { Call, CallValue } from '../../model/call.js'
import type { Json } from '../../model/json.js'
import { loss, outage, safe } from '../../model/risk.js'
import { defineKind, type Dependency, type Known, type Objection } from '../kind.js'
import { inAccount, isOwn, keyObjection, ownPath, ownTag } from './account.js'
import { iam, tagList } from './call.js'
import { instanceProfile } from './instance-profile.js'
import { limits, sizeOf } from '../../policy/size.js'
import { samePolicy, shownPolicies } from './policies.js'
import { seconds } from './seconds.js'
import {
  compiledTrust,
  mayAssumeName,
  mayAssumePolicy,
  namedBy,
  refsIn,
  roleAddress,
  type TrustStatement,
} from './trust.js'

const roleName = z.string().min(1).meta({ description: 'A role of these files, as ACCOUNT/NAME.' })
const arn = z.string().regex(/^arn:[a-z-]+:iam::(aws|\d{12}):policy\/\S+$/, {
  error: 'a policy is named by its ARN, as in arn:aws:iam::aws:policy/ReadOnlyAccess',
})
const document = z.custom<Json>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  {
    error: 'a policy document is a map, as IAM has it: { Version: …, Statement: [ … ] }',
  },
)

const statement = z.union([
  z.strictObject({
    pipeline: z
      .string()
      .min(1)
      .meta({ description: 'The slug of the pipeline whose jobs may become the role.' }),
    queue: z
      .string()
      .regex(/^[^/]+\/[^/]+$/, { error: 'a queue is named with its cluster, as in production/deploy' })
      .meta({ description: 'The only queue on which they may, as CLUSTER/KEY.' }),
    branches: z.array(z.string().min(1)).min(1).optional().meta({
      description: 'Branches that the build has to say it is of. It is no proof of what code runs.',
    }),
  }),
  z.strictObject({
    role: roleName.meta({ description: 'The role that may become this one, as ACCOUNT/NAME.' }),
  }),
  z.strictObject({
    service: z
      .string()
      .regex(/^[a-z0-9.-]+\.amazonaws\.com(\.cn)?$/, { error: 'a service is named as in ec2.amazonaws.com' })
      .meta({ description: 'An AWS service: ec2.amazonaws.com for the instances of a queue.' }),
  }),
  z.strictObject({
    document: document.meta({ description: 'Statements as IAM has them, for what bridle has no words for.' }),
  }),
  z.strictObject({ file: z.string().min(1).meta({ description: 'A file with such a document.' }) }),
])

const written = z
  .strictObject({
    path: z
      .string()
      .regex(/^\/([!-~]+\/)?$/, { error: 'a path begins and ends with a slash: /buildkite/pipeline/' })
      .max(512)
      .optional()
      .meta({ description: 'Where in IAM it lies: /buildkite/ where nothing is written.' }),
    description: z.string().max(1000).nullable().optional(),
    trust: z
      .array(statement)
      .min(1)
      .optional()
      .meta({ description: 'Who may become it: each line is a way in of its own.' }),
    claims: z.enum(['ids', 'tags']).optional().meta({
      description: 'How pipelines are told apart: by the claims that AWS knows (ids), or by session tags.',
    }),
    source_ips: z
      .array(z.string().min(1))
      .optional()
      .meta({ description: 'Networks from which pipelines may become it.' }),
    source_vpces: z
      .array(z.string().min(1))
      .optional()
      .meta({ description: 'VPC endpoints through which they may.' }),
    managed_policies: z
      .array(arn)
      .optional()
      .meta({ description: 'ARNs of the policies that are attached to it.' }),
    inline_policies: z
      .record(
        z
          .string()
          .regex(/^[\w+=,.@-]{1,128}$/, { error: 'a policy name is made of letters, digits and +=,.@_-' }),
        z.union([z.strictObject({ document }), z.strictObject({ file: z.string().min(1) })]),
      )
      .optional()
      .meta({ description: 'Policies of its own, by name: { file: policies/x.json } or { document: … }.' }),
    permissions_boundary: arn
      .nullable()
      .optional()
      .meta({ description: 'The ARN of the policy that it can never go beyond.' }),
    max_session_duration: z
      .string()
      .regex(/^[1-9]\d{0,4}[smh]$/, { error: 'a time is a number and s, m or h, as in 1h' })
      .optional()
      .meta({ description: 'How long a session may last at most: 1h to 12h.' }),
    tags: z.record(z.string().min(1).max(128), z.string().max(256)).optional(),
    may_assume: z.array(roleName).optional().meta({
      description: 'Roles that it may become. Each has to trust this one.',
    }),
    instance_profile: z.literal(true).optional().meta({
      description: 'Whether there is an instance profile of the same name with it in.',
    }),
  })
  .meta({ title: 'Role' })

type Written = z.infer<typeof written>

/** An IAM role: as a person writes it, as it is resolved, and as it is there. */
export interface Role {
  readonly account: string
  readonly name: string
  readonly path?: string
  readonly description?: string | null
  /** Statements as they are written, or the document: what they come to, or what is there. */
  readonly trust?: readonly TrustStatement[] | Json
  readonly claims?: 'ids' | 'tags'
  readonly source_ips?: readonly string[]
  readonly source_vpces?: readonly string[]
  readonly managed_policies?: readonly string[]
  readonly inline_policies?: Readonly<Record<string, Json>>
  readonly permissions_boundary?: string | null
  /** Seconds. */
  readonly max_session_duration?: number
  readonly tags?: Readonly<Record<string, string>>
  readonly may_assume?: readonly string[]
  /** Read alone: names of the instance profiles that hold it. */
  readonly profiles?: readonly string[]
  /** Read alone: when it was used last; null where that was never seen. */
  readonly last_used?: string | null
}

const address = ({ account, name }: Pick<Role, 'account' | 'name'>): Address =>
  addressOf('role', account, name)

const statementsOf = ({ trust }: Pick<Role, 'trust'>): readonly TrustStatement[] =>
  Array.isArray(trust) ? (trust as readonly TrustStatement[]) : []

/** An object without one of its keys. */
const without = <One extends object>(object: One, key: string): One =>
  Object.fromEntries(Object.entries(object).filter(([name]) => name !== key)) as One

/** What is written, with policy files read already: they come as `document`. */
const spec = (key: string, said: Written): Role => {
  const { account, name } = inAccount(key)
  const { inline_policies, trust, max_session_duration, ...rest } = said
  return {
    ...(without(rest, 'instance_profile') as Omit<Role, 'account' | 'name'>),
    account,
    name,
    ...(trust !== undefined && {
      trust: trust.flatMap((one) => ('file' in one ? [] : [one as TrustStatement])),
    }),
    ...(inline_policies !== undefined && {
      inline_policies: Object.fromEntries(
        Object.entries(inline_policies).flatMap(([name, one]) =>
          'document' in one ? [[name, one.document]] : [],
        ),
      ),
    }),
    ...(max_session_duration !== undefined && { max_session_duration: seconds(max_session_duration) }),
  }
}

/** Everything in the terms of what is there: names become uuids and ARNs, and what may be assumed becomes a policy. */
const resolve = (want: Role, known: Known): Role => {
  const { claims, source_ips, source_vpces, may_assume, trust, ...rest } = want
  const terms = { claims: claims ?? 'ids', source_ips, source_vpces } as const
  const there = known.live(address(want))?.spec as Role | undefined
  const own =
    may_assume === undefined || may_assume.length === 0
      ? {}
      : { [mayAssumeName]: mayAssumePolicy(may_assume, known) }
  const others = without(there?.inline_policies ?? {}, mayAssumeName)
  const inline =
    rest.inline_policies !== undefined
      ? { ...rest.inline_policies, ...own }
      : may_assume === undefined
        ? undefined
        : { ...others, ...own }
  return {
    ...rest,
    ...(trust !== undefined && {
      trust: compiledTrust(statementsOf(want), terms, want.account, known) as Json,
    }),
    ...(inline !== undefined && { inline_policies: inline }),
  }
}

const inlineCalls = (
  { account, name }: Role,
  want: Readonly<Record<string, Json>>,
  have: Readonly<Record<string, Json>>,
  order: { readonly sets: readonly string[] },
): Call[] => {
  const changed = Object.entries(want).filter(
    ([policy, one]) => have[policy] === undefined || !samePolicy(one, have[policy], 'identity'),
  )
  const gone = Object.keys(have).filter((policy) => want[policy] === undefined)
  let there = have
  return inSteps(account, order.sets, [
    ...gone.sort().map((policy): Step => {
      there = Object.fromEntries(Object.entries(there).filter(([name]) => name !== policy))
      return { operation: 'DeleteRolePolicy', input: { RoleName: name, PolicyName: policy }, leaves: there }
    }),
    ...changed.map(([policy, one]): Step => {
      there = { ...there, [policy]: one }
      const input = { RoleName: name, PolicyName: policy, PolicyDocument: { $json: one } }
      return { operation: 'PutRolePolicy', input, leaves: there }
    }),
  ])
}

/** A call, and what its field is like after it. */
interface Step {
  readonly operation: string
  readonly input: Readonly<Record<string, CallValue>>
  readonly leaves: Json
}

/** Calls of one field: only the last of them has made it as wanted, and each leaves something else. */
const inSteps = (account: string, sets: readonly string[], steps: readonly Step[]): Call[] =>
  steps.map(({ operation, input, leaves }, i) =>
    iam(
      account,
      operation,
      input,
      i === steps.length - 1
        ? { sets }
        : { sets: [], passing: Object.fromEntries(sets.map((field) => [field, leaves])) },
    ),
  )

const attachedCalls = (role: Role, want: readonly string[], have: readonly string[]): Call[] => {
  let there = have
  const of = { RoleName: role.name }
  return inSteps(
    role.account,
    ['managed_policies'],
    [
      ...have
        .filter((one) => !want.includes(one))
        .map((PolicyArn): Step => {
          there = there.filter((one) => one !== PolicyArn)
          return { operation: 'DetachRolePolicy', input: { ...of, PolicyArn }, leaves: there }
        }),
      ...want
        .filter((one) => !have.includes(one))
        .map((PolicyArn): Step => {
          there = [...there, PolicyArn]
          return { operation: 'AttachRolePolicy', input: { ...of, PolicyArn }, leaves: there }
        }),
    ],
  )
}

/** A role of AWS IAM: who may become it, and what it may do. */
export const role = defineKind<Role, Written>({
  name: 'role',
  plural: 'roles',
  provider: 'aws',
  place: ['aws', 'roles', '*'],
  files: { 'trust.*.file': 'document', 'inline_policies.*.file': 'document' },
  policies: { 'trust.*.document': 'trust', 'inline_policies.*.document': 'identity' },
  written,
  spec: ([key = ''], said) => spec(key, said),
  worded: ({ account, name, trust, inline_policies = {}, max_session_duration: most, ...rest }) => ({
    names: [`${account}/${name}`],
    written: {
      ...(rest.path !== undefined && { path: rest.path }),
      description: rest.description,
      ...(trust !== undefined && { trust: [{ document: trust }] }),
      managed_policies: rest.managed_policies,
      inline_policies: Object.fromEntries(
        Object.entries(inline_policies).map(([policy, document]) => [policy, { document }]),
      ),
      permissions_boundary: rest.permissions_boundary,
      ...(most !== undefined && {
        max_session_duration: most % 3_600 === 0 ? `${most / 3_600}h` : `${most}s`,
      }),
      tags: rest.tags,
    },
  }),
  identity: ['account', 'name'],
  key: ({ account, name }) => keyOf(account, name),
  also: (said, [key = '']) =>
    said.instance_profile === true
      ? [
          {
            kind: instanceProfile,
            names: [key],
            written: { role: key, ...(said.path === undefined ? {} : { path: said.path }) },
          },
        ]
      : [],
  requires: ['trust'],
  caseless: true,

  dependencies: (one): Dependency<Role>[] => [
    ...statementsOf(one).flatMap((statement) =>
      namedBy(statement, one.account).map((address): Dependency<Role> => ({ address, field: 'trust' })),
    ),
    ...refsIn(Array.isArray(one.trust) ? [] : one.trust).map((address): Dependency<Role> => ({
      address,
      field: 'trust',
    })),
  ],
  mentions: ({ may_assume = [] }) =>
    may_assume.map((role) => ({ address: roleAddress(role), field: 'may_assume' })),

  check: (one) => [
    ...keyObjection(one.account, one.name, 'role'),
    ...nameObjections(one),
    ...durationObjections(one),
  ],
  limits: (one) => limitObjections(one),

  resolve,
  atCreation: (want) => ({
    path: want.path ?? ownPath,
    tags: { [ownTag.key]: ownTag.value },
  }),
  merged: ['tags'],
  diff: {
    trust: (want, have) => have !== undefined && samePolicy(want, have, 'trust'),
    inline_policies: (want, have) =>
      have !== undefined &&
      sameKeys(want, have) &&
      Object.entries(want).every(([name, one]) => samePolicy(one, have[name] ?? null, 'identity')),
    managed_policies: (want, have) => have !== undefined && sameSet(want, have),
  },
  show: {
    trust: (want, have) => shownPolicies(want, have, 'trust'),
    inline_policies: (want, have) => {
      const shown = Object.entries({ ...have, ...want }).map(([name]) => [
        name,
        shownPolicies(want[name] ?? null, have?.[name], 'identity'),
      ]) as readonly (readonly [string, { readonly before?: Json; readonly after: Json }])[]
      const half = (pick: (one: { readonly before?: Json; readonly after: Json }) => Json | undefined) =>
        Object.fromEntries(
          shown.flatMap(([name, one]) => (pick(one) == null ? [] : [[name, pick(one) ?? null] as const])),
        )
      return { ...(have && { before: half(({ before }) => before) }), after: half(({ after }) => after) }
    },
  },
  volatile: ['last_used'],
  cannot: (differ, { spec: { path = '/' } }) =>
    differ.path === undefined
      ? []
      : [
          {
            field: 'path',
            what: `the path of a role is fixed when it is made: it is ${path}, and ${differ.path} is wanted`,
            why: 'the path is part of its ARN, so another path would be another role, and bridle replaces nothing silently',
            fix: `write \`path: ${path}\`, or declare a role of another name, move its users there and take this one out`,
          },
        ],
  retired: ({ spec: { path = '/', tags } }) => !isOwn(path, tags),

  source: 'IAM GetAccountAuthorizationDetails',
  asks: { iam: true },
  async *read({ aws }) {
    for (const account of aws?.accounts ?? []) {
      const { roles = [] } = (await aws?.authorization(account.name)) ?? {}
      for (const one of roles)
        yield {
          key: keyOf(account.name, one.name),
          id: one.arn,
          uuid: one.id,
          spec: readRole(account.name, one),
        }
    }
  },

  operations: {
    create: (want) => [
      iam(
        want.account,
        'CreateRole',
        {
          RoleName: want.name,
          Path: want.path,
          AssumeRolePolicyDocument: { $json: want.trust as CallValue },
          Description: want.description ?? undefined,
          MaxSessionDuration: want.max_session_duration,
          PermissionsBoundary: want.permissions_boundary ?? undefined,
          Tags: tagList(want.tags ?? {}),
        },
        { gate: 'opens' },
      ),
      ...inlineCalls(want, want.inline_policies ?? {}, {}, { sets: ['inline_policies'] }),
      ...attachedCalls(want, want.managed_policies ?? [], []),
    ],
    update: (want, { spec: have }) => {
      const { account, name } = have
      const of = { RoleName: name }
      const described = want.description !== undefined || want.max_session_duration !== undefined
      return [
        ...(typeof want.permissions_boundary !== 'string'
          ? []
          : [
              iam(
                account,
                'PutRolePermissionsBoundary',
                { ...of, PermissionsBoundary: want.permissions_boundary },
                { sets: ['permissions_boundary'] },
              ),
            ]),
        ...(want.trust === undefined
          ? []
          : [
              iam(
                account,
                'UpdateAssumeRolePolicy',
                { ...of, PolicyDocument: { $json: want.trust as CallValue } },
                { sets: ['trust'], expects: have.trust as Json },
              ),
            ]),
        ...(want.inline_policies === undefined
          ? []
          : inlineCalls(have, want.inline_policies, have.inline_policies ?? {}, {
              sets: ['inline_policies'],
            })),
        ...(want.managed_policies === undefined
          ? []
          : attachedCalls(have, want.managed_policies, have.managed_policies ?? [])),
        // What it holds back may be going as well, and has to be gone first.
        ...(want.permissions_boundary === null
          ? [iam(account, 'DeleteRolePermissionsBoundary', of, { sets: ['permissions_boundary'] })]
          : []),
        ...(described
          ? [
              iam(
                account,
                'UpdateRole',
                {
                  ...of,
                  // Both are said each time: what is left out is kept by IAM, and lost by what answers like it.
                  Description:
                    want.description === undefined
                      ? (have.description ?? undefined)
                      : (want.description ?? ''),
                  MaxSessionDuration: want.max_session_duration ?? have.max_session_duration,
                },
                { sets: ['description', 'max_session_duration'] },
              ),
            ]
          : []),
        ...(want.tags === undefined
          ? []
          : [iam(account, 'TagRole', { ...of, Tags: tagList(want.tags) }, { sets: ['tags'] })]),
      ]
    },
    remove: ({ spec: have }) => [
      ...(have.profiles ?? []).map((InstanceProfileName) =>
        iam(have.account, 'RemoveRoleFromInstanceProfile', { InstanceProfileName, RoleName: have.name }),
      ),
      ...(have.managed_policies ?? []).map((PolicyArn) =>
        iam(have.account, 'DetachRolePolicy', { RoleName: have.name, PolicyArn }),
      ),
      ...Object.keys(have.inline_policies ?? {}).map((PolicyName) =>
        iam(have.account, 'DeleteRolePolicy', { RoleName: have.name, PolicyName }),
      ),
      iam(have.account, 'DeleteRole', { RoleName: have.name }, { gate: 'closes' }),
    ],
  },

  risk: (change) =>
    change.verb === 'remove'
      ? loss(`whatever still becomes ${change.have.spec.name} is refused`)
      : change.verb === 'update' && change.want.trust !== undefined
        ? outage('who may become it changes; sessions that are open stay open until they end')
        : safe,
})

const readRole = (account: string, one: RoleDetail): Role => ({
  account,
  name: one.name,
  path: one.path,
  description: one.description,
  ...(one.trust === undefined ? {} : { trust: one.trust }),
  managed_policies: one.attached.map(({ arn }) => arn).sort(),
  ...(one.inline.every(({ document }) => document !== undefined) && {
    inline_policies: Object.fromEntries(one.inline.map(({ name, document }) => [name, document ?? null])),
  }),
  permissions_boundary: one.boundary,
  max_session_duration: one.maxSessionSeconds,
  tags: one.tags,
  profiles: one.profiles,
  last_used: one.lastUsed,
})

const sameKeys = (a: object, b: object) => {
  const [x, y] = [Object.keys(a).sort(), Object.keys(b).sort()]
  return x.length === y.length && x.every((key, i) => key === y[i])
}

const sameSet = (a: readonly string[], b: readonly string[]) =>
  new Set([...a, ...b]).size === new Set(a).size && new Set(a).size === new Set(b).size

const nameObjections = ({ name }: Role): Objection<Role>[] =>
  /^[\w+=,.@-]{1,64}$/.test(name) || name === ''
    ? []
    : [
        {
          field: 'name',
          what: `"${name}" can't be the name of a role`,
          why: `IAM takes letters, digits and +=,.@_-, at most ${limits.roleName} of them`,
          fix: `call it "${name.replace(/[^\w+=,.@-]+/g, '-').slice(0, limits.roleName)}"`,
        },
      ]

const durationObjections = ({ max_session_duration: wanted }: Role): Objection<Role>[] =>
  wanted === undefined || (wanted >= 3_600 && wanted <= 43_200)
    ? []
    : [
        {
          field: 'max_session_duration',
          what: `a session of ${wanted} seconds is not to be had`,
          why: 'the longest session of a role is between 1 hour and 12 hours',
          fix: 'write a time from 1h to 12h',
        },
      ]

/** What IAM would refuse for its size, said before anything is sent. @source aws-enforcement §7 */
const limitObjections = (want: Role): Objection<Role>[] => {
  const over = (
    field: Objection<Role>['field'],
    what: string,
    size: number,
    most: number,
    fix: string,
  ): Objection<Role>[] =>
    size <= most
      ? []
      : [
          {
            field,
            what: `${what} of ${want.account}/${want.name} would be ${size}, and IAM takes ${most}`,
            why: 'IAM refuses it, and a role that is half made helps nobody',
            fix,
          },
        ]
  const inline = Object.entries(want.inline_policies ?? {})
  return [
    ...(want.trust === undefined || Array.isArray(want.trust)
      ? []
      : over(
          'trust',
          'the size of the trust policy, without white space,',
          sizeOf(want.trust),
          limits.trustPolicy,
          'split it: give some of its pipelines a role of their own',
        )),
    ...over(
      'inline_policies',
      'the size of the inline policies together, without white space,',
      inline.reduce((sum, [, one]) => sum + sizeOf(one), 0),
      limits.inlinePolicies,
      'make a managed policy of one of them, and name that under managed_policies',
    ),
    ...over(
      'managed_policies',
      'the number of managed policies',
      want.managed_policies?.length ?? 0,
      limits.managedPoliciesPerRole,
      'put some of them together in one policy, or ask AWS for more',
    ),
    ...over('tags', 'the number of tags', Object.keys(want.tags ?? {}).length, limits.tags, 'take some out'),
  ]
}
