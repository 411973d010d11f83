import { one } from './faults.js'
import {
  exhausted,
  limitedBody,
  limitHeaders,
  spend,
  standings,
  usualLimits,
  type Allowance,
  type Api,
  type Parties,
  type Standings,
} from './limits.js'
import type { Desk, Reply } from './reply.js'

/**
 * An answer within the limits, with their headers on it: 429 if a window is spent.
 *
 * REST is charged a request on arrival, refused ones too. GraphQL is charged what the answer did cost, so the last
 * query of a window may take more than was left.
 */
export const metered = (api: Api, desk: Desk, parties: Parties, answer: () => Reply): Reply => {
  const { windows, limits, now, faults } = desk
  const fault = one(faults, 'limited')
  const allowance = limits[api] === 'off' ? (usualLimits[api] as Allowance) : limits[api]
  if (limits[api] === 'off' && !fault) return answer()

  const at = () => standings(windows, api, allowance, parties, now)
  const full = exhausted(at())
  if (api === 'rest') spend(windows, api, allowance, parties, now, 1)
  const whose = fault ? (fault.whose ?? 'user') : full
  if (whose) {
    const standing = at()[whose]
    const faked = fault && {
      ...standing,
      used: standing.limit,
      resetSeconds: fault.seconds ?? standing.resetSeconds,
    }
    const shown = { ...at(), [whose]: faked ?? standing }
    return withHeaders(api, desk, shown, { status: 429, body: limitedBody(api, whose, shown[whose]) })
  }
  const reply = answer()
  if (api === 'graphql') spend(windows, api, allowance, parties, now, reply.points ?? 0)
  return withHeaders(api, desk, at(), reply)
}

const withHeaders = (api: Api, { faults }: Desk, at: Standings, reply: Reply): Reply => ({
  ...reply,
  headers: { ...reply.headers, ...limitHeaders(api, at, one(faults, 'skew')?.seconds) },
})
