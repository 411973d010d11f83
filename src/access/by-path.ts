import { accessCodes, type AccessCode } from '../model/access-codes.js'
import type { Path, PathVerdict, VerdictWord } from '../model/verdict.js'
import { either, has, members, noBits, without, type Bits } from './bits.js'
import type { Coming } from './coming.js'
import type { Graph } from './graph.js'
import type { Seen } from './ground.js'
import { backFrom, pathOf, shortestOver, trace, type Back, type HopOver, type Trace } from './paths.js'
import { groupsOf, reach, reachInGroups, surenessTo } from './reach.js'
import { rules } from './rules/index.js'
import { never, rankOf } from './sureness.js'
import { ableIn, travel, type Able } from './travel.js'

/** What is beyond every configuration that can be read: `trust` and `accept` settle these, and nothing closes them. */
const beyond = new Set<string>(
  rules.filter(({ verdicts }) => !verdicts.includes('closed')).map(({ path }) => path),
)

/** What leads to roles alone: no verdict on a queue tells of it. */
const aboutRoles = new Set<string>(rules.filter(({ leadsTo }) => leadsTo === 'roles').map(({ path }) => path))

/** One queue or role, to be looked at path by path. */
export interface Looked extends Coming {
  readonly graph: Graph
  readonly seen: Seen
  readonly end: number
  readonly isRole: boolean
  /** What everybody can do by what was read alone. */
  readonly openly: Able
  /** Those who are allowed, by place. */
  readonly allowed: Bits
  readonly hopOver: HopOver
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
 * By rule, what it does for one queue or role: open where somebody who is not allowed comes over an edge of it by what was read
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
  const wayBy = waysOf(looked)
  const asked = (Object.keys(accessCodes) as AccessCode[]).filter(
    (finding) => looked.isRole || !aboutRoles.has(accessCodes[finding].path),
  )
  return asked.map((finding): PathVerdict => {
    const { path } = accessCodes[finding]
    const reachers = members(open.get(path) ?? noBits)
    const assumptions = byFinding.get(finding) ?? []
    const isAssumed = assumptions.some(({ accepted }) => !accepted)
    const verdict: VerdictWord =
      reachers.length > 0 ? 'open' : isAssumed ? 'assumed' : held.has(path) ? 'held' : 'closed'
    const way = reachers[0] === undefined ? undefined : wayBy(path, reachers[0])
    return {
      path,
      finding,
      verdict,
      reachers: reachers.length,
      assumptions,
      ...(beyond.has(path) && { beyond: true }),
      ...(way && { way }),
    }
  })
}

/** What ways are told from, for all queues that see the same: edges that assume nothing, by rule; and how far somebody comes. */
interface Roads {
  readonly over: ReadonlyMap<string, readonly number[]>
  readonly walked: Map<number, Trace>
}

const roads = new WeakMap<Seen, Roads>()

const roadsIn = (graph: Graph, seen: Seen): Roads => {
  const known = roads.get(seen)
  if (known !== undefined) return known
  const over = new Map<string, number[]>()
  for (const n of seen.edges) {
    const path = graph.edges[n]?.path
    if (path === undefined || seen.ranks[n] !== rankOf('open')) continue
    const there = over.get(path)
    if (there === undefined) over.set(path, [n])
    else there.push(n)
  }
  const made = { over, walked: new Map<number, Trace>() }
  roads.set(seen, made)
  return made
}

/** The shortest way of a principal, by place, that goes over an edge of some rule and assumes nothing. */
const waysOf = ({ graph, seen, end, hopOver }: Looked) => {
  const { ranks } = seen
  const backs = new Map<number, Back>()
  return (path: string, place: number): Path | undefined => {
    const { over, walked: all } = roadsIn(graph, seen)
    const node = graph.principals[place] ?? -1
    const walked = all.get(place) ?? trace(graph, ranks, rankOf('open'), [node])
    all.set(place, walked)
    const back = backs.get(place) ?? backFrom(graph, ranks, rankOf('open'), end, walked)
    backs.set(place, back)
    const way = shortestOver(graph, walked, back, over.get(path) ?? [])
    return way && pathOf(graph.nodes[node] ?? '', way, 'open', hopOver)
  }
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
