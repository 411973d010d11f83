import { add, allBits, isEmpty, noBits, unite, type Bits } from './bits.js'
import type { Graph } from './graph.js'

/** Which edges may be used: a test over their numbers. */
export type Usable = (edge: number) => boolean

/** Who can do what: for each node the set of principals, by their place in `graph.principals`. */
export type Reach = readonly Bits[]

/** A part of a graph: nothing outside of it leads to where the question is about. */
export interface Slice {
  readonly nodes: ReadonlySet<number>
  /** Numbers of edges, each leading to one of the nodes. */
  readonly edges: readonly number[]
}

/** Everything from which some nodes can be come to. */
export const sliceTo = (graph: Graph, ends: readonly number[]): Slice => {
  const nodes = new Set(ends)
  const edges: number[] = []
  for (const node of nodes)
    for (const edge of graph.arriving[node] ?? []) {
      edges.push(edge)
      for (const start of graph.from[edge] ?? []) nodes.add(start) // a set is walked on as it grows
    }
  return { nodes, edges }
}

/**
 * Who can do what, over the edges that may be used. It only ever grows: with more edges, everybody can do at least as
 * much.
 *
 * @param earlier  the reach over fewer edges, to go on from
 */
export const reach = (graph: Graph, slice: Slice, usable: Usable, earlier?: Reach): Reach => {
  const size = graph.principals.length
  const sets: Bits[] = []
  for (const node of slice.nodes) {
    const before = earlier?.[node]
    sets[node] = before === undefined ? noBits(size) : before.slice()
  }
  graph.principals.forEach((node, place) => {
    const set = sets[node]
    if (set !== undefined) add(set, place)
  })
  const waiting = new Set<number>(slice.edges.filter(usable))
  const inSlice = new Set(waiting)
  for (const edge of waiting) {
    waiting.delete(edge)
    const end = graph.to[edge] ?? -1
    const into = sets[end]
    const [first, ...others] = (graph.from[edge] ?? []).map((start) => sets[start])
    if (into === undefined || first === undefined) continue
    const grew = unite(
      into,
      first,
      others.length === 0 ? undefined : others.map((set) => set ?? noBits(size)),
    )
    if (!grew) continue
    for (const next of graph.leaving[end] ?? []) if (inSlice.has(next)) waiting.add(next)
  }
  return sets
}

/**
 * For whom it is enough to be able to do a node's thing to come to the end, given what they can do already.
 *
 * @param reached  what everybody can do over the same edges
 */
export const leadsTo = (graph: Graph, slice: Slice, usable: Usable, reached: Reach, end: number): Reach => {
  const size = graph.principals.length
  const sets: Bits[] = []
  for (const node of slice.nodes) sets[node] = noBits(size)
  sets[end] = allBits(size)
  const waiting = new Set<number>([end])
  const allowed = new Set(slice.edges.filter(usable))
  for (const node of waiting) {
    waiting.delete(node)
    const onward = sets[node]
    if (onward === undefined || isEmpty(onward)) continue
    for (const edge of graph.arriving[node] ?? []) {
      if (!allowed.has(edge)) continue
      const starts = graph.from[edge] ?? []
      for (const start of starts) {
        const into = sets[start]
        if (into === undefined) continue
        const others = starts
          .filter((other) => other !== start)
          .map((other) => reached[other] ?? noBits(size))
        if (unite(into, onward, others.length === 0 ? undefined : others)) waiting.add(start)
      }
    }
  }
  return sets
}
