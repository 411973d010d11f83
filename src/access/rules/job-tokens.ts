import { edgesOf } from '../edge.js'
import { defineRule } from '../rule.js'
import { holdersReach, neighboursReach } from './out-of-sight.js'

const { assumed } = edgesOf('R33', 'job-tokens')

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
  },
})
