import { edgesOf } from '../edge.js'
import { can, outsider } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R47', 'public-pipelines')

/**
 * Anybody watches a public pipeline. Nobody starts builds of it by that; but its logs, artifacts and environment are
 * read by all, and what leaks there (a URL, a token) starts them.
 *
 * @source access model R47
 */
export const publicPipelines = defineRule({
  path: 'R47',
  code: 'public-pipelines',
  title: 'public pipelines',
  decidedFrom: ['Pipeline.visibility'],
  verdicts: ['assumed', 'closed'],
  replayable: false,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    for (const shown of facts.of('shows-to-all')) {
      yield edge({
        from: outsider,
        to: can.watch(shown.of),
        says: 'may watch it, because it is public',
        facts: [shown],
        at: shown.of,
      })
      yield assumed({
        from: outsider,
        to: can.code(shown.of),
        says: 'finds a secret in its public logs, artifacts or environment, and uses it',
        facts: [shown],
        at: shown.of,
      })
    }
  },
})
