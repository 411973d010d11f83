import type { Accept } from '../model/declared-access.js'
import type { Assumed, Path, PathVerdict, QueueVerdict, Reacher, VerdictWord } from '../model/verdict.js'
import { accessCodes, type AccessCode } from '../model/access-codes.js'
import { raisedBy, settle, type Raised, type Settled } from './accept.js'
import type { Access } from './access.js'
import { both, has, isEmpty, members, noBits, without, add, type Bits } from './bits.js'
import type { Border } from './borders.js'
import type { Graph } from './graph.js'
import { can } from './node.js'
import { edgesTo, pathOf, trace, type Trace } from './paths.js'
import { leadsTo, reach, sliceTo, type Reach, type Slice, type Usable } from './reach.js'
import type { Edge } from './rule.js'

/** What a hook on the agents can refuse, if it is there. @source product, "allow" of a queue */
const heldByHook = new Set(['R19'])

/** What a judgement is given besides the graph. */
export interface Judging {
  readonly borders: readonly Border[]
  readonly accepts: readonly Accept[]
  /** `2026-11-22`, in UTC. */
  readonly today: string
  /** Queues whose hook was seen to refuse, within the day. */
  readonly held?: ReadonlySet<string>
}

/** Which edges count, the surest first: each word's own, and all of those before it. */
const words = ['open', 'assumed', 'held', 'accepted'] as const
type Sureness = (typeof words)[number]

/** What is known of a graph before any queue is judged. */
export interface Ground {
  readonly access: Access
  readonly slice: Slice
  readonly settled: Settled
  readonly raised: readonly Raised[]
  readonly surenessOf: (edge: number, border: Border) => Sureness
}

/** Everybody's reach of one queue, from the surest edges to all. */
export interface QueueReach {
  readonly border: Border
  readonly end: number | undefined
  readonly usable: Readonly<Record<Sureness, Usable>>
  readonly reached: Readonly<Record<Sureness, Reach>>
}

/** The judgement of all borders, and what it rests on. */
export interface Judgement {
  readonly queues: readonly QueueVerdict[]
  readonly assumed: readonly Assumed[]
  readonly settled: Settled
}

/** Looks at the part of the graph from which privileged queues can be come to, and at what it assumes. */
export const groundOf = (access: Access, judging: Judging): Ground => {
  const { graph, facts } = access
  const slice = sliceTo(
    graph,
    judging.borders.flatMap(({ queue }) => graph.number(can.run(queue)) ?? []),
  )
  const raised = raisedBy(slice.edges.flatMap((n) => graph.edges[n] ?? []))
  const settled = settle(raised, judging.accepts, facts, judging.today)
  const own = graph.edges.map(({ assumes }): Sureness =>
    assumes === undefined ? 'open' : settled.by(assumes) === undefined ? 'assumed' : 'accepted',
  )
  const surenessOf = (n: number, { narrowed, queue }: Border): Sureness => {
    const sureness = own[n] ?? 'open'
    const edge = graph.edges[n]
    if (!narrowed || edge === undefined || edge.to !== can.run(queue) || !heldByHook.has(edge.path))
      return sureness
    return judging.held?.has(queue) === true ? 'held' : 'assumed'
  }
  return { access, slice, settled, raised, surenessOf }
}

/** Judges every privileged queue. */
export const judge = (access: Access, judging: Judging): Judgement => {
  const ground = groundOf(access, judging)
  const reaches = reachesOf(ground, judging.borders)
  const traces = new Map<string, Trace>()
  const restsOn = new Map<Raised, Set<Border>>()
  const queues = reaches.map((one) => verdictOf(ground, one, traces, restsOn))
  return { queues, assumed: assumedOf(ground, restsOn), settled: ground.settled }
}

/** Who reaches each queue. Borders that trust the same edges share a walk. */
export const reachesOf = (ground: Ground, borders: readonly Border[]): readonly QueueReach[] => {
  const { access, slice } = ground
  const common = new Map<boolean, Pick<QueueReach, 'usable' | 'reached'>>()
  return borders.map((border) => {
    const end = access.graph.number(can.run(border.queue))
    const known = border.narrowed ? undefined : common.get(false)
    const walked = known ?? walk(access.graph, slice, (n) => ground.surenessOf(n, border))
    if (!border.narrowed) common.set(false, walked)
    return { border, end, ...walked }
  })
}

const walk = (
  graph: Graph,
  slice: Slice,
  surenessOf: (edge: number) => Sureness,
): Pick<QueueReach, 'usable' | 'reached'> => {
  const rank = new Map(slice.edges.map((n) => [n, words.indexOf(surenessOf(n))]))
  const usable = (word: Sureness): Usable => {
    const most = words.indexOf(word)
    return (n) => (rank.get(n) ?? words.length) <= most
  }
  const usables = {
    open: usable('open'),
    assumed: usable('assumed'),
    held: usable('held'),
    accepted: usable('accepted'),
  }
  const open = reach(graph, slice, usables.open)
  const assumed = reach(graph, slice, usables.assumed, open)
  const held = reach(graph, slice, usables.held, assumed)
  const accepted = reach(graph, slice, usables.accepted, held)
  return { usable: usables, reached: { open, assumed, held, accepted } }
}

/** The principals that are allowed, as bits. */
const allowedBits = (graph: Graph, { allowed }: Border): Bits => {
  const bits = noBits(graph.principals.length)
  graph.principals.forEach((node, place) => {
    if (allowed.has(graph.nodes[node] ?? '')) add(bits, place)
  })
  return bits
}

const verdictOf = (
  ground: Ground,
  { border, end, usable, reached }: QueueReach,
  traces: Map<string, Trace>,
  restsOn: Map<Raised, Set<Border>>,
): QueueVerdict => {
  const { graph } = ground.access
  const allowed = allowedBits(graph, border)
  const at = (word: Sureness): Bits =>
    end === undefined ? noBits(graph.principals.length) : without(reached[word][end] ?? allowed, allowed)
  const worst: Sureness | 'closed' = words.find((word) => !isEmpty(at(word))) ?? 'closed'
  const paths =
    end === undefined ? [] : pathVerdicts(ground, { border, end, usable, reached }, allowed, restsOn)
  const assumptions = paths.flatMap((path) => path.assumptions)
  return {
    queue: border.queue,
    verdict: worst === 'accepted' ? 'closed' : worst,
    accepted: new Set(
      assumptions.filter(({ accepted }) => accepted).map(({ finding, at }) => `${finding} ${at}`),
    ).size,
    trusted: [...border.allowed.values()].filter((by) => by === 'trust').length,
    allowed: [...border.allowed.keys()].sort(),
    paths,
    reachers: end === undefined ? [] : reachersOf(ground, { border, end, usable, reached }, traces),
    at: border.at,
  }
}

/** By rule, whether somebody who is not allowed comes to the queue over an edge of it. */
const pathVerdicts = (
  ground: Ground,
  { border, end, usable, reached }: QueueReach & { readonly end: number },
  allowed: Bits,
  restsOn: Map<Raised, Set<Border>>,
): PathVerdict[] => {
  const { graph } = ground.access
  const over = new Map<string, { verdict: Sureness; reachers: Bits; assumed: Set<Raised> }>()
  const raised = new Map(ground.raised.map((one) => [`${one.finding} ${one.at}`, one]))
  for (const word of words) {
    if (isEmpty(without(reached[word][end] ?? allowed, allowed))) continue
    const slice = sliceTo(graph, [end])
    const onward = leadsTo(graph, slice, usable[word], reached[word], end)
    for (const n of slice.edges) {
      const edge = graph.edges[n]
      if (edge === undefined || !usable[word](n)) continue
      const through = travellers(graph, n, reached[word], onward, allowed)
      if (isEmpty(through)) continue
      note(over, edge, word, through, raised, restsOn, border)
    }
  }
  return (Object.keys(accessCodes) as AccessCode[]).map((finding): PathVerdict => {
    const { path } = accessCodes[finding]
    const found = over.get(path)
    const verdict: VerdictWord =
      found === undefined || found.verdict === 'accepted' ? 'closed' : found.verdict
    const assumptions = [...(found?.assumed ?? [])].map(({ finding: code, at }) => ({
      finding: code,
      at,
      accepted: ground.settled.by({ finding: code, at }) !== undefined,
    }))
    return { path, finding, verdict, reachers: members(found?.reachers ?? noBits(0)).length, assumptions }
  })
}

/** Those not allowed who can use an edge, and for whom what it leads to leads on to the end. */
const travellers = (graph: Graph, n: number, reached: Reach, onward: Reach, allowed: Bits): Bits => {
  const [first, ...others] = (graph.from[n] ?? []).map(
    (start) => reached[start] ?? noBits(allowed.length * 32),
  )
  const onwardFrom = onward[graph.to[n] ?? -1]
  if (first === undefined || onwardFrom === undefined) return noBits(0)
  return without(both(others.reduce(both, first), onwardFrom), allowed)
}

const note = (
  over: Map<string, { verdict: Sureness; reachers: Bits; assumed: Set<Raised> }>,
  edge: Edge,
  word: Sureness,
  through: Bits,
  raised: ReadonlyMap<string, Raised>,
  restsOn: Map<Raised, Set<Border>>,
  border: Border,
) => {
  const known = over.get(edge.path) ?? {
    verdict: word,
    reachers: noBits(through.length * 32),
    assumed: new Set(),
  }
  through.forEach((bits, i) => (known.reachers[i] = (known.reachers[i] ?? 0) | bits))
  over.set(edge.path, known)
  if (edge.assumes === undefined) return
  const one = raised.get(`${edge.assumes.finding} ${edge.assumes.at}`)
  if (one === undefined) return
  known.assumed.add(one)
  restsOn.set(one, (restsOn.get(one) ?? new Set()).add(border))
}

/** Everybody who reaches a queue and is not allowed to, with the shortest of their surest paths. */
const reachersOf = (
  ground: Ground,
  one: QueueReach & { readonly end: number },
  traces: Map<string, Trace>,
): Reacher[] => {
  const { border, reached, end } = one
  const { graph } = ground.access
  const found: Reacher[] = []
  const done = new Set<number>()
  for (const word of words)
    for (const place of members(reached[word][end] ?? noBits(0))) {
      if (done.has(place)) continue
      done.add(place)
      const principal = graph.principals[place]
      const who = principal === undefined ? undefined : graph.nodes[principal]
      if (principal === undefined || who === undefined || border.allowed.has(who)) continue
      found.push({ who, allowed: false, shortest: shortest(ground, one, word, who, principal, traces) })
    }
  return found
}

const shortest = (
  ground: Ground,
  { border, usable, end }: QueueReach & { readonly end: number },
  word: Sureness,
  who: string,
  principal: number,
  traces: Map<string, Trace>,
): Path => {
  const { access, slice, settled } = ground
  const key = `${border.narrowed ? border.queue : ''} ${word} ${principal}`
  const walked = traces.get(key) ?? trace(access.graph, slice, usable[word], [principal])
  traces.set(key, walked)
  return pathOf(access.graph, who, edgesTo(access.graph, walked, end) ?? [], word, (edge) =>
    isSettled(settled, edge),
  )
}

const isSettled = (settled: Settled, { assumes }: Edge): boolean =>
  assumes !== undefined && settled.by(assumes) !== undefined

const assumedOf = (
  { settled, raised }: Ground,
  restsOn: ReadonlyMap<Raised, ReadonlySet<Border>>,
): Assumed[] =>
  raised.flatMap((one) => {
    const borders = restsOn.get(one)
    if (borders === undefined) return []
    const accept = settled.by(one)
    return [
      {
        finding: one.finding,
        at: one.at,
        path: accessCodes[one.finding].path,
        queues: [...borders].map(({ queue }) => queue).sort(),
        facts: one.facts,
        ...(accept === undefined
          ? {}
          : { accepted: { reason: accept.reason, until: accept.until, at: accept.at } }),
      },
    ]
  })

/** Whether somebody reaches a queue, and how surely. */
export const reachOf = (
  { access: { graph } }: Ground,
  { end, reached }: QueueReach,
  who: string,
): Sureness | 'closed' => {
  const node = graph.number(who)
  const place = node === undefined ? -1 : graph.principals.indexOf(node)
  if (end === undefined || place < 0) return 'closed'
  return words.find((word) => has(reached[word][end] ?? noBits(0), place)) ?? 'closed'
}

/** Whether what an edge assumes has been accepted. */
export const isSettledIn =
  ({ settled }: Ground) =>
  (edge: Edge): boolean =>
    isSettled(settled, edge)
