/** What is left of one rate limit: complexity points for GraphQL, requests for REST. */
export interface Window {
  readonly limit: number
  /** May be negative: the request that empties a window may overshoot. */
  readonly remaining: number
  /** On our clock, in milliseconds: when the window is full again, with a second to spare. */
  readonly turnsAt: number
  /** False for what the documentation says before any answer has. */
  readonly heard: boolean
}

/** The two windows that every request of an API counts against; none where the API says nothing of a limit. */
export interface Windows {
  readonly organization: Window | undefined
  readonly user: Window | undefined
}

/** Buildkite's two APIs, each with limits of its own. */
export type Api = 'graphql' | 'rest'

/** @source Buildkite docs, "GraphQL resource limits" and "REST API rate limits" */
const documented = {
  graphql: { organization: 20_000, user: 5_000, seconds: 300 },
  rest: { organization: 200, user: 50, seconds: 60 },
} as const

const sources = ['organization', 'user'] as const
const prefix = { organization: 'RateLimit', user: 'RateLimit-User' } as const

/** A second to spare: resets are rounded to whole seconds, and clocks differ. */
const spareSeconds = 1

/** A reset further away than this is no number of seconds: somebody sent a date. */
const longestReset = 3_600

/** Two resets this close, in milliseconds, are the same window seen twice. */
const sameTurn = 2_000

/** What may not be used up of the organization's window: people work in it, too. */
const keptForOthers = 0.1

/**
 * A request that costs more than this share of a window only waits until that much is there, and overshoots. With what
 * is kept for others it is less than a whole window, so a full one lets anything in.
 */
const largestShare = 0.8

const turnsIn = (seconds: number, now: number) => now + (seconds + spareSeconds) * 1_000

/** What is taken to be there before the first answer: a full window as documented. */
export const unheard = (api: Api, now: number): Windows => {
  const { seconds, ...limits } = documented[api]
  const full = (limit: number): Window => ({
    limit,
    remaining: limit,
    turnsAt: turnsIn(seconds, now),
    heard: false,
  })
  return { organization: full(limits.organization), user: full(limits.user) }
}

const numberIn = (headers: Headers, name: string): number | undefined => {
  const text = headers.get(name)?.trim()
  return text !== undefined && /^-?\d+$/.test(text) ? Number(text) : undefined
}

/** Seconds until a window turns, where a header says something that can be meant. */
const resetIn = (headers: Headers, source: (typeof sources)[number]): number | undefined => {
  const seconds = numberIn(headers, `${prefix[source]}-Reset`)
  return seconds !== undefined && seconds >= 0 && seconds <= longestReset ? seconds : undefined
}

const isTurned = (window: Window, now: number) => now >= window.turnsAt

/** What one answer's headers say, put together with what earlier ones said. Answers overtake each other, so less wins. */
const update = (
  api: Api,
  old: Window | undefined,
  headers: Headers,
  source: (typeof sources)[number],
  now: number,
) => {
  const limit = numberIn(headers, `${prefix[source]}-Limit`)
  const remaining = numberIn(headers, `${prefix[source]}-Remaining`)
  if (limit === undefined || limit < 0 || remaining === undefined)
    return old?.heard === true ? old : undefined
  const turnsAt = turnsIn(resetIn(headers, source) ?? documented[api].seconds, now)
  const same = old?.heard === true && !isTurned(old, now) && Math.abs(turnsAt - old.turnsAt) <= sameTurn
  return { limit, remaining: same ? Math.min(old.remaining, remaining) : remaining, turnsAt, heard: true }
}

/** The windows after an answer. Only an answer of Buildkite's own (2xx) proves by silence that there is no limit. */
export const hear = (api: Api, windows: Windows, headers: Headers, ok: boolean, now: number): Windows => {
  const next = (source: (typeof sources)[number]) => {
    const heard = update(api, windows[source], headers, source, now)
    return heard === undefined && !ok ? windows[source] : heard
  }
  return { organization: next('organization'), user: next('user') }
}

/**
 * How long until a request may go, so that no window is emptied.
 *
 * @param underWay  what the requests that have no answer yet are expected to cost
 * @param cost      what this one is expected to cost
 * @returns milliseconds; 0 for now; Infinity for "not before one under way has come back"
 */
export const waitMs = (windows: Windows, underWay: number, cost: number, now: number): number =>
  Math.max(
    ...sources.map((source) => {
      const window = windows[source]
      if (window === undefined) return 0
      const turned = isTurned(window, now)
      const remaining = turned ? window.limit : window.remaining
      const kept = source === 'organization' ? window.limit * keptForOthers : 0
      const needed = Math.min(cost, window.limit * largestShare)
      if (remaining - underWay - kept >= needed) return 0
      return turned ? Infinity : window.turnsAt - now
    }),
  )

const secondsIn = (body: string): number | undefined => {
  const said = /(?:try again in|please wait) (\d+) seconds?/i.exec(body)?.[1]
  const reset = /"reset"\s*:\s*(\d+)/.exec(body)?.[1]
  const seconds = said ?? reset
  return seconds === undefined ? undefined : Number(seconds)
}

/** Seconds to wait where a 429 says nothing at all. */
const unsaidSeconds = 60

/**
 * How long a 429 asks to wait.
 *
 * @returns milliseconds: until the exhausted window turns, else what the body says, else `Retry-After`, else a minute
 * @source Buildkite docs; `Retry-After` is not documented, and a reset is in seconds, never a date
 */
export const waitAfter429 = (headers: Headers, body: string): number => {
  const exhausted = sources
    .filter((source) => (numberIn(headers, `${prefix[source]}-Remaining`) ?? 1) <= 0)
    .map((source) => resetIn(headers, source))
    .filter((seconds) => seconds !== undefined)
  const seconds =
    exhausted.length > 0
      ? Math.max(...exhausted)
      : (secondsIn(body) ?? numberIn(headers, 'Retry-After') ?? unsaidSeconds)
  return (Math.min(Math.max(seconds, 0), longestReset) + spareSeconds) * 1_000
}
