import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { clustersIn } from '../places.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R2', 'maintainer-creates')

/** Neither right is enough alone; the same person has to have both. @source access model R2, §2.2 */
export const maintainerCreates = defineRule({
  path: 'R2',
  code: 'maintainer-creates',
  title: 'creating a pipeline as a maintainer of the cluster',
  decidedFrom: ['Cluster.maintainers', 'Team.membersCanCreatePipelines', 'TeamMember.role'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  gate: {
    says: 'where the pipeline is none that the policy names, by its uuid: one that comes is not',
  },
  *edges(facts) {
    for (const cluster of clustersIn(facts))
      yield edge({
        from: [can.createPipelines(), can.maintain(cluster)],
        to: can.enter(cluster),
        says: `may create a pipeline in ${cluster}, as its maintainer`,
        at: cluster,
      })
  },
})
