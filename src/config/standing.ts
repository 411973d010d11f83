import type { AnyKind } from '../kinds/kind.js'
import { entriesOf, isNull, textOf, type Entry, type Node } from './node.js'
import type { Branch } from './outline.js'
import type { Place } from './source.js'

/** A thing as it stands in a file: by itself, before any default has reached it. */
export interface Standing {
  readonly kind: AnyKind
  readonly branch: Branch
  /** The names that people chose on the way to it: `['production', 'deploy']`. */
  readonly names: readonly string[]
  /** All the way to it: `['clusters', 'production', 'queues', 'deploy']`. */
  readonly path: readonly string[]
  readonly key: Place
  readonly node: Node
}

/** What stands under a branch: things, the maps of things that are written at all, and keys with nothing after them. */
export interface Under {
  readonly things: Standing[]
  readonly maps: AnyKind[]
  readonly empty: { readonly path: readonly string[]; readonly key: Place; readonly isMap: boolean }[]
}

/** Only what is nearest: what stands under a thing is found when the thing is complete. */
export const under = (branch: Branch, entries: ReadonlyMap<string, Entry>, thing?: Standing): Under => {
  const found: Under = { things: [], maps: [], empty: [] }
  const at = { names: thing?.names ?? [], path: thing?.path ?? [] }
  for (const [name, next] of branch.named) {
    const entry = entries.get(name)
    if (entry && !next.defaultsOf) collect(next, entry, { names: at.names, path: [...at.path, name] }, found)
  }
  return found
}

const collect = (
  branch: Branch,
  { key, value: node }: Entry,
  at: Pick<Standing, 'names' | 'path'>,
  found: Under,
): void => {
  if (branch.kind) found.things.push({ kind: branch.kind, branch, ...at, key, node })
  else if (isNull(node)) found.empty.push({ path: at.path, key, isMap: !branch.aside })
  else if (branch.star?.kind?.listed !== undefined) collectListed(branch.star, node, at, found)
  else if (node.is === 'map') {
    for (const [name, next] of branch.named) {
      const entry = node.entries.get(name)
      if (entry) collect(next, entry, { names: at.names, path: [...at.path, name] }, found)
    }
    if (!branch.star) return
    if (branch.star.kind) found.maps.push(branch.star.kind)
    for (const [name, entry] of entriesOf(node))
      if (!branch.named.has(name))
        collect(branch.star, entry, { names: [...at.names, name], path: [...at.path, name] }, found)
  }
}

/** The entries of a list, or of the lists that a map holds, as things. */
const collectListed = (
  branch: Branch,
  node: Node,
  at: Pick<Standing, 'names' | 'path'>,
  found: Under,
): void => {
  const { kind } = branch
  if (kind?.listed === undefined) return
  if (kind.listed === true ? node.is === 'list' : node.is === 'map') found.maps.push(kind)
  const lists: readonly (readonly [steps: readonly string[], list: Entry | undefined])[] =
    kind.listed === true
      ? [[[], { key: node.at, value: node }]]
      : kind.listed.map((step) => [[step], entriesOf(node).get(step)])
  for (const [steps, list] of lists) {
    if (list !== undefined && isNull(list.value))
      found.empty.push({ path: [...at.path, ...steps], key: list.key, isMap: false })
    for (const [index, item] of (list?.value.is === 'list' ? list.value.items : []).entries())
      found.things.push({
        kind,
        branch,
        names: [...at.names, ...steps, textOf(item) ?? String(index)],
        path: [...at.path, ...steps, String(index)],
        key: headOf(item),
        node: item,
      })
  }
}

/** Where an entry begins: its first key, if it has keys. */
const headOf = (item: Node): Place => [...entriesOf(item).values()][0]?.key ?? item.at
