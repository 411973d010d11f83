import { both, noBits, without, type Bits } from './bits.js'
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

/** What is left of what everybody can do without those who are allowed. */
export const ableWithout = (graph: Graph, all: Reach, allowed: Bits): Able => {
  const known = new Map<Bits, Bits>()
  const reached = all.map((set) => {
    const left = known.get(set) ?? without(set, allowed)
    known.set(set, left)
    return left
  })
  return ableIn(graph, reached)
}

/** Edges that are used so far, who can go over them, and where they lead. */
interface Ways {
  readonly ranks: Ranks
  readonly most: Rank
  readonly able: Able
  /** How surely each node leads to the end for everybody. */
  readonly plainly: Ranks
}

/**
 * The edges over which somebody comes to the end, and who: they can do what it starts from, and for them what it leads
 * to is enough.
 *
 * @param upTo  the least sure edge to look at: one step less sure than the others
 */
export function* travelled(
  graph: Graph,
  { ranks, most, able, plainly }: Ways,
  upTo: Rank,
): Iterable<readonly [edge: number, who: Bits]> {
  const limited = leadsTo(graph, ranks, most, able.reached, plainly)
  for (const [node, edges] of graph.arriving.entries()) {
    const isEnough = (plainly[node] ?? never) <= most
    const onward = limited[node]
    if (!isEnough && onward === undefined) continue
    for (const edge of edges) {
      if ((ranks[edge] ?? never) > upTo) continue
      const who = able.over(edge)
      const through = isEnough || onward === undefined || who === noBits ? who : both(who, onward)
      if (through !== noBits) yield [edge, through]
    }
  }
}
