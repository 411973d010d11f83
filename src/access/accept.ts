import { createHash } from 'node:crypto'
import type { Address } from '../model/address.js'
import type { Accept } from '../model/declared-access.js'
import { grantKey } from '../model/grant.js'
import type { Assumption } from '../model/verdict.js'
import type { Facts } from './facts.js'
import { clusterOf } from './borders.js'
import type { Edge } from './rule.js'

/** One assumption that the graph rests on, with everything it was raised from. */
export interface Raised extends Assumption {
  readonly edges: readonly Edge[]
  readonly facts: string
}

const name = ({ finding, at }: Assumption) => `${finding} ${at}`

/** The assumptions of some edges, each once, in the order of finding and place. */
export const raisedBy = (edges: readonly Edge[]): readonly Raised[] => {
  const found = new Map<string, { assumption: Assumption; edges: Edge[] }>()
  for (const edge of edges) {
    if (edge.assumes === undefined) continue
    const known = found.get(name(edge.assumes))
    if (known === undefined) found.set(name(edge.assumes), { assumption: edge.assumes, edges: [edge] })
    else known.edges.push(edge)
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { assumption, edges: own }]) => ({ ...assumption, edges: own, facts: digestOf(own) }))
}

/** Twelve digits are enough to see that something changed; they protect against nobody who means harm. */
export const digestOf = (edges: readonly Edge[]): string => {
  const keys = new Set(edges.flatMap(({ facts }) => facts.map(grantKey)))
  return createHash('sha256')
    .update(JSON.stringify([...keys].sort()))
    .digest('hex')
    .slice(0, 12)
}

/** What the acceptances of the files settle, and what is wrong with some of them. */
export interface Settled {
  /** By assumption. */
  by(assumption: Assumption): Accept | undefined
  /** Facts have changed since it was given. */
  readonly void: readonly { readonly accept: Accept; readonly facts: string }[]
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
  const settled = new Map<string, Accept>()
  const voided: { accept: Accept; facts: string }[] = []
  const unused: Accept[] = []
  const expired: Accept[] = []
  for (const accept of accepts) {
    if (accept.until < today) {
      expired.push(accept)
      continue
    }
    const matching = raised.filter(
      ({ finding, at }) => finding === accept.finding && covers(accept.on, at, facts),
    )
    const now = digestOf(matching.flatMap(({ edges }) => edges))
    if (matching.length === 0) unused.push(accept)
    else if (accept.facts !== undefined && accept.facts !== now) voided.push({ accept, facts: now })
    else for (const one of matching) settled.set(name(one), accept)
  }
  return { by: (assumption) => settled.get(name(assumption)), void: voided, unused, expired }
}

/** Whether accepting something at one place settles it at another: an organization covers all, a cluster what is in it. */
const covers = (accepted: string, at: Address, facts: Facts): boolean => {
  if (accepted === at || accepted === 'organization' || accepted === 'organization:') return true
  if (!accepted.startsWith('cluster:')) return false
  if (at.startsWith('queue:')) return clusterOf(at) === accepted
  return facts.from('runs-in', at).some(({ on }) => on === accepted)
}
