import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R19', 'any-queue')

/**
 * A queue has no list of who may use it: its cluster is the border, and this is the last step of most paths. A step that
 * names no queue goes to the default queue; one that is uploaded by a job names whichever it likes.
 *
 * @source access model R19, §0.3 (1), §2.6, §3.6
 */
export const anyQueue = defineRule({
  path: 'R19',
  code: 'any-queue',
  title: 'any pipeline of a cluster, on any queue of it',
  decidedFrom: ['Pipeline.cluster', 'Cluster.queues', 'Cluster.defaultQueue'],
  verdicts: ['open', 'held', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook', 'iam'],
  *edges(facts) {
    for (const queue of facts.of('has-queue'))
      yield edge({
        from: can.runAJob(queue.of),
        to: can.run(queue.on),
        says: 'may send it to every queue there, by a step’s agents',
        facts: [queue],
        at: queue.of,
      })
    for (const queue of facts.of('default-queue'))
      yield edge({
        from: can.runAJob(queue.on),
        to: can.run(queue.of),
        says: 'is sent there where a step names no queue',
        facts: [queue],
        at: queue.on,
      })
  },
})
