import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R50', 'observer-maintainers')

/**
 * A team's maintainer may be able to raise the team's level on any pipeline that it has, Full Access or not (Q31). It is
 * assumed of each pipeline, so that an acceptance holds those that lead to something privileged, and no others.
 *
 * @source access model §0.0 (R50, Q31), §1.2
 */
export const observerMaintainers = defineRule({
  path: 'R50',
  code: 'observer-maintainers',
  title: 'maintainers of teams that watch',
  decidedFrom: ['TeamPipeline.accessLevel', 'TeamMember.role'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    const teams = new Set(facts.of('maintains-team').map(({ on }) => on))
    for (const team of teams) {
      yield edge({
        from: can.maintainTeam(team),
        to: can.by('R50', team),
        says: `decides who is in ${team}`,
        at: team,
      })
      const maintainers = facts.on('maintains-team', team)
      for (const level of facts.from('watches', team))
        yield assumed({
          from: can.by('R50', team),
          to: can.edit(level.on),
          says: `may be able to give ${team} Full Access to a pipeline that it watches`,
          facts: [level],
          rests: maintainers,
          at: team,
        })
    }
  },
})
