import { edgesOf } from '../edge.js'
import { can, formerOf, isPrincipal } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R49', 'backlog')

/**
 * A job that waits, is blocked or scheduled runs once it can, with what was put into it before anything was closed. It
 * goes to the cluster that its pipeline is in by then.
 *
 * @source access model §0.0 (R49), Q28
 */
export const backlog = defineRule({
  path: 'R49',
  code: 'backlog',
  title: 'unfinished jobs',
  decidedFrom: ['Organization.jobs { state build { createdBy } }'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  *edges(facts) {
    for (const job of facts.of('unfinished')) {
      const which = job.by ?? 'an unfinished job'
      yield isPrincipal(job.of)
        ? edge({
            from: job.of,
            to: can.code(job.on),
            says: `has had a hand in ${which}, which has not finished`,
            facts: [job],
            at: job.on,
          })
        : assumed({
            from: formerOf('somebody'),
            to: can.code(job.on),
            says: `may have had a hand in ${which}, which has not finished`,
            facts: [job],
            at: job.on,
          })
    }
  },
})
