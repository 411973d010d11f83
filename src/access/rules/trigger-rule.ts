import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { isTriggered, namesParent } from '../let-in.js'
import { can, formerOf } from '../node.js'
import { defineRule, type Edge } from '../rule.js'
import { organization, unseenPipeline } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R16', 'trigger-rule')

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
  gate: {
    says: 'where `sources` has no trigger_job, or `triggered_by` does not name the pipeline that the rule is for',
    refuses: (policy, step, facts) => !isTriggered(policy) || !namesParent(policy, step, facts),
  },
  *edges(facts) {
    const rules = facts.of('triggers')
    for (const rule of rules)
      for (const active of facts.on('active', rule.on)) {
        yield edge({
          from: can.code(rule.of),
          to: can.code(rule.on),
          says: `may trigger ${rule.on} by a rule, with an environment of their choice`,
          facts: [rule, active],
          at: rule.on,
        })
        if (rule.of === unseenPipeline)
          yield assumed({
            from: formerOf('rule-source'),
            to: can.code(rule.on),
            says: `may trigger ${rule.on} by a rule whose source could not be read`,
            facts: [rule, active],
            at: rule.on,
          })
      }
    yield* intoAny(
      facts,
      rules.filter(({ on }) => on === unseenPipeline),
    )
  },
})

/** What a rule triggers that could not be read may be any pipeline: one stop on the way to all of them. */
function* intoAny(facts: Facts, rules: readonly Fact[]): Iterable<Edge> {
  for (const rule of rules)
    yield assumed({
      from: rule.of === unseenPipeline ? formerOf('rule-source') : can.code(rule.of),
      to: can.by('R16', organization),
      says: 'may trigger by a rule what could not be read',
      facts: [rule],
      at: organization,
    })
  if (rules.length === 0) return // the edges come with the fact
  for (const active of facts.of('active'))
    yield edge({
      from: can.by('R16', organization),
      to: can.code(active.of),
      says: `which may be ${active.of}`,
      facts: [active],
      at: organization,
    })
}
