import { keyIn } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'
import { organization } from './out-of-sight.js'

const { edge } = edgesOf('R34', 'unclustered')

const unclusteredAgents = can.by('R34', organization)

/**
 * What is in no cluster has no border of its own, and comes to no queue of a cluster by itself: jobs never cross over.
 * But who builds such a pipeline decides what it runs, and a rule may let it trigger a pipeline that is in one.
 *
 * @source access model R34, §2.10, R16
 */
export const unclustered = defineRule({
  path: 'R34',
  code: 'unclustered',
  title: 'what is in no cluster',
  decidedFrom: ['Pipeline.cluster', 'Agent.clusterQueue', 'Organization.agentTokens'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    for (const fact of facts.of('unclustered')) {
      const at = fact.of
      if (!at.startsWith('pipeline:')) {
        yield edge({
          from: holderOf(`unclustered-agent-token/${keyIn(at)}`),
          to: unclusteredAgents,
          says: 'connects an agent that is in no cluster',
          facts: [fact],
          at,
        })
        continue
      }
      yield edge({
        from: can.edit(at),
        to: can.code(at),
        says: 'may change its steps, and it is in no cluster',
        facts: [fact],
        at,
      })
      yield edge({
        from: can.build(at),
        to: can.code(at),
        says: 'may build it with a commit and an environment of theirs, and it is in no cluster',
        facts: [fact],
        at,
      })
      yield edge({
        from: can.code(at),
        to: unclusteredAgents,
        says: 'runs jobs on every agent that is in no cluster',
        facts: [fact],
        at,
      })
    }
  },
})
