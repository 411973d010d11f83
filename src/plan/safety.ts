import type { Address } from '../model/address.js'
import { grantKey } from '../model/grant.js'
import type { Barrier } from '../model/plan.js'
import type { Effect } from './effects.js'

/** What an order of calls has to heed for one privileged queue. */
export interface AtStake {
  readonly queue: Address
  /** By key: over these somebody who is not allowed could come on the way. */
  readonly grants: ReadonlySet<string>
  /** Those of them that are there before the plan, and those that are there after it. */
  readonly before: ReadonlySet<string>
  readonly after: ReadonlySet<string>
  isSafe(there: ReadonlySet<string>): boolean
}

/** One call, as far as safety sees it. */
export interface Mover {
  readonly id: string
  readonly effect: Effect
  /** What it waits for in any case. */
  readonly after: ReadonlySet<string>
}

/** How the calls of a plan have to be held apart for one queue. */
export interface Certificate {
  readonly barrier: Barrier
  /** Calls that wait for the barrier. */
  readonly widening: readonly string[]
  /** Calls that follow each other one by one, where only one order is known to be safe. */
  readonly chain: readonly string[]
}

/** Why no order is safe, or the certificates. */
export type Safety =
  | { readonly certificates: readonly Certificate[] }
  | { readonly unsafe: Address; readonly calls: readonly string[] }

/** So many sets of calls are looked at for one queue, and no more. */
const mostStates = 4096

type Waits = ReadonlyMap<string, Set<string>>

/**
 * For each queue: all calls that take something that is at stake, then a barrier, then all that give.
 *
 * A call that takes and has to wait for one that gives comes later, if everything together is harmless without it. A
 * call that does both counts as giving on the same terms. Where that is not enough, the calls follow each other one by
 * one, in an order of which every state has been looked at; where there is none, no order is safe.
 */
export const certify = (movers: readonly Mover[], stakes: readonly AtStake[]): Safety => {
  const waits: Waits = new Map(movers.map(({ id, after }) => [id, new Set(after)]))
  const certificates: Certificate[] = []
  for (const stake of stakes) {
    const found = certificateFor(stake, movers, waits)
    if (found === undefined) continue
    if ('unsafe' in found) return found
    certificates.push(found)
    for (const id of found.widening) for (const first of found.barrier.after) waits.get(id)?.add(first)
    found.chain.forEach((id, i) => waits.get(found.chain[i + 1] ?? '')?.add(id))
  }
  return { certificates }
}

const certificateFor = (
  stake: AtStake,
  movers: readonly Mover[],
  waits: Waits,
): Certificate | { unsafe: Address; calls: readonly string[] } | undefined => {
  const { queue } = stake
  const isAtStake = (some: Effect['takes']) => some.some((grant) => stake.grants.has(grantKey(grant)))
  const takes = movers.filter(({ effect }) => isAtStake(effect.takes))
  const gives = new Set(movers.filter(({ effect }) => isAtStake(effect.gives)).map(({ id }) => id))
  if (takes.length === 0 || gives.size === 0) return undefined

  const narrowing = takes.filter(({ id }) => !gives.has(id))
  const first = narrowing.filter(({ id }) => !waitsForAny(id, gives, waits)).map(({ id }) => id)
  const isPure = first.length === takes.length
  if (isPure || stake.isSafe(mostWith(stake, movers, new Set(first))))
    return first.length === 0
      ? undefined
      : { barrier: { id: `barrier:${queue}`, queue, after: first }, widening: [...gives], chain: [] }

  const concerned = [...narrowing, ...movers.filter(({ id }) => gives.has(id))]
  const found = safeOrder(stake, concerned, waits)
  if (found === undefined) {
    const inTheWay = concerned.filter(({ id }) => !first.includes(id)).map(({ id }) => id)
    return { unsafe: queue, calls: inTheWay }
  }
  const from = found.findIndex((id) => gives.has(id))
  return {
    barrier: { id: `barrier:${queue}`, queue, after: found.slice(0, from) },
    widening: [...gives],
    chain: found.slice(from),
  }
}

/** Whether a call waits for one of some, however far behind. */
const waitsForAny = (id: string, some: ReadonlySet<string>, waits: Waits): boolean =>
  [...allBefore(id, waits)].some((one) => some.has(one))

const allBefore = (id: string, waits: Waits): ReadonlySet<string> => {
  const found = new Set(waits.get(id))
  for (const one of found) for (const next of waits.get(one) ?? []) found.add(next) // a set is walked on as it grows
  return found
}

/** For each grant at stake, the calls that take it and those that give it. */
const handsOn = ({ grants }: AtStake, movers: readonly Mover[]) => {
  const hands = new Map(
    [...grants].map((key) => [key, { takers: new Set<string>(), givers: new Set<string>() }]),
  )
  for (const { id, effect } of movers) {
    for (const grant of effect.takes) hands.get(grantKey(grant))?.takers.add(id)
    for (const grant of effect.gives) hands.get(grantKey(grant))?.givers.add(id)
  }
  return hands
}

/** All that could be there at any time after some calls, whichever of the others have been sent. */
const mostWith = (
  stake: AtStake,
  movers: readonly Mover[],
  done: ReadonlySet<string>,
): ReadonlySet<string> => {
  const isGone = (
    key: string,
    { takers, givers }: { takers: ReadonlySet<string>; givers: ReadonlySet<string> },
  ) =>
    !stake.after.has(key) && givers.size === 0 && takers.size > 0 && [...takers].every((id) => done.has(id))
  return new Set(
    [...handsOn(stake, movers)].filter(([key, hands]) => !isGone(key, hands)).map(([key]) => key),
  )
}

/**
 * What is there when just these calls have been sent. What several objects say alike is gone when the last of them is;
 * what one call gives only for another to take it is there in between.
 */
const thereWith = (
  stake: AtStake,
  movers: readonly Mover[],
  done: ReadonlySet<string>,
): ReadonlySet<string> => {
  const isThere = (
    key: string,
    { takers, givers }: { takers: ReadonlySet<string>; givers: ReadonlySet<string> },
  ) => {
    const isTaken = !stake.after.has(key) && takers.size > 0 && [...takers].every((id) => done.has(id))
    return !isTaken && (stake.before.has(key) || givers.size === 0 || [...givers].some((id) => done.has(id)))
  }
  return new Set(
    [...handsOn(stake, movers)].filter(([key, hands]) => isThere(key, hands)).map(([key]) => key),
  )
}

/** An order in which every call that matters to a queue leaves it safe, the narrowing ones first where that is possible. */
const safeOrder = (
  stake: AtStake,
  concerned: readonly Mover[],
  waits: Waits,
): readonly string[] | undefined => {
  const ids = concerned.map(({ id }) => id)
  const before = new Map(ids.map((id) => [id, allBefore(id, waits)]))
  const seen = new Set<string>()
  const follow = (done: readonly string[]): readonly string[] | undefined => {
    if (done.length === ids.length) return done
    for (const id of ids) {
      if (done.includes(id) || ids.some((one) => before.get(id)?.has(one) === true && !done.includes(one)))
        continue
      const next = [...done, id]
      const state = [...next].sort().join('\n')
      if (seen.has(state) || seen.size >= mostStates) continue
      seen.add(state)
      const found = stake.isSafe(thereWith(stake, concerned, new Set(next))) ? follow(next) : undefined
      if (found !== undefined) return found
    }
    return undefined
  }
  return follow([])
}
