import { usualCost, type CostRules } from './cost.js'

/** How much one party may do before its window turns. */
export interface Allowance {
  readonly organization: number
  readonly user: number
  readonly windowSeconds: number
}

export interface Limits {
  /** In points of actual complexity. `off`: as much as you like, and no header about it. */
  readonly graphql: Allowance | 'off'
  /** In requests. */
  readonly rest: Allowance | 'off'
  /** The most points that one query may ask for. */
  readonly complexity: number
  /** The most levels that one query may have. */
  readonly depth: number
  readonly cost: CostRules
}

/** @source buildkite docs, "Platform limits", "GraphQL resource limits" and "REST API limits" */
export const usualLimits: Limits = {
  graphql: { organization: 20_000, user: 5_000, windowSeconds: 300 },
  rest: { organization: 200, user: 50, windowSeconds: 60 },
  complexity: 50_000,
  depth: 15,
  cost: usualCost,
}

export type Api = 'graphql' | 'rest'

/** One party's use of an API: `until` is when the window turns, in epoch milliseconds. */
interface Window {
  readonly until: number
  readonly used: number
}

/** All windows that were ever opened, by API and party. Data, so a fork can take it along. */
export type Windows = Record<string, Window>

export interface Parties {
  readonly organization: string
  readonly user: string
}

/** How full one window is, now. */
export interface Standing {
  readonly limit: number
  readonly used: number
  readonly resetSeconds: number
}

export type Standings = Readonly<Record<keyof Parties, Standing>>

const keyOf = (api: Api, whose: keyof Parties, parties: Parties) => `${api} ${whose} ${parties[whose]}`

/** A window that has turned is a new one, which begins with the request that finds it so. */
const current = (windows: Windows, key: string, now: number, windowSeconds: number): Window => {
  const window = windows[key]
  return window && window.until > now ? window : { until: now + windowSeconds * 1000, used: 0 }
}

/** How full both windows are. */
export const standings = (
  windows: Windows,
  api: Api,
  { organization, user, windowSeconds }: Allowance,
  parties: Parties,
  now: number,
): Standings => {
  const standing = (whose: keyof Parties, limit: number): Standing => {
    const { until, used } = current(windows, keyOf(api, whose, parties), now, windowSeconds)
    return { limit, used, resetSeconds: Math.ceil((until - now) / 1000) }
  }
  return { organization: standing('organization', organization), user: standing('user', user) }
}

/** Takes from both windows. A query is let in while anything is left, so this may leave less than nothing. */
export const spend = (
  windows: Windows,
  api: Api,
  { windowSeconds }: Allowance,
  parties: Parties,
  now: number,
  amount: number,
): void => {
  for (const whose of ['organization', 'user'] as const) {
    const key = keyOf(api, whose, parties)
    const { until, used } = current(windows, key, now, windowSeconds)
    windows[key] = { until, used: used + amount }
  }
}

/** Whose window has nothing left; the organization's first. */
export const exhausted = ({ organization, user }: Standings): keyof Parties | undefined =>
  organization.used >= organization.limit ? 'organization' : user.used >= user.limit ? 'user' : undefined

/**
 * The headers that every answer carries. `Reset` is in seconds from now, not a time.
 *
 * @param skewSeconds  what a clock that is off adds to `Reset`
 */
export const limitHeaders = (api: Api, at: Standings, skewSeconds = 0): Record<string, string> => {
  const headers: Record<string, string> = {}
  const pairs = [
    ['RateLimit', at.organization, api],
    ['RateLimit-User', at.user, `${api}_user`],
  ] as const
  for (const [prefix, { limit, used, resetSeconds }, scope] of pairs) {
    headers[`${prefix}-Limit`] = String(limit)
    headers[`${prefix}-Remaining`] = String(limit - used)
    headers[`${prefix}-Reset`] = String(resetSeconds + skewSeconds)
    headers[`${prefix}-Scope`] = scope
    if (api === 'rest' && used >= limit) {
      headers[`${prefix}-Warning`] = 'You have exceeded your API rate limit.'
    }
  }
  return headers
}

/** What a 429 says. */
export const limitedBody = (
  api: Api,
  whose: keyof Parties,
  { limit, used, resetSeconds }: Standing,
): unknown => {
  if (api === 'rest') {
    return {
      message: `You have exceeded your API rate limit. Please wait ${resetSeconds} seconds before making more requests.`,
      scope: whose === 'user' ? 'rest_user' : 'rest',
      limit,
      current: used,
      reset: resetSeconds,
    }
  }
  const exceeded =
    whose === 'user'
      ? `You have exceeded your per-user limit of ${limit} complexity points.`
      : `Your organization has exceeded the limit of ${limit} complexity points.`
  return { errors: [{ message: `${exceeded} Please try again in ${resetSeconds} seconds.` }] }
}
