import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'
import { organization } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R46', 'control-plane')

const sendsJobs = can.by('R46', organization)

/** Agents do what Buildkite tells them to, so whoever runs Buildkite is trusted. @source access model R46 */
export const controlPlane = defineRule({
  path: 'R46',
  code: 'control-plane',
  title: 'Buildkite and its staff',
  decidedFrom: [],
  verdicts: ['assumed'],
  replayable: false,
  enforcedAt: ['hook', 'trust'],
  *edges(facts) {
    yield assumed({
      from: holderOf('buildkite'),
      to: sendsJobs,
      says: 'decides what Buildkite sends to agents',
      at: organization,
    })
    for (const queue of facts.of('has-queue'))
      yield edge({
        from: sendsJobs,
        to: can.run(queue.on),
        says: 'sends jobs to its agents',
        facts: [queue],
        at: queue.of,
      })
  },
})
