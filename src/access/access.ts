import type { Fact } from '../model/grant.js'
import { factsOf, type Facts } from './facts.js'
import { graphOf, type Graph } from './graph.js'
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
  const edges: Edge[] = [...standing(facts)]
  for (const rule of rules) for (const edge of rule.edges(facts)) edges.push(edge)
  return { facts, graph: graphOf(edges) }
}
