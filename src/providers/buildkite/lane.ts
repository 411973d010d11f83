import type { Clock } from '../../model/clock.js'
import { Refusal } from '../../model/refusal.js'
import { hear, unheard, waitMs, type Api, type Windows } from './window.js'

/** Why nothing is being said for a while. */
export interface Wait {
  readonly api: Api
  readonly seconds: number
  /** `limit`: a rate-limit window has to turn. `fault`: before another try. */
  readonly why: 'limit' | 'fault'
}

/** A request that may go now. Whoever has one gives it back, whatever happens. */
interface Pass {
  readonly cost: number
}

/** The way to one API: all requests of the process go through it, one admitted after another, a few under way. */
export interface Lane {
  readonly api: Api
  /**
   * Waits until a request may go.
   *
   * @param cost  what it is expected to cost by then: points, or for REST 1
   * @param evenStopping  whether it may go after a person has asked to stop, where it does not have to wait
   * @throws Refusal `interrupted`
   */
  enter(call: string, cost: () => number, evenStopping?: boolean): Promise<Pass>
  /** Gives the pass back, with the headers of the answer where one came. */
  leave(pass: Pass, answer?: { readonly headers: Headers; readonly status: number }): void
  /** Lets nobody in for so long: what a 429 asks of everybody. */
  hold(ms: number): void
  /** Waits before another try. @throws Refusal `interrupted` */
  rest(call: string, ms: number): Promise<void>
  readonly windows: Windows
  readonly waitedMs: number
}

/** How many requests may be under way at once. */
const most = 8

export const interrupted = (call: string, perhapsDone = false): Refusal => {
  const what = perhapsDone ? 'may have been carried out, and was not tried again' : 'was not sent'
  return new Refusal('interrupted', `${call}: ${what}, because you asked to stop`, { call, perhapsDone })
}

/** A lane of its own for one API. */
export const laneTo = (
  api: Api,
  world: { readonly clock: Clock; readonly signal?: AbortSignal; readonly onWait?: (wait: Wait) => void },
): Lane => {
  const { clock, signal } = world
  const underWay = new Set<Pass>()
  let windows = unheard(api, clock.now())
  let heldUntil = 0
  let waitedMs = 0
  let announced = 0
  let last: Promise<unknown> = Promise.resolve()
  let changed: (() => void) | undefined

  const stopIfAsked = (call: string) => {
    if (signal?.aborted === true) throw interrupted(call)
  }

  /** Until the time is over, or an answer comes, or a person asks to stop. */
  const pause = async (ms: number) => {
    if (signal?.aborted === true) return
    const over = new AbortController()
    const wake = () => over.abort()
    const woken = new Promise<void>((resolve) => over.signal.addEventListener('abort', () => resolve()))
    changed = wake
    signal?.addEventListener('abort', wake)
    await Promise.race([woken, ...(Number.isFinite(ms) ? [clock.sleep(ms, over.signal)] : [])])
    signal?.removeEventListener('abort', wake)
    over.abort()
  }

  const wait = async (why: Wait['why'], ms: number, pausing: () => Promise<void>) => {
    const since = clock.now()
    // Answers that come meanwhile wake the waiter, who then waits on: that is no news.
    if (Number.isFinite(ms) && Math.abs(since + ms - announced) >= 1_000) {
      announced = since + ms
      world.onWait?.({ api, seconds: Math.ceil(ms / 1_000), why })
    }
    await pausing()
    if (Number.isFinite(ms)) waitedMs += clock.now() - since
  }

  const admit = async (call: string, costNow: () => number, evenStopping: boolean): Promise<Pass> => {
    for (;;) {
      if (!evenStopping) stopIfAsked(call)
      const now = clock.now()
      const cost = costNow()
      const reserved = [...underWay].reduce((sum, pass) => sum + pass.cost, 0)
      const ms =
        underWay.size >= most ? Infinity : Math.max(heldUntil - now, waitMs(windows, reserved, cost, now), 0)
      if (ms === 0) {
        const pass = { cost }
        underWay.add(pass)
        return pass
      }
      stopIfAsked(call)
      await wait('limit', ms, () => pause(ms))
    }
  }

  return {
    api,
    enter(call, cost, evenStopping = false) {
      const admitted = last.then(() => admit(call, cost, evenStopping))
      last = admitted.catch(() => undefined)
      return admitted
    },
    leave(pass, answer) {
      underWay.delete(pass)
      if (answer !== undefined)
        windows = hear(api, windows, answer.headers, answer.status >= 200 && answer.status < 300, clock.now())
      changed?.()
    },
    hold(ms) {
      heldUntil = Math.max(heldUntil, clock.now() + ms)
    },
    async rest(call, ms) {
      stopIfAsked(call)
      await wait('fault', ms, () => clock.sleep(ms, signal))
      stopIfAsked(call)
    },
    get windows() {
      return windows
    },
    get waitedMs() {
      return waitedMs
    },
  }
}
