import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import { can, newcomer } from '../node.js'
import { clustersIn, pipelinesIn } from '../places.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R22', 'open-teams')

/**
 * Without teams every member may do everything; whether that is to put pipelines into any cluster, too, nobody says. With them, whoever joins is in every default team at once, whoever takes up an invitation too.
 *
 * @source access model R22, §1.2, §1.8
 */
export const openTeams = defineRule({
  path: 'R22',
  code: 'open-teams',
  title: 'teams switched off, and default teams',
  decidedFrom: ['Organization.isTeamsEnabled', 'Team.isDefaultTeam', 'Team.defaultMemberRole'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    const joiners = [
      { who: newcomer, grounds: [] },
      ...facts
        .of('belongs')
        .filter(({ of }) => of.startsWith('invitee:'))
        .map((fact) => ({ who: fact.of, grounds: [fact] })),
    ]
    for (const { who, grounds } of joiners) {
      for (const fact of facts.of('in-team').filter(isAboutNewcomers))
        yield edge({
          from: who,
          to: can.beIn(fact.on),
          says: `joins, and is in ${fact.on} from then on`,
          facts: [...grounds, fact],
          at: fact.on,
        })
      for (const fact of facts.of('maintains-team').filter(isAboutNewcomers))
        yield edge({
          from: who,
          to: can.maintainTeam(fact.on),
          says: `joins, and maintains ${fact.on} from then on`,
          facts: [...grounds, fact],
          at: fact.on,
        })
    }
    for (const off of facts.of('teams-off')) {
      const draft = { from: can.beMember(), facts: [off], at: 'organization:' } as const
      yield edge({ ...draft, from: newcomer, to: can.beMember(), says: 'joins the organization' })
      yield edge({
        ...draft,
        to: can.createPipelines(),
        says: 'may create pipelines, because teams are off',
      })
      for (const pipeline of pipelinesIn(facts))
        yield edge({
          ...draft,
          to: can.edit(pipeline),
          says: 'may do everything to it, because teams are off',
        })
      for (const cluster of clustersIn(facts))
        yield assumed({
          ...draft,
          to: can.enter(cluster),
          says: `may be able to put a pipeline into ${cluster}, because teams are off`,
        })
    }
  },
})

const isAboutNewcomers = ({ of }: Fact) => of === newcomer
