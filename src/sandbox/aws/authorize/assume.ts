import { principalArn, type Caller } from '../caller.js'
import type { AwsDesk } from '../desk.js'
import { roleArn } from '../ids.js'
import type { Facts } from '../operation.js'
import type { AwsRole } from '../rows.js'
import { resourceTags } from '../tags.js'
import { trustNow } from '../trust.js'
import { factsOfCaller, factsOfRequest, factsOfResource } from './caller-facts.js'
import { lookupIn } from './facts.js'
import { ownVerdictOf, whyNot } from './identity.js'
import { trustVerdictOf, type Naming, type Party } from './statements.js'

/** What of the caller's own side has to allow it, besides the trust of a role in the same account. */
const needs = (naming: Naming, { user }: Caller): { identity: boolean; limits: boolean } => {
  if (naming === 'account') return { identity: true, limits: true }
  // What names a session or a user reaches past the limits that are set to them; what names a role does not.
  return { identity: false, limits: naming !== 'session' && user === undefined }
}

const partyOf = (desk: AwsDesk, caller: Caller): Party => ({
  kind: 'AWS',
  account: caller.account,
  names: [principalArn(desk.state, caller), (caller.user ?? caller.role)?.id ?? ''],
  ...(caller.session && { session: caller.arn }),
})

const factsOfRole = (desk: AwsDesk, role: AwsRole): Facts => ({
  ...factsOfResource(desk, role.account),
  ...resourceTags(role.tags, 'iam'),
})

/**
 * Whether somebody may do one of the actions that assuming a role takes: `sts:AssumeRole`, and `sts:TagSession` where
 * tags come along. The role's trust has to allow it; from another account, the caller's own policies too.
 *
 * @returns why not; nothing if they may
 */
export const whyNotAssume = (
  desk: AwsDesk,
  caller: Caller,
  role: AwsRole,
  action: string,
  facts: Facts,
): string | undefined => {
  const lookup = lookupIn(factsOfRequest(desk), factsOfRole(desk, role), factsOfCaller(desk, caller), facts)
  const question = { action, resource: roleArn(desk.state, role), lookup }
  const trust = trustVerdictOf(trustNow(desk.state, role), partyOf(desk, caller), question)
  const own = ownVerdictOf(desk, caller, question)
  if (trust.denies) return 'with an explicit deny in a resource-based policy'
  if (own.denied !== undefined) return whyNot(own, action)
  if (trust.allows === undefined) return `because no resource-based policy allows the ${action} action`
  if (caller.account !== role.account) return whyNot(own, action)
  const { identity, limits } = needs(trust.allows, caller)
  return whyNot(
    {
      denied: undefined,
      identity: own.identity || !identity,
      boundary: own.boundary || !limits,
      session: own.session || !limits,
    },
    action,
  )
}

/** Whether a role's trust lets in who comes with a token of a provider, or a service. */
export const isTrusted = (
  desk: AwsDesk,
  role: AwsRole,
  by: { readonly kind: 'Federated' | 'Service'; readonly name: string },
  action: string,
  facts: Facts,
): boolean => {
  const party: Party = { kind: by.kind, account: undefined, names: [by.name] }
  const lookup = lookupIn(factsOfRequest(desk), factsOfRole(desk, role), facts)
  const question = { action, resource: roleArn(desk.state, role), lookup }
  const { denies, allows } = trustVerdictOf(trustNow(desk.state, role), party, question)
  return !denies && allows !== undefined
}
