import type { Hop, Path, PathNumber } from '../model/verdict.js'
import type { Graph } from './graph.js'
import type { Slice, Usable } from './reach.js'
import type { Edge } from './rule.js'

/** How somebody comes to everything they can do: by node, the edge that brought them there first. */
export interface Trace {
  /** How many edges it took, by node. */
  readonly distance: ReadonlyMap<number, number>
  readonly by: ReadonlyMap<number, number>
}

/**
 * Walks outward from what somebody is and can do, the nearest first; an edge with several starts waits for the last.
 *
 * @param starts  a principal; or, for somebody hypothetical, what they are given
 */
export const trace = (graph: Graph, slice: Slice, usable: Usable, starts: readonly number[]): Trace => {
  const distance = new Map<number, number>(starts.map((start) => [start, 0]))
  const by = new Map<number, number>()
  const within = new Set(slice.edges)
  const queue = [...starts]
  for (const node of queue)
    for (const edge of graph.leaving[node] ?? []) {
      const end = graph.to[edge] ?? -1
      if (distance.has(end) || !within.has(edge) || !usable(edge)) continue
      const steps = (graph.from[edge] ?? []).map((start) => distance.get(start))
      if (steps.includes(undefined)) continue
      distance.set(end, 1 + Math.max(...steps.map((step) => step ?? 0)))
      by.set(end, edge)
      queue.push(end)
    }
  return { distance, by }
}

/** The edges that bring a principal to a node, each after those that it builds on; nothing where they can't come to it. */
export const edgesTo = (
  graph: Graph,
  { distance, by }: Trace,
  node: number,
): readonly number[] | undefined => {
  if (!distance.has(node)) return undefined
  const edges: number[] = []
  const seen = new Set<number>()
  const visit = (at: number) => {
    const edge = by.get(at)
    if (edge === undefined || seen.has(edge)) return
    seen.add(edge)
    for (const start of graph.from[edge] ?? []) visit(start)
    edges.push(edge)
  }
  visit(node)
  return edges
}

/** How an edge is shown. */
export const hopOf = ({ path, from, to, says, facts, assumes }: Edge, accepted: boolean): Hop => ({
  path,
  from,
  to,
  says,
  facts,
  ...(assumes === undefined ? {} : { assumes, accepted }),
})

/** Edges as a path, ready to be shown. */
export const pathOf = (
  graph: Graph,
  who: string,
  edges: readonly number[],
  sureness: Path['sureness'],
  isAccepted: (edge: Edge) => boolean,
): Path => {
  const hops = edges.flatMap((n) => {
    const edge = graph.edges[n]
    return edge === undefined ? [] : [hopOf(edge, isAccepted(edge))]
  })
  const numbers = [...new Set(hops.map(({ path }) => path))].filter(
    (path): path is PathNumber => path !== 'rule',
  )
  return { who, hops, numbers, sureness }
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
    const steps = (graph.from[edge] ?? []).map((start) => there.distance.get(start))
    const onward = back.distance.get(graph.to[edge] ?? -1)
    if (onward === undefined || steps.includes(undefined)) continue
    const length = Math.max(...steps.map((step) => step ?? 0)) + 1 + onward
    if (best === undefined || length < best.length) best = { edge, length }
  }
  if (best === undefined) return undefined
  const edges: number[] = []
  const push = (some: readonly number[] | undefined) => {
    for (const one of some ?? []) if (!edges.includes(one)) edges.push(one)
  }
  for (
    let edge: number | undefined = best.edge;
    edge !== undefined;
    edge = back.by.get(graph.to[edge] ?? -1)
  ) {
    // An onward edge with several starts brings the ways to the others along.
    const end = graph.to[edge]
    for (const start of graph.from[edge] ?? [])
      if (!edges.some((known) => graph.to[known] === start)) push(edgesTo(graph, there, start))
    push([edge])
    if (end === back.end) break
  }
  return edges
}

/** How far nodes are from an end, for one principal. */
export interface Back {
  readonly end: number
  readonly distance: ReadonlyMap<number, number>
  readonly by: ReadonlyMap<number, number>
}

/** Walks backward from an end, over edges whose other starts the principal can do already. */
export const backFrom = (graph: Graph, slice: Slice, usable: Usable, there: Trace, end: number): Back => {
  const distance = new Map<number, number>([[end, 0]])
  const by = new Map<number, number>()
  const within = new Set(slice.edges)
  const queue = [end]
  for (const node of queue)
    for (const edge of graph.arriving[node] ?? []) {
      if (!within.has(edge) || !usable(edge)) continue
      const starts = graph.from[edge] ?? []
      for (const start of starts) {
        if (distance.has(start)) continue
        if (starts.some((other) => other !== start && !there.distance.has(other))) continue
        distance.set(start, (distance.get(node) ?? 0) + 1)
        by.set(start, edge)
        queue.push(start)
      }
    }
  return { end, distance, by }
}
