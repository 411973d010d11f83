import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { startsByHand } from '../let-in.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R5', 'chosen-commit')

/**
 * A build names its commit, and the repository serves commits of every branch and pull request. The branch that a
 * build says it is for proves nothing about them.
 *
 * @source access model R5, §3.5
 */
export const chosenCommit = defineRule({
  path: 'R5',
  code: 'chosen-commit',
  title: 'a build at a commit of one’s choice',
  decidedFrom: ['TeamPipeline.accessLevel', 'Pipeline.archived'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  // `checks: [ancestor]` is no ground to refuse all of it. It asks for a commit in the history of the branch that the build
  // names: which branches are protected only the Git host knows; a merge brings along commits that nobody looked at by
  // themselves, and old ones have what was mended since; and no canary shows the check at work, which a refusal by
  // pipeline comes before.
  gate: {
    says: 'where `sources` has neither ui nor api; `checks: [ancestor]` refuses some of it, never all',
    refuses: (policy) => !startsByHand(policy),
  },
  *edges(facts) {
    for (const active of facts.of('active'))
      yield edge({
        from: can.build(active.of),
        to: can.code(active.of),
        says: 'may name any commit that its repository serves, merged or not',
        facts: [active],
        at: active.of,
      })
  },
})
