import type { Call } from '../model/call.js'
import type { Fact, Grant } from '../model/grant.js'
import type { Difference } from './diff.js'
import { grantsChanged, specsOf } from './facts.js'

type Spec = Readonly<Record<string, unknown>>

/** The powers that one call takes and gives. */
export interface Effect {
  readonly takes: readonly Grant[]
  readonly gives: readonly Grant[]
}

/** The effect of each call of a difference, in the order of its calls. */
export const effectsOf = ({ kind, change, calls, planned }: Difference): readonly Effect[] => {
  const { before, after } = specsOf(kind, change)
  // What is renamed is compared under its new name, as everything that names it is.
  const named = Object.fromEntries(kind.identity.map((field) => [field, after?.[field]]))
  let now = before === undefined || planned.was === undefined ? before : { ...before, ...named }
  return calls.map((call, i) => {
    const isLast = i === calls.length - 1
    const next =
      change.verb === 'remove'
        ? isLast
          ? after
          : now
        : after === undefined
          ? now
          : specAfter(now, after, call, calls)
    const effect = grantsChanged(kind, now, next, { isAsWanted: isLast && change.verb !== 'remove' })
    now = next
    return effect
  })
}

/** All that is given by some call, whether or not another call takes it again before the end. */
export const givenOnTheWay = (differences: readonly Difference[]): readonly Fact[] =>
  differences.flatMap((difference) =>
    effectsOf(difference).flatMap(({ gives }) =>
      gives.map((grant) => ({
        ...grant,
        at: { from: 'api', address: difference.address, field: grant.field, api: difference.kind.name },
      })),
    ),
  )

/**
 * What an object is like after a call: the fields that the call sets are as wanted, those that it only passes through
 * are as it says, and the others are as they were.
 */
const specAfter = (now: Spec | undefined, after: Spec, call: Call, calls: readonly Call[]): Spec => {
  const claimed = new Set(calls.flatMap(({ sets = [] }) => sets))
  const own = call.sets ?? Object.keys(after).filter((field) => !claimed.has(field))
  const later = Object.fromEntries([...claimed].map((field) => [field, null]))
  return {
    ...(now ?? later),
    ...Object.fromEntries(own.map((field) => [field, after[field]])),
    ...call.passing,
  }
}
