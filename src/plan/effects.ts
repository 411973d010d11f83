import type { Address } from '../model/address.js'
import type { Call } from '../model/call.js'
import type { Fact, Grant } from '../model/grant.js'
import type { Difference } from './diff.js'
import { changedBetween, grantsChanged, specsOf } from './facts.js'

type Spec = Readonly<Record<string, unknown>>

/** What several things say together, by the calls that change it. */
export interface Joined {
  /** What is said of a role when so many of the calls of its difference have been sent; nothing of anything else. */
  at(address: Address, sent: number): readonly Grant[]
  /** What comes and goes with a thing that is no role: its first call may give all of it, and its last take it. */
  with(address: Address): { readonly takes: readonly Grant[]; readonly gives: readonly Grant[] }
}

/** The powers that one call takes and gives. */
export interface Effect {
  readonly takes: readonly Grant[]
  readonly gives: readonly Grant[]
}

/** What an object is like before the first call of a difference, and after each. */
export const statesOf = ({ kind, change, calls, planned }: Difference): readonly (Spec | undefined)[] => {
  const { before, after } = specsOf(kind, change)
  // What is renamed is compared under its new name, as everything that names it is.
  const named = Object.fromEntries(kind.identity.map((field) => [field, after?.[field]]))
  const states = [before === undefined || planned.was === undefined ? before : { ...before, ...named }]
  for (const [i, call] of calls.entries()) {
    const now = states[i]
    const isLast = i === calls.length - 1
    states.push(
      change.verb === 'remove'
        ? isLast
          ? after
          : now
        : after === undefined
          ? now
          : specAfter(now, after, call, calls),
    )
  }
  return states
}

/** The effect of each call of a difference, in the order of its calls. */
export const effectsOf = (difference: Difference, joined: Joined): readonly Effect[] => {
  const { address, kind, change, calls } = difference
  const states = statesOf(difference)
  const beside = joined.with(address)
  return calls.map((_, i) => {
    const isLast = i === calls.length - 1
    const own = grantsChanged(kind, states[i], states[i + 1], {
      isAsWanted: isLast && change.verb !== 'remove',
    })
    const together = changedBetween(joined.at(address, i), joined.at(address, i + 1))
    return {
      takes: [...own.takes, ...together.takes, ...(isLast ? beside.takes : [])].map(bare),
      gives: [...own.gives, ...together.gives, ...(i === 0 ? beside.gives : [])].map(bare),
    }
  })
}

/** A power without the line that says so: moving that line makes no reviewed plan stale. */
const bare = ({ power, of, on, by, sure, field }: Grant): Grant => ({
  power,
  of,
  on,
  ...(by !== undefined && { by }),
  sure,
  field,
})

/** All that is given by some call, whether or not another call takes it again before the end. */
export const givenOnTheWay = (differences: readonly Difference[], joined: Joined): readonly Fact[] =>
  differences.flatMap((difference) =>
    effectsOf(difference, joined).flatMap(({ gives }) =>
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
