import { accountsFor, addRole, newAccounts } from '../../src/sandbox/aws/seed.js'
import { keyOf, nextId } from '../../src/sandbox/aws/ids.js'
import { insert, type State } from '../../src/sandbox/state.js'
import { meantBy } from '../../src/sandbox/aws/trust.js'
import { all, first, put } from '../../src/sandbox/table.js'
import type { AskerTerms, Aws, AwsRole, Outline, TokenTerms, Trust } from './outline.js'

// What of an organization's outline is in AWS: as it is there, and as files declare it. The documents are written here
// anew, so that nothing of the compiler is taken on trust.

const ACCOUNTS: Readonly<Record<string, string>> = {
  management: '111111111111',
  prod: '333333333333',
}

const ISSUER = 'agent.buildkite.com'
const AUDIENCE = 'sts.amazonaws.com'
const NETWORK = '10.0.0.0/8'
const BOUNDARY = 'arn:aws:iam::aws:policy/ReadOnlyAccess'
const PATH = '/buildkite/'

/** What trusts ask for that is no secret. */
export const EXTERNAL_ID = 'acme-external'
export const SESSION_NAME = 'nightly'
export const TAG = { key: 'team', value: 'release' } as const

const accountOf = (role: string) => role.slice(0, role.indexOf('/'))
const nameOf = (role: string) => role.slice(role.indexOf('/') + 1)
const idOf = (role: string) => ACCOUNTS[accountOf(role)] ?? ''

export const arnOf = (role: string): string => `arn:aws:iam::${idOf(role)}:role${PATH}${nameOf(role)}`

/** What uuids things have, by what people call them. */
interface Ids {
  readonly organization: string
  cluster(name: string): string
  queue(key: string): string
  pipeline(slug: string): string
}

const idsIn = ({ tables }: State): Ids => {
  const cluster = (name: string) => first(tables.clusters, 'name', name)?.uuid ?? ''
  return {
    organization: all(tables.organizations)[0]?.uuid ?? '',
    cluster,
    queue: (key) =>
      all(tables.queues).find((one) => one.cluster === cluster(accountOf(key)) && one.key === nameOf(key))
        ?.uuid ?? '',
    pipeline: (slug) => first(tables.pipelines, 'slug', slug)?.uuid ?? '',
  }
}

type Condition = Readonly<Record<string, Readonly<Record<string, unknown>>>>
type Statement = Readonly<Record<string, unknown>>

const federated = (role: string) => ({ Federated: `arn:aws:iam::${idOf(role)}:oidc-provider/${ISSUER}` })
const claim = (name: string) => `${ISSUER}:${name}`
const fence = { IpAddress: { 'aws:SourceIp': NETWORK } }

/** @source aws-enforcement §0: the two forms that are compiled */
const byJob = (
  ids: Ids,
  role: string,
  { claims, fenced }: AwsRole,
  { pipeline, queue, branches }: Extract<Trust, { by: 'job' }>,
): Statement => {
  const wanted = {
    organization_id: ids.organization,
    cluster_id: ids.cluster(accountOf(queue)),
    pipeline_id: ids.pipeline(pipeline),
  }
  const all = { ...wanted, queue_id: ids.queue(queue), ...(branches && { build_branch: 'main' }) }
  const named = (given: object, name: (key: string) => string) =>
    Object.fromEntries(Object.entries(given).map(([key, id]) => [name(key), id as string]))
  return claims === 'ids'
    ? {
        Effect: 'Allow',
        Principal: federated(role),
        Action: 'sts:AssumeRoleWithWebIdentity',
        Condition: {
          StringEquals: {
            [claim('aud')]: AUDIENCE,
            [claim('sub')]: ids.queue(queue),
            ...named(wanted, claim),
            ...(branches && { [claim('build_branch')]: 'main' }),
          },
          ...(fenced && fence),
        },
      }
    : {
        Effect: 'Allow',
        Principal: federated(role),
        Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
        Condition: {
          StringEquals: { [claim('aud')]: AUDIENCE, ...named(all, (key) => `aws:RequestTag/${key}`) },
          StringLike: { [claim('sub')]: 'organization:acme:*' },
          'ForAllValues:StringEquals': { 'aws:TagKeys': Object.keys(all).sort() },
          ...(fenced && fence),
        },
      }
}

const subOf = (ids: Ids, { sub, pipeline, queue }: TokenTerms): string => {
  switch (sub) {
    case 'organization':
      return 'organization:acme:*'
    case 'pipeline':
      return `organization:acme:pipeline:${pipeline}:*`
    case 'branch':
      return `organization:acme:pipeline:${pipeline}:ref:refs/heads/main:*`
    case 'letter':
      return `organization:acme:pipeline:${pipeline.slice(0, 1)}*`
    case 'any':
      return '*'
    case 'any organization':
      return `organization:*:pipeline:${pipeline}:*`
    case 'queue id':
      return ids.queue(queue)
    case 'pipeline id':
      return ids.pipeline(pipeline)
    case 'cluster id':
      return ids.cluster(accountOf(queue))
  }
}

const valueOf = (ids: Ids, { pipeline, queue }: TokenTerms, name: string): string => {
  switch (name) {
    case 'organization_id':
      return ids.organization
    case 'cluster_id':
      return ids.cluster(accountOf(queue))
    case 'cluster_name':
      return accountOf(queue)
    case 'pipeline_id':
      return ids.pipeline(pipeline)
    case 'queue_id':
      return ids.queue(queue)
    case 'queue_key':
      return nameOf(queue)
    default:
      return pipeline
  }
}

const denials = (ids: Ids, terms: TokenTerms): Condition | undefined => {
  switch (terms.deny) {
    case null:
      return undefined
    case 'other pipelines':
      return { StringNotEquals: { [claim('pipeline_slug')]: terms.pipeline } }
    case 'other networks':
      return { NotIpAddress: { 'aws:SourceIp': NETWORK } }
    case 'no claim':
      return { Null: { [claim('cluster_id')]: 'true' } }
    case 'other branches':
      return { StringNotEquals: { [claim('build_branch')]: 'main' } }
    case 'other tags':
      return { StringNotEquals: { 'aws:RequestTag/cluster_id': ids.cluster(accountOf(terms.queue)) } }
  }
}

const byToken = (ids: Ids, role: string, terms: TokenTerms): Statement[] => {
  const Principal = federated(role)
  const equals = Object.fromEntries(
    terms.claims.map((name) => [claim(name), valueOf(ids, terms, name)] as const),
  )
  const denied = denials(ids, terms)
  const actions = [
    'sts:AssumeRoleWithWebIdentity',
    ...(terms.tag === null && terms.deny !== 'other tags' ? [] : ['sts:TagSession']),
  ]
  return [
    {
      Effect: 'Allow',
      Principal,
      Action: actions,
      Condition: {
        StringLike: { [claim('sub')]: subOf(ids, terms) },
        StringEquals: {
          ...(terms.audience && { [claim('aud')]: AUDIENCE }),
          ...(!terms.ifExists && equals),
          ...(terms.tag !== null && { [`aws:RequestTag/${terms.tag}`]: valueOf(ids, terms, terms.tag) }),
        },
        ...(terms.ifExists && { StringEqualsIfExists: equals }),
        ...(terms.fenced && fence),
      },
    },
    ...(denied === undefined
      ? []
      : [{ Effect: 'Deny', Principal, Action: 'sts:AssumeRoleWithWebIdentity', Condition: denied }]),
  ]
}

const conditionOf = ({ condition, role }: AskerTerms): Condition | undefined => {
  switch (condition) {
    case null:
      return undefined
    case 'external id':
      return { StringEquals: { 'sts:ExternalId': EXTERNAL_ID } }
    case 'session name':
      return { StringEquals: { 'sts:RoleSessionName': SESSION_NAME } }
    case 'tag':
      return { StringEquals: { [`aws:RequestTag/${TAG.key}`]: TAG.value } }
    case 'principal tag':
      return { StringEquals: { [`aws:PrincipalTag/${TAG.key}`]: TAG.value } }
    case 'principal':
      return { ArnEquals: { 'aws:PrincipalArn': arnOf(role) } }
    case 'network':
      return fence
    case 'source identity':
      return { StringEquals: { 'sts:SourceIdentity': SESSION_NAME } }
  }
}

const byAsker = (terms: AskerTerms): Statement[] => {
  const { role, names, deny } = terms
  const Condition = conditionOf(terms)
  const Principal =
    names === 'everybody' ? '*' : { AWS: names === 'role' ? arnOf(role) : `arn:aws:iam::${idOf(role)}:root` }
  return [
    {
      Effect: 'Allow',
      Principal,
      Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
      ...(Condition && { Condition }),
    },
    ...(deny === 'role'
      ? [{ Effect: 'Deny', Principal: { AWS: arnOf(role) }, Action: 'sts:AssumeRole' }]
      : deny === 'unnamed'
        ? [
            {
              Effect: 'Deny',
              Principal: '*',
              Action: 'sts:AssumeRole',
              Condition: { Null: { 'sts:ExternalId': 'true' } },
            },
          ]
        : []),
  ]
}

const statementsOf = (ids: Ids, role: string, given: AwsRole, one: Trust): Statement[] => {
  switch (one.by) {
    case 'machines':
      return [{ Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' }]
    case 'job':
      return [byJob(ids, role, given, one)]
    case 'role':
      return [{ Effect: 'Allow', Principal: { AWS: arnOf(one.role) }, Action: 'sts:AssumeRole' }]
    case 'token':
      return byToken(ids, role, one)
    case 'asker':
      return byAsker(one)
  }
}

const documentOf = (Statement: readonly Statement[]) => ({ Version: '2012-10-17', Statement })

const asking = (
  effect: 'Allow' | 'Deny',
  actions: string | readonly string[],
  resources: string | readonly string[],
) => documentOf([{ Effect: effect, Action: actions, Resource: resources }])

const ALONG = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']

/** By name, what a role may ask for; what bridle writes is under a name of its own. */
const policiesOf = ({ asks }: AwsRole): Readonly<Record<string, object>> => {
  const words = asks.flatMap(({ role, by }) => (by === 'word' ? [arnOf(role)] : []))
  return Object.fromEntries([
    ...(words.length === 0
      ? []
      : [['bridle-may-assume', asking('Allow', 'sts:AssumeRole', words.length === 1 ? words[0]! : words)]]),
    ...asks.flatMap(({ role, by }): [string, object][] => {
      const called = nameOf(role)
      switch (by) {
        case 'word':
          return []
        case 'name':
          return [[`asks-${called}`, asking('Allow', ALONG, arnOf(role))]]
        case 'pattern':
          return [[`asks-${called}`, asking('Allow', 'sts:*', arnOf(role).replace(/[^/]*$/, '*'))]]
        case 'all':
          return [[`asks-${called}`, asking('Allow', '*', '*')]]
        case 'denied':
          return [[`never-${called}`, asking('Deny', 'sts:AssumeRole', arnOf(role))]]
      }
    }),
  ])
}

const isForMachines = ({ trust, grown }: AwsRole) => [...trust, ...grown].some(({ by }) => by === 'machines')

const made = { createdAt: '2026-01-01T00:00:00.000Z', createdBy: null }

const declaredAccounts = [
  { name: 'management', id: ACCOUNTS['management']!, partition: 'aws', region: 'eu-west-1' },
  {
    name: 'prod',
    id: ACCOUNTS['prod']!,
    partition: 'aws',
    region: 'eu-west-1',
    assumeRole: 'bridle-admin',
    externalId: 'acme-bridle',
  },
]

/** Puts accounts and roles into a state. */
export const addAws = (state: State, { roles }: Aws): void => {
  newAccounts(state, accountsFor(declaredAccounts))
  const ids = idsIn(state)
  for (const account of Object.values(ACCOUNTS))
    insert(state, 'awsProviders', made, {
      account,
      key: keyOf(account, ISSUER),
      url: ISSUER,
      clientIds: [AUDIENCE],
      thumbprints: [],
      tags: [],
    })
  const entries = Object.entries(roles)
  const trustOf = (role: string, given: AwsRole, ways: readonly Trust[]) =>
    documentOf(ways.flatMap((one) => statementsOf(ids, role, given, one)))
  const add = (role: string, given: AwsRole) =>
    addRole(state, {
      account: idOf(role),
      name: nameOf(role),
      path: PATH,
      trust: trustOf(role, given, [...given.trust, ...given.grown]),
      inline: policiesOf(given),
      ...(given.bounded && { boundary: BOUNDARY }),
      tags: { 'managed-by': 'bridle' },
    })
  // A name in a trust means a role that is there when the trust is written.
  for (const [role, given] of entries) add(role, given)
  for (const [role, given] of entries) {
    const row = first(state.tables.awsRoles, 'key', keyOf(idOf(role), nameOf(role)))
    if (!row) continue
    const trust = JSON.stringify(trustOf(role, given, [...given.trust, ...given.grown]))
    put(state.tables.awsRoles, { ...row, trust, meant: meantBy(state, trust) })
    if (isForMachines(given))
      insert(state, 'awsProfiles', made, {
        account: idOf(role),
        key: keyOf(idOf(role), nameOf(role)),
        name: nameOf(role),
        path: PATH,
        id: nextId(state, 'AIPA'),
        holds: row.uuid,
        tags: [],
      })
  }
}

/** The files' own words for all that. */
export const awsDeclarationOf = (state: State, { roles }: Aws): object => {
  const ids = idsIn(state)
  const wordsFor = (role: string, given: AwsRole, one: Trust): object => {
    switch (one.by) {
      case 'machines':
        return { service: 'ec2.amazonaws.com' }
      case 'job':
        return { pipeline: one.pipeline, queue: one.queue, ...(one.branches && { branches: ['main'] }) }
      case 'role':
        return { role: one.role }
      case 'token':
      case 'asker':
        return { document: documentOf(statementsOf(ids, role, given, one)) }
    }
  }
  return {
    accounts: Object.fromEntries(
      declaredAccounts.map(({ name, id, region, assumeRole, externalId }) => [
        name,
        {
          id,
          region,
          ...(assumeRole !== undefined && { assume_role: assumeRole, external_id: externalId }),
        },
      ]),
    ),
    oidc_providers: Object.fromEntries(Object.keys(ACCOUNTS).map((name) => [`${name}/${ISSUER}`, {}])),
    roles: Object.fromEntries(
      Object.entries(roles).map(([role, given]) => {
        const { 'bridle-may-assume': own, ...inline } = policiesOf(given)
        return [
          role,
          {
            trust: given.trust.map((one) => wordsFor(role, given, one)),
            ...(given.trust.some(({ by }) => by === 'job') && {
              claims: given.claims,
              ...(given.fenced && { source_ips: [NETWORK] }),
            }),
            ...(own && {
              may_assume: given.asks.flatMap(({ role: of, by }) => (by === 'word' ? [of] : [])),
            }),
            ...(Object.keys(inline).length > 0 && {
              inline_policies: Object.fromEntries(
                Object.entries(inline).map(([name, document]) => [name, { document }]),
              ),
            }),
            ...(given.bounded && { permissions_boundary: BOUNDARY }),
            ...(given.trust.some(({ by }) => by === 'machines') && { instance_profile: true }),
          },
        ]
      }),
    ),
  }
}

/** What the files say of a queue's machines. */
export const machinesOf = ({ aws }: Outline, queue: string): { instance_role?: string } => {
  if (aws === undefined) return {}
  const { role, said } = aws.machines[queue] ?? { role: null, said: true }
  return said ? { instance_role: role ?? 'none' } : {}
}
