import type { Address } from '../model/address.js'
import { accessCodes } from '../model/access-codes.js'
import {
  verdicts,
  type Assumed,
  type PathVerdict,
  type QueueVerdict,
  type Reacher,
  type RoleVerdict,
} from '../model/verdict.js'
import { byAssumption, digestOf, type Settled } from './accept.js'
import type { Access } from './access.js'
import { bitsOf, type Bits } from './bits.js'
import type { Border } from './borders.js'
import { pathVerdicts, type Told } from './by-path.js'
import { comingTo, pathsTo, type Coming } from './coming.js'
import type { Graph } from './graph.js'
import { gatedGround, withNarrower, type Ground, type Judging, type Seen } from './ground.js'
import { endOf } from './node.js'
import { reach } from './reach.js'
import { rankOf, surenesses } from './sureness.js'
import { ableIn, type Able } from './travel.js'

/** The verdict on a queue or a role, before it is said which of them it is. */
type Judged = Omit<QueueVerdict, 'queue'> & { readonly on: Address }

/** Everybody's reach of one queue, or of one role. */
export interface QueueReach extends Coming {
  readonly border: Border
  /** Missing where nothing at all leads there. */
  readonly end: number | undefined
  readonly seen: Seen
}

/** The judgement of all borders, and what it rests on. */
export interface Judgement {
  readonly ground: Ground
  readonly queues: readonly QueueVerdict[]
  readonly roles: readonly RoleVerdict[]
  readonly assumed: readonly Assumed[]
  readonly settled: Settled
}

/** Who reaches each queue and each role. */
export const reachesOf = (ground: Ground, borders: readonly Border[]): readonly QueueReach[] => {
  const { graph } = ground.access
  const nobody: Coming = { plainly: new Uint8Array(), best: new Uint8Array() }
  // Queues that see the same edges are looked at together: they have most of the way in common.
  const groups = new Map<unknown, { readonly border: Border; readonly end: number | undefined }[]>()
  for (const border of borders) {
    const key = border.narrowed || ground.isHeld(border.on) ? border : undefined
    const one = { border, end: graph.number(endOf(border.on)) }
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  const found = new Map<Border, QueueReach>()
  for (const group of groups.values()) {
    const seen = group[0] === undefined ? undefined : ground.seenFrom(group[0].border)
    if (seen === undefined) continue
    const ends = group.flatMap(({ end }) => end ?? [])
    const coming = new Map(comingTo(graph, seen.ranks, ends).map((one, at) => [ends[at], one]))
    for (const { border, end } of group)
      found.set(border, { border, end, seen, ...(coming.get(end) ?? nobody) })
  }
  return borders.flatMap((border) => found.get(border) ?? [])
}

/** Judges every privileged queue, and every role that is as privileged. */
export const judge = (access: Access, judging: Judging): Judgement => {
  const ground = gatedGround(access, judging)
  const { graph } = ground.access
  const openly = openlyIn(graph)
  const told = toldIn(ground)
  const judged = reachesOf(ground, withNarrower(judging.borders)).map((one) => {
    const { border, end, seen } = one
    if (end === undefined) return verdictOf(ground, one, [])
    const allowed = allowedIn(graph, border)
    const { hopOver } = ground
    const isOfRole = isRole(border.on)
    const looked = { ...one, graph, end, isRole: isOfRole, allowed, openly: openly(seen), hopOver }
    return verdictOf(ground, one, pathVerdicts(looked, told))
  })
  const all = judging.borders.map(({ on }) => judged.filter((one) => one.on === on).reduce(worse))
  return {
    ground,
    queues: all.flatMap(({ on: queue, ...verdict }) => (isRole(queue) ? [] : [{ queue, ...verdict }])),
    roles: all.flatMap(({ on: role, ...verdict }) => (isRole(role) ? [{ role, ...verdict }] : [])),
    assumed: assumedOf(ground, all),
    settled: ground.settled,
  }
}

const isRole = (on: Address): boolean => on.startsWith('role:')

/** Two verdicts on one queue as one: of a cluster's border, and of the one that the queue draws within it. */
const worse = (a: Judged, b: Judged): Judged => {
  const known = new Set(a.reachers.map(({ who }) => who))
  const rank = (one: Judged) => verdicts.indexOf(one.verdict)
  return {
    ...(rank(b) > rank(a) ? b : a),
    allowed: b.allowed,
    accepted: Math.max(a.accepted, b.accepted),
    paths: a.paths.map((path, i) => worsePath(path, b.paths[i] ?? path)),
    reachers: [...a.reachers, ...b.reachers.filter(({ who }) => !known.has(who))],
  }
}

const worsePath = (a: PathVerdict, b: PathVerdict): PathVerdict => ({
  ...(verdicts.indexOf(b.verdict) > verdicts.indexOf(a.verdict) ? b : a),
  assumptions: [
    ...a.assumptions,
    ...b.assumptions.filter(
      ({ finding, at }) => !a.assumptions.some((one) => one.finding === finding && one.at === at),
    ),
  ],
})

/** What everybody can do openly, found once for all queues that see the same. */
const openlyIn = (graph: Graph) => {
  const known = new Map<Seen, Able>()
  return (seen: Seen): Able => {
    const able = known.get(seen) ?? ableIn(graph, reach(graph, seen.ranks, rankOf('open'), graph.principals))
    known.set(seen, able)
    return able
  }
}

/** Assumptions, each as the same object for every queue that rests on it: there may be thousands of each. */
const toldIn = ({ settled, raised }: Ground): readonly Told[] =>
  raised.map((one) => ({ finding: one.finding, at: one.at, accepted: settled.by(one) !== undefined }))

/** The principals that are allowed, by place. */
export const allowedIn = ({ principals, nodes }: Graph, { allowed }: Border): Bits =>
  bitsOf(principals.flatMap((node, place) => (allowed.has(nodes[node] ?? '') ? [place] : [])))

const verdictOf = (ground: Ground, one: QueueReach, paths: readonly PathVerdict[]): Judged => {
  const { border } = one
  const reachers = reachersOf(ground, one)
  const worst = reachers[0]?.shortest.sureness ?? 'accepted'
  return {
    on: border.on,
    verdict: worst === 'accepted' ? 'closed' : worst,
    accepted: paths.flatMap(({ assumptions }) => assumptions).filter(({ accepted }) => accepted).length,
    trusted: [...border.allowed].filter(([who, by]) => by === 'trust' && isMember(who)).length,
    allowed: [...border.allowed.keys()].filter(isMember).sort(),
    paths,
    reachers,
    at: border.at,
    ...(ground.access.facts.from('contained', border.on).length > 0 && { contained: true }),
  }
}

const isMember = (who: string): boolean => who.startsWith('user:')

/** Everybody who reaches a queue or a role and is not allowed to, the surest first, with the shortest of their surest paths. */
const reachersOf = (ground: Ground, { border, end, seen, best }: QueueReach): readonly Reacher[] => {
  const { graph } = ground.access
  if (end === undefined) return []
  const pathOf = pathsTo(graph, seen.ranks, end, ground.hopOver)
  const reachers: Reacher[] = []
  for (const rank of surenesses.keys())
    graph.principals.forEach((node, place) => {
      const who = graph.nodes[node] ?? ''
      if (best[place] !== rank || border.allowed.has(who)) return
      reachers.push({ who, allowed: false, shortest: pathOf(node, rank) })
    })
  return reachers
}

const assumedOf = ({ settled, raised }: Ground, judged: readonly Judged[]): Assumed[] => {
  const resting = byAssumption<Address[]>()
  for (const { on, paths } of judged)
    for (const { assumptions } of paths)
      for (const one of assumptions) {
        const there = resting.of(one)
        if (there === undefined) resting.set(one, [on])
        else if (there.at(-1) !== on) there.push(on)
      }
  return raised.flatMap(({ finding, at, edges }): Assumed[] => {
    const on = resting.of({ finding, at })
    if (on === undefined) return []
    const roles = on.filter(isRole).sort()
    const accept = settled.by({ finding, at })
    return [
      {
        finding,
        at,
        path: accessCodes[finding].path,
        queues: on.filter((one) => !isRole(one)).sort(),
        ...(roles.length > 0 && { roles }),
        facts: digestOf(edges),
        ...(accept === undefined
          ? {}
          : { accepted: { reason: accept.reason, until: accept.until, at: accept.at } }),
      },
    ]
  })
}
