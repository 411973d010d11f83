import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { startsByHand } from '../let-in.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R6', 'injected-environment')

/**
 * Whoever starts a build gives it variables, and some of those are run by what a job starts with: BASH_ENV,
 * LD_PRELOAD, GIT_SSH_COMMAND. Only what runs before the job can refuse them.
 *
 * @source access model R6, §3.5
 */
export const injectedEnvironment = defineRule({
  path: 'R6',
  code: 'injected-environment',
  title: 'environment given to a build',
  decidedFrom: ['TeamPipeline.accessLevel', 'Pipeline.archived'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  gate: {
    says: 'where `sources` has neither ui nor api, or `environment` names no variable',
    refuses: (policy) => !startsByHand(policy) || policy.environment === undefined,
  },
  *edges(facts) {
    for (const active of facts.of('active'))
      yield edge({
        from: can.build(active.of),
        to: can.code(active.of),
        says: 'may give a build variables that run code, such as BASH_ENV',
        facts: [active],
        at: active.of,
      })
  },
})
