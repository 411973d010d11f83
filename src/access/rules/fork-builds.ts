import { can, outsider } from '../node.js'
import { defineRule } from '../rule.js'

/** A pull request from a fork asks for no right in Buildkite. @source access model R9, §3.8 */
export const forkBuilds = defineRule({
  path: 'R9',
  code: 'fork-builds',
  title: 'pull requests from forks',
  decidedFrom: [
    'provider_settings.build_pull_requests',
    'provider_settings.build_pull_request_forks',
    'provider_settings.trigger_mode',
  ],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  *edges(facts) {
    for (const fact of facts.of('starts-on').filter(({ by }) => by === 'fork'))
      yield {
        path: 'R9',
        from: [outsider],
        to: can.code(fact.on),
        says: 'opens a pull request from a fork, and its code is built',
        facts: [fact],
        ...(fact.sure ? {} : { assumes: { finding: 'fork-builds', at: fact.on } }),
      }
  },
})
