import { edgesOf } from '../edge.js'
import { defineRule } from '../rule.js'
import { holdersReach, neighboursReach } from './out-of-sight.js'

const { assumed } = edgesOf('R41', 'kubernetes-overrides')

/**
 * Whether a cluster's jobs are pods, and what the controller lets a pipeline say about them, is in the controller's
 * settings, which bridle does not see.
 *
 * @source access model R41, §3.17
 */
export const kubernetesOverrides = defineRule({
  path: 'R41',
  code: 'kubernetes-overrides',
  title: 'pods that pipelines change',
  decidedFrom: [],
  verdicts: ['assumed'],
  replayable: false,
  enforcedAt: ['host'],
  *edges(facts) {
    for (const step of holdersReach(facts, 'kubernetes'))
      yield assumed({ ...step, says: 'changes the pods that run its jobs, or their controller' })
    for (const step of neighboursReach(facts))
      yield assumed({
        ...step,
        says: 'asks for a pod with another image, account or volume, and gets at its jobs',
      })
  },
})
