import { edgesOf } from '../edge.js'
import { can } from '../node.js'
import { clustersIn, pipelinesIn } from '../places.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R24', 'administrators')

/**
 * Configuration holds no administrator: they are trusted by name, or the path is open. What they can do is spelled out,
 * so that whoever asks what somebody reaches is told of pipelines and clusters, too.
 *
 * @source access model R24, §1.1
 */
export const administrators = defineRule({
  path: 'R24',
  code: 'administrators',
  title: 'administrators of the organization',
  decidedFrom: ['OrganizationMember.role', 'OrganizationInvitation.role'],
  verdicts: ['open', 'assumed'],
  replayable: true,
  enforcedAt: ['trust'],
  *edges(facts) {
    for (const fact of facts.of('administers'))
      yield edge({
        from: fact.of,
        to: can.administer(),
        says: 'administers the organization',
        facts: [fact],
        at: 'organization:',
      })
    const draft = { from: can.administer(), at: 'organization:' } as const
    yield edge({ ...draft, to: can.createPipelines(), says: 'may create pipelines' })
    for (const pipeline of pipelinesIn(facts))
      yield edge({ ...draft, to: can.edit(pipeline), says: 'may do everything to it' })
    for (const cluster of clustersIn(facts)) {
      yield edge({ ...draft, to: can.maintain(cluster), says: `may do everything to ${cluster}` })
      yield edge({ ...draft, to: can.enter(cluster), says: `may put a pipeline into ${cluster}` })
    }
    for (const queue of facts.of('has-queue'))
      yield edge({
        ...draft,
        to: can.run(queue.on),
        says: 'may make a token, connect an agent and take its jobs',
      })
  },
})
