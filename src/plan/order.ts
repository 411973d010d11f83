import { keyIn, type Address } from '../model/address.js'
import type { Call, CallValue, Gate } from '../model/call.js'
import type { Grant } from '../model/grant.js'
import type { Barrier, Step } from '../model/plan.js'
import { isRef } from '../model/ref.js'
import type { Difference } from './diff.js'
import { effectsOf, type Effect, type Joined } from './effects.js'
import { clusterNamed } from './pause.js'
import { certify, type AtStake } from './safety.js'

/** A call on its way to becoming a step. */
interface Draft {
  readonly id: string
  readonly difference: Difference
  readonly call: Call
  readonly gate: Gate | undefined
  readonly after: Set<string>
  readonly effect: Effect
}

/** What an order has to heed where something is privileged. */
export interface Safekeeping {
  readonly stakes: readonly AtStake[]
  /** What several things say together. */
  readonly joined?: Joined
}

const nothingJoined: Joined = { at: () => [], with: () => ({ takes: [], gives: [] }) }

/** Steps in an order, or why no order of them is safe. */
export type Ordered =
  | { readonly steps: readonly Step[]; readonly barriers: readonly Barrier[] }
  | { readonly unsafe: Address; readonly calls: readonly string[] }

/**
 * The calls of all differences as steps, each with the steps that must have succeeded before it:
 *
 * - the calls of one object follow each other;
 * - whatever opens an object (its creation, its unarchiving) comes before the calls of all that need it;
 * - whatever closes an object (its archiving, its removal) comes after the calls of all that did or do need it;
 * - a name is given up before it is given away;
 * - what moves onto a privileged queue does so after its other calls;
 * - what hosts let jobs in by is written after all that takes something, unless that waits for it;
 * - for each privileged queue, what closes it comes before what opens something near it, with a barrier between.
 *
 * Steps with no path between them can be sent side by side.
 *
 * @throws if the edges go round: a bug in a kind
 */
export const order = (differences: readonly Difference[], safety?: Safekeeping): Ordered => {
  const stakes = safety?.stakes
  const drafts = new Map<Address, Draft[]>()
  for (const difference of differences) drafts.set(difference.address, draftsOf(difference, safety?.joined))

  const gates = (address: Address, gate: Gate) =>
    (drafts.get(address) ?? []).filter((draft) => draft.gate === gate).map(({ id }) => id)

  for (const [address, own] of drafts)
    for (const draft of own) {
      const refs = refsIn(draft.call).filter((ref) => ref !== address)
      // What depends on this in turn can't open before it: a cluster is made before its default queue is.
      const needs = [...draft.difference.dependencies, ...draft.difference.waitsFor].filter(
        (need) =>
          draft.gate !== 'opens' || drafts.get(need)?.[0]?.difference.dependencies.has(address) !== true,
      )
      for (const need of [...refs, ...needs])
        for (const id of gates(need, 'opens')) if (!goesBefore(draft, drafts.get(need))) draft.after.add(id)
      for (const used of draft.difference.dependencies) {
        if (used === address) continue
        for (const closing of (drafts.get(used) ?? []).filter(({ gate }) => gate === 'closes'))
          closing.after.add(draft.id)
      }
      draft.after.delete(draft.id)
    }

  for (const { planned } of differences) {
    if (planned.was === undefined) continue
    const last = drafts.get(planned.address)?.at(-1)
    const [taker] = drafts.get(planned.was) ?? []
    if (last !== undefined && taker !== undefined) taker.after.add(last.id)
  }

  for (const own of drafts.values()) arriveLast(own, stakes ?? [])

  const all = [...drafts.values()].flat()
  if (stakes !== undefined) afterWhatTakes(all)
  const certified = certify(all, stakes ?? [])
  if ('unsafe' in certified) return certified
  const drafted = new Map(all.map((draft) => [draft.id, draft]))
  for (const { barrier, widening, chain } of certified.certificates) {
    if (barrier.after.length > 0) for (const id of widening) drafted.get(id)?.after.add(barrier.id)
    chain.forEach((id, i) => drafted.get(chain[i + 1] ?? '')?.after.add(id))
  }
  const barriers = certified.certificates
    .map(({ barrier }) => barrier)
    .filter(({ after }) => after.length > 0)
  const sorted = inOrder<Draft | Barrier>([...all, ...barriers])
  if ('around' in sorted) {
    const [first] = barriers
    if (first === undefined)
      throw new Error(`the plan's steps wait for each other: ${sorted.around.join(', ')}`)
    const queue = barriers.find(({ id }) => sorted.around.includes(id))?.on ?? first.on
    return {
      unsafe: queue,
      calls: sorted.around.filter((id) => !barriers.some((barrier) => barrier.id === id)),
    }
  }
  return {
    steps: sorted.flatMap((one) => ('call' in one ? [stepOf(one, stakes !== undefined)] : [])),
    barriers,
  }
}

/** Whether a call only takes from what is put away, and can: then it goes before that is brought back. */
const goesBefore = ({ call, effect }: Draft, opened: readonly Draft[] = []): boolean =>
  call.evenClosed === true &&
  effect.takes.length > 0 &&
  effect.gives.length === 0 &&
  opened[0]?.difference.change.verb === 'update'

const draftsOf = (difference: Difference, joined = nothingJoined): Draft[] => {
  const { address, calls, change } = difference
  const effects = effectsOf(difference, joined)
  return calls.map((call, i) => ({
    id: `${address}#${i + 1}`,
    difference,
    call,
    gate:
      call.gate ??
      (change.verb === 'create' && i === 0
        ? 'opens'
        : change.verb === 'remove' && i === calls.length - 1
          ? 'closes'
          : undefined),
    after: new Set(before(calls, i).map((n) => `${address}#${n + 1}`)),
    effect: effects[i] ?? { takes: [], gives: [] },
  }))
}

/** The calls of the same object that come before one: the last that is not free, and the free ones in between. */
const before = (calls: readonly Call[], i: number): number[] => {
  const isFree = (n: number) => calls[n]?.free === true
  const found: number[] = []
  for (let n = i - 1; n >= 0; n -= 1) {
    if (isFree(n) && isFree(i)) continue
    found.push(n)
    if (!isFree(n)) break
  }
  return found
}

/**
 * What comes onto a privileged queue comes as it will be there: the call that brings it follows the object's other calls,
 * so that it stays where it is if one of them fails. From another privileged queue something may have to be gone
 * before what opens there is sent, so it does not wait for that.
 */
const arriveLast = (own: readonly Draft[], stakes: readonly AtStake[]): void => {
  const privileged = new Set(
    stakes.filter(({ on }) => on.startsWith('queue:')).map(({ on }) => clusterNamed(on)),
  )
  const isPlace = ({ power, on }: Grant) => power === 'runs-in' && privileged.has(on)
  for (const arrival of own) {
    const { call, effect } = arrival
    if (call.free !== true || !effect.gives.some(isPlace)) continue
    const leaves = effect.takes.some(isPlace)
    for (const other of own)
      if (other !== arrival && other.call.free === true && !(leaves && other.effect.gives.length > 0))
        arrival.after.add(other.id)
  }
}

/** What lets jobs in without a grant is written when nobody has any longer what the plan takes. */
const afterWhatTakes = (all: readonly Draft[]): void => {
  const letting = all.filter(
    ({ difference: { kind, change } }) => kind.letsIn === true && change.verb !== 'remove',
  )
  if (letting.length === 0) return
  const takers = all.filter(({ effect }) => effect.takes.length > 0)
  const waiting = new Map<string, string[]>()
  for (const { id, after } of all)
    for (const first of after) waiting.set(first, [...(waiting.get(first) ?? []), id])
  for (const draft of letting) {
    const later = new Set([draft.id])
    for (const id of later) for (const next of waiting.get(id) ?? []) later.add(next)
    for (const { id } of takers) if (!later.has(id)) draft.after.add(id)
  }
}

/** Every address that a call names by a Ref, however deep. */
const refsIn = (call: Call): Address[] => {
  const found: Address[] = []
  const visit = (value: CallValue | undefined) => {
    if (isRef(value)) found.push(value.$ref)
    else if (Array.isArray(value)) (value as readonly CallValue[]).forEach(visit)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
  }
  if (call.via === 'rest') {
    call.path.forEach(visit)
    visit(call.body)
  } else visit(call.input)
  return found
}

interface Waiting {
  readonly id: string
  readonly after: Iterable<string>
}

/**
 * Each after all that it waits for, and otherwise in the order given, so that the same plan has the same bytes.
 *
 * @returns those that wait for each other, where some do
 */
const inOrder = <One extends Waiting>(
  all: readonly One[],
): One[] | { readonly around: readonly string[] } => {
  const byId = new Map(all.map((one) => [one.id, one]))
  const sorted: One[] = []
  const state = new Map<string, 'open' | 'done'>()
  for (const first of all) {
    // Walked with a stack of its own: a chain may be longer than the language's.
    const stack: { one: One; waits: Iterator<string> }[] = []
    const enter = (one: One): boolean => {
      if (state.get(one.id) === 'done') return true
      if (state.get(one.id) === 'open') return false
      state.set(one.id, 'open')
      stack.push({ one, waits: one.after[Symbol.iterator]() })
      return true
    }
    enter(first)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.waits.next()
      if (next.done === true) {
        state.set(top.one.id, 'done')
        sorted.push(top.one)
        stack.pop()
        continue
      }
      const waited = byId.get(next.value)
      if (waited === undefined || enter(waited)) continue
      const from = stack.findIndex(({ one }) => one.id === waited.id)
      return { around: stack.slice(from).map(({ one }) => one.id) }
    }
  }
  return sorted
}

const stepOf = (
  { id, difference, call, after, effect: { takes, gives } }: Draft,
  isWatched: boolean,
): Step => ({
  id,
  address: difference.address,
  title: titleOf(difference, call),
  call,
  after: [...after].sort(),
  ...(isWatched && takes.length > 0 && { takes }),
  ...(isWatched && gives.length > 0 && { gives }),
})

/**
 * `PipelineUpdate pipeline:web`, `PATCH pipelines/web`, `POST pipelines pipeline:web`, `iam:CreateRole role:prod/web`:
 * what a log would say.
 */
const titleOf = ({ address }: Difference, call: Call): string => {
  if (call.via === 'graphql') return `${call.operation} ${address}`
  if (call.via === 'aws') return `${call.service}:${call.operation} ${address}`
  const path = call.path.map((part) => (isRef(part) ? keyIn(part.$ref) : part)).join('/')
  return `${call.method} ${path}${call.method === 'POST' ? ` ${address}` : ''}`
}
