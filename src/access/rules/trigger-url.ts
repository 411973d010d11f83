import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { nameOf, placesOf } from '../places.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R12', 'trigger-url')

/**
 * A pipeline trigger is a URL that starts builds, with a payload that lands in meta-data. They are not among what bridle
 * reads, so any pipeline may have one.
 *
 * @source access model R12, §3.10, §4.4
 */
export const triggerUrl = defineRule({
  path: 'R12',
  code: 'trigger-url',
  title: 'a known trigger URL',
  decidedFrom: ['Pipeline.cluster', 'Pipeline.archived'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    for (const active of facts.of('active'))
      for (const at of placesOf(facts, active.of))
        yield assumed({
          from: holderOf(`trigger-url/${nameOf(at)}`),
          to: can.code(active.of),
          says: 'starts builds of it, with a payload that its steps may read',
          facts: [active],
          at,
        })
  },
})
