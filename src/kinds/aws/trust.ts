import { addressOf, type Address } from '../../model/address.js'
import type { CallValue } from '../../model/call.js'
import type { Json } from '../../model/json.js'
import { idOf, isRef, uuidOf, type Ref } from '../../model/ref.js'
import { issuer } from '../../policy/principal.js'
import type { Known } from '../kind.js'
import { accountNamed, arnIn, inAccount, ownPath } from './account.js'

/** Who may become a role, as a person writes it. */
export type TrustStatement =
  | { readonly pipeline: string; readonly queue: string; readonly branches?: readonly string[] | undefined }
  | { readonly role: string }
  | { readonly service: string }
  | { readonly document: Json }

/** What a compiled trust hangs on beside its statements. */
export interface TrustTerms {
  /** `ids`: the claims that AWS knows by name. `tags`: session tags, for where it does not. */
  readonly claims: 'ids' | 'tags'
  /** Networks that the exchange may come from. */
  readonly source_ips?: readonly string[] | undefined
  readonly source_vpces?: readonly string[] | undefined
}

/** What a token for AWS is asked for with, and what providers take. */
export const audience = 'sts.amazonaws.com'

const pipelineOf = (name: string) => addressOf('pipeline', name)
const queueOf = (key: string) => addressOf('queue', ...key.split('/'))
const clusterOfQueue = (key: string) => addressOf('cluster', key.split('/')[0] ?? '')

/** The address of a role that is named as `prod/web-deploy`. */
export const roleAddress = (key: string): Address => {
  const { account, name } = inAccount(key)
  return addressOf('role', account, name)
}

/** What a statement of a role in an account names. */
export const namedBy = (statement: TrustStatement, account: string): readonly Address[] => {
  if ('pipeline' in statement)
    return [pipelineOf(statement.pipeline), queueOf(statement.queue), providerOf(account)]
  if ('role' in statement) return [roleAddress(statement.role)]
  return []
}

/** What a compiled document still waits for. */
export const refsIn = (value: unknown): readonly Address[] => {
  if (isRef(value)) return [value.$ref]
  if (Array.isArray(value)) return value.flatMap(refsIn)
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(refsIn)
  return []
}

/** The uuid of a thing that is there, else what stands for it until it is. */
const uuid = (known: Known, address: Address): string | Ref => known.made(address)?.uuid ?? uuidOf(address)

/** The ARN of a role that is there, else what stands for it. IAM refuses a principal that is not there. */
const principal = (known: Known, key: string): string | Ref => {
  const address = roleAddress(key)
  return known.made(address)?.id ?? idOf(address)
}

/**
 * The trust policy that statements come to, one statement each: two lists in one statement would allow their product.
 *
 * @param account  the account of the role
 * @source aws-enforcement §0: the exact form, and the form for accounts that know no claims by name
 */
export const compiledTrust = (
  statements: readonly TrustStatement[],
  terms: TrustTerms,
  account: string,
  known: Known,
): CallValue => {
  const documents = statements.filter((one): one is { readonly document: Json } => 'document' in one)
  const compiled = statements.flatMap((one) =>
    'document' in one ? [] : [compiledOne(one, terms, account, known)],
  )
  const [only] = documents
  if (only !== undefined && compiled.length === 0 && documents.length === 1) return only.document
  return {
    Version: '2012-10-17',
    Statement: [...compiled, ...documents.flatMap(({ document }) => statementsIn(document))],
  }
}

const statementsIn = (document: Json): readonly CallValue[] => {
  const inner =
    typeof document === 'object' && document !== null && !Array.isArray(document)
      ? (document as Readonly<Record<string, Json>>)['Statement']
      : undefined
  return (Array.isArray(inner) ? inner : inner === undefined ? [] : [inner]) as readonly CallValue[]
}

const compiledOne = (
  statement: Exclude<TrustStatement, { document: Json }>,
  terms: TrustTerms,
  account: string,
  known: Known,
): CallValue => {
  if ('service' in statement)
    return { Effect: 'Allow', Principal: { Service: statement.service }, Action: 'sts:AssumeRole' }
  if ('role' in statement)
    return {
      Effect: 'Allow',
      Principal: { AWS: principal(known, statement.role) },
      Action: 'sts:AssumeRole',
    }
  return terms.claims === 'ids'
    ? byClaims(statement, terms, account, known)
    : byTags(statement, terms, account, known)
}

type ByPipeline = Extract<TrustStatement, { pipeline: string }>

const providerOf = (account: string) => addressOf('oidc-provider', account, issuer)

/** The provider's ARN if it is there, else what stands for it until it is made. */
const federated = (account: string, known: Known): CallValue => ({
  Federated: known.made(providerOf(account))?.id ?? idOf(providerOf(account)),
})

const idsOf = ({ pipeline, queue }: ByPipeline, known: Known) => ({
  organization_id: known.organization.uuid,
  cluster_id: uuid(known, clusterOfQueue(queue)),
  pipeline_id: uuid(known, pipelineOf(pipeline)),
  queue_id: uuid(known, queueOf(queue)),
})

const key = (claim: string) => `${issuer}:${claim}`

const byClaims = (one: ByPipeline, terms: TrustTerms, account: string, known: Known): CallValue => {
  const { queue_id, ...ids } = idsOf(one, known)
  return {
    Effect: 'Allow',
    Principal: federated(account, known),
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: {
      StringEquals: {
        [key('aud')]: audience,
        [key('sub')]: queue_id,
        ...Object.fromEntries(Object.entries(ids).map(([claim, id]) => [key(claim), id])),
        ...branchesOf(one, key('build_branch')),
        ...vpces(terms),
      },
      ...ips(terms),
    },
  }
}

const byTags = (one: ByPipeline, terms: TrustTerms, account: string, known: Known): CallValue => {
  const ids = idsOf(one, known)
  const tags = [...Object.keys(ids), ...(one.branches === undefined ? [] : ['build_branch'])].sort()
  return {
    Effect: 'Allow',
    Principal: federated(account, known),
    Action: ['sts:AssumeRoleWithWebIdentity', 'sts:TagSession'],
    Condition: {
      StringEquals: {
        [key('aud')]: audience,
        ...Object.fromEntries(Object.entries(ids).map(([claim, id]) => [`aws:RequestTag/${claim}`, id])),
        ...branchesOf(one, 'aws:RequestTag/build_branch'),
        ...vpces(terms),
      },
      // The slug is anchored by a colon: a star after it matches no other organization.
      StringLike: { [key('sub')]: `organization:${known.organization.slug}:*` },
      'ForAllValues:StringEquals': { 'aws:TagKeys': tags },
      ...ips(terms),
    },
  }
}

const branchesOf = ({ branches }: ByPipeline, name: string) =>
  branches === undefined ? {} : { [name]: branches.length === 1 ? (branches[0] ?? '') : [...branches] }

const vpces = ({ source_vpces: list }: TrustTerms) =>
  list === undefined || list.length === 0
    ? {}
    : { 'aws:SourceVpce': list.length === 1 ? (list[0] ?? '') : [...list] }

const ips = ({ source_ips: list }: TrustTerms) =>
  list === undefined || list.length === 0 ? {} : { IpAddress: { 'aws:SourceIp': [...list] } }

/** The name of the policy that lets a role become others. */
export const mayAssumeName = 'bridle-may-assume'

/** The policy that lets a role become exactly these: one that named more would be a way to whatever is made later. */
export const mayAssumePolicy = (roles: readonly string[], known: Known): Json => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: roles.map((role) => roleArn(role, known)).sort() },
  ],
})

/** The ARN that a declared role has, or will have. */
export const roleArn = (role: string, known: Known): string => {
  const address = roleAddress(role)
  const there = known.made(address)?.id
  if (there !== undefined) return there
  const { account, name } = inAccount(role)
  const declared = known.declared('role').find((one) => one.address === address)
  const path = (declared?.spec as { path?: string } | undefined)?.path ?? ownPath
  const of = accountNamed(known, account)
  return of === undefined ? '' : arnIn(of, `role${path}${name}`)
}
