import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { nameOf, placesOf } from '../places.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R11', 'webhook-url')

/**
 * The URL is the only credential. Everybody who has ever had Full Access could read it, and so can whoever administers
 * the Git host. What it builds are commits that the repository has.
 *
 * @source access model R11, §3.10
 */
export const webhookUrl = defineRule({
  path: 'R11',
  code: 'webhook-url',
  title: 'a known webhook URL',
  decidedFrom: ['provider_settings.trigger_mode', 'Pipeline.cluster', 'Pipeline.archived'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    for (const takes of facts.of('takes-webhooks'))
      for (const active of facts.on('active', takes.on))
        for (const at of placesOf(facts, takes.on))
          yield assumed({
            from: holderOf(`webhook-url/${nameOf(at)}`),
            to: can.code(takes.on),
            says: 'starts builds of it at any commit that its repository has',
            facts: [takes, active],
            at,
          })
  },
})
