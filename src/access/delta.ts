import type { Address } from '../model/address.js'
import { grantKey } from '../model/grant.js'
import type { AccessDelta, Gain, Loss } from '../model/plan.js'
import type { Hop, Path } from '../model/verdict.js'
import type { Access } from './access.js'
import { members, noBits } from './bits.js'
import type { Graph } from './graph.js'
import { groundOf, reachesOf, type Ground, type Judging, type QueueReach } from './judge.js'
import { can, isPrincipal, type Node } from './node.js'
import { edgesTo, pathOf, trace } from './paths.js'
import { reach, sliceTo } from './reach.js'

/** The organization as it is, and as it would be. */
export interface Change {
  readonly before: Access
  readonly after: Access
  readonly judging: { readonly before: Judging; readonly after: Judging }
}

/** Who reaches more after a change, and who less; and whether it opens a privileged queue. */
export const deltaOf = ({ before, after, judging }: Change): AccessDelta => {
  const was = groundOf(before, judging.before)
  const is = groundOf(after, judging.after)
  const reachedBefore = new Map(reachesOf(was, judging.before.borders).map((one) => [one.border.queue, one]))
  const gains: Gain[] = []
  const losses: Loss[] = []
  const opens: Address[] = []
  const isNew = newEdges(before, after)
  for (const one of reachesOf(is, judging.after.borders)) {
    const { queue, allowed } = one.border
    const then = reachedBefore.get(queue)
    const peopleThen = peopleOn(before.graph, then, 'assumed')
    const openThen = peopleOn(before.graph, then, 'open')
    const people = peopleOn(after.graph, one, 'assumed')
    const open = peopleOn(after.graph, one, 'open')
    // Whoever might have, for all that anybody could read, and now surely does, has gained.
    for (const who of people)
      if (open.has(who) ? !openThen.has(who) : !peopleThen.has(who)) {
        const by = allowed.get(who)
        const paths = pathsOf(is, one, who, open.has(who))
        gains.push({ who, on: queue, ...(by === undefined ? {} : { by }), paths })
      }
    for (const who of peopleThen)
      if (openThen.has(who) ? !open.has(who) : !people.has(who)) losses.push({ who, on: queue })
    const widened = [...open].some(
      (who) => !allowed.has(who) && (!openThen.has(who) || usesNew(is, one, who, isNew)),
    )
    const strangers = [...open].some((who) => !allowed.has(who))
    const isLetGo = isPaused(before, queue) && !isPaused(after, queue)
    if (widened || (strangers && isLetGo)) opens.push(queue)
  }
  const rights = rightsGained(before.graph, after.graph)
  return {
    gains: [...gains, ...rights.gained].sort(byWho),
    losses: [...losses, ...rights.lost].sort(byWho),
    opens: opens.sort(),
    widens:
      gains.some(({ on }) => reachedBefore.get(on)?.end !== undefined) ||
      rights.gained.some(
        ({ can: verb, on }) => verb !== 'build' || before.graph.number(can.code(on)) !== undefined,
      ),
  }
}

/** Whether nothing is sent from a queue to its agents. */
const isPaused = ({ facts }: Access, queue: Address): boolean =>
  facts.on('has-queue', queue).length > 0 && facts.from('dispatches', queue).length === 0

const byWho = (a: Gain | Loss, b: Gain | Loss): number => {
  const key = ({ who, on, can: verb = 'run' }: Gain | Loss) => `${on} ${verb} ${who}`
  return key(a) < key(b) ? -1 : 1
}

const peopleOn = (
  graph: Graph,
  one: QueueReach | undefined,
  sureness: 'open' | 'assumed',
): ReadonlySet<Node> => {
  const bits = one?.end === undefined ? undefined : one.reached[sureness][one.end]
  return new Set(members(bits ?? noBits(0)).map((place) => graph.nodes[graph.principals[place] ?? -1] ?? ''))
}

/** Which edges of the graph after were not in the graph before. */
const newEdges = (before: Access, after: Access): ((edge: number) => boolean) => {
  const key = ({ path, from, to, facts }: Graph['edges'][number]) =>
    `${path}\n${from.join('\n')}\n${to}\n${facts.map(grantKey).join('\n')}`
  const known = new Set(before.graph.edges.map(key))
  return (n) => {
    const edge = after.graph.edges[n]
    return edge !== undefined && !known.has(key(edge))
  }
}

/** Whether somebody has an open path over an edge that is new, even if they had another before. */
const usesNew = (
  { access: { graph } }: Ground,
  { end, usable }: QueueReach,
  who: Node,
  isNew: (edge: number) => boolean,
): boolean => {
  const start = graph.number(who)
  if (end === undefined || start === undefined) return false
  const slice = sliceTo(graph, [end])
  const walked = trace(graph, slice, usable.open, [start])
  return slice.edges.some(
    (n) => usable.open(n) && isNew(n) && (graph.from[n] ?? []).every((from) => walked.distance.has(from)),
  )
}

const pathsOf = (
  ground: Ground,
  { end, usable }: QueueReach,
  who: Node,
  isOpen: boolean,
): readonly Path[] => {
  const { graph } = ground.access
  const start = graph.number(who)
  if (end === undefined || start === undefined) return []
  const sureness = isOpen ? 'open' : 'assumed'
  const walked = trace(graph, ground.slice, usable[sureness], [start])
  const edges = edgesTo(graph, walked, end)
  if (edges === undefined) return []
  const path = pathOf(graph, who, edges, sureness, () => false)
  return [{ ...path, hops: path.hops.map(withoutFacts) }]
}

/** Moving a line must make no reviewed plan stale. */
const withoutFacts = (hop: Hop): Hop => ({ ...hop, facts: [] })

/** Rights beside running code on privileged queues: building, editing, maintaining, administering, creating. */
const rightsGained = (before: Graph, after: Graph): { gained: Gain[]; lost: Loss[] } => {
  const had = rightsIn(before)
  const have = rightsIn(after)
  const gained = [...have]
    .filter(([key]) => !had.has(key))
    .map(([, right]): Gain => ({ ...right, paths: [] }))
  const lost = [...had].filter(([key]) => !have.has(key)).map(([, right]): Loss => right)
  return { gained, lost }
}

const rights: readonly { readonly prefix: string; readonly can: string; readonly keep?: string }[] = [
  { prefix: 'can administer', can: 'administer' },
  { prefix: 'can create pipelines', can: 'create' },
  { prefix: 'can maintain ', can: 'maintain' },
  { prefix: 'can edit ', can: 'edit' },
  { prefix: 'can build ', can: 'build' },
]

/** What each person is sure to have, by a key. What they have for being an administrator is told once, as that. */
const rightsIn = (graph: Graph): ReadonlyMap<string, Loss & { readonly can: string }> => {
  const nodes = graph.nodes.flatMap((name, node) => {
    const right = rights.find(({ prefix }) => name.startsWith(prefix))
    return right === undefined ? [] : [{ node, can: right.can, on: name.slice(right.prefix.length) }]
  })
  const administrators = graph.number(can.administer())
  const slice = sliceTo(
    graph,
    nodes.map(({ node }) => node),
  )
  const reached = reach(
    graph,
    slice,
    (n) => graph.edges[n]?.assumes === undefined && !(graph.from[n] ?? []).includes(administrators ?? -1),
  )
  const found = new Map<string, Loss & { readonly can: string }>()
  for (const { node, can: verb, on } of nodes)
    for (const place of members(reached[node] ?? noBits(0))) {
      const who = graph.nodes[graph.principals[place] ?? -1] ?? ''
      if (!isPrincipal(who)) continue
      const right = { who, can: verb, on: (on === '' ? 'organization:' : on) as Address }
      found.set(`${who} ${verb} ${right.on}`, right)
    }
  // Full Access is said, and the rest of what it gives goes without saying.
  for (const [key, { who, can: verb, on }] of found)
    if (verb === 'build' && found.has(`${who} edit ${on}`)) found.delete(key)
  return found
}
