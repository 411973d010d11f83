import { edgesOf } from '../edge.js'
import { defineRule } from '../rule.js'
import { holdersReach, neighboursReach } from './out-of-sight.js'

const { assumed } = edgesOf('R52', 'shared-cache')

/**
 * A cache registry of one's own, shared by a cluster's agents, carries files from one job to the next as hosted ones do
 * (R39). bridle does not see it, nor whether there is one.
 *
 * @source access model §0.0 (R52), R39
 */
export const sharedCache = defineRule({
  path: 'R52',
  code: 'shared-cache',
  title: 'caches that agents share',
  decidedFrom: [],
  verdicts: ['assumed'],
  replayable: true,
  enforcedAt: ['host'],
  *edges(facts) {
    for (const step of holdersReach(facts, 'shared-cache'))
      yield assumed({ ...step, says: 'writes to a cache that its jobs use' })
    for (const step of neighboursReach(facts))
      yield assumed({ ...step, says: 'puts something into a cache that its jobs use' })
  },
})
