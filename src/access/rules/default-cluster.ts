import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { clustersIn } from '../places.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R1', 'default-cluster')

/**
 * The default cluster is where everybody who may create pipelines may put them, and whoever made one has Full Access
 * to it. Where nobody could read which one it is, it may be any.
 *
 * @source access model R1, §2.3
 */
export const defaultCluster = defineRule({
  path: 'R1',
  code: 'default-cluster',
  title: 'creating a pipeline in the default cluster',
  decidedFrom: ['pipeline-settings.default_cluster_id', 'Team.membersCanCreatePipelines', 'TeamMember.role'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  gate: {
    says: 'where the pipeline is none that the policy names, by its uuid: one that comes is not',
  },
  *edges(facts) {
    for (const setting of facts.of('default-cluster'))
      for (const cluster of setting.sure ? [setting.of] : [setting.of, ...clustersIn(facts)])
        yield edge({
          from: can.createPipelines(),
          to: can.enter(cluster),
          says: `may create them in ${cluster}, because it is the default cluster`,
          facts: [setting],
          at: 'organization:',
        })
  },
})
