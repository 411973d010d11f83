import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { clustersWithQueues } from '../places.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R26', 'cluster-maintainers')

/**
 * A maintainer needs no pipeline: tokens, secrets, the default queue, hosted images and stopping agents are all theirs.
 * A grant that is narrower than maintaining counts as much (Q18).
 *
 * @source access model R26, §2.2
 */
export const clusterMaintainers = defineRule({
  path: 'R26',
  code: 'cluster-maintainers',
  title: 'maintainers of the cluster',
  decidedFrom: ['Cluster.maintainers', 'Cluster.queues'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    for (const cluster of clustersWithQueues(facts))
      yield edge({
        from: can.maintain(cluster),
        to: can.register(cluster),
        says: `may make an agent token of ${cluster}`,
        at: cluster,
      })
    for (const queue of facts.of('has-queue'))
      yield edge({
        from: can.maintain(queue.of),
        to: can.run(queue.on),
        says: 'may decide which agents, images and secrets its jobs get',
        facts: [queue],
        at: queue.of,
      })
  },
})
