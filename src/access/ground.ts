import type { Accept } from '../model/declared-access.js'
import type { Assumption } from '../model/verdict.js'
import type { Address } from '../model/address.js'
import { byAssumption, raisedBy, settle, type Raised, type Settled } from './accept.js'
import type { Access } from './access.js'
import type { Border } from './borders.js'
import { withGates, type Gate, type Gated } from './gate.js'
import { rowOf } from './graph.js'
import { can, endOf } from './node.js'
import { hopsOf, type HopOver } from './paths.js'
import { edgesIn, sliceTo } from './reach.js'
import type { Edge } from './rule.js'
import { never, rankOf, type Ranks } from './sureness.js'

/** What a hook on the agents can refuse, if it is there. @source product, "allow" of a queue */
const heldByHook = new Set(['R19'])

/** What a judgement is given besides the graph. */
export interface Judging {
  readonly borders: readonly Border[]
  readonly accepts: readonly Accept[]
  /** `2026-11-22`, in UTC. */
  readonly today: string
  /** True where bridle.lock.yaml keeps every privileged name, so that none changes hands unseen. */
  readonly locked?: boolean
  /** What the gates of queues let in, by what the files say of them. */
  readonly gates?: ReadonlyMap<Address, Gate>
  /** Queues whose gate refuses nothing: whoever is in the cluster is let in. */
  readonly lax?: ReadonlySet<Address>
  /** Queues whose gate was seen to refuse, within the day, by the policy that the files say. */
  readonly held?: ReadonlySet<Address>
}

/** What is known of a graph before any queue is judged. */
export interface Ground {
  readonly access: Access
  readonly borders: readonly Border[]
  readonly settled: Settled
  readonly raised: readonly Raised[]
  /** How sure each edge is from which a privileged queue can be come to, as every queue that narrows nothing sees it. */
  readonly ranks: Ranks
  /** Which of them what it assumes is; -1 where it is certain. */
  readonly assumptions: Int32Array
  readonly edges: readonly number[]
  /** An edge as it is shown. */
  readonly hopOver: HopOver
  /** Whether a gate was seen to hold a queue. */
  isHeld(queue: Address): boolean
  /** The same as one queue sees it, and what an edge assumes there. */
  seenFrom(border: Border): Seen
}

/** A graph as one queue sees it. */
export type Seen = Pick<Ground, 'ranks' | 'assumptions' | 'edges'>

/** Borders, each followed by the one that its queue draws within it. */
export const withNarrower = (borders: readonly Border[]): readonly Border[] =>
  borders.flatMap((border) => (border.narrower === undefined ? [border] : [border, border.narrower]))

/** The gates that make a difference: of queues that they narrow, or were seen to hold. */
const gatesAsked = ({ gates = new Map(), held, borders }: Judging): NonNullable<Judging['gates']> => {
  const asked = new Set(borders.flatMap(({ on, narrower }) => (narrower || held?.has(on) ? [on] : [])))
  return new Map([...gates].filter(([queue]) => asked.has(queue)))
}

/** The same as `groundOf`, with the last steps onto queues as their gates see them. */
export const gatedGround = (access: Access, judging: Judging): Ground => {
  const { access: gated, ...gates } = withGates(access, gatesAsked(judging))
  return groundOf(gated, judging, gates)
}

/** Looks at the part of the graph from which privileged queues can be come to, and at what it assumes. */
export const groundOf = (
  access: Access,
  judging: Judging,
  { steps: gated, whole }: Pick<Gated, 'steps' | 'whole'> = { steps: new Map(), whole: new Set() },
): Ground => {
  const { graph, facts } = access
  const isLeftOut = (edge: Edge | undefined) =>
    judging.locked === true && edge?.assumes?.finding === 'name-reuse'
  const ends = judging.borders.flatMap(({ on }) => graph.number(endOf(on)) ?? [])
  const ofGates = new Set([...gated.values()].flatMap((steps) => [...steps.keys()]))
  const ranks = sliceTo(graph, ends, (n) => (isLeftOut(graph.edges[n]) ? never : 0))
  // Whatever leads to a step of a gate leads to its queue. The step itself is there for that queue alone.
  const steps = [...ofGates].filter((n) => (ranks[n] ?? never) < never)
  for (const n of steps) ranks[n] = never
  const edges = edgesIn(ranks)
  const narrowed = new Map(
    withNarrower(judging.borders).flatMap((border) =>
      border.narrowed ? [[can.run(border.on), border] as const] : [],
    ),
  )
  const raised = raisedBy(assumptionsOf(access, [...edges, ...steps], narrowed))
  const settled = settle(raised, judging.accepts, facts, judging.today)
  const numbers = byAssumption<number>()
  raised.forEach((one, number) => {
    numbers.set(one, number)
  })
  const rankOfRaised = raised.map((one) => rankOf(settled.by(one) === undefined ? 'assumed' : 'accepted'))
  const assumptions = new Int32Array(graph.edges.length).fill(-1)
  const rest = (n: number, own: Pick<Seen, 'ranks' | 'assumptions'>) => {
    const assumes = graph.edges[n]?.assumes
    if (assumes === undefined) return
    const number = numbers.of(assumes) ?? -1
    own.assumptions[n] = number
    own.ranks[n] = rankOfRaised[number] ?? never
  }
  for (const n of edges) rest(n, { ranks, assumptions })
  // Of what nobody knows whom it lets in, nobody can say whom it holds.
  const isHeld = (queue: Address) => judging.held?.has(queue) === true && whole.has(queue)
  const seen: Seen = { ranks, edges, assumptions }
  return {
    access,
    borders: judging.borders,
    settled,
    raised,
    ...seen,
    hopOver: hopsOf(graph, isSettledIn({ settled })),
    isHeld,
    seenFrom: (border) => {
      const queue = border.on
      const steps = gated.get(queue)
      if ((!border.narrowed && !isHeld(queue)) || judging.lax?.has(queue) === true) return seen
      const number = numbers.of({ finding: 'any-queue', at: queue }) ?? -1
      const rank = isHeld(queue) ? rankOf('held') : (rankOfRaised[number] ?? never)
      const passing = [...(steps?.keys() ?? [])].filter((n) => !isLeftOut(graph.edges[n]))
      const own = { ranks: ranks.slice(), assumptions: assumptions.slice(), edges: [...edges, ...passing] }
      for (const n of heldEdges(access, queue)) {
        if (graph.edges[n]?.assumes !== undefined) continue
        own.ranks[n] = rank
        own.assumptions[n] = number
      }
      for (const n of passing) {
        own.ranks[n] = rankOf('open')
        rest(n, own)
        const alone = own.ranks[n] ?? never
        // What the gate refuses and assumes something itself takes both to fail: it rests on the one that is the less sure.
        if (steps?.get(n) !== true || alone > rank) continue
        own.ranks[n] = rank
        own.assumptions[n] = number
      }
      return own
    },
  }
}

/** The last steps onto a queue that a hook on its agents would refuse. */
const heldEdges = ({ graph }: Access, queue: Address): readonly number[] => {
  const end = graph.number(can.run(queue))
  const steps = end === undefined ? [] : [...rowOf(graph.arriving, end)]
  return steps.filter((n) => heldByHook.has(graph.edges[n]?.path ?? ''))
}

/** What each edge assumes: its own, or that the hook holds the border of a queue that narrows its cluster's. */
function* assumptionsOf(
  { graph }: Access,
  edges: readonly number[],
  narrowed: ReadonlyMap<string, Border>,
): Iterable<readonly [Edge, Assumption | undefined]> {
  for (const n of edges) {
    const edge = graph.edges[n]
    if (edge === undefined) continue
    const border = narrowed.get(edge.to)
    const promise: Assumption | undefined =
      border !== undefined && heldByHook.has(edge.path) ? { finding: 'any-queue', at: border.on } : undefined
    yield [edge, edge.assumes ?? promise]
  }
}

/** Whether what an edge assumes has been accepted. */
export const isSettledIn =
  ({ settled }: Pick<Ground, 'settled'>) =>
  ({ assumes }: Edge): boolean =>
    assumes !== undefined && settled.by(assumes) !== undefined
