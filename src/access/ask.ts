import type { Address } from '../model/address.js'
import type { Reached } from '../model/result.js'
import type { Path, Reacher } from '../model/verdict.js'
import type { Access } from './access.js'
import { members } from './bits.js'
import type { Border } from './borders.js'
import type { Graph } from './graph.js'
import { can, outsider, pusherTo, type Node } from './node.js'
import { backFrom, edgesTo, pathOf, shortestOver, trace, type Back } from './paths.js'
import { reach, sliceTo, type Slice, type Usable } from './reach.js'
import type { Edge } from './rule.js'

/** Whether an assumption of the graph has been accepted. */
export type IsAccepted = (edge: Edge) => boolean

const surenesses = ['open', 'assumed', 'accepted'] as const

const usableAt = (graph: Graph, isAccepted: IsAccepted): Record<(typeof surenesses)[number], Usable> => {
  const edge = (n: number) => graph.edges[n]
  return {
    open: (n) => edge(n)?.assumes === undefined,
    assumed: (n) => {
      const one = edge(n)
      return one !== undefined && !isAccepted(one)
    },
    accepted: () => true,
  }
}

/** What reaching something means, by its kind: code on a queue, in a pipeline, in some job of a cluster. */
export const endOf = (on: Address): Node =>
  on.startsWith('queue:') ? can.run(on) : on.startsWith('cluster:') ? can.runAJob(on) : can.code(on)

/** Everybody who reaches something, allowed or not, the worst first; within that, by name. */
export const whoReaches = (
  { graph }: Access,
  on: Address,
  border: Border | undefined,
  isAccepted: IsAccepted,
): readonly Reacher[] => {
  const end = graph.number(endOf(on))
  if (end === undefined) return []
  const slice = sliceTo(graph, [end])
  const usable = usableAt(graph, isAccepted)
  const found = new Map<number, Reacher>()
  for (const sureness of surenesses) {
    const reached = reach(graph, slice, usable[sureness])[end]
    for (const place of reached === undefined ? [] : members(reached)) {
      const principal = graph.principals[place]
      const who = principal === undefined ? undefined : graph.nodes[principal]
      if (principal === undefined || who === undefined || found.has(principal)) continue
      const edges = edgesTo(graph, trace(graph, slice, usable[sureness], [principal]), end) ?? []
      const by = border?.allowed.get(who)
      found.set(principal, {
        who,
        allowed: border === undefined || by !== undefined,
        ...(by === undefined ? {} : { by }),
        shortest: pathOf(graph, who, edges, sureness, isAccepted),
      })
    }
  }
  return [...found.values()].sort(
    (a, b) =>
      Number(a.allowed) - Number(b.allowed) ||
      surenesses.indexOf(a.shortest.sureness as 'open') - surenesses.indexOf(b.shortest.sureness as 'open') ||
      (a.who < b.who ? -1 : 1),
  )
}

/** The nodes that somebody begins with: a person is themselves; a team, a pipeline or a repository, what it gives. */
export const startsOf = (graph: Graph, who: string): readonly number[] => {
  const on = who as Address
  const nodes: readonly Node[] =
    who === 'outsider'
      ? [outsider]
      : who.startsWith('team:')
        ? [can.beIn(on), can.beMember()]
        : who.startsWith('pipeline:')
          ? [can.code(on)]
          : who.startsWith('repository:')
            ? [pusherTo(on), can.push(on)]
            : [who]
  return nodes.flatMap((node) => graph.number(node) ?? [])
}

/** Everything that somebody reaches, with the shortest path to each. */
export const whatReaches = ({ graph }: Access, who: string, isAccepted: IsAccepted): readonly Reached[] => {
  const starts = startsOf(graph, who)
  const whole: Slice = { nodes: new Set(graph.nodes.keys()), edges: [...graph.edges.keys()] }
  const usable = usableAt(graph, isAccepted)
  const found = new Map<string, Reached>()
  for (const sureness of surenesses) {
    const walked = trace(graph, whole, usable[sureness], starts)
    for (const node of walked.distance.keys()) {
      const told = toldOf(graph.nodes[node] ?? '')
      if (told === undefined || found.has(`${told.can} ${told.on}`) || starts.includes(node)) continue
      const edges = edgesTo(graph, walked, node) ?? []
      found.set(`${told.can} ${told.on}`, { ...told, path: pathOf(graph, who, edges, sureness, isAccepted) })
    }
  }
  const order = (one: Reached) => `${String(verbs.findIndex(({ can }) => can === one.can))} ${one.on}`
  return [...found.values()].sort((a, b) => (order(a) < order(b) ? -1 : 1))
}

/** The nodes that are worth telling, in the order in which they are told. */
const verbs = [
  { prefix: 'can run on ', can: 'run' },
  { prefix: 'can administer', can: 'administer' },
  { prefix: 'can maintain cluster:', can: 'maintain', keep: 'cluster:' },
  { prefix: 'can maintain team:', can: 'maintain', keep: 'team:' },
  { prefix: 'can create pipelines', can: 'create' },
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
  /** How many rules more have a path that is not among them. */
  readonly rest: number
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
  if (end === undefined || starts.length === 0) return { paths: [], rest: 0 }
  const slice = sliceTo(graph, [end])
  const usable = usableAt(graph, isAccepted)
  const found = new Map<string, Path>()
  const detours = new Set<string>()
  const told = new Set<string>()
  const backs: Back[] = []
  for (const sureness of surenesses) {
    const walked = trace(graph, slice, usable[sureness], starts)
    if (!walked.distance.has(end)) continue
    const back = backFrom(graph, slice, usable[sureness], walked, end)
    for (const [rule, over] of rulesIn(graph, slice, usable[sureness])) {
      if (told.has(rule)) continue
      const path = shortestOver(graph, walked, back, over)
      if (path === undefined) continue
      told.add(rule)
      const key = path.join(' ')
      if (isDetour(graph, path, backs, back)) detours.add(key)
      else if (!found.has(key)) found.set(key, pathOf(graph, who, path, sureness, isAccepted))
    }
    backs.push(back)
  }
  const paths = [...found.values()].sort(
    (a, b) =>
      surenesses.indexOf(a.sureness as 'open') - surenesses.indexOf(b.sureness as 'open') ||
      a.hops.length - b.hops.length ||
      (a.numbers.join() < b.numbers.join() ? -1 : 1),
  )
  return { paths: paths.slice(0, most), rest: Math.max(0, paths.length - most) + detours.size }
}

/** Whether a path comes by a place from which there is a surer way to the end, or as sure a one that is shorter. */
const isDetour = (graph: Graph, path: readonly number[], surer: readonly Back[], same: Back): boolean =>
  path.some((edge, i) => {
    const place = graph.to[edge] ?? -1
    const left = path.length - 1 - i
    if (left === 0) return false
    if (surer.some(({ distance }) => distance.has(place))) return true
    return (same.distance.get(place) ?? left) < left
  })

const rulesIn = (graph: Graph, slice: Slice, usable: Usable): ReadonlyMap<string, readonly number[]> => {
  const found = new Map<string, number[]>()
  for (const n of slice.edges) {
    const path = graph.edges[n]?.path
    if (path === undefined || path === 'rule' || !usable(n)) continue
    const known = found.get(path)
    if (known === undefined) found.set(path, [n])
    else known.push(n)
  }
  return found
}
