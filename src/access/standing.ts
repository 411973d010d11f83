import type { AccessCode } from '../model/access-codes.js'
import type { Fact, Power } from '../model/grant.js'
import type { Assumption } from '../model/verdict.js'
import type { Facts } from './facts.js'
import { can, joinerOf } from './node.js'
import type { Edge } from './rule.js'

/** What stays open where a fact could not be read, and where somebody has to settle it. */
const settledAs: Partial<Record<Power, { readonly finding: AccessCode; readonly at: 'of' | 'on' }>> = {
  'in-team': { finding: 'open-teams', at: 'on' },
  'maintains-team': { finding: 'team-maintainers', at: 'on' },
  'creates-pipelines': { finding: 'default-cluster', at: 'of' },
  'makes-maintainers': { finding: 'team-maintainers', at: 'on' },
  watches: { finding: 'full-access', at: 'on' },
  builds: { finding: 'full-access', at: 'on' },
  edits: { finding: 'full-access', at: 'on' },
  'maintains-cluster': { finding: 'cluster-maintainers', at: 'on' },
  'runs-in': { finding: 'any-queue', at: 'of' },
}

const unsettled = (facts: readonly Fact[]): { readonly assumes?: Assumption } => {
  const fact = facts.find(({ sure }) => !sure)
  if (fact === undefined) return {}
  const { finding, at } = settledAs[fact.power] ?? { finding: 'identity-provider', at: 'on' }
  return { assumes: { finding, at: fact[at] } }
}

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
  ...unsettled(facts),
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
  for (const [power, end, what] of [
    ['creates-suites', can.createSuites(), 'test suites'],
    ['creates-registries', can.createRegistries(), 'package registries'],
  ] as const)
    for (const fact of facts.of(power))
      yield edge(can.beIn(fact.of), end, `may create ${what}, as ${fact.of} may`, fact)
  for (const fact of facts.of('makes-maintainers'))
    yield edge(
      joinerOf(fact.of),
      can.comeToMaintain(fact.on),
      'maintains it from the day that they are put into it',
      fact,
    )
  const teams = new Set([...facts.of('maintains-team')].map(({ on }) => on))
  for (const team of teams)
    yield edge(
      can.maintainTeam(team),
      can.createPipelines(),
      'may create pipelines, as every maintainer of a team may',
    )

  for (const fact of facts.of('watches'))
    yield edge(can.beIn(fact.of), can.watch(fact.on), `may watch it, through ${fact.of}`, fact)
  for (const fact of facts.of('edits'))
    yield edge(can.beIn(fact.of), can.edit(fact.on), `has Full Access to it, through ${fact.of}`, fact)
  for (const fact of facts.of('builds'))
    yield edge(can.beIn(fact.of), can.build(fact.on), `may start builds of it, through ${fact.of}`, fact)

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
