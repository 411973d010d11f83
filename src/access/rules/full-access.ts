import { edgesOf } from '../edge.js'
import { can, formerOf } from '../node.js'
import { placesOf } from '../places.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R4', 'full-access')

/**
 * Full Access changes steps, repository, environment, settings and schedules. Being archived stops nobody who has it:
 * they may take the pipeline out of the archive, too. No policy decides it: steps take `secrets:`, which a gate can't see.
 *
 * @source access model R4, §1.3, R44
 */
export const fullAccess = defineRule({
  path: 'R4',
  code: 'full-access',
  title: 'Full Access to a pipeline',
  decidedFrom: ['TeamPipeline.accessLevel', 'Pipeline.createdBy'],
  verdicts: ['open', 'assumed', 'closed'],
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
    for (const created of facts.of('created')) {
      const draft = { to: can.edit(created.on), facts: [created] }
      if (created.of.startsWith('user:'))
        yield assumed({
          ...draft,
          from: [created.of, can.beMember()],
          says: 'made it, and may have kept Full Access',
          at: created.on,
        })
      // Buildkite says of none of them who it was: they are settled together, where their pipelines are.
      else
        for (const at of placesOf(facts, created.on))
          yield assumed({
            ...draft,
            from: formerOf('pipeline-maker'),
            says: 'made it, nobody knows who they are, and they may have kept Full Access',
            at,
          })
    }
  },
})
