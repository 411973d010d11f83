import { createHash } from 'node:crypto'
import { roleCodes, type RoleCode } from '../../model/role-codes.js'
import type { Address } from '../../model/address.js'
import type { Accept } from '../../model/declared-access.js'
import type { Settled } from '../accept.js'

/** Something that can be accepted: what is wrong, where, and the facts that somebody looked at. */
export interface Acceptable {
  readonly finding: RoleCode
  readonly at: Address
  /** A digest of its facts: another one voids an acceptance. */
  readonly facts: string
}

/** Twelve digits are enough to see that something changed. @see digestOf in ../accept.ts */
export const digestOfFacts = (facts: Iterable<string>): string =>
  createHash('sha256')
    .update(JSON.stringify([...new Set(facts)].sort()))
    .digest('hex')
    .slice(0, 12)

/** Whether an acceptance is about roles: the others settle what the graph assumes. */
const isAboutRoles = ({ finding }: Accept): boolean => Object.hasOwn(roleCodes, finding)

/** What acceptances settle, and what is wrong with some of them; each settles what is at its own place, and no more. */
export interface SettledRoles extends Omit<Settled, 'by'> {
  by(one: Acceptable): Accept | undefined
}

/** Holds the acceptances that are about roles against what was found. @param today  `2026-11-22`, in UTC */
export const settleRoles = (
  found: readonly Acceptable[],
  accepts: readonly Accept[],
  today: string,
): SettledRoles => {
  const keyOf = (finding: string, at: string) => `${finding} ${at === 'organization' ? 'organization:' : at}`
  const byPlace = new Map(found.map((one) => [keyOf(one.finding, one.at), one]))
  const settled = new Map<Acceptable, Accept>()
  const voided: SettledRoles['void'][number][] = []
  const unbound: SettledRoles['unbound'][number][] = []
  const unused: Accept[] = []
  const expired: Accept[] = []
  for (const accept of accepts.filter(isAboutRoles)) {
    const one = byPlace.get(keyOf(accept.finding, accept.on))
    if (accept.until < today) expired.push(accept)
    else if (one === undefined) unused.push(accept)
    else if (accept.facts !== undefined && accept.facts !== one.facts)
      voided.push({ accept, facts: one.facts })
    else {
      if (accept.facts === undefined) unbound.push({ accept, facts: one.facts })
      settled.set(one, accept)
    }
  }
  return { by: (one) => settled.get(one), void: voided, unbound, unused, expired }
}
