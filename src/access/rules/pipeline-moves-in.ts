import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { clustersIn, pipelinesIn } from '../places.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R3', 'pipeline-moves-in')

/**
 * A maintainer of a cluster may move pipelines into it, whoever maintains the cluster that they come from (Q1). Whether
 * Full Access alone moves a pipeline into the default cluster, nobody outside Buildkite knows (Q2).
 *
 * @source access model R3, §2.4, §4.1 MoveInto
 */
export const pipelineMovesIn = defineRule({
  path: 'R3',
  code: 'pipeline-moves-in',
  title: 'moving a pipeline into the cluster',
  decidedFrom: ['Cluster.maintainers', 'pipeline-settings.default_cluster_id', 'TeamPipeline.accessLevel'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook', 'iam'],
  gate: {
    says: 'where the pipeline is none that the policy names, by its uuid: one that comes is not',
  },
  *edges(facts) {
    for (const cluster of clustersIn(facts))
      yield edge({
        from: can.maintain(cluster),
        to: can.enter(cluster),
        says: `may move a pipeline into ${cluster}`,
        at: cluster,
      })
    for (const setting of facts.of('default-cluster')) {
      // One stop for all pipelines, whichever it is that somebody sends.
      const sender = can.by('R3', setting.of)
      for (const pipeline of pipelinesIn(facts))
        yield edge({
          from: can.edit(pipeline),
          to: sender,
          says: 'may change the settings of a pipeline, its cluster perhaps among them',
          at: pipeline,
        })
      for (const cluster of setting.sure ? [setting.of] : [setting.of, ...clustersIn(facts)])
        yield assumed({
          from: sender,
          to: can.enter(cluster),
          says: `may be able to move it into ${cluster}, the default cluster`,
          facts: [setting],
          at: setting.sure ? cluster : 'organization:',
        })
    }
  },
})
