import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { clustersWithQueues, exitsOf, groundsToRun, unplacedIn } from '../places.js'
import { defineRule } from '../rule.js'
import { unseenPipeline } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R18', 'shared-job-data')

/**
 * A job’s token may write meta-data, annotations and artifacts of every build of its cluster. Whether a job runs what it
 * finds there, no API shows. A pipeline that leads out of the cluster, by a rule for one, takes it along.
 *
 * @source access model R18, §2.8
 */
export const sharedJobData = defineRule({
  path: 'R18',
  code: 'shared-job-data',
  title: 'data that other jobs of the cluster write',
  decidedFrom: ['Pipeline.cluster', 'Cluster.queues', 'Pipeline.archived'],
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
    const exits = exitsOf(facts)
    for (const cluster of clustersWithQueues(facts))
      yield assumed({
        from: can.runAJob(cluster),
        to: can.by('R18', cluster),
        says: `may write meta-data and artifacts that jobs in ${cluster} read`,
        rests: exits(cluster),
        at: cluster,
      })
    for (const runsIn of facts.of('runs-in'))
      for (const grounds of groundsToRun(facts, runsIn.of))
        yield edge({
          from: can.by('R18', runsIn.on),
          to: can.code(runsIn.of),
          says: `has them read and run by ${runsIn.of}`,
          facts: [runsIn, ...grounds],
          at: runsIn.on,
        })
    const unplaced = unplacedIn(facts)
    if (unplaced.length === 0) return // the edges come with the fact
    for (const cluster of clustersWithQueues(facts))
      yield edge({
        from: can.by('R18', cluster),
        to: can.by('R18', unseenPipeline),
        says: `has them read by whatever may be in ${cluster}`,
        at: cluster,
      })
    for (const unknown of unplaced)
      for (const active of facts.on('active', unknown.of))
        yield edge({
          from: can.by('R18', unseenPipeline),
          to: can.code(unknown.of),
          says: `which may be ${unknown.of}, whose cluster could not be read`,
          facts: [unknown, active],
          at: unknown.of,
        })
  },
})
