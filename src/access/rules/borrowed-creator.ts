import type { Fact } from '../../model/grant.js'
import { edgesOf, surest } from '../edge.js'
import type { Facts } from '../facts.js'
import { can } from '../node.js'
import { isTriggered } from '../let-in.js'
import { clustersIn, exitsOf, unplacedIn } from '../places.js'
import { defineRule, type Edge } from '../rule.js'
import { authorsOf } from './creators.js'
import { organization, unseenPipeline } from './out-of-sight.js'

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
  gate: {
    says: 'where `sources` has no trigger_job: which pipeline it comes from, nobody can say',
    refuses: (policy) => !isTriggered(policy),
  },
  *edges(facts) {
    // One stop for each cluster, where all who come meet all that can be triggered: pairs would be too many.
    const says = 'may trigger pipelines of its cluster, as the author that they write into a commit'
    for (const cluster of clustersIn(facts))
      yield edge({ from: can.enter(cluster), to: can.by('R14', cluster), says, at: cluster })
    const exits = exitsOf(facts)
    const administrator = surest(facts.of('administers'))
    for (const fact of placed(facts)) {
      const { of: pipeline, on: place } = fact
      const isUnplaced = fact.power === 'unclustered' && !fact.sure
      const at = isUnplaced ? pipeline : place
      const to = isUnplaced ? fromSomewhere : can.by('R14', place)
      for (const author of authorsOf(facts, pipeline))
        yield edge({ from: author.from, to, says, facts: [fact, ...author.facts], at })
      yield assumed({
        from: can.code(pipeline),
        to,
        says: 'may be able to trigger pipelines of its cluster as somebody else',
        rests: exits(at),
        at,
      })
      const builder = surest([...facts.on('builds', pipeline), ...(administrator ? [administrator] : [])])
      if (builder === undefined) continue
      for (const active of facts.on('active', pipeline))
        yield edge({
          from: isUnplaced ? somewhere : can.by('R14', place),
          to: can.code(pipeline),
          says: `has ${pipeline} triggered, with a commit and an environment of their choice`,
          facts: [fact, active, builder],
          at,
        })
    }
    yield* outOfPlace(facts)
  },
})

/** Triggering out of a pipeline of which nobody could read where it is, and triggering such a one. */
const fromSomewhere = can.by('R14', 'cluster:?')
const somewhere = can.by('R14', unseenPipeline)

/** Every pipeline with the place that it is in: without a cluster they trigger each other, too. */
const placed = (facts: Facts): readonly Fact[] => [
  ...facts.of('runs-in'),
  ...facts.of('unclustered').filter(({ of }) => of.startsWith('pipeline:')),
]

/** What nobody could place may be in any cluster, or in none. */
function* outOfPlace(facts: Facts): Iterable<Edge> {
  const none = facts.of('unclustered').some(({ of }) => of.startsWith('pipeline:')) ? [organization] : []
  for (const at of none)
    yield edge({
      from: can.enter(at),
      to: can.by('R14', at),
      says: 'may trigger pipelines that are in no cluster, as the author that they write into a commit',
      at,
    })
  if (unplacedIn(facts).length === 0) return // the edges come with the fact
  for (const at of [...clustersIn(facts), ...none]) {
    const where = at === organization ? 'no cluster' : at
    yield edge({ from: fromSomewhere, to: can.by('R14', at), says: `which may be in ${where}`, at })
    yield edge({
      from: can.by('R14', at),
      to: somewhere,
      says: `may trigger whatever may be in ${where}`,
      at,
    })
  }
}
