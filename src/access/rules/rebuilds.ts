import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { startsByHand } from '../let-in.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R7', 'rebuilds')

/**
 * A rebuild replays an old commit, its steps and its environment, whatever was mended since. `allow_rebuilds: false`
 * stops rebuilds; whether it stops the retry of a job, and whether a retry asks for Build, is open (Q13). So is whether
 * the archive stops a retry: what it refuses are new builds.
 *
 * Nobody says which source a rebuild has. The gate goes by what it was rebuilt from, and takes it for a start by hand
 * whatever its source.
 *
 * @source access model R7, §3.12
 */
export const rebuilds = defineRule({
  path: 'R7',
  code: 'rebuilds',
  title: 'building old builds again',
  decidedFrom: ['TeamPipeline.accessLevel', 'Pipeline.allowRebuilds', 'Pipeline.archived'],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  gate: {
    says: 'where `sources` has neither ui nor api, whatever source the rebuild says; a retry is no rebuild, and is not',
    refuses: (policy, { facts }) => !startsByHand(policy) && facts.some(({ power }) => power === 'rebuilds'),
  },
  *edges(facts) {
    for (const active of facts.of('active')) {
      const pipeline = active.of
      for (const allowed of facts.on('rebuilds', pipeline))
        yield edge({
          from: can.build(pipeline),
          to: can.code(pipeline),
          says: 'may build an old build again, with what it ran then',
          facts: [allowed, active],
          at: pipeline,
        })
    }
    for (const fact of [...facts.of('active'), ...facts.of('archived')])
      yield assumed({
        from: can.build(fact.of),
        to: can.code(fact.of),
        says: 'may be able to retry an old job, with what it ran then',
        facts: [fact],
        at: fact.of,
      })
  },
})
