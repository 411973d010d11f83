import { keyIn } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can, holderOf } from '../node.js'
import { clustersIn, pipelinesIn } from '../places.js'
import { defineRule, type Edge } from '../rule.js'
import { organization, unseenPipeline } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R34', 'unclustered')

/** Whoever runs jobs on the agents that are in no cluster. */
export const onItsAgents = can.by('R34', organization)
/** Having some pipeline to take out of its cluster. */
const takesOut = can.by('R34', unseenPipeline)

/**
 * Among what is in no cluster there is no border: any job runs on any of the agents, whatever queue it names, and leaves
 * there what the next one finds. Jobs never cross into a cluster; but a rule may let such a pipeline trigger one that is
 * in one.
 *
 * Whether one can still make a pipeline in no cluster, and whether Full Access takes one out of its cluster (Q2), nobody
 * outside Buildkite knows.
 *
 * @source access model R34, §2.3, §2.4, §2.10, R16
 */
export const unclustered = defineRule({
  path: 'R34',
  code: 'unclustered',
  title: 'what is in no cluster',
  decidedFrom: ['Pipeline.cluster', 'Agent.clusterQueue', 'Organization.agentTokens'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    for (const fact of facts.of('unclustered')) {
      const it = fact.of
      const shared = { facts: [fact], at: organization }
      if (it.startsWith('pipeline:')) {
        yield edge({
          ...shared,
          from: can.code(it),
          to: onItsAgents,
          says: 'runs jobs on agents of no cluster',
        })
        yield assumed({
          ...shared,
          from: onItsAgents,
          to: can.code(it),
          says: 'gets at its jobs, which run there, too',
          rests: facts.from('triggers', it),
        })
      } else
        yield assumed({
          ...shared,
          from: holderOf(it.startsWith('agent:') ? `agent/${keyIn(it)}` : `agent-token/${keyIn(it)}`),
          to: onItsAgents,
          says: `has ${it}, which is in no cluster, and is given jobs`,
        })
    }
    if (facts.of('unclustered').some(({ of }) => of.startsWith('pipeline:'))) yield* intoNone(facts)
  },
})

/** Whoever may put a pipeline of theirs into no cluster, where there is another to come to. */
function* intoNone(facts: Facts): Iterable<Edge> {
  const none = can.enter(organization)
  const draft = { to: none, at: organization } as const
  yield edge({
    from: none,
    to: onItsAgents,
    says: 'decides what a pipeline of theirs runs there',
    at: organization,
  })
  yield assumed({
    ...draft,
    from: can.createPipelines(),
    says: 'may be able to create one that is in no cluster',
  })
  yield assumed({ ...draft, from: takesOut, says: 'may be able to take it out of its cluster' })
  // One stop for all pipelines, whichever it is that somebody takes out.
  for (const pipeline of pipelinesIn(facts))
    yield edge({
      from: can.edit(pipeline),
      to: takesOut,
      says: 'may change the settings of a pipeline, its cluster perhaps among them',
      at: pipeline,
    })
  for (const cluster of clustersIn(facts))
    yield edge({
      from: can.maintain(cluster),
      to: takesOut,
      says: `decides which pipelines are in ${cluster}`,
      at: cluster,
    })
}
