import { edgesOf, surest } from '../edge.js'
import { can } from '../node.js'
import { clustersIn } from '../places.js'
import { defineRule } from '../rule.js'
import { authorsOf } from './creators.js'

const { edge, assumed } = edgesOf('R14', 'borrowed-creator')

/**
 * Within a cluster, a trigger step asks whether the creator of its build may build the other pipeline. For a push that
 * is the author of the commit, whom the pusher writes as they like: an administrator, for one. Whether an API caller
 * can do the same for a build that they start is open (Q11). A rule whose condition fails would refuse the trigger; it
 * is not counted on, because it may be taken away.
 *
 * @source access model R14, §3.1, §3.9, §0.0
 */
export const borrowedCreator = defineRule({
  path: 'R14',
  code: 'borrowed-creator',
  title: 'triggering as somebody else, within a cluster',
  decidedFrom: [
    'Pipeline.cluster',
    'TeamPipeline.accessLevel',
    'OrganizationMember.role',
    'Pipeline.archived',
  ],
  verdicts: ['open', 'assumed', 'held', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'hook'],
  *edges(facts) {
    // One stop for each cluster, where all who come meet all that can be triggered: pairs would be too many.
    const says = 'may trigger pipelines of its cluster, as the author that they write into a commit'
    for (const cluster of clustersIn(facts))
      yield edge({ from: can.enter(cluster), to: can.by('R14', cluster), says, at: cluster })
    const administrator = surest(facts.of('administers'))
    for (const runsIn of facts.of('runs-in')) {
      const { of: pipeline, on: cluster } = runsIn
      const to = can.by('R14', cluster)
      for (const author of authorsOf(facts, pipeline))
        yield edge({ from: author.from, to, says, facts: [runsIn, ...author.facts], at: cluster })
      yield assumed({
        from: can.code(pipeline),
        to,
        says: 'may be able to trigger pipelines of its cluster as somebody else',
        at: cluster,
      })
      const builder = surest([...facts.on('builds', pipeline), ...(administrator ? [administrator] : [])])
      if (builder === undefined) continue
      for (const active of facts.on('active', pipeline))
        yield edge({
          from: to,
          to: can.code(pipeline),
          says: `has ${pipeline} triggered, with a commit and an environment of their choice`,
          facts: [runsIn, active, builder],
          at: cluster,
        })
    }
  },
})
