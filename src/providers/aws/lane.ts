import type { Clock } from '../../model/clock.js'
import { Refusal } from '../../model/refusal.js'

/** Why nothing is being said for a while. */
export interface AwsWait {
  readonly api: 'aws'
  /** What the files call the account. */
  readonly account: string
  readonly seconds: number
  /** `limit`: AWS is asked too often. `fault`: before another try. `settling`: what was made is not seen everywhere yet. */
  readonly why: 'limit' | 'fault' | 'settling'
}

/** The way into one account: all requests to it go through here, a few at a time. */
export interface Lane {
  /** Waits until a request may go. @throws Refusal `interrupted` */
  enter(call: string): Promise<void>
  /** Makes room for the next, whatever came of it. */
  leave(): void
  /** Lets nobody in for so long. */
  hold(ms: number): void
  /** Waits before another try. @throws Refusal `interrupted` */
  rest(call: string, ms: number, why: 'fault' | 'settling'): Promise<void>
  readonly stopping: boolean
  readonly waitedMs: number
}

/** How many requests may be under way in an account: IAM throttles at ten or twenty a second, and says nowhere when. */
const most = 5

export const interrupted = (call: string, perhapsDone = false): Refusal => {
  const what = perhapsDone ? 'may have been carried out, and was not tried again' : 'was not sent'
  return new Refusal('interrupted', `${call}: ${what}, because you asked to stop`, {
    call,
    perhapsDone,
    api: 'aws',
  })
}

/** A lane of its own for one account. */
export const laneTo = (
  account: string,
  world: { readonly clock: Clock; readonly signal?: AbortSignal; readonly onWait?: (wait: AwsWait) => void },
): Lane => {
  const { clock, signal } = world
  const waiting: (() => void)[] = []
  let underWay = 0
  let heldUntil = 0
  let announced = 0
  let waitedMs = 0
  let waitedUntil = 0

  const next = () => waiting.shift()?.()

  const stopIfAsked = (call: string) => {
    if (signal?.aborted !== true) return
    next()
    throw interrupted(call)
  }

  /** Several wait at once; what they wait together counts once. */
  const wait = async (why: AwsWait['why'], ms: number) => {
    const since = clock.now()
    if (Math.abs(since + ms - announced) >= 1_000) {
      announced = since + ms
      world.onWait?.({ api: 'aws', account, seconds: Math.ceil(ms / 1_000), why })
    }
    await clock.sleep(ms, signal)
    const now = clock.now()
    waitedMs += Math.max(0, now - Math.max(since, waitedUntil))
    waitedUntil = Math.max(waitedUntil, now)
  }

  return {
    async enter(call) {
      for (;;) {
        stopIfAsked(call)
        const ms = heldUntil - clock.now()
        if (ms > 0) await wait('limit', ms)
        else if (underWay < most) {
          underWay += 1
          return
        } else await new Promise<void>((resolve) => waiting.push(resolve))
      }
    },
    leave() {
      underWay -= 1
      next()
    },
    hold(ms) {
      heldUntil = Math.max(heldUntil, clock.now() + ms)
    },
    async rest(call, ms, why) {
      stopIfAsked(call)
      await wait(why, ms)
      stopIfAsked(call)
    },
    get stopping() {
      return signal?.aborted === true
    },
    get waitedMs() {
      return waitedMs
    },
  }
}
