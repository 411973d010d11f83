import { keyIn } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import { can, formerOf } from '../node.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R43', 'name-reuse')

/**
 * What was promised to a name goes to whoever has the name next. That a cluster's names still mean what they meant is
 * known by their uuids, which bridle.lock.yaml keeps.
 *
 * @source access model R43
 */
export const nameReuse = defineRule({
  path: 'R43',
  code: 'name-reuse',
  title: 'names that are taken over',
  decidedFrom: ['Cluster.uuid', 'ClusterQueue.uuid', 'Pipeline.uuid', 'Team.uuid'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'iam'],
  *edges(facts) {
    for (const queue of facts.of('has-queue'))
      yield assumed({
        from: formerOf(`name/${keyIn(queue.of)}`),
        to: can.run(queue.on),
        says: 'made something anew under a name that is trusted there',
        facts: [queue],
        at: queue.of,
      })
  },
})
