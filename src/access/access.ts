import type { Address } from '../model/address.js'
import type { Fact } from '../model/grant.js'
import { factsOf, type Facts } from './facts.js'
import { graphOf, type Graph } from './graph.js'
import { can, type Node } from './node.js'
import type { Edge, Rule } from './rule.js'
import { rules as everyRule } from './rules/index.js'
import { standing } from './standing.js'

/** What was read, and who can do what because of it. */
export interface Access {
  readonly facts: Facts
  readonly graph: Graph
}

/** The access graph of some facts: what the decision rule says, and what every numbered path adds. */
export const accessOf = (all: readonly Fact[], rules: readonly Rule[] = everyRule): Access => {
  const facts = factsOf(all)
  return { facts, graph: graphOf(edgesFrom(facts, rules)) }
}

/** All edges of some facts. */
export const edgesFrom = (facts: Facts, rules: readonly Rule[] = everyRule): Edge[] => {
  const edges: Edge[] = [...standing(facts)]
  const jobsAt = jobsIn(facts)
  for (const rule of rules)
    for (const edge of rule.edges(facts)) {
      edges.push(edge)
      const queue = rule.path === ownJobs ? undefined : jobsAt.get(edge.to)
      if (queue === undefined) continue
      edges.push({ ...edge, to: rule.path === elsewhere ? can.takeJobs(queue) : can.getAtJobs(queue) })
    }
  return edges
}

/** The path by which one comes onto a queue with nothing but a job of one's own. */
const ownJobs = 'R19'

/** The path by which jobs come to machines that are anywhere. */
const elsewhere = 'R32'

/**
 * The queues whose jobs have something of their own: a role trusts them. Whoever gets onto the agents of such a queue by
 * anything but a job of theirs gets at what runs there.
 */
const jobsIn = (facts: Facts): ReadonlyMap<Node, Address> => {
  const queues = new Set(
    facts.of('becomes').flatMap(({ of, by }) => {
      if (by !== undefined) return [`queue:${by}` as const]
      const places = facts.from('runs-in', of).map(({ on }) => on)
      return places.flatMap((place) => facts.from('has-queue', place).map(({ on }) => on))
    }),
  )
  return new Map([...queues].map((queue) => [can.run(queue), queue]))
}
