import { isNull, withEntries, type Entry, type Node } from './node.js'
import type { Branch } from './outline.js'

/**
 * Two values of one key, of which the nearer wins. Maps merge. An empty one says "none", unless it is a thing: that is
 * there, and has what it inherits. A null takes away what the other gave; if that gave nothing, the null stays, and
 * says "nothing there".
 */
export const merged = (far: Node, near: Node, branch?: Branch): Node => {
  if (far.is !== 'map' || near.is !== 'map') return near
  if (near.entries.size === 0 && branch?.kind === undefined) return near
  const entries = withoutRivals(far.entries, near.entries, (branch?.kind ?? branch?.defaultsOf)?.files ?? {})
  for (const [key, entry] of near.entries) {
    const inherited = entries.get(key)
    if (inherited === undefined) entries.set(key, entry)
    else if (isNull(entry.value)) entries.delete(key)
    else
      entries.set(key, {
        key: entry.key,
        value: merged(inherited.value, entry.value, branch?.named.get(key) ?? branch?.star),
      })
  }
  return withEntries(near, entries)
}

/** Where something is written out or a file that holds it is named, the nearer way to say it wins. */
const withoutRivals = (
  far: ReadonlyMap<string, Entry>,
  near: ReadonlyMap<string, Entry>,
  files: Readonly<Record<string, string>>,
): Map<string, Entry> => {
  const says = (key: string) => {
    const entry = near.get(key)
    return entry !== undefined && !isNull(entry.value)
  }
  const entries = new Map(far)
  for (const [file, text] of Object.entries(files)) {
    if (says(file) && !near.has(text)) entries.delete(text)
    if (says(text) && !near.has(file)) entries.delete(file)
  }
  return entries
}
