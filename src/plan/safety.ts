import type { Address } from '../model/address.js'
import { grantKey } from '../model/grant.js'
import type { Barrier } from '../model/plan.js'
import type { Effect } from './effects.js'

/** What an order of calls has to heed for one privileged queue or role. */
export interface AtStake {
  readonly on: Address
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
 * Calls that do both are among the first, if every set of them is harmless before anything else is given; else they count
 * as giving. A call that takes, and has to wait for one that gives, comes later, if everything together is harmless
 * without it. Where that is not enough, the calls follow each other one by one, in an order of which every state has been
 * looked at; where there is none, no order is safe.
 */
export const certify = (movers: readonly Mover[], stakes: readonly AtStake[]): Safety => {
  const waits: Waits = new Map(movers.map(({ id, after }) => [id, new Set(after)]))
  const certificates: Certificate[] = []
  const hard: AtStake[] = []
  for (const stake of stakes) {
    const found = heldApart(stake, movers, waits)
    if (found === 'impossible') hard.push(stake)
    else if (found !== undefined) certificates.push(found)
    if (typeof found === 'object')
      for (const id of found.widening) for (const first of found.barrier.after) waits.get(id)?.add(first)
  }
  const [worst] = hard
  if (worst === undefined) return { certificates }
  const chained = oneByOne(hard, movers, waits)
  return chained === undefined
    ? { unsafe: worst.on, calls: inTheWay(worst, movers, waits) }
    : { certificates: [...certificates, ...chained] }
}

/** The calls that matter to a queue: those that take, and those that give. Some do both. */
const sidesOf = ({ grants }: AtStake, movers: readonly Mover[]) => {
  const isAtStake = (some: Effect['takes']) => some.some((grant) => grants.has(grantKey(grant)))
  const gives = new Set(movers.filter(({ effect }) => isAtStake(effect.gives)).map(({ id }) => id))
  const takes = movers.filter(({ effect }) => isAtStake(effect.takes)).map(({ id }) => id)
  return { takes, gives }
}

/** A barrier between what takes and what gives; nothing where none is needed. */
const heldApart = (
  stake: AtStake,
  movers: readonly Mover[],
  waits: Waits,
): Certificate | 'impossible' | undefined => {
  const { takes, gives } = sidesOf(stake, movers)
  if (takes.length === 0 || gives.size === 0) return undefined
  const mixed = new Set(takes.filter((id) => gives.has(id)))
  const onlyGives = new Set([...gives].filter((id) => !mixed.has(id)))
  const canBeFirst = takes.every((id) => !waitsForAny(id, onlyGives, waits))
  if (canBeFirst && areSafe(stake, movers, [...mixed]))
    return onlyGives.size === 0 ? undefined : certificate(stake, takes, [...onlyGives])
  const first = takes.filter((id) => !mixed.has(id) && !waitsForAny(id, gives, waits))
  if (!stake.isSafe(mostWith(stake, movers, new Set(first)))) return 'impossible'
  return first.length === 0 ? undefined : certificate(stake, first, [...gives])
}

/** Whether every set of some calls, each of which takes and gives, leaves a queue safe; too many are not looked at. */
const areSafe = (stake: AtStake, movers: readonly Mover[], mixed: readonly string[]): boolean => {
  if (2 ** mixed.length > mostStates) return false
  const hands = handsOn(stake, movers)
  return Array.from({ length: 2 ** mixed.length - 1 }, (_, n) => n + 1).every((state) =>
    stake.isSafe(thereWith(stake, hands, new Set(mixed.filter((_, i) => ((state >>> i) & 1) === 1)))),
  )
}

const certificate = (
  { on }: AtStake,
  after: readonly string[],
  widening: readonly string[],
): Certificate => ({
  barrier: { id: `barrier:${on}`, on, after },
  widening,
  chain: [],
})

/** One order for all calls that matter to some queues, in which each leaves all of them safe. */
const oneByOne = (
  stakes: readonly AtStake[],
  movers: readonly Mover[],
  waits: Waits,
): readonly Certificate[] | undefined => {
  const sides = stakes.map((stake) => sidesOf(stake, movers))
  const gives = new Set(sides.flatMap((side) => [...side.gives]))
  const takes = new Set(sides.flatMap((side) => side.takes))
  const concerned = [
    ...movers.filter(({ id }) => takes.has(id) && !gives.has(id)),
    ...movers.filter(({ id }) => gives.has(id)),
  ]
  const found = safeOrder(stakes, concerned, waits)
  if (found === undefined) return undefined
  const from = found.findIndex((id) => gives.has(id))
  return stakes.map((stake, i) => ({
    ...certificate(stake, found.slice(0, from), [...gives]),
    chain: i === 0 ? found.slice(from) : [],
  }))
}

/** What can't be put before a barrier, although it takes, or what it gives besides. */
const inTheWay = (stake: AtStake, movers: readonly Mover[], waits: Waits): readonly string[] => {
  const { takes, gives } = sidesOf(stake, movers)
  const blocked = takes.filter((id) => gives.has(id) || waitsForAny(id, gives, waits))
  return [...new Set([...blocked, ...gives])]
}

/** Whether a call waits for one of some, however far behind. */
const waitsForAny = (id: string, some: ReadonlySet<string>, waits: Waits): boolean =>
  [...allBefore(id, waits)].some((one) => some.has(one))

const allBefore = (id: string, waits: Waits): ReadonlySet<string> => {
  const found = new Set(waits.get(id))
  for (const one of found) for (const next of waits.get(one) ?? []) found.add(next) // a set is walked on as it grows
  return found
}

/** The calls that take a grant, and those that give it. */
interface Hands {
  readonly takers: Set<string>
  readonly givers: Set<string>
}

/** For each grant at stake, whose hands it is in. */
const handsOn = ({ grants }: AtStake, movers: readonly Mover[]): ReadonlyMap<string, Hands> => {
  const hands = new Map(
    [...grants].map((key): [string, Hands] => [key, { takers: new Set(), givers: new Set() }]),
  )
  for (const { id, effect } of movers) {
    for (const grant of effect.takes) hands.get(grantKey(grant))?.takers.add(id)
    for (const grant of effect.gives) hands.get(grantKey(grant))?.givers.add(id)
  }
  return hands
}

/** What several objects say alike is gone when the last of them is. */
const isTaken = ({ after }: AtStake, key: string, { takers }: Hands, done: ReadonlySet<string>): boolean =>
  !after.has(key) && takers.size > 0 && [...takers].every((id) => done.has(id))

/** All that could be there at any time after some calls, whichever of the others have been sent. */
const mostWith = (stake: AtStake, movers: readonly Mover[], done: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(
    [...handsOn(stake, movers)]
      .filter(([key, hands]) => hands.givers.size > 0 || !isTaken(stake, key, hands, done))
      .map(([key]) => key),
  )

/** What is there when just some calls have been sent. What one gives only for another to take is there in between. */
const thereWith = (
  stake: AtStake,
  hands: ReadonlyMap<string, Hands>,
  done: ReadonlySet<string>,
): ReadonlySet<string> => {
  const isGiven = (key: string, { givers }: Hands) =>
    stake.before.has(key) || givers.size === 0 || [...givers].some((id) => done.has(id))
  return new Set(
    [...hands]
      .filter(([key, own]) => isGiven(key, own) && !isTaken(stake, key, own, done))
      .map(([key]) => key),
  )
}

/** An order in which every call leaves all queues safe, the first ones first where that is possible. */
const safeOrder = (
  stakes: readonly AtStake[],
  concerned: readonly Mover[],
  waits: Waits,
): readonly string[] | undefined => {
  const ids = concerned.map(({ id }) => id)
  const before = new Map(ids.map((id) => [id, ids.filter((one) => allBefore(id, waits).has(one))]))
  const looks = stakes.map((stake) => ({ stake, hands: handsOn(stake, concerned) }))
  const seen = new Set<string>()
  const follow = (done: readonly string[]): readonly string[] | undefined => {
    if (done.length === ids.length) return done
    for (const id of ids) {
      if (done.includes(id) || before.get(id)?.every((one) => done.includes(one)) !== true) continue
      const next = [...done, id]
      const state = [...next].sort().join('\n')
      if (seen.has(state) || seen.size >= mostStates) continue
      seen.add(state)
      const sent = new Set(next)
      const isSafe = looks.every(({ stake, hands }) => stake.isSafe(thereWith(stake, hands, sent)))
      const found = isSafe ? follow(next) : undefined
      if (found !== undefined) return found
    }
    return undefined
  }
  return follow([])
}
