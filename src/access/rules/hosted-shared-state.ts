import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R39', 'hosted-shared-state')

/**
 * Hosted queues of a cluster share a cache store, a container registry and mirrors. Whether a job runs what it finds
 * there is in its scripts. Caches beside agents of one's own are R52.
 *
 * @source access model R39, §2.11
 */
export const hostedSharedState = defineRule({
  path: 'R39',
  code: 'hosted-shared-state',
  title: 'what hosted queues share',
  decidedFrom: ['ClusterQueue.hosted'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    for (const hosted of facts.of('hosted'))
      for (const queue of facts.on('has-queue', hosted.on))
        yield assumed({
          from: can.runAJob(queue.of),
          to: can.run(queue.on),
          says: 'puts something into a cache, an image or a mirror that jobs there use',
          facts: [hosted, queue],
          at: queue.of,
        })
  },
})
