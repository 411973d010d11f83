import type { Address } from '../model/address.js'
import type { Call } from '../model/call.js'
import { grantKey, type Grant } from '../model/grant.js'
import type { Barrier } from '../model/plan.js'
import type { Difference } from './diff.js'
import { grantsChanged, specsOf } from './facts.js'

type Spec = Readonly<Record<string, unknown>>

/** The powers that one call takes and gives. */
export interface Effect {
  readonly takes: readonly Grant[]
  readonly gives: readonly Grant[]
}

/** What an order of calls has to heed for one privileged queue. */
export interface AtStake {
  readonly queue: Address
  readonly grants: ReadonlySet<string>
  readonly isSafe: (there: ReadonlySet<string>) => boolean
}

/** The effect of each call of a difference, in the order of its calls. */
export const effectsOf = ({ kind, change, calls }: Difference): readonly Effect[] => {
  const { before, after } = specsOf(kind, change)
  let now = before
  return calls.map((call, i) => {
    const next = specAfter(change.verb, now, after, call, calls, i)
    const effect = grantsChanged(kind, now, next)
    now = next
    return effect
  })
}

/** What an object is like after a call: the fields that the call sets are as wanted, the others as they were. */
const specAfter = (
  verb: Difference['change']['verb'],
  now: Spec | undefined,
  after: Spec | undefined,
  call: Call,
  calls: readonly Call[],
  i: number,
): Spec | undefined => {
  if (verb === 'remove') return i === calls.length - 1 ? after : now
  if (after === undefined) return now
  const claimed = new Set(calls.flatMap(({ sets = [] }) => sets))
  const own = call.sets ?? Object.keys(after).filter((field) => !claimed.has(field))
  const later = Object.fromEntries([...claimed].map((field) => [field, null]))
  return { ...(now ?? later), ...Object.fromEntries(own.map((field) => [field, after[field]])) }
}

/** One call, as far as safety sees it. */
export interface Mover {
  readonly id: string
  readonly effect: Effect
}

/** How the calls of a plan have to be held apart for one queue. */
export interface Certificate {
  readonly barrier: Barrier
  /** Calls that wait for the barrier. */
  readonly widening: readonly string[]
}

/** Why no order is safe, or the certificates. */
export type Safety =
  | { readonly certificates: readonly Certificate[] }
  | { readonly unsafe: Address; readonly calls: readonly string[] }

/** A set of calls that take and give at once has this many states at most, or nobody looks at all of them. */
const mostStates = 4096

/**
 * For each queue: all calls that take something that is at stake, then a barrier, then all that give. Calls that do
 * both stand between two barriers; every set of them is looked at.
 */
export const certify = (movers: readonly Mover[], stakes: readonly AtStake[]): Safety => {
  const certificates: Certificate[] = []
  for (const { queue, grants, isSafe } of stakes) {
    const touches = (some: readonly Grant[]) => some.some((grant) => grants.has(grantKey(grant)))
    const narrowing: string[] = []
    const mixed: Mover[] = []
    const widening: string[] = []
    for (const mover of movers) {
      const takes = touches(mover.effect.takes)
      const gives = touches(mover.effect.gives)
      if (takes && gives) mixed.push(mover)
      else if (takes) narrowing.push(mover.id)
      else if (gives) widening.push(mover.id)
    }
    if (mixed.length > 0) {
      const ids = mixed.map(({ id }) => id)
      if (2 ** mixed.length > mostStates || !allSafe(movers, mixed, grants, isSafe))
        return { unsafe: queue, calls: ids }
      certificates.push({ barrier: { id: `narrowed:${queue}`, queue, after: narrowing }, widening: ids })
    }
    if (widening.length > 0 && (narrowing.length > 0 || mixed.length > 0))
      certificates.push({
        barrier: { id: `barrier:${queue}`, queue, after: [...narrowing, ...mixed.map(({ id }) => id)] },
        widening,
      })
  }
  return { certificates: certificates.filter(({ barrier }) => barrier.after.length > 0) }
}

/** Whether every set of the mixed calls leaves nobody on a queue who is not there before the plan or after it. */
const allSafe = (
  movers: readonly Mover[],
  mixed: readonly Mover[],
  grants: ReadonlySet<string>,
  isSafe: (there: ReadonlySet<string>) => boolean,
): boolean => {
  const pure = movers.filter((mover) => !mixed.includes(mover))
  const taken = new Set(pure.flatMap(({ effect }) => effect.takes.map(grantKey)))
  const given = new Set(pure.flatMap(({ effect }) => effect.gives.map(grantKey)))
  for (let state = 0; state < 2 ** mixed.length; state += 1) {
    const there = new Set([...grants].filter((key) => !taken.has(key) && !given.has(key)))
    mixed.forEach(({ effect }, i) => {
      const isDone = ((state >>> i) & 1) === 1
      for (const grant of effect.takes) if (isDone) there.delete(grantKey(grant))
      for (const grant of effect.gives) if (!isDone) there.delete(grantKey(grant))
    })
    if (!isSafe(there)) return false
  }
  return true
}
