import type { Address } from '../../model/address.js'
import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R15', 'shared-team-trigger')

/**
 * A build that nobody created, of a schedule or a trigger URL or a commit by a stranger, may trigger what shares a team
 * with Build with its own pipeline.
 *
 * @source access model R15, §3.1 (b), Q14, Q27
 */
export const sharedTeamTrigger = defineRule({
  path: 'R15',
  code: 'shared-team-trigger',
  title: 'triggering through a team with Build on both pipelines',
  decidedFrom: ['Pipeline.cluster', 'TeamPipeline.accessLevel', 'Pipeline.archived'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  *edges(facts) {
    for (const [place, { team, cluster, shared }] of sharedIn(facts)) {
      if (shared.size < 2) continue
      for (const [pipeline, grounds] of shared) {
        yield edge({
          from: can.code(pipeline),
          to: can.by('R15', place),
          says: `may trigger what ${team} may build in ${cluster}, from a build that nobody created`,
          facts: grounds,
          at: cluster,
        })
        for (const active of facts.on('active', pipeline))
          yield edge({
            from: can.by('R15', place),
            to: can.code(pipeline),
            says: `has ${pipeline} triggered, with a commit and an environment of their choice`,
            facts: [...grounds, active],
            at: cluster,
          })
      }
    }
  },
})

interface Shared {
  readonly team: Address
  readonly cluster: Address
  /** By pipeline: that the team may build it, and that it is in the cluster. */
  readonly shared: Map<Address, readonly Fact[]>
}

/** What each team may build in each cluster. */
const sharedIn = (facts: Facts): ReadonlyMap<string, Shared> => {
  const places = new Map<string, Shared>()
  for (const builds of facts.of('builds'))
    for (const runsIn of facts.from('runs-in', builds.on)) {
      const place = `${builds.of} in ${runsIn.on}`
      const there: Shared = places.get(place) ?? { team: builds.of, cluster: runsIn.on, shared: new Map() }
      const known = there.shared.get(builds.on)
      const grounds = [builds, runsIn]
      if (known === undefined || grounds.every(({ sure }) => sure)) there.shared.set(builds.on, grounds)
      places.set(place, there)
    }
  return places
}
