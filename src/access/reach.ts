import { bitsOf, both, either, noBits, type Bits } from './bits.js'
import { rowOf, startsIn, type Graph } from './graph.js'
import { never, surenesses, type Rank, type Ranks } from './sureness.js'

/** Who can do what: by node, places in a list of principals. */
export type Reach = readonly Bits[]

/** The part of a graph from which some nodes can be come to: every other edge is `never` used. */
export const sliceTo = (graph: Graph, ends: readonly number[], rankOf: (edge: number) => Rank): Ranks => {
  const ranks = new Uint8Array(graph.edges.length).fill(never)
  const { begin, list } = graph.arriving
  const nodes = lineOf(graph)
  for (const end of ends) nodes.add(end)
  for (const node of nodes.line)
    for (let i = begin[node] ?? 0; i < (begin[node + 1] ?? 0); i += 1) {
      const edge = list[i] ?? -1
      const rank = rankOf(edge)
      if (rank >= never) continue
      ranks[edge] = rank
      const starts = graph.several[edge]
      if (starts === undefined) nodes.add(graph.from[edge] ?? -1)
      else starts.forEach(nodes.add)
    }
  return ranks
}

/** The edges of a slice, in order. */
export const edgesIn = (ranks: Ranks): readonly number[] => {
  const edges: number[] = []
  for (const [edge, rank] of ranks.entries()) if (rank < never) edges.push(edge)
  return edges
}

/** Nodes in line; each is in it once at a time, until it is let go. */
const lineOf = ({ nodes }: Graph) => {
  const line: number[] = []
  const isWaiting = new Uint8Array(nodes.length)
  return {
    line,
    add: (node: number) => {
      if (isWaiting[node] === 1) return
      isWaiting[node] = 1
      line.push(node)
    },
    letGo: (node: number) => {
      isWaiting[node] = 0
    },
  }
}

/**
 * Who can do what, over the edges that are at least so sure. It only ever grows: with more edges, everybody can do at
 * least as much.
 *
 * @param who      principals: the sets that come of it hold their places in this list
 * @param earlier  the reach of the same over fewer edges, to go on from
 */
export const reach = (
  graph: Graph,
  ranks: Ranks,
  most: Rank,
  who: readonly number[],
  earlier: Reach = [],
): Reach => {
  const sets: Bits[] = graph.nodes.map((_, node) => earlier[node] ?? noBits)
  who.forEach((node, place) => {
    sets[node] = bitsOf([place])
  })
  const { begin, list } = graph.leaving
  const waiting = lineOf(graph)
  sets.forEach((set, node) => {
    if (set.length > 0) waiting.add(node)
  })
  for (const node of waiting.line) {
    waiting.letGo(node)
    for (let i = begin[node] ?? 0; i < (begin[node + 1] ?? 0); i += 1) {
      const edge = list[i] ?? -1
      if ((ranks[edge] ?? never) > most) continue
      const end = graph.to[edge] ?? -1
      const before = sets[end] ?? noBits
      const after = either(before, ableTo(graph, sets, edge))
      if (after === before) continue
      sets[end] = after
      waiting.add(end)
    }
  }
  return sets
}

/** Principals in 32 groups, neighbours together: by node, the bit of the group. */
export const groupsOf = ({ nodes }: Graph, who: readonly number[]): Uint32Array => {
  const groups = new Uint32Array(nodes.length)
  who.forEach((node, at) => {
    groups[node] = 1 << Math.floor((at * 32) / who.length)
  })
  return groups
}

/**
 * What groups of principals can do, each taken for one person who is all of them: nobody of a group can do more. It is
 * quick, and says of most that they come nowhere.
 *
 * @param groups  by node: bits of the groups, up to 32, that begin there
 */
export const reachInGroups = (graph: Graph, ranks: Ranks, most: Rank, groups: Uint32Array): Uint32Array => {
  const sets = groups.slice()
  const { begin, list } = graph.leaving
  const waiting = lineOf(graph)
  sets.forEach((set, node) => {
    if (set !== 0) waiting.add(node)
  })
  for (const node of waiting.line) {
    waiting.letGo(node)
    for (let i = begin[node] ?? 0; i < (begin[node + 1] ?? 0); i += 1) {
      const edge = list[i] ?? -1
      if ((ranks[edge] ?? never) > most) continue
      const end = graph.to[edge] ?? -1
      let able = sets[node] ?? 0
      for (const start of graph.several[edge] ?? []) able &= sets[start] ?? 0
      const before = sets[end] ?? 0
      if ((able & ~before) === 0) continue
      sets[end] = before | able
      waiting.add(end)
    }
  }
  return sets
}

/** Those who can do all that an edge starts from. */
export const ableTo = ({ from, several }: Graph, sets: Reach, edge: number): Bits => {
  const starts = several[edge]
  if (starts === undefined) return sets[from[edge] ?? -1] ?? noBits
  return starts.map((start) => sets[start] ?? noBits).reduce(both)
}

/**
 * How surely each node leads to an end by steps that ask for one thing at a time. This is one walk, whoever walks; and
 * for nearly everybody it is the whole answer.
 *
 * @param lenient  takes a step that asks for several things for one that any of them is enough for: what does not lead
 *                 to the end then does not lead there at all
 */
export const surenessTo = (graph: Graph, ranks: Ranks, end: number, lenient = false): Ranks => {
  const best = new Uint8Array(graph.nodes.length).fill(never)
  best[end] = 0
  const { begin, list } = graph.arriving
  const lines: number[][] = [[end], ...surenesses.slice(1).map(() => [])]
  const lead = (node: number, rank: Rank) => {
    if ((best[node] ?? never) <= rank) return
    best[node] = rank
    lines[rank]?.push(node)
  }
  lines.forEach((line, rank) => {
    for (const node of line) {
      if ((best[node] ?? never) < rank) continue
      for (let i = begin[node] ?? 0; i < (begin[node + 1] ?? 0); i += 1) {
        const edge = list[i] ?? -1
        const starts = graph.several[edge]
        if (starts !== undefined && !lenient) continue
        const along = Math.max(rank, ranks[edge] ?? never)
        if (starts === undefined) lead(graph.from[edge] ?? -1, along)
        else for (const start of starts) lead(start, along)
      }
    }
  })
  return best
}

/**
 * For whom it is enough to be able to do a node's thing to come to an end, given what they can do already. Only where
 * that is not everybody, and not nobody.
 *
 * @param reached  what everybody can do over the same edges
 * @param plainly  how surely each node leads to the end for everybody: those that do are left out
 */
export const leadsTo = (graph: Graph, ranks: Ranks, most: Rank, reached: Reach, plainly: Ranks): Reach => {
  const sets: Bits[] = []
  const waiting = lineOf(graph)
  const lead = (edge: number, onward: Bits | undefined) => {
    const starts = startsIn(graph, edge)
    for (const start of starts) {
      if ((plainly[start] ?? never) <= most) continue
      const others = starts.filter((other) => other !== start).map((other) => reached[other] ?? noBits)
      const able = [...(onward === undefined ? [] : [onward]), ...others].reduce(both)
      const before = sets[start] ?? noBits
      const after = either(before, able)
      if (after === before) continue
      sets[start] = after
      waiting.add(start)
    }
  }
  graph.several.forEach((starts, edge) => {
    if (starts === undefined || (ranks[edge] ?? never) > most) return
    if ((plainly[graph.to[edge] ?? -1] ?? never) <= most) lead(edge, undefined)
  })
  for (const node of waiting.line) {
    waiting.letGo(node)
    for (const edge of rowOf(graph.arriving, node)) if ((ranks[edge] ?? never) <= most) lead(edge, sets[node])
  }
  return sets
}
