import { issuer } from '../../policy/principal.js'
import { addressOf, type Address } from '../../model/address.js'
import type { AwsAccount, PrincipalDetail, RoleDetail, SeenAccount } from '../../model/aws.js'
import type { Json } from '../../model/json.js'
import { isRef } from '../../model/ref.js'
import { parsePolicy, type PolicyDocument, type PolicyUse, type Statement } from '../../policy/document.js'
import type { Named } from '../../policy/rule.js'
import { roleAt, wantedArn, type DeclaredRole, type RoleQueue, type RoleWorld } from './world.js'

/** A statement of a trust that lets somebody in. */
export interface Door {
  /** Counts from 1. */
  readonly index: number
  readonly statement: Statement
  readonly providers: readonly string[]
  readonly principals: readonly string[]
  readonly services: readonly string[]
  /** It takes tokens of Buildkite. */
  readonly isBuildkite: boolean
}

/** Whoever has policies. */
export interface Holder {
  readonly account: AwsAccount
  readonly arn: string
  readonly identity: readonly Named[]
  readonly boundary: Named | null
}

/** A role with everything that rules ask about. */
export interface SeenRole extends Holder {
  readonly address: Address
  readonly detail: RoleDetail
  /** Undefined where it could not be read. */
  readonly trust: PolicyDocument | undefined
  readonly doors: readonly Door[]
  readonly declared?: DeclaredRole
  /** Queues whose instances have it, as the files say. */
  readonly queues: readonly RoleQueue[]
  /** What of it could not be understood: each with its name and why. */
  readonly unread: readonly { readonly name: string; readonly why: string }[]
}

const documents = new WeakMap<object, Map<PolicyUse, PolicyDocument | string>>()

/** A document as IAM understands it, or why it can't be; read once, since a managed policy hangs on many. */
const read = (source: Json | undefined, use: PolicyUse): PolicyDocument | string => {
  if (source === undefined) return 'it could not be read'
  if (typeof source !== 'object' || source === null) return 'it is no policy'
  const known = documents.get(source)?.get(use)
  if (known !== undefined) return known
  const parsed = parsePolicy(source, { for: use })
  const [problem] = 'problems' in parsed ? parsed.problems : []
  const found =
    'document' in parsed ? parsed.document : `${problem?.path ?? ''} ${problem?.what ?? ''}`.trim()
  const byUse = documents.get(source) ?? new Map<PolicyUse, PolicyDocument | string>()
  byUse.set(use, found)
  documents.set(source, byUse)
  return found
}

const documentOf = (found: PolicyDocument | string): PolicyDocument | undefined =>
  typeof found === 'string' ? undefined : found

const wantedTrusts = new WeakMap<object, PolicyDocument | 'unreadable'>()

/** What the files want a trust to be. */
export const wantedTrust = ({ spec }: DeclaredRole, world: RoleWorld): PolicyDocument | undefined => {
  if (spec.trust === undefined || Array.isArray(spec.trust)) return undefined
  const before = wantedTrusts.get(spec)
  const found = before ?? documentOf(read(filled(spec.trust as Json, world), 'trust')) ?? 'unreadable'
  wantedTrusts.set(spec, found)
  return found === 'unreadable' ? undefined : found
}

/** What the files want a policy to be. */
export const wantedPolicy = (document: Json, world: RoleWorld): PolicyDocument | undefined =>
  documentOf(read(filled(document, world), 'identity'))

/** A document in which what is not there yet is called by its address, and a role by the ARN that it will have. */
export const filled = (value: Json, world: RoleWorld): Json => {
  if (isRef(value)) return value.$ref.startsWith('role:') ? wantedArn(world, value.$ref) : value.$ref
  if (Array.isArray(value)) return (value as readonly Json[]).map((one) => filled(one, world))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, one === undefined ? undefined : filled(one, world)]),
  )
}

const webIdentity = 'sts:assumerolewithwebidentity'

/** Whether a statement is about an action. */
export const isAbout = ({ actions, notActions }: Statement, action: string): boolean =>
  actions === null ? !(notActions ?? []).some(covers(action)) : actions.some(covers(action))

const patterns = new Map<string, RegExp>()

/** Whether something is meant by what is written: an action in either case, or a resource. */
export const covers =
  (action: string) =>
  (written: string): boolean => {
    const pattern = written.toLowerCase()
    const wanted = action.toLowerCase()
    if (!/[*?]/.test(pattern)) return pattern === wanted
    const known =
      patterns.get(pattern) ??
      new RegExp(
        `^${pattern
          .replace(/[.+^${}()|[\]\\]/g, '\\$&')
          .replace(/\*+/g, '.*')
          .replaceAll('?', '.')}$`,
        's',
      )
    patterns.set(pattern, known)
    return known.test(wanted)
  }

/** The statements of a trust that let somebody in. */
export const doorsOf = (
  trust: PolicyDocument | undefined,
  { providers: own }: SeenAccount,
): readonly Door[] => {
  const isThere = own.some(({ arn }) => isBuildkites(arn))
  return (trust?.statements ?? []).flatMap((statement, at): Door[] => {
    if (statement.effect === 'Deny') return []
    const providers = statement.principals?.Federated ?? []
    return [
      {
        index: at + 1,
        statement,
        providers,
        principals: statement.principals?.AWS ?? [],
        services: statement.principals?.Service ?? [],
        isBuildkite:
          isAbout(statement, webIdentity) &&
          (providers.some(isBuildkites) || (isForAll(statement) && isThere)),
      },
    ]
  })
}

/** Whether a statement is for everybody, and so for tokens as well. */
export const isForAll = ({ principals, notPrincipals }: Statement): boolean =>
  notPrincipals !== null || principals?.AWS.includes('*') === true

/** Whether a provider, by its ARN, is Buildkite's. */
export const isBuildkites = (arn: string): boolean => arn.toLowerCase().endsWith(`:oidc-provider/${issuer}`)

/** Roles of AWS's own, which nobody here can change. */
const isOfAws = ({ path }: RoleDetail): boolean =>
  path.startsWith('/aws-service-role/') || path.startsWith('/aws-reserved/')

type Attached = Pick<PrincipalDetail, 'inline' | 'attached' | 'boundary'>

/** All policies of somebody, and their boundary. */
export const policiesOf = ({ inline, attached, boundary }: Attached, { authorization }: SeenAccount) => {
  const unread: { name: string; why: string }[] = []
  const named = (name: string, source: Json | undefined): Named => {
    const found = read(source, 'identity')
    if (typeof found === 'string') unread.push({ name, why: found })
    return { name, document: documentOf(found) }
  }
  return {
    identity: [
      ...inline.map(({ name, document }) => named(name, document)),
      ...attached.map(({ arn }) => named(arn, authorization.policies.get(arn))),
    ],
    boundary: boundary === null ? null : named(boundary, authorization.policies.get(boundary)),
    unread,
  }
}

const seenRole = (
  world: RoleWorld,
  name: string,
  seen: SeenAccount,
  detail: RoleDetail,
  queues: readonly RoleQueue[],
): SeenRole => {
  const address = addressOf('role', name, detail.name)
  const trust = read(detail.trust, 'trust')
  const { identity, boundary, unread } = policiesOf(detail, seen)
  const declared = world.declared.get(address)
  return {
    account: seen.account,
    arn: detail.arn,
    address,
    detail,
    trust: documentOf(trust),
    doors: doorsOf(documentOf(trust), seen),
    identity,
    boundary,
    queues,
    unread: [...(typeof trust === 'string' ? [{ name: 'its trust policy', why: trust }] : []), ...unread],
    ...(declared && { declared }),
  }
}

/** Every role of the declared accounts but AWS's own, in the order of their addresses. */
export const seenRoles = (world: RoleWorld): readonly SeenRole[] => {
  const carried = new Map<string, RoleQueue[]>()
  for (const queue of world.queues)
    if (queue.instanceRole !== undefined) {
      const address = roleAt(queue.instanceRole).toLowerCase()
      carried.set(address, [...(carried.get(address) ?? []), queue])
    }
  const declared = new Map([...world.declared].map(([address, one]) => [address.toLowerCase(), one]))
  return [...world.accounts]
    .flatMap(([name, seen]) =>
      seen.authorization.roles
        .filter((detail) => !isOfAws(detail))
        .map((detail) => {
          const address = addressOf('role', name, detail.name).toLowerCase()
          const role = seenRole(world, name, seen, detail, carried.get(address) ?? [])
          const want = role.declared ?? declared.get(address)
          return want === undefined ? role : { ...role, declared: want }
        }),
    )
    .sort((a, b) => (a.address < b.address ? -1 : 1))
}
