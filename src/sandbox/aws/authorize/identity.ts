import { first } from '../../table.js'
import type { Caller } from '../caller.js'
import type { Aws, AwsDesk } from '../desk.js'
import { keyOf } from '../ids.js'
import { managedAt } from '../managed.js'
import { speaksJson, type Ask, type Service } from '../operation.js'
import { AwsRefused } from '../refused.js'
import { factsOfCaller, factsOfRequest, factsOfResource } from './caller-facts.js'
import { lookupIn } from './facts.js'
import { verdictOf, type Question } from './statements.js'

interface Holding {
  readonly attached: readonly string[]
  readonly inline: readonly { readonly document: string }[]
}

type Seeing = Pick<AwsDesk, 'state' | 'switches'>

const textAt = ({ state, switches }: Seeing, arn: string): string[] => {
  const managed = managedAt(state, arn, switches)
  return managed ? [managed.document] : []
}

const textsOf = (desk: Seeing, { attached, inline }: Holding): string[] => [
  ...inline.map(({ document }) => document),
  ...attached.flatMap((arn) => textAt(desk, arn)),
]

/** The policies of who asks: their own, and those of the groups that they are in. */
const policiesOf = (desk: Seeing, { account, user, role }: Caller): string[] => [
  ...(user ? textsOf(desk, user) : []),
  ...(role ? textsOf(desk, role) : []),
  ...(user?.groups ?? []).flatMap((name) => {
    const group = first(desk.state.tables.awsGroups, 'key', keyOf(account, name))
    return group ? textsOf(desk, group) : []
  }),
]

/** What the policies on the side of who asks say, each layer for itself. */
export interface OwnVerdict {
  /** In which layer something forbids it. */
  readonly denied: string | undefined
  readonly identity: boolean
  readonly boundary: boolean
  readonly session: boolean
}

export const ownVerdictOf = (desk: Seeing, caller: Caller, question: Question): OwnVerdict => {
  const identity = verdictOf(policiesOf(desk, caller), question)
  const limit = (caller.user ?? caller.role)?.boundary ?? null
  const boundary = limit === null ? undefined : verdictOf(textAt(desk, limit), question)
  const narrowing = caller.session?.policies ?? []
  const session = narrowing.length === 0 ? undefined : verdictOf(narrowing, question)
  return {
    denied: identity.denies
      ? 'an identity-based policy'
      : boundary?.denies
        ? 'a permissions boundary'
        : session?.denies
          ? 'a session policy'
          : undefined,
    identity: identity.allows,
    boundary: boundary?.allows ?? true,
    session: session?.allows ?? true,
  }
}

/** Why it comes to nothing; undefined where it does not. */
export const whyNot = (
  { denied, identity, boundary, session }: OwnVerdict,
  action: string,
): string | undefined => {
  if (denied !== undefined) return `with an explicit deny in ${denied}`
  const missing = !identity
    ? 'identity-based policy'
    : !boundary
      ? 'permissions boundary'
      : !session
        ? 'session policy'
        : undefined
  return missing === undefined ? undefined : `because no ${missing} allows the ${action} action`
}

export const deniedFor = (
  service: Service,
  { arn }: Caller,
  { action, resource }: Ask,
  why?: string,
): AwsRefused => {
  const message = `User: ${arn} is not authorized to perform: ${action} on resource: ${resource}${why === undefined ? '' : ` ${why}`}`
  return speaksJson(service)
    ? new AwsRefused('AccessDeniedException', message)
    : new AwsRefused('AccessDenied', message, 403)
}

/** Refuses what the policies of who asks don't allow. */
export const authorize = (aws: Aws, service: Service, ask: Ask): void => {
  const facts = [
    factsOfRequest(aws),
    factsOfResource(aws, aws.account),
    factsOfCaller(aws, aws.caller),
    ask.facts ?? {},
  ]
  const question = { action: ask.action, resource: ask.resource, lookup: lookupIn(...facts) }
  const why = whyNot(ownVerdictOf(aws, aws.caller, question), ask.action)
  if (why !== undefined) throw deniedFor(service, aws.caller, ask, why)
}
