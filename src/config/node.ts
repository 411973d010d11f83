import type { Place } from './source.js'

/** A value as it is written: which is to say, with the place where it is written. */
export type Node = MapNode | ListNode | ScalarNode | UnknownNode

export interface MapNode {
  readonly is: 'map'
  readonly at: Place
  readonly entries: ReadonlyMap<string, Entry>
}
export interface ListNode {
  readonly is: 'list'
  readonly at: Place
  readonly items: readonly Node[]
}
export interface ScalarNode {
  readonly is: 'scalar'
  readonly at: Place
  readonly value: null | boolean | number | string
}
/** A value that a finding has already been made about: nothing more is to be said of it. */
export interface UnknownNode {
  readonly is: 'unknown'
  readonly at: Place
}

export interface Entry {
  /** Where the key is. */
  readonly key: Place
  readonly value: Node
}

/** Whether a null is written there, or nothing at all. */
export const isNull = (node: Node): boolean => node.is === 'scalar' && node.value === null

/** The text that is written there, if it is text. */
export const textOf = (node: Node | undefined): string | undefined =>
  node?.is === 'scalar' && typeof node.value === 'string' ? node.value : undefined

/** The entries of a map, and none of anything else. */
export const entriesOf = (node: Node | undefined): ReadonlyMap<string, Entry> =>
  node?.is === 'map' ? node.entries : new Map<string, Entry>()

/** The value of a key of a map. */
export const valueAt = (node: Node | undefined, key: string): Node | undefined =>
  entriesOf(node).get(key)?.value

/** The items of a list, and none of anything else. */
export const itemsOf = (node: Node | undefined): readonly Node[] => (node?.is === 'list' ? node.items : [])

/** The same map with other entries. */
export const withEntries = (map: MapNode, entries: ReadonlyMap<string, Entry>): MapNode => ({
  ...map,
  entries,
})

/**
 * The value alone, keys in order, so that no order of keys can be told from another. Objects have no prototype: a team
 * may be called `constructor`.
 */
export const plain = (node: Node): unknown => {
  if (node.is === 'scalar') return node.value
  if (node.is === 'list') return node.items.map(plain)
  if (node.is === 'unknown') return undefined
  const object = Object.create(null) as Record<string, unknown>
  const names = [...node.entries.keys()].sort()
  for (const name of names) {
    const entry = node.entries.get(name)
    if (entry) object[name] = plain(entry.value)
  }
  return object
}

/** What stands at a path, and where one would look for it: the key that leads to it, or the last one that is there. */
export interface Found {
  readonly node?: Node
  /** The nearest key on the way, the path's own if it is there. */
  readonly key: Place
}

export const find = (root: Node, path: readonly PropertyKey[], rootKey: Place): Found => {
  let node: Node | undefined = root
  let key = rootKey
  for (const step of path) {
    if (node.is === 'unknown') return { node, key }
    if (node.is === 'map') {
      const entry: Entry | undefined = node.entries.get(String(step))
      if (!entry) return { key }
      ;({ key, value: node } = entry)
    } else {
      node = node.is === 'list' ? node.items[Number(step)] : undefined
      if (!node) return { key }
      key = node.at
    }
  }
  return { node, key }
}

/** Where to underline a value: itself if it is one word or line, else its key. */
export const valuePlace = ({ node, key }: Found): Place =>
  node === undefined || node.is === 'map' || node.is === 'list' || node.at.end <= node.at.start
    ? key
    : node.at
