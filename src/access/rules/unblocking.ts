import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can } from '../node.js'
import { groundsToRun, placesOf } from '../places.js'
import { defineRule, type Edge } from '../rule.js'

const { edge, assumed } = edgesOf('R21', 'unblocking')

/**
 * `allowed_teams` takes the place of the pipeline’s levels: a team that may only watch may unblock, and what it types
 * becomes meta-data. Whether a team that does not even watch may, nobody says. Over REST the caller names who unblocks, and whether that is checked instead of the caller is open
 * (Q12): so whoever sees the step may be able to. Which team could not be read may be any.
 *
 * @source access model R21, §3.7
 */
export const unblocking = defineRule({
  path: 'R21',
  code: 'unblocking',
  title: 'unblocking a step and filling in its fields',
  decidedFrom: ['Pipeline.steps', 'Team.slug', 'TeamPipeline.accessLevel', 'Pipeline.archived'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    for (const named of facts.of('unblocks')) {
      const pipeline = named.on
      for (const grounds of groundsToRun(facts, pipeline)) {
        const draft = { to: can.code(pipeline), facts: [named, ...grounds], at: pipeline }
        const says = `may unblock a step of it as ${named.of}, and fill in its fields`
        if (named.sure) {
          yield edge({ ...draft, from: [can.beIn(named.of), can.watch(pipeline)], says })
          for (const shown of facts.from('shows-to-all', pipeline))
            yield edge({ ...draft, from: can.beIn(named.of), says, facts: [named, ...grounds, shown] })
        }
        yield assumed({
          ...draft,
          from: named.sure ? can.beIn(named.of) : can.beMember(),
          says: named.sure
            ? `may be able to unblock a step of it as ${named.of}, without seeing it`
            : 'may be in a team that unblocks a step of it',
        })
        yield assumed({
          ...draft,
          from: can.watch(pipeline),
          says: `may be able to unblock a step of it in the name of ${named.of}`,
        })
      }
    }
    yield* outOfSight(facts)
  },
})

/**
 * Steps that are kept elsewhere may have such a step, too: whoever may watch may be in the team that it names. They are
 * settled together, where their pipelines are.
 */
function* outOfSight(facts: Facts): Iterable<Edge> {
  for (const steps of facts.of('runs-steps-of')) {
    const pipeline = steps.on
    if (steps.by === 'editor') continue
    for (const grounds of groundsToRun(facts, pipeline))
      for (const at of placesOf(facts, pipeline))
        yield assumed({
          from: can.watch(pipeline),
          to: can.code(pipeline),
          says: 'may be able to unblock one of its steps, which are kept elsewhere',
          facts: [steps, ...grounds],
          at,
        })
  }
}
