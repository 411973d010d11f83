import type { Address } from '../../model/address.js'
import { Refusal } from '../../model/refusal.js'
import { isAnswer, type Heard } from '../exchange.js'
import { interrupted, type Lane } from './lane.js'
import type { Trouble } from './trouble.js'
import { waitAfter429 } from './window.js'

/** What came of saying something once. */
export type Reply<Value> =
  { readonly heard: Heard; readonly value: Value } | { readonly heard: Heard; readonly trouble: Trouble }

/** Something to say, as often as it takes. */
export interface Turn<Value> {
  /** The operation, or the REST method and path: what a refusal names. */
  readonly call: string
  readonly address?: Address
  /** What it is expected to cost, asked anew before each try. */
  readonly cost: () => number
  /** Whether it changes something, and whether saying it twice then leaves what saying it once leaves. */
  readonly changes: 'nothing' | 'repeatably' | 'once'
  /** Said although a person has asked to stop, if it can be said at once. */
  readonly evenStopping?: boolean
  readonly say: () => Promise<Reply<Value>>
}

/** Tries after a passing fault: about five seconds in all. */
const faultsForgiven = 4
/** Tries after no answer in time, which took long enough as it was. */
const latesForgiven = 1
/** Windows that may turn before the limit is somebody else's doing. */
const resetsForgiven = 8

/**
 * Milliseconds before the next try: 300, 600, 1,200, 2,400, each shortened by up to a half, so that clients that failed
 * together do not come back together.
 */
const backoffMs = (fault: number, random: number): number => Math.round(300 * 2 ** fault * (1 - random / 2))

const refusal = (
  turn: Turn<unknown>,
  trouble: Trouble,
  perhapsDone: boolean,
  clean: (text: string) => string,
) =>
  new Refusal(trouble.reason, clean(`${turn.call}: ${trouble.what}`), {
    call: turn.call,
    perhapsDone,
    ...(turn.address === undefined ? {} : { address: turn.address }),
    ...(trouble.status === undefined ? {} : { status: trouble.status }),
    ...(trouble.requestId === undefined ? {} : { requestId: clean(trouble.requestId) }),
    ...(trouble.scope === undefined ? {} : { scope: clean(trouble.scope) }),
  })

/**
 * Says something and says it again where that may help and can do no harm: after a 429 when the window has turned, after
 * a passing fault soon. A refusal remembers whether any of the tries may have been carried out.
 *
 * @throws Refusal
 */
export const converse = async <Value>(
  lane: Lane,
  turn: Turn<Value>,
  world: { readonly random: () => number; readonly clean: (text: string) => string },
): Promise<Value> => {
  const left = { soon: faultsForgiven, late: latesForgiven, reset: resetsForgiven }
  let perhapsDone = false

  const sayOnce = async () => {
    const pass = await lane.enter(turn.call, turn.cost, turn.evenStopping)
    let answer
    try {
      const reply = await turn.say()
      if (isAnswer(reply.heard)) answer = reply.heard
      return reply
    } finally {
      lane.leave(pass, answer)
    }
  }

  /** Waits for the next try. */
  const waitFor = async (again: keyof typeof left, heard: Heard) => {
    if (again === 'reset' && isAnswer(heard)) lane.hold(waitAfter429(heard.headers, heard.body))
    else await lane.rest(turn.call, backoffMs(faultsForgiven - left.soon, world.random()))
  }

  for (;;) {
    try {
      const reply = await sayOnce()
      if ('value' in reply) return reply.value
      const { trouble, heard } = reply
      perhapsDone ||= turn.changes !== 'nothing' && trouble.done === 'perhaps'
      const again = trouble.again
      const harmless = turn.changes !== 'once' || trouble.done === 'no'
      if (again === 'never' || !harmless || left[again] === 0)
        throw refusal(turn, trouble, perhapsDone, world.clean)
      await waitFor(again, heard)
      left[again] -= 1
    } catch (error) {
      if (error instanceof Refusal && error.reason === 'interrupted' && perhapsDone)
        throw interrupted(turn.call, true)
      throw error
    }
  }
}
