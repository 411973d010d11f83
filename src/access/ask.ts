import type { Address } from '../model/address.js'
import type { Reached } from '../model/result.js'
import type { Path, Reacher } from '../model/verdict.js'
import type { Access } from './access.js'
import type { Border } from './borders.js'
import { comingTo, pathsTo } from './coming.js'
import { startsIn, type Graph } from './graph.js'
import { can, endOf, outsider, pusherTo, type Node } from './node.js'
import { backFrom, edgesTo, hopsOf, pathOf, shortestOver, trace, type Back } from './paths.js'
import { edgesIn, sliceTo } from './reach.js'
import type { Edge } from './rule.js'
import { never, rankOf, surenesses, type Rank } from './sureness.js'

/** Whether an assumption of the graph has been accepted. */
export type IsAccepted = (edge: Edge) => boolean

/** How sure an edge is where nothing but the graph and the acceptances says so. */
const rankIn =
  ({ edges }: Graph, isAccepted: IsAccepted) =>
  (n: number): Rank => {
    const edge = edges[n]
    if (edge === undefined) return never
    return edge.assumes === undefined ? rankOf('open') : rankOf(isAccepted(edge) ? 'accepted' : 'assumed')
  }

/**
 * Everybody who reaches something, the worst first; within that, by name.
 *
 * @param allowed  who is allowed there, and why each; left out where nothing says who is
 */
export const whoReaches = (
  { graph }: Access,
  on: Address,
  allowed: Border['allowed'] | undefined,
  isAccepted: IsAccepted,
): readonly Reacher[] => {
  const end = graph.number(endOf(on))
  if (end === undefined) return []
  const ranks = sliceTo(graph, [end], rankIn(graph, isAccepted))
  const [coming] = comingTo(graph, ranks, [end])
  const pathFrom = pathsTo(graph, ranks, end, hopsOf(graph, isAccepted))
  const reachers = graph.principals.flatMap((node, place): Reacher[] => {
    const rank = coming?.best[place] ?? never
    if (rank >= never) return []
    const who = graph.nodes[node] ?? ''
    const by = allowed?.get(who)
    return [
      {
        who,
        ...(allowed && { allowed: by !== undefined }),
        ...(by === undefined ? {} : { by }),
        shortest: pathFrom(node, rank),
      },
    ]
  })
  return reachers.sort(
    (a, b) =>
      Number(a.allowed ?? false) - Number(b.allowed ?? false) ||
      rankOf(a.shortest.sureness) - rankOf(b.shortest.sureness) ||
      (a.who < b.who ? -1 : 1),
  )
}

/**
 * The nodes that somebody begins with: a person is themselves; a team, a pipeline, a role or a repository, what it
 * gives. Members are somebody on the internet, too.
 */
export const beginningsOf = (graph: Graph, who: string): readonly Node[] => {
  const on = who as Address
  const nodes: readonly Node[] =
    who === 'outsider'
      ? [outsider]
      : who.startsWith('team:')
        ? [can.beIn(on), can.beMember()]
        : who.startsWith('pipeline:')
          ? [can.code(on)]
          : who.startsWith('role:')
            ? [can.assume(on)]
            : who.startsWith('repository:')
              ? [pusherTo(on), can.push(on)]
              : [who]
  const isThere = nodes.some((node) => graph.number(node) !== undefined)
  const isMember = isThere && (who.startsWith('team:') || who.startsWith('user:'))
  return isMember ? [...nodes, outsider] : nodes
}

/** The numbers of some nodes, as far as a graph has them. */
export const numbersIn = (graph: Graph, nodes: readonly Node[]): readonly number[] =>
  nodes.flatMap((node) => graph.number(node) ?? [])

/** The nodes that somebody begins with, by their numbers. */
export const startsOf = (graph: Graph, who: string): readonly number[] =>
  numbersIn(graph, beginningsOf(graph, who))

/** Everything that somebody reaches, with the shortest path to each. */
export const whatReaches = ({ graph }: Access, who: string, isAccepted: IsAccepted): readonly Reached[] => {
  const starts = startsOf(graph, who)
  const ranks = Uint8Array.from(graph.edges.keys(), rankIn(graph, isAccepted))
  const hopOver = hopsOf(graph, isAccepted)
  const found = new Map<string, Reached>()
  for (const [rank, sureness] of surenesses.entries()) {
    const walked = trace(graph, ranks, rank, starts)
    for (const [node, name] of graph.nodes.entries()) {
      if (walked.distance[node] === -1 || starts.includes(node)) continue
      const told = toldOf(name)
      if (told === undefined || found.has(`${told.can} ${told.on}`)) continue
      const edges = edgesTo(graph, walked, node) ?? []
      found.set(`${told.can} ${told.on}`, { ...told, path: pathOf(who, edges, sureness, hopOver) })
    }
  }
  const order = (one: Reached) => verbs.findIndex(({ can }) => can === one.can)
  return [...found.values()].sort((a, b) => order(a) - order(b) || (a.on < b.on ? -1 : 1))
}

/** The nodes that are worth telling, in the order in which they are told. */
const verbs = [
  { prefix: 'can run on ', can: 'run' },
  { prefix: 'can assume ', can: 'assume' },
  { prefix: 'can administer', can: 'administer' },
  { prefix: 'can maintain cluster:', can: 'maintain', keep: 'cluster:' },
  { prefix: 'can maintain team:', can: 'maintain', keep: 'team:' },
  { prefix: 'can create pipelines', can: 'create pipelines' },
  { prefix: 'can create test suites', can: 'create test suites' },
  { prefix: 'can create package registries', can: 'create package registries' },
  { prefix: 'can edit ', can: 'edit' },
  { prefix: 'can build ', can: 'build' },
  { prefix: 'can watch ', can: 'watch' },
] as const

const toldOf = (node: Node): { readonly on: Address; readonly can: string } | undefined => {
  const verb = verbs.find(({ prefix }) => node.startsWith(prefix))
  if (verb === undefined) return undefined
  const rest = `${'keep' in verb ? verb.keep : ''}${node.slice(verb.prefix.length)}`
  return { can: verb.can, on: rest === '' ? 'organization:' : (rest as Address) }
}

/** The paths by which somebody reaches something. */
export interface Why {
  /** The shortest for each rule, the shortest first. */
  readonly paths: readonly Path[]
  /** How many more there are. */
  readonly rest: number
  /** The rules whose shortest path goes on where it could have ended, so that it is not among them. */
  readonly roundabout: readonly string[]
}

/**
 * The shortest path for each rule, at most as many as asked for. One that goes on where it could have ended sooner, or as
 * surely, is counted and not shown: nobody closes anything by it.
 */
export const whyReaches = (
  { graph }: Access,
  who: string,
  on: Address,
  isAccepted: IsAccepted,
  most: number,
): Why => {
  const end = graph.number(endOf(on))
  const starts = startsOf(graph, who)
  if (end === undefined || starts.length === 0) return { paths: [], rest: 0, roundabout: [] }
  const ranks = sliceTo(graph, [end], rankIn(graph, isAccepted))
  const edges = edgesIn(ranks)
  const byRule = rulesIn(graph, edges)
  const hopOver = hopsOf(graph, isAccepted)
  const found = new Map<string, Path>()
  const detours = new Map<string, Path>()
  const told = new Set<string>()
  const roundabout: string[] = []
  const backs: Back[] = []
  for (const [rank, sureness] of surenesses.entries()) {
    if (!edges.some((n) => ranks[n] === rank)) continue
    const walked = trace(graph, ranks, rank, starts)
    if (walked.distance[end] === -1) continue
    const back = backFrom(graph, ranks, rank, end, walked)
    for (const [rule, over] of byRule) {
      if (told.has(rule)) continue
      const usable = over.filter((n) => (ranks[n] ?? never) <= rank)
      const path = shortestOver(graph, walked, back, usable)
      if (path === undefined) continue
      told.add(rule)
      const key = path.join(' ')
      const isRound = isDetour(graph, path, backs, back)
      if (isRound) roundabout.push(rule)
      const into = isRound ? detours : found
      if (!into.has(key)) into.set(key, pathOf(who, path, sureness, hopOver))
    }
    backs.push(back)
  }
  const paths = [...found.values()].sort(firstTold)
  const aside = [...detours.values()].sort(firstTold)
  // Whoever comes there by detours alone comes there.
  if (paths.length === 0) paths.push(...aside.splice(0, 1))
  return {
    paths: paths.slice(0, most),
    rest: Math.max(0, paths.length - most) + aside.length,
    roundabout: aside.length === 0 ? [] : roundabout.sort((a, b) => Number(a.slice(1)) - Number(b.slice(1))),
  }
}

const firstTold = (a: Path, b: Path): number =>
  rankOf(a.sureness) - rankOf(b.sureness) ||
  a.hops.length - b.hops.length ||
  (a.numbers.join() < b.numbers.join() ? -1 : 1)

/** Whether a path comes by a place from which there is a surer way to the end, or as sure a one that is shorter. */
const isDetour = (graph: Graph, path: readonly number[], surer: readonly Back[], same: Back): boolean => {
  // Steps to the end, by place: where one asks for several things, the ways to the others are on none but their own.
  const steps = new Map<number, number>()
  for (const edge of [...path].reverse()) {
    const left = (steps.get(graph.to[edge] ?? -1) ?? 0) + 1
    for (const start of startsIn(graph, edge)) steps.set(start, Math.min(left, steps.get(start) ?? left))
  }
  return path.some((edge) => {
    const place = graph.to[edge] ?? -1
    const left = steps.get(place) ?? 0
    if (left === 0) return false
    if (surer.some(({ distance }) => distance[place] !== -1)) return true
    const nearest = same.distance[place] ?? -1
    return nearest !== -1 && nearest < left
  })
}

/** The edges of each rule. */
const rulesIn = (graph: Graph, edges: readonly number[]): ReadonlyMap<string, readonly number[]> => {
  const found = new Map<string, number[]>()
  for (const n of edges) {
    const path = graph.edges[n]?.path
    if (path === undefined || path === 'rule') continue
    const known = found.get(path)
    if (known === undefined) found.set(path, [n])
    else known.push(n)
  }
  return found
}
