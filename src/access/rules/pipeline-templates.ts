import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R35', 'pipeline-templates')

/**
 * A template's steps are those of every pipeline that uses it, and only administrators edit templates. That Full Access
 * may choose another one is part of R4; what a template uploads from the repository, of R8.
 *
 * @source access model R35, §3.4
 */
export const pipelineTemplates = defineRule({
  path: 'R35',
  code: 'pipeline-templates',
  title: 'templates of pipelines',
  decidedFrom: ['Pipeline.pipelineTemplate'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'trust'],
  *edges(facts) {
    for (const use of facts.of('uses-template'))
      yield edge({
        from: can.administer(),
        to: can.code(use.of),
        says: `edits ${use.on}, and with it the pipeline’s steps`,
        facts: [use],
        at: use.of,
      })
  },
})
