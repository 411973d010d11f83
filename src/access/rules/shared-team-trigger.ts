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
    for (const [team, clusters] of sharedIn(facts))
      for (const [cluster, shared] of clusters) {
        if (shared.size < 2) continue
        const place = can.by('R15', `${team} in ${cluster}`)
        for (const [pipeline, grounds] of shared) {
          yield edge({
            from: can.code(pipeline),
            to: place,
            says: `may trigger what ${team} may build in ${cluster}, from a build that nobody created`,
            facts: grounds,
            at: cluster,
          })
          for (const active of facts.on('active', pipeline))
            yield edge({
              from: place,
              to: can.code(pipeline),
              says: `has ${pipeline} triggered, with a commit and an environment of their choice`,
              facts: [...grounds, active],
              at: cluster,
            })
        }
      }
  },
})

/** What each team may build in each cluster: by pipeline, that it may, and that the pipeline is there. */
const sharedIn = (facts: Facts) => {
  const teams = new Map<Address, Map<Address, Map<Address, readonly Fact[]>>>()
  for (const builds of facts.of('builds'))
    for (const runsIn of facts.from('runs-in', builds.on)) {
      const shared = within(within(teams, builds.of), runsIn.on)
      if (!shared.has(builds.on) || (builds.sure && runsIn.sure)) shared.set(builds.on, [builds, runsIn])
    }
  return teams
}

const within = <Inner>(map: Map<Address, Map<Address, Inner>>, key: Address): Map<Address, Inner> => {
  const there = map.get(key)
  if (there !== undefined) return there
  const made = new Map<Address, Inner>()
  map.set(key, made)
  return made
}
