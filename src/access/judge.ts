import type { Accept } from '../model/declared-access.js'
import type {
  Assumed,
  Assumption,
  Path,
  PathVerdict,
  QueueVerdict,
  Reacher,
  VerdictWord,
} from '../model/verdict.js'
import { accessCodes, type AccessCode } from '../model/access-codes.js'
import type { Address } from '../model/address.js'
import { raisedBy, settle, type Raised, type Settled } from './accept.js'
import type { Access } from './access.js'
import { add, both, either, has, isEmpty, members, noBits, without, type Bits } from './bits.js'
import type { Border } from './borders.js'
import type { Graph } from './graph.js'
import { can } from './node.js'
import { edgesTo, pathOf, trace, type Trace } from './paths.js'
import { leadsTo, reach, sliceTo, type Reach, type Slice, type Usable } from './reach.js'
import type { Edge } from './rule.js'

/** What a hook on the agents can refuse, if it is there. @source product, "allow" of a queue */
const heldByHook = new Set(['R19'])

/** What is outside of every model of configuration: no reading closes these. @source product, law 9 */
const neverClosed = new Set<string>([24, 25, 30, 33, 36, 40, 41, 42, 46, 48].map((number) => `R${number}`))

/** What a judgement is given besides the graph. */
export interface Judging {
  readonly borders: readonly Border[]
  readonly accepts: readonly Accept[]
  /** `2026-11-22`, in UTC. */
  readonly today: string
  /** True where bridle.lock.yaml keeps every privileged name, so that none changes hands unseen. */
  readonly locked?: boolean
  /** Queues whose hook was seen to refuse, within the day. */
  readonly held?: ReadonlySet<string>
}

/** Which edges count, the surest first: each word's own, and all of those before it. */
const words = ['open', 'assumed', 'held', 'accepted'] as const
type Sureness = (typeof words)[number]

/** What is known of a graph before any queue is judged. */
export interface Ground {
  readonly access: Access
  readonly borders: readonly Border[]
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

/** What an edge assumes: its own, or that the hook holds the border of a queue that narrows its cluster's. */
const assumptionOf = (edge: Edge, { narrowed, queue }: Border): Assumption | undefined =>
  edge.assumes ??
  (narrowed && edge.to === can.run(queue) && heldByHook.has(edge.path)
    ? { finding: 'any-queue', at: queue }
    : undefined)

/** Looks at the part of the graph from which privileged queues can be come to, and at what it assumes. */
export const groundOf = (access: Access, judging: Judging): Ground => {
  const { graph, facts } = access
  const whole = sliceTo(
    graph,
    judging.borders.flatMap(({ queue }) => graph.number(can.run(queue)) ?? []),
  )
  const isKept = (n: number) => graph.edges[n]?.assumes?.finding === 'name-reuse'
  const slice = judging.locked === true ? { ...whole, edges: whole.edges.filter((n) => !isKept(n)) } : whole
  const narrowed = new Map(
    judging.borders.flatMap((border) => (border.narrowed ? [[can.run(border.queue), border] as const] : [])),
  )
  const raised = raisedBy(
    slice.edges.flatMap((n) => {
      const edge = graph.edges[n]
      const border = edge && narrowed.get(edge.to)
      const assumes = edge === undefined || border === undefined ? edge?.assumes : assumptionOf(edge, border)
      return edge === undefined ? [] : [assumes === undefined ? edge : { ...edge, assumes }]
    }),
  )
  const settled = settle(raised, judging.accepts, facts, judging.today)
  const surenessOf = (n: number, border: Border): Sureness => {
    const edge = graph.edges[n]
    const assumes = edge === undefined ? undefined : assumptionOf(edge, border)
    if (assumes === undefined) return 'open'
    if (edge?.assumes === undefined && judging.held?.has(border.queue) === true) return 'held'
    return settled.by(assumes) === undefined ? 'assumed' : 'accepted'
  }
  return { access, borders: judging.borders, slice, settled, raised, surenessOf }
}

/** Judges every privileged queue. */
export const judge = (access: Access, judging: Judging): Judgement => {
  const ground = groundOf(access, judging)
  const reaches = reachesOf(ground, judging.borders)
  const traces = new Map<string, Trace>()
  const restsOn = new Map<string, Resting>()
  const queues = reaches.map((one) => verdictOf(ground, one, traces, restsOn))
  return { queues, assumed: assumedOf(ground, restsOn), settled: ground.settled }
}

/** An assumption that a verdict rests on, and whose. */
interface Resting {
  readonly assumption: Assumption
  readonly queues: Set<Address>
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
  one: QueueReach,
  traces: Map<string, Trace>,
  restsOn: Map<string, Resting>,
): QueueVerdict => {
  const { border, end, reached } = one
  const { graph } = ground.access
  const allowed = allowedBits(graph, border)
  const at = (word: Sureness): Bits =>
    end === undefined ? noBits(graph.principals.length) : without(reached[word][end] ?? allowed, allowed)
  const worst: Sureness | 'closed' = words.find((word) => !isEmpty(at(word))) ?? 'closed'
  const paths = end === undefined ? [] : pathVerdicts(ground, { ...one, end }, allowed)
  for (const { assumptions } of paths)
    for (const { finding, at: place } of assumptions) {
      const known = restsOn.get(`${finding} ${place}`) ?? {
        assumption: { finding, at: place },
        queues: new Set(),
      }
      known.queues.add(border.queue)
      restsOn.set(`${finding} ${place}`, known)
    }
  return {
    queue: border.queue,
    verdict: worst === 'accepted' ? 'closed' : worst,
    accepted: paths.flatMap(({ assumptions }) => assumptions).filter(({ accepted }) => accepted).length,
    trusted: [...border.allowed.values()].filter((by) => by === 'trust').length,
    allowed: [...border.allowed.keys()].sort(),
    paths,
    reachers: end === undefined ? [] : reachersOf(ground, { ...one, end }, traces),
    at: border.at,
    ...(ground.access.facts.from('contained', border.queue).length > 0 && { contained: true }),
  }
}

/** What one rule does for one queue. */
interface Found {
  open?: Bits
  readonly assumed: Map<string, Assumption>
}

/**
 * By rule, what it does for one queue: open where somebody who is not allowed comes over an edge of it by what was read
 * alone. An assumption matters if it alone, failing, would let somebody in; what takes several of them to fail is
 * settled by any of them, and named only where none of them is named already.
 */
const pathVerdicts = (
  ground: Ground,
  one: QueueReach & { readonly end: number },
  allowed: Bits,
): PathVerdict[] => {
  const { border, end, usable, reached } = one
  const { graph } = ground.access
  const slice = sliceTo(graph, [end])
  const found = new Map<string, Found>()
  const foundBy = (path: string): Found => {
    const known = found.get(path) ?? { assumed: new Map() }
    found.set(path, known)
    return known
  }
  const note = (within: Usable, walked: Reach, which: Usable) => {
    const onward = leadsTo(graph, slice, within, walked, end)
    for (const n of slice.edges) {
      const edge = graph.edges[n]
      if (edge === undefined || !which(n)) continue
      const through = travellers(graph, n, walked, onward, allowed)
      if (isEmpty(through)) continue
      const assumes = assumptionOf(edge, border)
      if (usable.open(n)) {
        const into = foundBy(edge.path)
        into.open = into.open === undefined ? through : either(into.open, through)
      } else if (assumes !== undefined)
        foundBy(accessCodes[assumes.finding].path).assumed.set(`${assumes.finding} ${assumes.at}`, assumes)
    }
  }
  note(usable.open, reached.open, (n) => usable.accepted(n))
  const named = new Set([...found.values()].flatMap(({ assumed }) => [...assumed.keys()]))
  const isNamed: Usable = (n) => {
    const edge = graph.edges[n]
    const assumes = edge === undefined ? undefined : assumptionOf(edge, border)
    return assumes !== undefined && named.has(`${assumes.finding} ${assumes.at}`)
  }
  const rest: Usable = (n) => usable.assumed(n) && !isNamed(n)
  const restReached = reach(graph, slice, rest, reached.open)
  if (!isEmpty(without(restReached[end] ?? allowed, allowed))) note(rest, restReached, rest)

  return (Object.keys(accessCodes) as AccessCode[]).map((finding): PathVerdict => {
    const { path } = accessCodes[finding]
    const { open, assumed = new Map<string, Assumption>() } = found.get(path) ?? {}
    const assumptions = [...assumed.values()].map((assumes) => ({
      ...assumes,
      accepted: ground.settled.by(assumes) !== undefined,
    }))
    const verdict: VerdictWord =
      open !== undefined
        ? 'open'
        : assumptions.some(({ accepted }) => !accepted) || neverClosed.has(path)
          ? 'assumed'
          : 'closed'
    return { path, finding, verdict, reachers: open === undefined ? 0 : members(open).length, assumptions }
  })
}

/** Those not allowed who can use an edge, and for whom what it leads to leads on to the end. */
const travellers = (graph: Graph, n: number, reached: Reach, onward: Reach, allowed: Bits): Bits => {
  const [first, ...others] = (graph.from[n] ?? []).map((start) => reached[start])
  const onwardFrom = onward[graph.to[n] ?? -1]
  if (first === undefined || onwardFrom === undefined) return noBits(0)
  const able = others.reduce<Bits>(
    (bits, other) => (other === undefined ? noBits(0) : both(bits, other)),
    first,
  )
  return without(both(able, onwardFrom), allowed)
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

const assumedOf = ({ settled, raised }: Ground, restsOn: ReadonlyMap<string, Resting>): Assumed[] =>
  [...restsOn]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, { assumption, queues }]) => {
      const { finding, at } = assumption
      const accept = settled.by(assumption)
      return {
        finding,
        at,
        path: accessCodes[finding].path,
        queues: [...queues].sort(),
        facts: raised.find((one) => one.finding === finding && one.at === at)?.facts ?? '',
        ...(accept === undefined
          ? {}
          : { accepted: { reason: accept.reason, until: accept.until, at: accept.at } }),
      }
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
