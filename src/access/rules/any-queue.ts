import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { clustersWithQueues, unplacedIn } from '../places.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R19', 'any-queue')

/** Having code in a pipeline of which nobody could read where it is. */
const somewhere = can.by('R19', 'organization:')

/**
 * A queue has no list of who may use it: its cluster is the border, and this is the last step of most paths. A step that
 * names no queue goes to the default queue; one that is uploaded by a job names whichever it likes. A pipeline whose
 * cluster could not be read may be in any.
 *
 * @source access model R19, §0.3 (1), §2.6, §3.6
 */
export const anyQueue = defineRule({
  path: 'R19',
  code: 'any-queue',
  title: 'any pipeline of a cluster, on any queue of it',
  decidedFrom: ['Pipeline.cluster', 'Cluster.queues', 'Cluster.defaultQueue'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook', 'iam'],
  gate: {
    says: 'where the pipeline is none that the policy names',
  },
  *edges(facts) {
    for (const queue of facts.of('has-queue'))
      yield edge({
        from: can.runAJob(queue.of),
        to: can.run(queue.on),
        says: 'may send its jobs to every queue there',
        facts: [queue],
        at: queue.of,
      })
    for (const queue of facts.of('default-queue'))
      yield edge({
        from: can.runAJob(queue.on),
        to: can.run(queue.of),
        says: 'has its jobs sent there where a step names no queue',
        facts: [queue],
        at: queue.on,
      })
    for (const unknown of unplacedIn(facts))
      yield edge({
        from: can.code(unknown.of),
        to: somewhere,
        says: 'runs jobs in a cluster that could not be read',
        facts: [unknown],
        at: unknown.of,
      })
    for (const cluster of clustersWithQueues(facts))
      yield edge({ from: somewhere, to: can.runAJob(cluster), says: `may be in ${cluster}`, at: cluster })
  },
})
