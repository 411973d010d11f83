import { edgesOf } from '../edge.js'
import { isPushed } from '../let-in.js'
import { can, outsider } from '../node.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R9', 'fork-builds')

/**
 * A pull request from a fork asks for no right in Buildkite, and branch filters do not apply to it.
 *
 * @source access model R9, §3.8
 */
export const forkBuilds = defineRule({
  path: 'R9',
  code: 'fork-builds',
  title: 'pull requests from forks',
  decidedFrom: [
    'provider_settings.build_pull_requests',
    'provider_settings.build_pull_request_forks',
    'provider_settings.trigger_mode',
    'Pipeline.archived',
  ],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  gate: {
    says: 'where `sources` has no webhook, or `pull_requests` is not forks',
    refuses: (policy) => !isPushed(policy) || policy.pull_requests !== 'forks',
  },
  *edges(facts) {
    for (const fork of facts.of('starts-on').filter(({ by }) => by === 'fork'))
      for (const active of facts.on('active', fork.on))
        yield edge({
          from: outsider,
          to: can.code(fork.on),
          says: 'opens a pull request from a fork, and its code is built',
          facts: [fork, active],
          at: fork.on,
        })
  },
})
