import type { Address } from '../model/address.js'
import type { Fact } from '../model/grant.js'
import { accessOf, edgesFrom, type Access } from './access.js'
import { beginningsOf, numbersIn, type IsAccepted } from './ask.js'
import { factsOf } from './facts.js'
import { graphOf, startsIn, type Graph } from './graph.js'
import { endOf, type Node } from './node.js'
import { isWithin, trace } from './paths.js'
import { edgesIn, sliceTo } from './reach.js'
import type { Edge } from './rule.js'
import { rules } from './rules/index.js'
import { never, rankOf, type Rank } from './sureness.js'

/** An edit that takes facts away: all those of which it says the same. */
export interface CutEdit {
  readonly says: string
  /** The less, the sooner it is told: 0 … */
  readonly ease: number
  /** True where it takes from those who are allowed what they may: it is for where nothing else cuts. */
  readonly isHarsh?: boolean
  /** What there is instead, afterwards. */
  readonly gives?: readonly Fact[]
}

/** Edits that would cut somebody off, and whether there is no smaller set of them. */
export interface CutSet {
  /** The facts of each edit that somebody’s paths use, and what it says. */
  readonly edits: readonly { readonly says: string; readonly facts: readonly Fact[] }[]
  readonly exact: boolean
  /** True where edits were left aside that take from those who are allowed what they may. */
  readonly isMild: boolean
  /** True where somebody still comes there by what is accepted. */
  readonly leavesAccepted: boolean
}

/** Of so many candidates the smallest set is always found: 2¹² sets are tried in a moment. */
const mostExact = 12

/** So many facts are made a graph in a moment, one try after another. */
const mostFacts = 50_000

/**
 * The smallest set of edits that leaves somebody no path that is open or assumed. Only facts that an edit could take away
 * are candidates.
 *
 * It is searched for among the facts that the paths use, which are few, and tried on all there are: rules ask for more
 * than they tell of, and where one witness is gone they find another. Where that leaves a path, its facts are looked at
 * as well. Fewer facts never reach further, so what is smallest among a few and cuts all is the smallest of all.
 *
 * @returns `no-path` where there is nothing to cut, `uncut` where no set of edits does
 */
export const cutFor = (
  access: Access,
  who: string,
  on: Address,
  isAccepted: IsAccepted,
  editOf: (fact: Fact) => CutEdit | undefined,
): CutSet | 'no-path' | 'uncut' => {
  // Whoever is there stays somebody on the internet, also where nothing is left that a graph of few facts knows them by.
  const begin = beginningsOf(access.graph, who)
  if (!reaches(access, begin, on, isAccepted)) return 'no-path'
  const without = worldsOf(access, begin, on, editOf)
  const known = new Set(relevant(access, begin, on, isAccepted))
  for (;;) {
    const facts = access.facts.all.filter((fact) => known.has(fact))
    const found = smallest(facts, editOf, (gone) => reaches(without.few(facts, gone), begin, on, isAccepted))
    if (found === undefined) return 'uncut'
    const left = without.all(found.gone)
    if (!reaches(left, begin, on, isAccepted))
      return {
        edits: found.gone.map(({ says, facts }) => ({ says, facts })),
        exact: found.exact,
        isMild: found.isMild,
        leavesAccepted: reaches(left, begin, on, () => false),
      }
    if (!grow(known, left, relevant(left, begin, on, isAccepted))) return 'uncut'
  }
}

/** An edit, and the facts that it takes away. */
type Candidate = CutEdit & { readonly facts: Fact[] }

/** The smallest set of edits by which somebody no longer comes there; the mild alone where they do. */
const smallest = (
  facts: readonly Fact[],
  editOf: (fact: Fact) => CutEdit | undefined,
  reachesWithout: (gone: readonly Candidate[]) => boolean,
): { readonly gone: readonly Candidate[]; readonly exact: boolean; readonly isMild: boolean } | undefined => {
  const all = candidatesIn(facts, editOf)
  const mild = all.filter(({ isHarsh }) => isHarsh !== true)
  const isMild = mild.length < all.length
  for (const some of isMild ? [mild, all] : [all]) {
    if (some.length === 0 || reachesWithout(some)) continue
    const found = { isMild: isMild && some === mild }
    // Of more than that, those of a few are tried for as long as it takes no longer than a moment.
    const most = some.length <= mostExact ? Infinity : mostFacts / facts.length
    for (let size = 1, tried = 0; size <= some.length; size += 1) {
      tried += countOf(some.length, size)
      if (tried > most) return { ...found, gone: greedy(some, reachesWithout), exact: false }
      for (const gone of subsets(some, size))
        if (!reachesWithout(gone)) return { ...found, gone, exact: true }
    }
  }
  return undefined
}

/** How many subsets of a size there are. */
const countOf = (members: number, size: number): number =>
  size === 0 ? 1 : (countOf(members - 1, size - 1) * members) / size

/** The facts by the edits that take them away, the easiest first. */
const candidatesIn = (
  facts: readonly Fact[],
  editOf: (fact: Fact) => CutEdit | undefined,
): readonly Candidate[] => {
  const taken = new Map<string, Candidate>()
  for (const fact of facts) {
    const edit = editOf(fact)
    if (edit === undefined) continue
    const known = taken.get(edit.says)
    if (known === undefined) taken.set(edit.says, { ...edit, facts: [fact] })
    else known.facts.push(fact)
  }
  return [...taken.values()].sort(
    (a, b) => Number(a.isHarsh ?? false) - Number(b.isHarsh ?? false) || a.ease - b.ease,
  )
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

/** The worlds in which edits have been made. */
const worldsOf = (
  access: Access,
  begin: readonly Node[],
  on: Address,
  editOf: (fact: Fact) => CutEdit | undefined,
) => {
  const near = nearTo(access, begin, on)
  const kept = (facts: readonly Fact[], gone: readonly Candidate[]): readonly Fact[] => {
    const said = new Set(gone.map(({ says }) => says))
    // What an edit takes away has somebody or something in common: of the others nobody has to be told what takes them.
    const ofs = new Set(gone.flatMap(({ facts }) => facts.map(({ of }) => of)))
    const ons = new Set(gone.flatMap(({ facts }) => facts.map(({ on }) => on)))
    const stays = (fact: Fact) =>
      (!ofs.has(fact.of) && !ons.has(fact.on)) || !said.has(editOf(fact)?.says ?? '')
    return [...facts.filter(stays), ...gone.flatMap(({ gives = [] }) => gives)]
  }
  return {
    /** A few facts, without those that edits take away. */
    few: (facts: readonly Fact[], gone: readonly Candidate[]): Access => accessOf(kept(facts, gone)),
    /** All of them, and the part of the graph that somebody's paths can go by. */
    all: (gone: readonly Candidate[]): Access => {
      const facts = kept(access.facts.all, gone)
      return gone.some(({ gives = [] }) => gives.length > 0) ? accessOf(facts) : near(facts)
    },
  }
}

/**
 * The graph of fewer facts, as far as somebody's paths to something can go by it. Each rule's edges only ever grow with
 * the facts, so with fewer of them no path goes where none went before; and an edge rests on no pipeline but those that it
 * leads between or tells of. Making the whole graph of a large organization again would take longer than all the rest of
 * the answer.
 */
const nearTo = ({ graph }: Access, begin: readonly Node[], on: Address) => {
  const end = graph.number(endOf(on))
  const ranks = end === undefined ? new Uint8Array() : sliceTo(graph, [end], () => rankOf('open'))
  const walked = trace(graph, ranks, rankOf('open'), numbersIn(graph, begin))
  const edges = edgesIn(ranks).filter((n) => isWithin(graph, walked, n))
  const used = new Set(edges.map((n) => graph.edges[n]?.path))
  const nodes = new Set(
    edges.flatMap((n) => [...startsIn(graph, n), graph.to[n] ?? -1]).map((node) => graph.nodes[node]),
  )
  const isNear = ({ from, to }: Edge) => nodes.has(to) && from.every((node) => nodes.has(node))
  const pipelines = new Set<string | undefined>([
    ...[...nodes].map((node) => /pipeline:\S+$/.exec(node ?? '')?.[0]),
    ...edges.flatMap((n) => (graph.edges[n]?.facts ?? []).flatMap(({ of, on: over }) => [of, over])),
  ])
  const isFar = (thing: Address) => thing.startsWith('pipeline:') && !pipelines.has(thing)
  return (some: readonly Fact[]): Access => {
    const fewer = factsOf(some.filter(({ of, on: over }) => !isFar(of) && !isFar(over)))
    const taking = rules.filter(({ path }) => used.has(path))
    return { facts: fewer, graph: graphOf(edgesFrom(fewer, taking).filter(isNear)) }
  }
}

/**
 * Adds the facts of the paths that are left to those that are known; where they are known already, all facts about the
 * same things, and after that all there are.
 *
 * @returns false where there is nothing more to know
 */
const grow = (known: Set<Fact>, { facts }: Access, left: readonly Fact[]): boolean => {
  const things = new Set(left.flatMap(({ of, on }) => [of, on]))
  const about = ({ of, on }: Fact) => things.has(of) || things.has(on)
  for (const more of [left, facts.all.filter(about), facts.all]) {
    const before = known.size
    for (const fact of more) known.add(fact)
    if (known.size > before) return true
  }
  return false
}

/** The facts that any path from somebody to something uses, and those between the things that they are about. */
const relevant = (
  { graph, facts }: Access,
  begin: readonly Node[],
  on: Address,
  isAccepted: IsAccepted,
): readonly Fact[] => {
  const end = graph.number(endOf(on))
  if (end === undefined) return []
  const ranks = sliceTo(graph, [end], unlessAccepted(graph, isAccepted))
  const walked = trace(graph, ranks, rankOf('open'), numbersIn(graph, begin))
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

/** Whether somebody comes to something, by what is not accepted. */
const reaches = ({ graph }: Access, begin: readonly Node[], on: Address, isAccepted: IsAccepted): boolean => {
  const end = graph.number(endOf(on))
  if (end === undefined) return false
  const ranks = sliceTo(graph, [end], unlessAccepted(graph, isAccepted))
  return trace(graph, ranks, rankOf('open'), numbersIn(graph, begin)).distance[end] !== -1
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
