import { accessCodes, type AccessCode } from '../model/access-codes.js'
import type { PathVerdict, VerdictWord } from '../model/verdict.js'
import { either, has, members, noBits, without, type Bits } from './bits.js'
import type { Coming } from './coming.js'
import type { Graph } from './graph.js'
import type { Seen } from './ground.js'
import { groupsOf, reach, reachInGroups, surenessTo } from './reach.js'
import { never, rankOf } from './sureness.js'
import { ableIn, travel, type Able } from './travel.js'

/** What is outside of every model of configuration: no reading closes these. @source product, law 9 */
const neverClosed = new Set<string>([24, 25, 30, 33, 36, 40, 41, 42, 46, 48].map((number) => `R${number}`))

/** One queue, to be looked at path by path. */
export interface Looked extends Coming {
  readonly graph: Graph
  readonly seen: Seen
  readonly end: number
  /** What everybody can do by what was read alone. */
  readonly openly: Able
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
  readonly assumed: ReadonlySet<number>
}

/**
 * By rule, what it does for one queue: open where somebody who is not allowed comes over an edge of it by what was read
 * alone. An assumption matters if it alone, failing, would let somebody in; what takes several of them to fail is
 * settled by any of them, and named only where none of them is named already.
 *
 * @param told  assumptions by their numbers, in the order in which they are told
 */
export const pathVerdicts = (looked: Looked, told: readonly Told[]): readonly PathVerdict[] => {
  const { open, held, assumed } = lookOver(looked)
  const all = Int32Array.from([...assumed, ...lookAgain(looked, assumed)]).sort()
  const byFinding = new Map<AccessCode, Told[]>()
  for (const number of all) {
    const one = told[number]
    if (one === undefined) continue
    const there = byFinding.get(one.finding)
    if (there === undefined) byFinding.set(one.finding, [one])
    else there.push(one)
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
  const { ranks, assumptions } = seen
  const open = new Map<string, Bits>()
  const held = new Set<string>()
  const assumed = new Set<number>()
  const ways = { ...seen, most: rankOf('open'), able: openly, allowed, plainly }
  travel(graph, ways, rankOf('accepted'), (n, who) => {
    const path = graph.edges[n]?.path ?? 'rule'
    if (ranks[n] === rankOf('open')) open.set(path, either(open.get(path) ?? noBits, who))
    else if (ranks[n] === rankOf('held')) held.add(path)
    else assumed.add(assumptions[n] ?? -1)
  })
  return { open: new Map([...open].map(([path, who]) => [path, without(who, allowed)])), held, assumed }
}

/** What is assumed on the ways that are left when everything that was named holds, for those who are not in already. */
const lookAgain = (
  { graph, seen: { ranks, assumptions, edges }, end, allowed, best }: Looked,
  named: ReadonlySet<number>,
): ReadonlySet<number> => {
  const found = new Set<number>()
  const left = ranks.slice()
  for (const n of edges) if (ranks[n] === rankOf('held') || named.has(assumptions[n] ?? -1)) left[n] = never
  const strangers = graph.principals.filter(
    (_, place) => !has(allowed, place) && best[place] !== rankOf('open'),
  )
  const perhaps = perhapsComing(graph, { ranks: left, edges }, end, strangers)
  // Where one assumption is accepted and another is not, it is the accepted one that the queue rests on.
  for (const most of perhaps.length === 0 ? [] : [rankOf('assumed'), rankOf('accepted')]) {
    const reached = reach(graph, left, most, perhaps)
    if ((reached[end] ?? noBits) === noBits) continue
    const able = ableIn(graph, reached)
    const ways = { ranks: left, edges, most, able, allowed: noBits, plainly: surenessTo(graph, left, end) }
    travel(graph, ways, most, (n) => {
      if (left[n] === most) found.add(assumptions[n] ?? -1)
    })
    for (const n of edges) if (found.has(assumptions[n] ?? -1)) left[n] = never
  }
  return found
}

/** Those of some principals who might come to an end: any one of several things is enough, and a group is one person. */
const perhapsComing = (
  graph: Graph,
  { ranks, edges }: Pick<Seen, 'ranks' | 'edges'>,
  end: number,
  who: readonly number[],
): readonly number[] => {
  const leads = surenessTo(graph, ranks, end, true)
  const some = who.filter((node) => leads[node] !== never)
  if (some.length === 0) return some
  const within = ranks.slice()
  for (const n of edges) if (leads[graph.to[n] ?? -1] === never) within[n] = never
  const groups = groupsOf(graph, some)
  const there = reachInGroups(graph, within, rankOf('accepted'), groups)[end] ?? 0
  return some.filter((node) => ((groups[node] ?? 0) & there) !== 0)
}
