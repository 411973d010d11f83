import type { Hop, Path, PathNumber } from '../model/verdict.js'
import { startsIn, type Graph } from './graph.js'
import type { Edge } from './rule.js'
import { never, type Rank, type Ranks } from './sureness.js'

/** How far something is, by node, and the edge over which it is that far: -1 where it is out of reach, or there is none. */
export interface Trace {
  readonly distance: Int32Array
  readonly by: Int32Array
}

const nowhere = ({ nodes }: Graph): Trace => ({
  distance: new Int32Array(nodes.length).fill(-1),
  by: new Int32Array(nodes.length).fill(-1),
})

/**
 * Walks outward from what somebody is and can do, the nearest first; an edge with several starts waits for the last.
 *
 * @param starts  a principal; or, for somebody hypothetical, what they are given
 */
export const trace = (graph: Graph, ranks: Ranks, most: Rank, starts: readonly number[]): Trace => {
  const { distance, by } = nowhere(graph)
  const { begin, list } = graph.leaving
  for (const start of starts) distance[start] = 0
  const line = [...starts]
  for (const node of line)
    for (let i = begin[node] ?? 0; i < (begin[node + 1] ?? 0); i += 1) {
      const edge = list[i] ?? -1
      const end = graph.to[edge] ?? -1
      if (distance[end] !== -1 || (ranks[edge] ?? never) > most) continue
      const farthest = farthestOf(graph, edge, distance)
      if (farthest === undefined) continue
      distance[end] = farthest + 1
      by[end] = edge
      line.push(end)
    }
  return { distance, by }
}

/** How far the farthest start of an edge is; nothing where one of them is out of reach. */
const farthestOf = (graph: Graph, edge: number, distance: Int32Array): number | undefined => {
  if (graph.several[edge] === undefined) {
    const steps = distance[graph.from[edge] ?? -1] ?? -1
    return steps === -1 ? undefined : steps
  }
  let farthest = 0
  for (const start of startsIn(graph, edge)) {
    const steps = distance[start] ?? -1
    if (steps === -1) return undefined
    farthest = Math.max(farthest, steps)
  }
  return farthest
}

/** Whether somebody's edge has all its starts within their reach. */
export const isWithin = (graph: Graph, { distance }: Trace, edge: number): boolean =>
  farthestOf(graph, edge, distance) !== undefined

/** The edges that bring a principal to a node, each after those that it builds on; nothing where they can't come to it. */
export const edgesTo = (
  graph: Graph,
  { distance, by }: Trace,
  node: number,
): readonly number[] | undefined => {
  if ((distance[node] ?? -1) === -1) return undefined
  const edges: number[] = []
  const seen = new Set<number>()
  const visit = (at: number) => {
    const edge = by[at] ?? -1
    if (edge === -1 || seen.has(edge)) return
    seen.add(edge)
    for (const start of startsIn(graph, edge)) visit(start)
    edges.push(edge)
  }
  visit(node)
  return edges
}

/** How an edge is shown. */
const hopOf = ({ path, from, to, says, facts, assumes }: Edge, accepted: boolean): Hop => ({
  path,
  from,
  to,
  says,
  facts,
  ...(assumes === undefined ? {} : { assumes, accepted }),
})

/** How edges are shown, by their numbers. */
export type HopOver = (edge: number) => Hop | undefined

/** Shows each edge always as the same hop: thousands of paths have most of theirs in common. */
export const hopsOf = ({ edges }: Graph, isAccepted: (edge: Edge) => boolean): HopOver => {
  const known: (Hop | undefined)[] = []
  return (n) => {
    const edge = edges[n]
    if (edge !== undefined) known[n] ??= hopOf(edge, isAccepted(edge))
    return known[n]
  }
}

/** Edges as a path, ready to be shown. */
export const pathOf = (
  who: string,
  edges: readonly number[],
  sureness: Path['sureness'],
  hopOver: HopOver,
): Path => {
  const hops = edges.flatMap((n) => hopOver(n) ?? [])
  const numbers = [...new Set(hops.map(({ path }) => path))].filter(
    (path): path is PathNumber => path !== 'rule',
  )
  return { who, hops, numbers, sureness }
}

/** How far nodes are from an end, and the edge to go on by. */
export interface Back extends Trace {
  readonly end: number
}

/**
 * Walks backward from an end.
 *
 * @param there  what somebody can do already: over edges that ask for several things, they have to be able to do the
 *               others. Nobody walks over them where it is left out.
 */
export const backFrom = (graph: Graph, ranks: Ranks, most: Rank, end: number, there?: Trace): Back => {
  const { distance, by } = nowhere(graph)
  const { begin, list } = graph.arriving
  distance[end] = 0
  const line = [end]
  const lead = (start: number, edge: number, node: number) => {
    if (distance[start] !== -1) return
    distance[start] = (distance[node] ?? 0) + 1
    by[start] = edge
    line.push(start)
  }
  for (const node of line)
    for (let i = begin[node] ?? 0; i < (begin[node + 1] ?? 0); i += 1) {
      const edge = list[i] ?? -1
      if ((ranks[edge] ?? never) > most) continue
      const starts = graph.several[edge]
      if (starts === undefined) {
        lead(graph.from[edge] ?? -1, edge, node)
        continue
      }
      for (const start of there === undefined ? [] : starts)
        if (starts.every((other) => other === start || there?.distance[other] !== -1)) lead(start, edge, node)
    }
  return { end, distance, by }
}

/** The edges from a node to the end, where each step asks for one thing; nothing where there is no such way. */
export const edgesFrom = (
  graph: Graph,
  { end, distance, by }: Back,
  node: number,
): readonly number[] | undefined => {
  if ((distance[node] ?? -1) === -1) return undefined
  const edges: number[] = []
  for (let at = node; at !== end;) {
    const edge = by[at] ?? -1
    edges.push(edge)
    at = graph.to[edge] ?? end
  }
  return edges
}

/**
 * The shortest path to a node that uses one of some edges: there, over it, and on. For a rule, its edges.
 *
 * @param back  how far each node is from the end, and the edge to go on by
 */
export const shortestOver = (
  graph: Graph,
  there: Trace,
  back: Back,
  over: readonly number[],
): readonly number[] | undefined => {
  let best: { readonly edge: number; readonly length: number } | undefined
  for (const edge of over) {
    const farthest = farthestOf(graph, edge, there.distance)
    const onward = back.distance[graph.to[edge] ?? -1] ?? -1
    if (onward === -1 || farthest === undefined) continue
    const length = farthest + 1 + onward
    if (best === undefined || length < best.length) best = { edge, length }
  }
  if (best === undefined) return undefined
  const edges: number[] = []
  const push = (some: readonly number[] | undefined) => {
    for (const one of some ?? []) if (!edges.includes(one)) edges.push(one)
  }
  for (let edge = best.edge; edge !== -1; edge = back.by[graph.to[edge] ?? -1] ?? -1) {
    // An onward edge with several starts brings the ways to the others along.
    const end = graph.to[edge]
    for (const start of startsIn(graph, edge))
      if (!edges.some((known) => graph.to[known] === start)) push(edgesTo(graph, there, start))
    push([edge])
    if (end === back.end) break
  }
  return edges
}
