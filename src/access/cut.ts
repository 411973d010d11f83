import type { Fact } from '../model/grant.js'
import { grantKey } from '../model/grant.js'
import { accessOf, type Access } from './access.js'
import { endOf, startsOf, type IsAccepted } from './ask.js'
import type { Graph } from './graph.js'
import { isWithin, trace } from './paths.js'
import { edgesIn, sliceTo } from './reach.js'
import { never, rankOf, type Rank } from './sureness.js'
import type { Address } from '../model/address.js'

/** An edit that takes facts away: all those of which it says the same. */
export interface CutEdit {
  readonly says: string
  /** The less, the sooner it is told: 0 … */
  readonly ease: number
}

/** Edits that would cut somebody off, and whether there is no smaller set of them. */
export interface CutSet {
  /** One for each edit. */
  readonly facts: readonly Fact[]
  readonly exact: boolean
}

/** With more candidates than this the smallest set is not searched for: 2¹² sets are tried in a moment. */
const mostExact = 12

/**
 * The smallest set of edits that leaves somebody no path that is open or assumed, by one fact of each. Only facts that an
 * edit could take away are candidates.
 */
export const cutFor = (
  access: Access,
  who: string,
  on: Address,
  isAccepted: IsAccepted,
  editOf: (fact: Fact) => CutEdit | undefined,
): CutSet | undefined => {
  const facts = relevant(access, who, on, isAccepted)
  const candidates = candidatesIn(facts, editOf)
  const reachesWithout = (gone: readonly Candidate[]): boolean => {
    const keys = new Set(gone.flat().map(grantKey))
    return reaches(accessOf(facts.filter((fact) => !keys.has(grantKey(fact)))), who, on, isAccepted)
  }
  const setOf = (gone: readonly Candidate[], exact: boolean): CutSet => ({
    facts: gone.flatMap((taken) => taken.slice(0, 1)),
    exact,
  })
  if (candidates.length === 0 || !reaches(access, who, on, isAccepted) || reachesWithout(candidates))
    return undefined
  if (candidates.length <= mostExact) {
    for (let size = 1; size <= candidates.length; size += 1)
      for (const gone of subsets(candidates, size)) if (!reachesWithout(gone)) return setOf(gone, true)
  }
  return setOf(greedy(candidates, reachesWithout), false)
}

/** The facts that one edit takes away. */
type Candidate = readonly Fact[]

/** The facts by the edits that take them away, the easiest first. */
const candidatesIn = (
  facts: readonly Fact[],
  editOf: (fact: Fact) => CutEdit | undefined,
): readonly Candidate[] => {
  const taken = new Map<string, { readonly ease: number; readonly facts: Fact[] }>()
  for (const fact of facts) {
    const edit = editOf(fact)
    if (edit === undefined) continue
    const known = taken.get(edit.says)
    if (known === undefined) taken.set(edit.says, { ease: edit.ease, facts: [fact] })
    else known.facts.push(fact)
  }
  return [...taken.values()].sort((a, b) => a.ease - b.ease).map(({ facts }) => facts)
}

/** Takes candidates back, the hardest first, for as long as the rest still cuts: none of what is left is needless. */
const greedy = (
  candidates: readonly Candidate[],
  reachesWithout: (gone: readonly Candidate[]) => boolean,
): readonly Candidate[] =>
  candidates.reduceRight<readonly Candidate[]>((kept, one) => {
    const without = kept.filter((other) => other !== one)
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
  const ranks = sliceTo(graph, [end], unlessAccepted(graph, isAccepted))
  const walked = trace(graph, ranks, rankOf('open'), startsOf(graph, who))
  const used = new Set<Fact>()
  for (const n of edgesIn(ranks))
    if (isWithin(graph, walked, n)) for (const fact of graph.edges[n]?.facts ?? []) used.add(fact)
  const things = new Set([...used].flatMap(({ of, on: over }) => [of, over]))
  return facts.all.filter((fact) => used.has(fact) || (things.has(fact.of) && things.has(fact.on)))
}

const unlessAccepted =
  ({ edges }: Graph, isAccepted: IsAccepted) =>
  (n: number): Rank => {
    const edge = edges[n]
    return edge === undefined || isAccepted(edge) ? never : rankOf('open')
  }

const reaches = ({ graph }: Access, who: string, on: Address, isAccepted: IsAccepted): boolean => {
  const end = graph.number(endOf(on))
  if (end === undefined) return false
  const ranks = sliceTo(graph, [end], unlessAccepted(graph, isAccepted))
  return trace(graph, ranks, rankOf('open'), startsOf(graph, who)).distance[end] !== -1
}

/** All subsets of a size, in the order of their members. */
function* subsets<Member>(of: readonly Member[], size: number): Iterable<readonly Member[]> {
  if (size === 0) {
    yield []
    return
  }
  for (const [n, first] of of.entries())
    for (const rest of subsets(of.slice(n + 1), size - 1)) yield [first, ...rest]
}
