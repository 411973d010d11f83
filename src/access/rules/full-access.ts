import { can } from '../node.js'
import { defineRule } from '../rule.js'

/** Full Access changes steps, repository, environment, settings and schedules. @source access model R4, Q3 */
export const fullAccess = defineRule({
  path: 'R4',
  code: 'full-access',
  title: 'Full Access to a pipeline',
  decidedFrom: ['TeamPipeline.accessLevel', 'Pipeline.createdBy'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  *edges(facts) {
    for (const fact of facts.of('runs-in'))
      yield {
        path: 'R4',
        from: [can.edit(fact.of)],
        to: can.code(fact.of),
        says: 'may change its steps, its repository and what starts it',
        facts: facts.on('edits', fact.of),
      }
    // Whether who made a pipeline keeps Full Access is open (Q3), so it is assumed.
    for (const fact of facts.of('created'))
      yield {
        path: 'R4',
        from: [fact.of],
        to: can.edit(fact.on),
        says: 'made it, and may have kept Full Access',
        facts: [fact],
        assumes: { finding: 'full-access', at: fact.on },
      }
  },
})
