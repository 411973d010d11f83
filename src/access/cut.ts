import type { Fact } from '../model/grant.js'
import { grantKey } from '../model/grant.js'
import { accessOf, type Access } from './access.js'
import { endOf, startsOf, type IsAccepted } from './ask.js'
import { trace } from './paths.js'
import { sliceTo } from './reach.js'
import type { Address } from '../model/address.js'

/** Facts whose going would cut somebody off, and whether there is no smaller set of them. */
export interface CutSet {
  readonly facts: readonly Fact[]
  readonly exact: boolean
}

/** With more candidates than this the smallest set is not searched for: 2¹² sets are tried in a moment. */
const mostExact = 12

/**
 * The smallest set of facts that, taken away, leaves somebody no path that is open or assumed. Only facts that an edit
 * could take away are candidates.
 */
export const cutFor = (
  access: Access,
  who: string,
  on: Address,
  isAccepted: IsAccepted,
  isEditable: (fact: Fact) => boolean,
): CutSet | undefined => {
  const facts = relevant(access, who, on, isAccepted)
  const candidates = uniqueByKey(facts.filter(isEditable))
  const reachesWithout = (gone: readonly Fact[]): boolean => {
    const keys = new Set(gone.map(grantKey))
    return reaches(accessOf(facts.filter((fact) => !keys.has(grantKey(fact)))), who, on, isAccepted)
  }
  if (candidates.length === 0 || !reaches(access, who, on, isAccepted) || reachesWithout(candidates))
    return undefined
  if (candidates.length <= mostExact) {
    for (let size = 1; size <= candidates.length; size += 1)
      for (const gone of subsets(candidates, size))
        if (!reachesWithout(gone)) return { facts: gone, exact: true }
  }
  return { facts: greedy(candidates, reachesWithout), exact: false }
}

/** Takes candidates back one by one for as long as the rest still cuts: no member of what is left is needless. */
const greedy = (
  candidates: readonly Fact[],
  reachesWithout: (gone: readonly Fact[]) => boolean,
): readonly Fact[] =>
  candidates.reduce<readonly Fact[]>((kept, fact) => {
    const without = kept.filter((one) => one !== fact)
    return reachesWithout(without) ? kept : without
  }, candidates)

/** The facts that any path from somebody to something uses. */
const relevant = (
  { graph, facts }: Access,
  who: string,
  on: Address,
  isAccepted: IsAccepted,
): readonly Fact[] => {
  const end = graph.number(endOf(on))
  if (end === undefined) return []
  const slice = sliceTo(graph, [end])
  const usable = (n: number) => {
    const edge = graph.edges[n]
    return edge !== undefined && !isAccepted(edge)
  }
  const walked = trace(graph, slice, usable, startsOf(graph, who))
  const used = new Set<Fact>()
  for (const n of slice.edges) {
    if (!(graph.from[n] ?? []).every((start) => walked.distance.has(start))) continue
    for (const fact of graph.edges[n]?.facts ?? []) used.add(fact)
  }
  const things = new Set([...used].flatMap(({ of, on: over }) => [of, over]))
  return facts.all.filter((fact) => used.has(fact) || (things.has(fact.of) && things.has(fact.on)))
}

const reaches = ({ graph }: Access, who: string, on: Address, isAccepted: IsAccepted): boolean => {
  const end = graph.number(endOf(on))
  if (end === undefined) return false
  const usable = (n: number) => {
    const edge = graph.edges[n]
    return edge !== undefined && !isAccepted(edge)
  }
  return trace(graph, sliceTo(graph, [end]), usable, startsOf(graph, who)).distance.has(end)
}

const uniqueByKey = (facts: readonly Fact[]): readonly Fact[] => [
  ...new Map(facts.map((fact) => [grantKey(fact), fact])).values(),
]

/** All subsets of a size, in the order of their members. */
function* subsets<Member>(of: readonly Member[], size: number): Iterable<readonly Member[]> {
  if (size === 0) {
    yield []
    return
  }
  for (const [n, first] of of.entries())
    for (const rest of subsets(of.slice(n + 1), size - 1)) yield [first, ...rest]
}
