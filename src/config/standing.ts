import type { AnyKind } from '../kinds/kind.js'
import { entriesOf, isNull, type Entry, type Node } from './node.js'
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
