import { closest, distance } from 'fastest-levenshtein'

/**
 * The name that was most likely meant.
 *
 * @param share  how much of it may be mistyped
 */
export const nearestOf = (typed: string, names: readonly string[], share = 1 / 2): string | undefined => {
  if (names.length === 0) return undefined
  const nearest = closest(typed, names)
  return distance(typed, nearest) <= nearest.length * share ? nearest : undefined
}
