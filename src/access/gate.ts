import { addressOf, type Address } from '../model/address.js'
import type { Fact } from '../model/grant.js'
import type { Access } from './access.js'
import { edgesOf } from './edge.js'
import type { Facts } from './facts.js'
import { graphOf, rowOf, type Graph } from './graph.js'
import { can, type Node } from './node.js'
import { clusterOf, placesOf } from './places.js'
import type { Edge, LetIn } from './rule.js'
import { rules } from './rules/index.js'

/**
 * What the gate of a queue lets in: pipelines, and what of each, by every policy that it may go by. Agents take a new one
 * within minutes, and until then they have the old one.
 */
export type Gate = ReadonlyMap<Address, readonly LetIn[]>

/** Steps onto the agents of a queue as its gate sees them, by their numbers: whether it refuses all that comes by one. */
export type GateSteps = ReadonlyMap<number, boolean>

/** A graph, with the steps of gates beside the others: of use to whoever asks about one queue, and to nobody else. */
export interface Gated {
  readonly access: Access
  readonly steps: ReadonlyMap<Address, GateSteps>
  /** Queues of whose gates all that they let in is known to be in their cluster: of the others, nobody is held. */
  readonly whole: ReadonlySet<Address>
}

/** By rule, what a gate decides of it. */
const gateOn = new Map(
  rules.flatMap(({ path, gate }) => (gate === undefined ? [] : [[path as string, gate]])),
)

/**
 * A gate sees of a job which pipeline it is of and what started it, and not whose it is. So the step from any job of the
 * cluster onto the queue falls apart: whatever brings code into a pipeline that is let in leads on to the queue by itself,
 * and is refused only by what the policy says of that pipeline. All else is refused.
 */
export const withGates = (access: Access, all: ReadonlyMap<Address, Gate>): Gated => {
  const { facts, graph } = access
  const gates = [...all]
  if (gates.length === 0) return { access, steps: new Map(), whole: new Set() }
  const found = gates.flatMap(([queue, gate]) =>
    stepsFrom(graph, queue, gate, facts).map((one) => ({ ...one, queue })),
  )
  const extended = graphOf([...graph.edges, ...found.map(({ step }) => step)])
  const numbers = new Map(extended.edges.map((edge, n) => [edge, n]))
  const steps = new Map<Address, Map<number, boolean>>(gates.map(([queue]) => [queue, new Map()]))
  for (const { queue, step, isRefused } of found) steps.get(queue)?.set(numbers.get(step) ?? -1, isRefused)
  const whole = new Set(gates.flatMap(([queue, gate]) => (isThere(queue, gate, facts) ? [queue] : [])))
  return { access: { facts, graph: extended }, steps, whole }
}

interface Found {
  readonly step: Edge
  readonly isRefused: boolean
}

const stepsFrom = (graph: Graph, queue: Address, gate: Gate, facts: Facts): readonly Found[] => {
  const onto = (edge: Edge, to = can.run(queue)): Edge => ({ ...edge, to })
  const isBroughtIn = [...gate.keys()].some((pipeline) => mayBeBrought(clusterOf(queue), pipeline, facts))
  return [
    ...[...gate].flatMap(([pipeline, policies]): readonly Found[] => {
      const { isKnown, perhaps } = placeOf(clusterOf(queue), pipeline, facts)
      if (!isKnown && perhaps.length === 0) return []
      const stop = isKnown ? undefined : can.by('R19', `${pipeline} on ${queue}`)
      return [
        ...arrivingAt(graph, can.code(pipeline)).map((edge) => ({
          step: onto(edge, stop),
          isRefused: policies.every((one) => gateOn.get(edge.path)?.refuses?.(one, edge, facts) === true),
        })),
        ...(stop === undefined
          ? []
          : [{ step: perhapsThere(stop, queue, pipeline, perhaps), isRefused: false }]),
      ]
    }),
    // A pipeline that somebody makes is none that is let in. One that they move is none while all of those are there.
    ...arrivingAt(graph, can.enter(clusterOf(queue))).flatMap((edge) =>
      gateOn.has(edge.path) ? [{ step: onto(edge), isRefused: edge.path !== moving || !isBroughtIn }] : [],
    ),
  ]
}

/** The path by which a pipeline comes into a cluster as it is. */
const moving = 'R3'

/** Whether all that a gate lets in is known to be in its cluster: else somebody may move some of it there, and come along. */
const isThere = (queue: Address, gate: Gate, facts: Facts): boolean =>
  [...gate.keys()].every((pipeline) => {
    const places = facts.from('runs-in', pipeline)
    return places.length > 0 && places.every(({ on, sure }) => on === clusterOf(queue) && sure)
  })

/**
 * Whether a pipeline is known to be in a cluster; or else what could not be read, so that it may be. Less that is known takes no step
 * away: what may be there brings whom it brings, and that a gate is there says nothing against it.
 */
const placeOf = (cluster: Address, pipeline: Address, facts: Facts) => {
  const places = facts.from('runs-in', pipeline)
  return {
    isKnown: places.some(({ on, sure }) => on === cluster && sure),
    perhaps: [...places, ...facts.from('unclustered', pipeline)].filter(({ sure }) => !sure),
  }
}

const { edge: place } = edgesOf('R19', 'any-queue')

const perhapsThere = (from: Node, queue: Address, pipeline: Address, perhaps: readonly Fact[]): Edge =>
  place({
    from,
    to: can.run(queue),
    says: `may be in ${clusterOf(queue)}, where the gate lets it in`,
    facts: perhaps,
    at: pipeline,
  })

/** Whether a pipeline may be anywhere but in a cluster, to be moved there. */
const mayBeBrought = (cluster: Address, pipeline: Address, facts: Facts): boolean =>
  placesOf(facts, pipeline).some((place) => place !== cluster)

const arrivingAt = (graph: Graph, node: string): readonly Edge[] => {
  const number = graph.number(node)
  return number === undefined ? [] : [...rowOf(graph.arriving, number)].flatMap((n) => graph.edges[n] ?? [])
}

/** The pipelines of a policy, by their addresses. */
export const gateOf = (pipelines: Readonly<Record<string, LetIn>>): Gate =>
  new Map(Object.entries(pipelines).map(([slug, one]) => [addressOf('pipeline', slug), [one]]))

/** A gate that goes by one of two policies, and nobody knows by which. */
export const eitherGate = (one: Gate, other: Gate): Gate =>
  new Map(
    [...one.keys(), ...other.keys()].map((pipeline) => [
      pipeline,
      [...(one.get(pipeline) ?? []), ...(other.get(pipeline) ?? [])],
    ]),
  )
