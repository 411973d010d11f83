import type { Address } from '../model/address.js'
import type { Call, CallValue, Gate } from '../model/call.js'
import type { Step } from '../model/plan.js'
import { isRef } from '../model/ref.js'
import type { Difference } from './diff.js'

/** A call on its way to becoming a step. */
interface Draft {
  readonly id: string
  readonly difference: Difference
  readonly call: Call
  readonly gate: Gate | undefined
  readonly after: Set<string>
}

/**
 * The calls of all differences as steps, each with the steps that must have succeeded before it:
 *
 * - the calls of one object follow each other;
 * - whatever opens an object (its creation, its unarchiving) comes before the calls of all that need it;
 * - whatever closes an object (its archiving, its removal) comes after the calls of all that did or do need it;
 * - a name is given up before it is given away.
 *
 * Steps with no path between them can be sent side by side.
 *
 * @throws if the edges go round: a bug in a kind
 */
export const order = (differences: readonly Difference[]): Step[] => {
  const drafts = new Map<Address, Draft[]>()
  for (const difference of differences) drafts.set(difference.address, draftsOf(difference))

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
      for (const need of [...refs, ...needs]) for (const id of gates(need, 'opens')) draft.after.add(id)
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

  return inOrder([...drafts.values()].flat()).map(stepOf)
}

const draftsOf = (difference: Difference): Draft[] => {
  const { address, calls, change } = difference
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
    after: new Set(i === 0 ? [] : [`${address}#${i}`]),
  }))
}

/** Every address that a call names by a Ref, however deep. */
const refsIn = (call: Call): Address[] => {
  const found: Address[] = []
  const visit = (value: CallValue | undefined) => {
    if (isRef(value)) found.push(value.$ref)
    else if (Array.isArray(value)) (value as readonly CallValue[]).forEach(visit)
    else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit)
  }
  if (call.via === 'graphql') visit(call.input)
  else {
    call.path.forEach(visit)
    visit(call.body)
  }
  return found
}

/** Each after all that it waits for, and otherwise in the order given, so that the same plan has the same bytes. */
const inOrder = (drafts: readonly Draft[]): Draft[] => {
  const byId = new Map(drafts.map((draft) => [draft.id, draft]))
  const sorted: Draft[] = []
  const state = new Map<string, 'open' | 'done'>()
  for (const first of drafts) {
    // Walked with a stack of its own: a chain may be longer than the language's.
    const stack: { draft: Draft; waits: Iterator<string> }[] = []
    const enter = (draft: Draft) => {
      if (state.get(draft.id) === 'done') return
      if (state.get(draft.id) === 'open') throw new Error(`the plan's steps wait for each other: ${draft.id}`)
      state.set(draft.id, 'open')
      stack.push({ draft, waits: draft.after.values() })
    }
    enter(first)
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.waits.next()
      if (next.done === true) {
        state.set(top.draft.id, 'done')
        sorted.push(top.draft)
        stack.pop()
      } else {
        const waited = byId.get(next.value)
        if (waited !== undefined) enter(waited)
      }
    }
  }
  return sorted
}

const stepOf = ({ id, difference, call, after }: Draft): Step => ({
  id,
  address: difference.address,
  title: titleOf(difference, call),
  call,
  after: [...after].sort(),
})

/** `PipelineUpdate pipeline:web`, `PATCH pipelines/web`: what a log would say. */
const titleOf = ({ address }: Difference, call: Call): string =>
  call.via === 'graphql'
    ? `${call.operation} ${address}`
    : `${call.method} ${call.path.map((part) => (isRef(part) ? keyOfRef(part.$ref) : part)).join('/')}`

const keyOfRef = (address: Address) => address.slice(address.indexOf(':') + 1)
