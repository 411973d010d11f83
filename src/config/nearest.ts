import { distance } from 'fastest-levenshtein'

/** Longer names than this are not worth comparing. */
const longestName = 100

/** The valid name that was most likely meant: at most a third of it mistyped. */
export const nearest = (name: string, valid: Iterable<string>): string | undefined => {
  if (name.length > longestName) return undefined
  let best: string | undefined
  let least = Infinity
  for (const candidate of valid) {
    const allowed = Math.max(1, Math.floor(Math.max(name.length, candidate.length) / 3))
    if (candidate.length > longestName || Math.abs(candidate.length - name.length) > Math.min(allowed, least))
      continue
    const typos = distance(name.toLowerCase(), candidate.toLowerCase())
    if (typos <= allowed && (typos < least || (typos === least && best !== undefined && candidate < best)))
      [best, least] = [candidate, typos]
  }
  return best
}
