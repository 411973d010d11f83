import type { Json } from '../../model/json.js'

// PLACEHOLDER until src/policy lands
const ordered = (data: unknown): unknown => {
  if (Array.isArray(data)) return data.map(ordered)
  if (typeof data !== 'object' || data === null) return data
  return Object.fromEntries(
    Object.entries(data)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => [key, ordered(value)]),
  )
}
export const samePolicy = (a: Json, b: Json): boolean =>
  JSON.stringify(ordered(a)) === JSON.stringify(ordered(b))
export const policySize = (policy: Json): number => JSON.stringify(policy).length
export const limits = { roleName: 64, trust: 2048, inline: 10_240, managedPerRole: 10, tags: 50 } as const
