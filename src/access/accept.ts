import { createHash } from 'node:crypto'
import type { Address } from '../model/address.js'
import type { Accept } from '../model/declared-access.js'
import { roleCodes } from '../model/role-codes.js'
import { grantKey } from '../model/grant.js'
import type { Assumption } from '../model/verdict.js'
import type { Facts } from './facts.js'
import { clusterOf } from './places.js'
import type { Edge } from './rule.js'

/** One assumption that the graph rests on, with everything it was raised from. */
export interface Raised extends Assumption {
  readonly edges: readonly Edge[]
}

/** Something for each assumption, by its finding and its place. */
interface ByAssumption<Value> {
  readonly of: (assumption: Assumption) => Value | undefined
  readonly set: (assumption: Assumption, value: Value) => void
}

/** Two maps, one in the other: a text made of both would have to be made for every edge. */
export const byAssumption = <Value>(): ByAssumption<Value> => {
  const findings = new Map<string, Map<Address, Value>>()
  return {
    of: ({ finding, at }) => findings.get(finding)?.get(at),
    set: ({ finding, at }, value) => {
      const places = findings.get(finding) ?? new Map<Address, Value>()
      places.set(at, value)
      findings.set(finding, places)
    },
  }
}

/** The assumptions of some edges, each once, in the order of finding and place. */
export const raisedBy = (
  edges: Iterable<readonly [edge: Edge, assumes: Assumption | undefined]>,
): readonly Raised[] => {
  const known = byAssumption<Edge[]>()
  const found: Raised[] = []
  for (const [edge, assumes] of edges) {
    if (assumes === undefined) continue
    const there = known.of(assumes)
    if (there !== undefined) {
      there.push(edge)
      continue
    }
    const own = [edge]
    known.set(assumes, own)
    found.push({ finding: assumes.finding, at: assumes.at, edges: own })
  }
  return found.sort(inOrder)
}

/** By finding, then by place. */
const inOrder = (a: Assumption, b: Assumption): number =>
  a.finding === b.finding ? (a.at < b.at ? -1 : 1) : a.finding < b.finding ? -1 : 1

/**
 * What an acceptance is good for. Twelve digits are enough to see that something changed; they protect against nobody
 * who means harm.
 *
 * @param beyond  places besides the one that it names
 */
export const digestOf = (edges: readonly Edge[], beyond: readonly Address[] = []): string => {
  // Thousands of edges may rest on one list: each list is looked at once.
  const lists = new Set(edges.flatMap(({ facts, rests }) => (rests === undefined ? [facts] : [facts, rests])))
  const keys = new Set([...[...lists].flatMap((facts) => facts.map(grantKey)), ...beyond])
  return createHash('sha256')
    .update(JSON.stringify([...keys].sort()))
    .digest('hex')
    .slice(0, 12)
}

/** An acceptance, and the digest that it should have. */
interface Digested {
  readonly accept: Accept
  readonly facts: string
}

/** What the acceptances of the files settle, and what is wrong with some of them. */
export interface Settled {
  /** By assumption. */
  by(assumption: Assumption): Accept | undefined
  /** Facts have changed since it was given. */
  readonly void: readonly Digested[]
  /** It settles whatever the facts come to be. */
  readonly unbound: readonly Digested[]
  /** It matches nothing that is assumed. */
  readonly unused: readonly Accept[]
  /** Its day has passed. */
  readonly expired: readonly Accept[]
}

/** Holds acceptances against assumptions. @param today  `2026-11-22`, in UTC */
export const settle = (
  raised: readonly Raised[],
  accepts: readonly Accept[],
  facts: Facts,
  today: string,
): Settled => {
  const settled = byAssumption<Accept>()
  const byFinding = new Map<string, Raised[]>()
  for (const one of raised) {
    const known = byFinding.get(one.finding)
    if (known === undefined) byFinding.set(one.finding, [one])
    else known.push(one)
  }
  const voided: Digested[] = []
  const unbound: Digested[] = []
  const unused: Accept[] = []
  const expired: Accept[] = []
  for (const accept of accepts) {
    if (Object.hasOwn(roleCodes, accept.finding)) continue // roles/accept.ts settles those
    if (accept.until < today) {
      expired.push(accept)
      continue
    }
    const covered = (byFinding.get(accept.finding) ?? []).filter(({ at }) => covers(accept.on, at, facts))
    // What is assumed at the place itself is meant, and nothing within it: what is in no cluster is at the organization.
    const own = covered.filter(({ at }) => isAt(accept.on, at))
    const matching = own.length > 0 ? own : covered
    if (matching.length === 0) {
      unused.push(accept)
      continue
    }
    const beyond = matching.map(({ at }) => at).filter((at) => !isAt(accept.on, at))
    const now = digestOf(
      matching.flatMap(({ edges }) => edges),
      beyond,
    )
    if (accept.facts !== undefined && accept.facts !== now) {
      voided.push({ accept, facts: now })
      continue
    }
    if (accept.facts === undefined) unbound.push({ accept, facts: now })
    for (const one of matching) settled.set(one, accept)
  }
  return { by: settled.of, void: voided, unbound, unused, expired }
}

const isAt = (accepted: string, at: Address): boolean =>
  accepted === at || (accepted === 'organization' && at === 'organization:')

/**
 * Whether accepting something at one place settles it at another: an organization covers all, a cluster what is in it.
 * Neither does where the same is assumed at the place itself.
 */
const covers = (accepted: string, at: Address, facts: Facts): boolean => {
  if (isAt(accepted, at) || accepted === 'organization' || accepted === 'organization:') return true
  if (!accepted.startsWith('cluster:')) return false
  if (at.startsWith('queue:')) return clusterOf(at) === accepted
  return facts.from('runs-in', at).some(({ on }) => on === accepted)
}
