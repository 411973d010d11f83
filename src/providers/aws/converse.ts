import { Refusal } from '../../model/refusal.js'
import { interrupted, type Lane } from './lane.js'
import { troubleIn, type About, type Trouble } from './trouble.js'

/** What came of saying something as often as it takes. */
export type Said<Value> =
  { readonly value: Value } | { readonly trouble: Trouble; readonly perhapsDone: boolean }

/** Something to say, as often as it takes. */
export interface Turn<Value> {
  /** What it is about, asked anew after each try. */
  readonly about: () => About
  /** Whether it changes something, and whether saying it twice then leaves what saying it once leaves. */
  readonly changes: 'nothing' | 'repeatably' | 'once'
  /** What has to be settled before, and does not hold up the lane. */
  readonly prepare?: () => Promise<unknown>
  readonly say: () => Promise<Value>
  /** Gets other credentials. @returns whether there may be others */
  readonly renew?: () => boolean
}

/** Tries after a passing fault: about five seconds in all. */
const faultsForgiven = 4
/** Tries after no answer in time, which took long enough as it was. */
const latesForgiven = 1
/** How long to wait in all for AWS to take questions again. */
const throttledMs = 120_000

/** A growing wait, shortened by up to a half, so that clients that failed together do not come back together. */
const backoffMs = (first: number, fault: number, longest: number, random: number): number =>
  Math.round(Math.min(first * 2 ** fault, longest) * (1 - random / 2))

/**
 * Says something, and says it again where that may help and can do no harm.
 *
 * @returns what it came to; a trouble remembers whether any of the tries may have been carried out
 * @throws Refusal `interrupted`, and whatever is no trouble of AWS's
 */
export const converse = async <Value>(
  lane: Lane,
  turn: Turn<Value>,
  random: () => number,
): Promise<Said<Value>> => {
  const left = { soon: faultsForgiven, late: latesForgiven, renewed: 1, skewed: 1 }
  let perhapsDone = false
  let throttles = 0
  let throttledFor = 0
  const { call } = turn.about()

  const sayOnce = async (): Promise<{ value: Value } | { trouble: Trouble }> => {
    await turn.prepare?.()
    await lane.enter(call)
    try {
      return { value: await turn.say() }
    } catch (error) {
      const trouble = troubleIn(error, turn.about())
      if (trouble === undefined) throw error
      return { trouble }
    } finally {
      lane.leave()
    }
  }

  /** Waits for the next try. @returns whether there is to be one */
  const goesOn = async ({ again, done }: Trouble): Promise<boolean> => {
    if (again === 'never' || (turn.changes === 'once' && done === 'perhaps')) return false
    if (again === 'throttled') {
      if (throttledFor >= throttledMs) return false
      const ms = backoffMs(1_000, throttles, 20_000, random())
      throttles += 1
      throttledFor += ms
      lane.hold(ms)
      return true
    }
    if (left[again] === 0) return false
    left[again] -= 1
    if (again === 'renewed') return turn.renew?.() === true
    if (again !== 'skewed')
      await lane.rest(call, backoffMs(300, faultsForgiven - 1 - left.soon, 5_000, random()), 'fault')
    return true
  }

  for (;;) {
    try {
      const reply = await sayOnce()
      if ('value' in reply) return reply
      perhapsDone ||= turn.changes !== 'nothing' && reply.trouble.done === 'perhaps'
      if (!(await goesOn(reply.trouble))) return { trouble: reply.trouble, perhapsDone }
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'interrupted' && perhapsDone)
        throw interrupted(call, true)
      throw error
    }
  }
}
