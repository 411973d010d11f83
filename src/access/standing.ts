import type { Fact } from '../model/grant.js'
import type { Facts } from './facts.js'
import { can } from './node.js'
import type { Edge } from './rule.js'

const organization = 'organization:'

const edge = (
  from: string | readonly string[],
  to: string,
  says: string,
  ...facts: readonly Fact[]
): Edge => ({
  path: 'rule',
  from: typeof from === 'string' ? [from] : from,
  to,
  says,
  facts,
  ...(facts.every(({ sure }) => sure) ? {} : { assumes: { finding: 'identity-provider', at: organization } }),
})

/**
 * What the decision rule says before any path begins: who is in which team, what the team's level allows, and which
 * pipelines are in which cluster. Every path stands on these.
 *
 * @source access model §4.1
 */
export function* standing(facts: Facts): Iterable<Edge> {
  for (const fact of facts.of('belongs'))
    yield edge(fact.of, can.beMember(), 'is a member of the organization', fact)
  for (const fact of facts.of('in-team')) yield edge(fact.of, can.beIn(fact.on), `is in ${fact.on}`, fact)
  for (const fact of facts.of('maintains-team'))
    yield edge(fact.of, can.maintainTeam(fact.on), `maintains ${fact.on}`, fact)

  for (const fact of facts.of('creates-pipelines'))
    yield edge(can.beIn(fact.of), can.createPipelines(), `may create pipelines, as ${fact.of} may`, fact)
  const teams = new Set([...facts.of('maintains-team')].map(({ on }) => on))
  for (const team of teams)
    yield edge(
      can.maintainTeam(team),
      can.createPipelines(),
      'may create pipelines, as every maintainer of a team may',
    )

  for (const fact of facts.of('watches'))
    yield edge(can.beIn(fact.of), can.watch(fact.on), `may watch it, through ${fact.of}`, fact)
  for (const fact of facts.of('builds'))
    yield edge(can.beIn(fact.of), can.build(fact.on), `may start builds of it, through ${fact.of}`, fact)
  for (const fact of facts.of('edits'))
    yield edge(can.beIn(fact.of), can.edit(fact.on), `has Full Access to it, through ${fact.of}`, fact)

  for (const fact of facts.of('maintains-cluster'))
    yield edge(
      fact.of.startsWith('team:') ? can.beIn(fact.of) : fact.of,
      can.maintain(fact.on),
      `maintains ${fact.on}`,
      fact,
    )

  for (const fact of facts.of('runs-in')) {
    yield edge(can.edit(fact.of), can.build(fact.of), 'may start builds of it, too')
    yield edge(can.code(fact.of), can.runAJob(fact.on), `runs jobs in ${fact.on}`, fact)
  }
  const clusters = new Set(facts.of('has-queue').map(({ of }) => of))
  for (const cluster of clusters)
    yield edge(can.enter(cluster), can.runAJob(cluster), 'decides what a pipeline of theirs runs there')
}
