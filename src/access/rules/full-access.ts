import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R4', 'full-access')

/**
 * Full Access changes steps, repository, environment, settings and schedules. Being archived stops nobody who has it:
 * they may take the pipeline out of the archive, too.
 *
 * @source access model R4, §1.3, R44
 */
export const fullAccess = defineRule({
  path: 'R4',
  code: 'full-access',
  title: 'Full Access to a pipeline',
  decidedFrom: ['TeamPipeline.accessLevel', 'Pipeline.createdBy'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  *edges(facts) {
    for (const { of: pipeline } of [...facts.of('runs-in'), ...facts.of('unclustered')])
      yield edge({
        from: can.edit(pipeline),
        to: can.code(pipeline),
        says: 'may change its steps, its repository and what starts it',
        at: pipeline,
      })
    // Nobody outside Buildkite knows whether who made a pipeline keeps Full Access for as long as they are a member (Q3).
    for (const created of facts.of('created'))
      yield assumed({
        from: [created.of, can.beMember()],
        to: can.edit(created.on),
        says: 'made it, and may have kept Full Access',
        facts: [created],
        at: created.on,
      })
  },
})
