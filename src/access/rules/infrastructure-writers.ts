import { edgesOf } from '../edge.js'
import { defineRule } from '../rule.js'
import { holdersReach, neighboursReach } from './out-of-sight.js'

const { assumed } = edgesOf('R42', 'infrastructure-writers')

/**
 * Agents are what images, launch templates, buckets and parameters make of them. Jobs can use the role of their
 * instance unless that is blocked, and so may be among those who write them.
 *
 * @source access model R42
 */
export const infrastructureWriters = defineRule({
  path: 'R42',
  code: 'infrastructure-writers',
  title: 'whoever changes what agents are made of',
  decidedFrom: [],
  verdicts: ['assumed'],
  replayable: false,
  enforcedAt: ['iam', 'host'],
  *edges(facts) {
    for (const step of holdersReach(facts, 'infrastructure'))
      yield assumed({ ...step, says: 'changes an image, a template, a bucket or a parameter of its agents' })
    for (const step of neighboursReach(facts))
      yield assumed({ ...step, says: 'changes what its agents are made of, with the role of their instance' })
  },
})
