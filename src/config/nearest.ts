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
    const typos = typosIn(name.toLowerCase(), candidate.toLowerCase())
    if (typos <= allowed && (typos < least || (typos === least && best !== undefined && candidate < best)))
      [best, least] = [candidate, typos]
  }
  return best
}

/** Two neighbours that changed places are one typo. */
const typosIn = (name: string, candidate: string): number => {
  const at = firstDifference(name, candidate)
  const swapped = `${name.slice(0, at)}${name.charAt(at + 1)}${name.charAt(at)}${name.slice(at + 2)}`
  return swapped === candidate && name !== candidate ? 1 : distance(name, candidate)
}

const firstDifference = (a: string, b: string): number => {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return at
}
