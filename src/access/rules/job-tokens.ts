import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { exitsOf, groundsToRun } from '../places.js'
import { defineRule } from '../rule.js'
import { holdersReach, neighboursReach } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R33', 'job-tokens')

/**
 * A job's token uploads steps into its own build. Agents before 3.39 hand out one that is good for as long as they are
 * connected. Who can read it is decided by machines, which bridle does not see.
 *
 * @source access model R33, §2.8
 */
export const jobTokens = defineRule({
  path: 'R33',
  code: 'job-tokens',
  title: 'tokens of running jobs',
  decidedFrom: [],
  verdicts: ['assumed'],
  replayable: false,
  enforcedAt: ['host'],
  *edges(facts) {
    for (const step of holdersReach(facts, 'job-token'))
      yield assumed({ ...step, says: 'has the token of a running job, and uploads steps with it' })
    for (const step of neighboursReach(facts))
      yield assumed({
        ...step,
        says: 'reads the token of another job on the machine, and uploads steps with it',
      })
    const exits = exitsOf(facts)
    // The token is good for whatever the job's own pipeline may do, so it leads out of the cluster as well.
    for (const queue of facts.of('has-queue'))
      yield assumed({
        from: can.run(queue.on),
        to: can.by('R33', queue.of),
        says: 'reads the token of another job on the machine',
        facts: [queue],
        rests: exits(queue.of),
        at: queue.of,
      })
    for (const runsIn of facts.of('runs-in'))
      for (const grounds of groundsToRun(facts, runsIn.of))
        yield edge({
          from: can.by('R33', runsIn.on),
          to: can.code(runsIn.of),
          says: `uploads steps into builds of ${runsIn.of} with it`,
          facts: [runsIn, ...grounds],
          at: runsIn.on,
        })
  },
})
