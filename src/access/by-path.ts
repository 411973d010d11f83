import { accessCodes, type AccessCode } from '../model/access-codes.js'
import type { Assumption, PathVerdict, VerdictWord } from '../model/verdict.js'
import { byAssumption, inOrder } from './accept.js'
import { both, either, exceeds, has, members, noBits, without, type Bits } from './bits.js'
import type { Graph } from './graph.js'
import type { Seen } from './ground.js'
import { ableTo, leadsTo, reach, surenessTo, type Reach } from './reach.js'
import { never, rankOf, type Rank, type Ranks } from './sureness.js'

/** What is outside of every model of configuration: no reading closes these. @source product, law 9 */
const neverClosed = new Set<string>([24, 25, 30, 33, 36, 40, 41, 42, 46, 48].map((number) => `R${number}`))

/** One queue, to be looked at path by path. */
export interface Looked {
  readonly graph: Graph
  readonly seen: Seen
  readonly end: number
  /** How surely each node leads to the end for everybody. */
  readonly plainly: Ranks
  /** Who can do what by what was read alone: places among the graph's principals. */
  readonly openly: Reach
  /** Those who are allowed, by place. */
  readonly allowed: Bits
}

/** An assumption as a verdict tells it. */
export type Told = PathVerdict['assumptions'][number]

/** What all rules do for one queue. */
interface Found {
  /** By number: who comes by it without being allowed, by what was read alone, as places. */
  readonly open: ReadonlyMap<string, Bits>
  /** Numbers of those that nothing but a hook holds. */
  readonly held: ReadonlySet<string>
  readonly assumed: readonly Assumption[]
}

/**
 * By rule, what it does for one queue: open where somebody who is not allowed comes over an edge of it by what was read
 * alone. An assumption matters if it alone, failing, would let somebody in; what takes several of them to fail is
 * settled by any of them, and named only where none of them is named already.
 *
 * @param tell  each assumption as the same object, whichever queue rests on it: there are many of both
 */
export const pathVerdicts = (
  looked: Looked,
  tell: (assumption: Assumption) => Told,
): readonly PathVerdict[] => {
  const { open, held, assumed } = lookOver(looked)
  const all = distinct()
  all.add(assumed)
  all.add(lookAgain(looked, all.has, 'assumed'))
  // Where one assumption is accepted and another is not, it is the accepted one that the queue rests on.
  all.add(lookAgain(looked, all.has, 'accepted'))
  const byFinding = new Map<AccessCode, Told[]>()
  for (const one of [...all.list].sort(inOrder)) {
    const there = byFinding.get(one.finding)
    if (there === undefined) byFinding.set(one.finding, [tell(one)])
    else there.push(tell(one))
  }
  return (Object.keys(accessCodes) as AccessCode[]).map((finding): PathVerdict => {
    const { path } = accessCodes[finding]
    const reachers = members(open.get(path) ?? noBits).length
    const assumptions = byFinding.get(finding) ?? []
    const isAssumed = assumptions.some(({ accepted }) => !accepted) || neverClosed.has(path)
    const verdict: VerdictWord =
      reachers > 0 ? 'open' : isAssumed ? 'assumed' : held.has(path) ? 'held' : 'closed'
    return { path, finding, verdict, reachers, assumptions }
  })
}

/** What everybody can do openly, and what that comes to with one step more, whatever the step assumes. */
const lookOver = ({ graph, seen, plainly, openly, allowed }: Looked): Found => {
  const open = new Map<string, Bits>()
  const held = new Set<string>()
  const assumed = distinct()
  const ways = { ranks: seen.ranks, most: rankOf('open'), reached: openly, plainly, allowed }
  for (const [n, who] of travelled(graph, ways, rankOf('accepted'))) {
    const path = graph.edges[n]?.path ?? 'rule'
    const assumes = seen.assumptionOf(n)
    if (seen.ranks[n] === rankOf('open'))
      open.set(path, either(open.get(path) ?? noBits, without(who, allowed)))
    else if (seen.ranks[n] === rankOf('held')) held.add(path)
    else if (assumes !== undefined) assumed.add([assumes])
  }
  return { open, held, assumed: assumed.list }
}

/** What is assumed, so surely, on the ways that are left when everything that was named holds. */
const lookAgain = (
  { graph, seen, end, allowed }: Looked,
  isNamed: (one: Assumption) => boolean,
  sureness: 'assumed' | 'accepted',
): readonly Assumption[] => {
  const most = rankOf(sureness)
  const ranks = seen.ranks.map((rank, n) => {
    if (rank === rankOf('open')) return rank
    const assumes = rank > most || rank === rankOf('held') ? undefined : seen.assumptionOf(n)
    return assumes === undefined || isNamed(assumes) ? never : rank
  })
  const perhaps = surenessTo(graph, ranks, end, true)
  const strangers = graph.principals.filter(
    (node, place) => !has(allowed, place) && (perhaps[node] ?? never) <= most,
  )
  if (strangers.length === 0) return []
  const reached = reach(graph, ranks, most, strangers)
  if ((reached[end] ?? noBits) === noBits) return []
  const assumed = distinct()
  const ways = { ranks, most, reached, plainly: surenessTo(graph, ranks, end, false), allowed: noBits }
  for (const [n] of travelled(graph, ways, most)) {
    const assumes = ranks[n] === most ? seen.assumptionOf(n) : undefined
    if (assumes !== undefined) assumed.add([assumes])
  }
  return assumed.list
}

/** Assumptions, each once. */
const distinct = () => {
  const known = byAssumption<true>()
  const list: Assumption[] = []
  return {
    list,
    has: (one: Assumption) => known.of(one) !== undefined,
    add: (some: readonly Assumption[]) => {
      for (const one of some) {
        if (known.of(one) !== undefined) continue
        known.set(one, true)
        list.push(one)
      }
    },
  }
}

/** Edges that are used so far, and where they bring somebody. */
interface Ways {
  readonly ranks: Ranks
  readonly most: Rank
  readonly reached: Reach
  readonly plainly: Ranks
  readonly allowed: Bits
}

/**
 * The edges over which somebody who is not allowed comes to the end: they can do what it starts from, and for them what
 * it leads to is enough.
 *
 * @param upTo  the least sure edge to look at: one step less sure than the others
 */
export function* travelled(
  graph: Graph,
  { ranks, most, reached, plainly, allowed }: Ways,
  upTo: Rank,
): Iterable<readonly [edge: number, who: Bits]> {
  const limited = leadsTo(graph, ranks, most, reached, plainly)
  for (const [node, edges] of graph.arriving.entries()) {
    const onward = limited[node]
    if ((plainly[node] ?? never) > most && onward === undefined) continue
    for (const edge of edges) {
      if ((ranks[edge] ?? never) > upTo) continue
      const able = ableTo(graph, reached, edge)
      const through = (plainly[node] ?? never) <= most || onward === undefined ? able : both(able, onward)
      if (exceeds(through, allowed)) yield [edge, through]
    }
  }
}
