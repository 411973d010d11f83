import type { Address } from '../model/address.js'
import type { Accept } from '../model/declared-access.js'
import { grantKey } from '../model/grant.js'
import type { AccessDelta, Gain, Loss } from '../model/plan.js'
import type { Path } from '../model/verdict.js'
import type { Access } from './access.js'
import type { Border } from './borders.js'
import { members, noBits } from './bits.js'
import { pathsTo, whoComes } from './coming.js'
import { rowOf, type Graph } from './graph.js'
import { gatedGround, withNarrower, type Ground, type Judging } from './ground.js'
import { allowedIn, reachesOf, type QueueReach } from './judge.js'
import { can, isPrincipal, type Node } from './node.js'
import { reach, sliceTo } from './reach.js'
import type { Edge } from './rule.js'
import { never, rankOf, type Sureness } from './sureness.js'
import { ableIn, travel } from './travel.js'

/** The organization as it is, and as it would be. */
export interface Change {
  readonly before: Access
  readonly after: Access
  readonly judging: { readonly before: Judging; readonly after: Judging }
}

/** Who reaches more after a change, and who less; and whether it opens a privileged queue or role. */
export const deltaOf = ({ before, after, judging }: Change): AccessDelta => {
  const was = gatedGround(before, judging.before)
  const is = gatedGround(after, judging.after)
  const reachedBefore = new Map(
    reachesOf(was, withNarrower(judging.before.borders)).map((one) => [borderKey(one.border), one]),
  )
  const gains: Gain[] = []
  const losses: Loss[] = []
  const opens = new Set<Address>()
  const isNew = newEdges(was.access, is.access)
  const isAccepted = idleIn(is).size < idleIn(was).size
  for (const one of reachesOf(is, withNarrower(judging.after.borders))) {
    const { on: queue, allowed, narrowed } = one.border
    const deed = queue.startsWith('role:') ? { can: 'assume' } : {}
    const then = reachedBefore.get(borderKey(one.border))
    const peopleThen = peopleOn(was, then, 'assumed')
    const openThen = peopleOn(was, then, 'open')
    const people = peopleOn(is, one, 'assumed')
    const open = peopleOn(is, one, 'open')
    const isTold = (who: Node) => narrowed && gains.some((gain) => gain.who === who && gain.on === queue)
    const pathTo = pathsOf(is, one)
    // Whoever might have, for all that anybody could read, and now surely does, has gained.
    for (const who of people)
      if ((open.has(who) ? !openThen.has(who) : !peopleThen.has(who)) && !isTold(who)) {
        const by = allowed.get(who)
        const paths = pathTo(who, open.has(who) ? 'open' : 'assumed').map(shown)
        gains.push({ who, ...deed, on: queue, ...(by === undefined ? {} : { by }), paths })
      }
    const settled = peopleOn(is, one, 'accepted')
    // Whom a gate keeps out from now on has the rest of the cluster, and leaves nothing behind.
    for (const who of narrowed ? [] : peopleThen)
      if (openThen.has(who) ? !open.has(who) : !people.has(who))
        losses.push({
          who,
          ...deed,
          on: queue,
          ...(isAccepted && !openThen.has(who) && settled.has(who) && { accepted: true as const }),
        })
    const strangersOpen = [...open].filter((who) => !allowed.has(who))
    const widened =
      strangersOpen.some((who) => !openThen.has(who)) || (strangersOpen.length > 0 && usesNew(is, one, isNew))
    const isLetGo = isPaused(before, queue) && !isPaused(after, queue)
    if (widened || (strangersOpen.length > 0 && isLetGo)) opens.add(queue)
  }
  const judged = new Set([...judging.before.borders, ...judging.after.borders].map(({ on }) => on))
  const rights = rightsGained(before.graph, after.graph, judged)
  return {
    gains: [...gains, ...rights.gained].sort(byWho),
    losses: [...losses, ...rights.lost].sort(byWho),
    opens: [...opens].sort(),
    widens:
      gains.some(({ on }) => reachedBefore.get(on)?.end !== undefined) ||
      rights.gained.some(({ can: verb = '', on }) => {
        const end = newWithIt[verb]?.(on)
        return end === undefined || before.graph.number(end) !== undefined
      }),
  }
}

/** Rights that whatever is new brings along: they widen what was there before. */
const newWithIt: Readonly<Record<string, (on: Address) => Node>> = { build: can.code, assume: can.assume }

/** The acceptances that settle nothing as things are. */
const idleIn = ({ settled }: Ground): ReadonlySet<Accept> =>
  new Set([...settled.unused, ...settled.void.map(({ accept }) => accept)])

/** Whether nothing is sent from a queue to its agents. */
const isPaused = ({ facts }: Access, queue: Address): boolean =>
  facts.on('has-queue', queue).length > 0 && facts.from('dispatches', queue).length === 0

const byWho = (a: Gain | Loss, b: Gain | Loss): number => {
  const key = ({ who, on, can: verb = 'run' }: Gain | Loss) => `${on} ${verb} ${who}`
  return key(a) < key(b) ? -1 : 1
}

/** A border of a cluster, or the one that a queue draws within it. */
const borderKey = ({ on, narrowed }: Border): Address | `${Address} by its gate` =>
  narrowed ? `${on} by its gate` : on

const peopleOn = (
  { access: { graph } }: Ground,
  one: QueueReach | undefined,
  sureness: Sureness,
): ReadonlySet<Node> => new Set(one === undefined ? [] : whoComes(graph, one, rankOf(sureness)))

/** Which edges of the graph after were not in the graph before. Few are asked about, of two graphs with many. */
const newEdges =
  (before: Access, after: Access): ((edge: number) => boolean) =>
  (n) => {
    const edge = after.graph.edges[n]
    if (edge === undefined) return false
    const end = before.graph.number(edge.to)
    const there = end === undefined ? [] : rowOf(before.graph.arriving, end)
    const key = keyOf(edge)
    return !there.some((m) => {
      const other = before.graph.edges[m]
      return other?.path === edge.path && keyOf(other) === key
    })
  }

const keyOf = ({ from, facts }: Edge) => `${from.join('\n')}\n${facts.map(grantKey).join('\n')}`

/** Whether somebody who is not allowed has an open path over an edge that is new, even if they had another before. */
const usesNew = (
  { access: { graph } }: Ground,
  { border, end, seen, plainly }: QueueReach,
  isNew: (edge: number) => boolean,
): boolean => {
  if (end === undefined) return false
  const most = rankOf('open')
  const reached = reach(graph, seen.ranks, most, graph.principals)
  const ways = { ...seen, most, able: ableIn(graph, reached), allowed: allowedIn(graph, border), plainly }
  let found = false
  travel(graph, ways, most, (edge) => {
    found ||= isNew(edge)
  })
  return found
}

const pathsOf = ({ access: { graph }, hopOver }: Ground, { end, seen }: QueueReach) => {
  const find = end === undefined ? undefined : pathsTo(graph, seen.ranks, end, hopOver)
  return (who: Node, sureness: Sureness): readonly Path[] => {
    const node = graph.number(who)
    return find === undefined || node === undefined ? [] : [find(node, rankOf(sureness))]
  }
}

/** Moving a line must make no reviewed plan stale. */
const shown = (path: Path): Path => ({ ...path, hops: path.hops.map((hop) => ({ ...hop, facts: [] })) })

/**
 * Rights beside running code on privileged queues and assuming privileged roles: building, editing, maintaining,
 * administering, creating, and assuming what nothing says who may.
 */
const rightsGained = (
  before: Graph,
  after: Graph,
  judged: ReadonlySet<Address>,
): { gained: Gain[]; lost: Loss[] } => {
  const isUnjudged = ([, { can: verb, on }]: readonly [string, Loss]) => verb !== 'assume' || !judged.has(on)
  const had = new Map([...rightsIn(before)].filter(isUnjudged))
  const have = new Map([...rightsIn(after)].filter(isUnjudged))
  const gained = [...have]
    .filter(([key]) => !had.has(key))
    .map(([, right]): Gain => ({ ...right, paths: [] }))
  const lost = [...had].filter(([key]) => !have.has(key)).map(([, right]): Loss => right)
  return { gained, lost }
}

const rights: readonly { readonly prefix: string; readonly can: string }[] = [
  { prefix: 'can administer', can: 'administer' },
  { prefix: 'can create pipelines', can: 'create pipelines' },
  { prefix: 'can create test suites', can: 'create test suites' },
  { prefix: 'can create package registries', can: 'create package registries' },
  { prefix: 'can come to maintain ', can: 'maintain' },
  { prefix: 'can maintain ', can: 'maintain' },
  { prefix: 'can edit ', can: 'edit' },
  { prefix: 'can build ', can: 'build' },
  { prefix: 'can assume ', can: 'assume' },
]

/** What each person is sure to have, by a key. What they have for being an administrator is told once, as that. */
const rightsIn = (graph: Graph): ReadonlyMap<string, Loss & { readonly can: string }> => {
  const nodes = graph.nodes.flatMap((name, node) => {
    const right = rights.find(({ prefix }) => name.startsWith(prefix))
    return right === undefined ? [] : [{ node, can: right.can, on: name.slice(right.prefix.length) }]
  })
  const administrators = graph.number(can.administer())
  const ranks = sliceTo(
    graph,
    nodes.map(({ node }) => node),
    (n) =>
      graph.edges[n]?.assumes === undefined && graph.from[n] !== administrators ? rankOf('open') : never,
  )
  const reached = reach(graph, ranks, rankOf('open'), graph.principals)
  const found = new Map<string, Loss & { readonly can: string }>()
  for (const { node, can: verb, on } of nodes)
    for (const place of members(reached[node] ?? noBits)) {
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
