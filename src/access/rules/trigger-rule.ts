import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R16', 'trigger-rule')

/**
 * A rule takes the place of the check on people, from any cluster into any other. Its conditions see branches, commits
 * and creators, and never the environment that is passed on: so they close nothing here. Nor are they counted on to
 * refuse what would be allowed without the rule.
 *
 * @source access model R16, §3.3, Q29, §0.0
 */
export const triggerRule = defineRule({
  path: 'R16',
  code: 'trigger-rule',
  title: 'a rule that lets one pipeline trigger another',
  decidedFrom: ['Rule.action', 'Rule.source', 'Rule.target', 'Pipeline.archived'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  *edges(facts) {
    for (const rule of facts.of('triggers'))
      for (const active of facts.on('active', rule.on))
        yield edge({
          from: can.code(rule.of),
          to: can.code(rule.on),
          says: `may trigger ${rule.on} by a rule, with an environment of their choice`,
          facts: [rule, active],
          at: rule.on,
        })
  },
})
