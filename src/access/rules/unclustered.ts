import { keyIn } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'
import { organization } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R34', 'unclustered')

const onItsAgents = can.by('R34', organization)

/**
 * Among what is in no cluster there is no border: any job runs on any of the agents, whatever queue it names, and leaves
 * there what the next one finds. Jobs never cross into a cluster; but a rule may let such a pipeline trigger one that is
 * in one.
 *
 * @source access model R34, §2.10, R16
 */
export const unclustered = defineRule({
  path: 'R34',
  code: 'unclustered',
  title: 'what is in no cluster',
  decidedFrom: ['Pipeline.cluster', 'Agent.clusterQueue', 'Organization.agentTokens'],
  verdicts: ['assumed', 'held', 'closed'],
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
        })
      } else
        yield assumed({
          ...shared,
          from: holderOf(it.startsWith('agent:') ? `agent/${keyIn(it)}` : `agent-token/${keyIn(it)}`),
          to: onItsAgents,
          says: `has ${it}, which is in no cluster, and is given jobs`,
        })
    }
  },
})
