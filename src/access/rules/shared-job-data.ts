import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R18', 'shared-job-data')

/**
 * A job’s token may write meta-data, annotations and artifacts of every build of its cluster. Whether a job runs what it
 * finds there, no API shows.
 *
 * @source access model R18, §2.8
 */
export const sharedJobData = defineRule({
  path: 'R18',
  code: 'shared-job-data',
  title: 'data that other jobs of the cluster write',
  decidedFrom: ['Pipeline.cluster', 'Cluster.queues'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'host'],
  *edges(facts) {
    for (const queue of facts.of('has-queue'))
      yield assumed({
        from: can.runAJob(queue.of),
        to: can.run(queue.on),
        says: 'may write meta-data and artifacts that jobs there read',
        facts: [queue],
        at: queue.of,
      })
  },
})
