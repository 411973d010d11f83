import type { Path } from '../model/verdict.js'
import { has, noBits } from './bits.js'
import type { Graph } from './graph.js'
import type { Node } from './node.js'
import { backFrom, edgesFrom, edgesTo, pathOf, trace, type Back, type HopOver } from './paths.js'
import { groupsOf, reach, reachInGroups, surenessTo, type Reach } from './reach.js'
import { never, surenesses, type Rank, type Ranks } from './sureness.js'

/** Who comes to an end, and how surely. */
export interface Coming {
  /** How surely each node leads there by steps that ask for one thing at a time. */
  readonly plainly: Ranks
  /** How surely each principal comes there, by place among the graph's. */
  readonly best: Ranks
}

/**
 * Who comes to each of some ends. Steps that ask for several things at once make a difference to few: to those who are
 * in a group that comes there more surely, all of it together. They alone are walked for one by one.
 */
export const comingTo = (graph: Graph, ranks: Ranks, ends: readonly number[]): readonly Coming[] => {
  const found = ends.map((end) => {
    const plainly = surenessTo(graph, ranks, end)
    return { end, plainly, best: Uint8Array.from(graph.principals, (node) => plainly[node] ?? never) }
  })
  const unsettled = unsettledIn(graph, ranks, found)
  if (unsettled.length === 0) return found
  const who = unsettled.map((place) => graph.principals[place] ?? -1)
  let reached: Reach = []
  for (const rank of surenesses.keys()) {
    reached = reach(graph, ranks, rank, who, reached)
    for (const { end, best } of found) {
      const there = reached[end] ?? noBits
      unsettled.forEach((place, at) => {
        if ((best[place] ?? never) > rank && has(there, at)) best[place] = rank
      })
    }
  }
  return found
}

/**
 * Places of those who come to one of the ends more surely than they do plainly, if any one of several things is taken to
 * be enough, and if all of their group is taken for one.
 */
const unsettledIn = (
  graph: Graph,
  ranks: Ranks,
  found: readonly (Coming & { readonly end: number })[],
): readonly number[] => {
  const groups = groupsOf(graph, graph.principals)
  const reached = [...surenesses.keys()].map((rank) => reachInGroups(graph, ranks, rank, groups))
  const unsettled = new Set<number>()
  for (const { end, best } of found) {
    const perhaps = surenessTo(graph, ranks, end, true)
    graph.principals.forEach((node, place) => {
      const most = perhaps[node] ?? never
      const plain = best[place] ?? never
      if (most >= plain || unsettled.has(place)) return
      const group = groups[node] ?? 0
      for (let rank = most; rank < plain; rank += 1)
        if (((reached[rank]?.[end] ?? 0) & group) !== 0) unsettled.add(place)
    })
  }
  return [...unsettled].sort((a, b) => a - b)
}

/** Everybody who comes somewhere, in the order of their places, by name. */
export const whoComes = (graph: Graph, { best }: Coming, most: Rank): readonly Node[] =>
  graph.principals.flatMap((node, place) => ((best[place] ?? never) <= most ? [graph.nodes[node] ?? ''] : []))

/**
 * By which path a principal comes to an end: the shortest of those that ask for one thing at a time, and where there is
 * none, the shortest.
 */
export const pathsTo = (graph: Graph, ranks: Ranks, end: number, hopOver: HopOver) => {
  const backs: Back[] = []
  return (node: number, rank: Rank): Path => {
    const back = (backs[rank] ??= backFrom(graph, ranks, rank, end))
    const edges = edgesFrom(graph, back, node) ?? edgesTo(graph, trace(graph, ranks, rank, [node]), end) ?? []
    return pathOf(graph.nodes[node] ?? '', edges, surenesses[rank] ?? 'accepted', hopOver)
  }
}
