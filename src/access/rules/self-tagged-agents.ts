import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R45', 'self-tagged-agents')

/**
 * Agents say themselves which queue they serve, and what they are called. Each one that is connected may be a
 * stranger's, until the files say which host names a queue's agents have. Machines come and go, so what is accepted is
 * that a queue has such agents, and not each of them.
 *
 * @source access model R45, §2.6
 */
export const selfTaggedAgents = defineRule({
  path: 'R45',
  code: 'self-tagged-agents',
  title: 'agents that nobody declared',
  decidedFrom: ['Agent.hostname', 'Agent.clusterQueue'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'host'],
  *edges(facts) {
    for (const agent of facts.of('connected'))
      yield assumed({
        from: holderOf(`agent/${agent.by ?? agent.of}`),
        to: can.run(agent.on),
        says: 'has an agent connected there, and is given its jobs',
        facts: [],
        at: agent.on,
      })
  },
})
