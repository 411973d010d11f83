import { closest, distance } from 'fastest-levenshtein'

/** The name that was most likely meant: no further off than half its letters. */
export const nearestOf = (typed: string, names: readonly string[]): string | undefined => {
  const nearest = closest(typed, names)
  return distance(typed, nearest) <= nearest.length / 2 ? nearest : undefined
}
