import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R17', 'artifact-becomes-code')

/**
 * What a job downloads and runs is code of whoever made it; whether it runs it, no API shows. Within a cluster every job
 * may add artifacts to every build, so the whole cluster of the pipeline that is read counts.
 *
 * @source access model R17, §3.2, §2.8
 */
export const artifactBecomesCode = defineRule({
  path: 'R17',
  code: 'artifact-becomes-code',
  title: 'artifacts of another pipeline that become code',
  decidedFrom: ['Rule.action', 'Rule.source', 'Rule.target', 'Pipeline.archived'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  *edges(facts) {
    for (const rule of facts.of('reads-artifacts'))
      for (const active of facts.on('active', rule.of)) {
        yield assumed({
          from: can.code(rule.on),
          to: can.code(rule.of),
          says: `makes artifacts that ${rule.of} may read by a rule, and may run`,
          facts: [rule, active],
          at: rule.of,
        })
        for (const runsIn of facts.from('runs-in', rule.on))
          yield assumed({
            from: can.runAJob(runsIn.on),
            to: can.code(rule.of),
            says: `may add artifacts to builds of ${rule.on}, which ${rule.of} may read and run`,
            facts: [rule, runsIn, active],
            at: rule.of,
          })
      }
  },
})
