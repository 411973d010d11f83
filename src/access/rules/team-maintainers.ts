import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R23', 'team-maintainers')

/** Whoever maintains a team puts people into it: themselves, for one. @source access model R23, §1.2 */
export const teamMaintainers = defineRule({
  path: 'R23',
  code: 'team-maintainers',
  title: 'maintainers of a team',
  decidedFrom: ['TeamMember.role', 'Team.defaultMemberRole'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    const teams = new Set(facts.of('maintains-team').map(({ on }) => on))
    for (const team of teams)
      yield edge({
        from: can.maintainTeam(team),
        to: can.beIn(team),
        says: `may put anybody into ${team}, themselves too`,
        at: team,
      })
  },
})
