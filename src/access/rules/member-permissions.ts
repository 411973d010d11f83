import { edgesOf } from '../edge.js'
import { can, newcomer } from '../node.js'
import { clustersWithQueues } from '../places.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R27', 'member-permissions')

/**
 * Permissions of all members, shown by no API. The widest of them lets anybody make agent tokens, and those of clusters
 * may be meant, too (Q7).
 *
 * @source access model R27, §1.4, §4.4
 */
export const memberPermissions = defineRule({
  path: 'R27',
  code: 'member-permissions',
  title: 'permissions that all members have',
  decidedFrom: [],
  verdicts: ['assumed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    for (const cluster of clustersWithQueues(facts))
      for (const from of [can.beMember(), newcomer])
        yield assumed({
          from,
          to: can.register(cluster),
          says: 'may be permitted to make agent tokens, as all members may be',
          at: 'organization:',
        })
  },
})
