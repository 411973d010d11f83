import type { AnyKind } from '../../kinds/kind.js'
import { merged } from '../merge.js'
import { entriesOf, isNull, plain, type Entry, type Node } from '../node.js'
import type { Branch } from '../outline.js'
import type { Place } from '../source.js'

/**
 * A thing with what is wanted of it in a privileged place even where it is unwritten: laid under everything that a
 * person wrote, and standing where the place is said to be privileged.
 *
 * @param keeper  what is written of the place: a pipeline's cluster
 */
export const guarded = (node: Node, kind: AnyKind, branch: Branch, keeper: Node): Node => {
  const allow = entriesOf(keeper).get('allow')
  if (allow === undefined || isNull(allow.value) || node.is !== 'map' || !kind.whenPrivileged) return node
  return merged(
    nodeOf(kind.whenPrivileged(plain(node) as Readonly<Record<string, unknown>>), allow.key),
    node,
    branch,
  )
}

/** A plain value as if it were written at a place. */
const nodeOf = (value: unknown, at: Place): Node => {
  if (Array.isArray(value)) return { is: 'list', at, items: value.map((item) => nodeOf(item, at)) }
  if (typeof value !== 'object' || value === null)
    return { is: 'scalar', at, value: value as null | boolean | number | string }
  const entries = Object.entries(value).map(([key, inner]): [string, Entry] => [
    key,
    { key: at, value: nodeOf(inner, at) },
  ])
  return { is: 'map', at, entries: new Map(entries) }
}
