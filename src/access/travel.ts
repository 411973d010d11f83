import { both, exceeds, noBits, type Bits } from './bits.js'
import type { Graph } from './graph.js'
import { ableTo, leadsTo, type Reach } from './reach.js'
import { never, type Rank, type Ranks } from './sureness.js'

/** What some principals can do, and over which edges they can go. */
export interface Able {
  readonly reached: Reach
  readonly over: (edge: number) => Bits
}

/** Over which edges those can go who can do some things. It is asked of every edge, for every queue, and remembered. */
export const ableIn = (graph: Graph, reached: Reach): Able => {
  const known: Bits[] = []
  return {
    reached,
    over: (edge) => {
      if (graph.several[edge] === undefined) return reached[graph.from[edge] ?? -1] ?? noBits
      return (known[edge] ??= ableTo(graph, reached, edge))
    },
  }
}

/** Edges that are used so far, who can go over them, and where they lead. */
interface Ways {
  readonly ranks: Ranks
  /** Those of them that are not `never` used. */
  readonly edges: readonly number[]
  readonly most: Rank
  readonly able: Able
  /** Those who are of no interest. */
  readonly allowed: Bits
  /** How surely each node leads to the end for everybody. */
  readonly plainly: Ranks
}

/**
 * Visits the edges over which somebody who is not allowed comes to the end: they can do what it starts from, and for
 * them what it leads to is enough.
 *
 * @param upTo   the least sure edge to look at: one step less sure than the others
 * @param visit  is told who they are, among those who are allowed
 */
export const travel = (
  graph: Graph,
  { ranks, edges, most, able, allowed, plainly }: Ways,
  upTo: Rank,
  visit: (edge: number, who: Bits) => void,
): void => {
  const limited = leadsTo(graph, ranks, most, able.reached, plainly)
  for (const edge of edges) {
    if ((ranks[edge] ?? never) > upTo) continue
    const node = graph.to[edge] ?? -1
    const isEnough = (plainly[node] ?? never) <= most
    const onward = isEnough ? noBits : limited[node]
    if (onward === undefined) continue
    const who = able.over(edge)
    const through = isEnough || who === noBits ? who : both(who, onward)
    if (exceeds(through, allowed)) visit(edge, through)
  }
}
