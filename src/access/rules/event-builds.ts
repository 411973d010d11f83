import { edgesOf } from '../edge.js'
import { isPushed } from '../let-in.js'
import { can, pusherTo } from '../node.js'
import { eventOf } from '../places.js'
import { defineRule } from '../rule.js'
import { pushes } from './push-to-repository.js'

const { assumed } = edgesOf('R10', 'event-builds')

/**
 * Comments, reviews, labels, releases, checks and deployments: who may cause them is the Git host’s to say, and what is
 * built then is the head of a pull request, or what the event names. An event that bridle has no word for is one of them.
 *
 * @source access model R10, §3.8
 */
export const eventBuilds = defineRule({
  path: 'R10',
  code: 'event-builds',
  title: 'builds started by events of the Git host',
  decidedFrom: [
    'provider_settings',
    'provider_settings.trigger_mode',
    'Pipeline.repository',
    'Pipeline.archived',
  ],
  verdicts: ['assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'git-host', 'hook'],
  gate: {
    says: 'where `sources` has no webhook',
    refuses: (policy) => !isPushed(policy),
  },
  *edges(facts) {
    for (const event of facts.of('starts-on')) {
      const which = eventOf(event)
      if (which === 'fork' || pushes.has(which)) continue
      for (const active of facts.on('active', event.on))
        for (const checkedOut of facts.from('checks-out', event.on))
          yield assumed({
            from: pusherTo(checkedOut.on),
            to: can.code(event.on),
            says: `starts a build of it with a ${which?.replaceAll('-', ' ') ?? 'Git host’s'} event, at a commit of theirs`,
            facts: [event, checkedOut, active],
            at: checkedOut.on,
          })
    }
  },
})
