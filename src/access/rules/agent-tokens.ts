import { keyIn } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { clustersWithQueues, exitsOf, groundsToRun } from '../places.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R32', 'agent-tokens')

/**
 * A token of a cluster connects agents to any queue of it, and those are given its jobs. A token that is limited to
 * addresses or to a time is still a bearer's, and so is the one that lies on an agent's disk beside the jobs.
 *
 * Hosted queues take no agents. They have the step all the same, since no grant may take one away: a cluster with
 * hosted queues alone closes this by having no tokens. Tokens limited to queues can't be read yet (Q19).
 *
 * Which token an agent came with nobody says, and a token that is gone leaves its agents connected. They say themselves
 * what they are called, so one that is called what the files call ours may be a stranger's.
 *
 * @source access model R32, §2.7, §2.9, Q19
 */
export const agentTokens = defineRule({
  path: 'R32',
  code: 'agent-tokens',
  title: 'agent tokens, and agents of others',
  decidedFrom: [
    'Cluster.agentTokens { description allowedIpAddresses expiresAt }',
    'Agent.hostname',
    'Pipeline.cluster',
    'Pipeline.archived',
  ],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'host', 'iam'],
  *edges(facts) {
    const exits = exitsOf(facts)
    for (const token of facts.of('registers-agents')) {
      const rests = [...facts.from('has-queue', token.on), ...exits(token.on)]
      yield assumed({
        from: holderOf(`agent-token/${keyIn(token.of)}`),
        to: can.register(token.on),
        says: `holds an agent token of the cluster${usable(token.by)}, and connects an agent with it`,
        facts: [token],
        rests,
        at: token.on,
      })
      yield assumed({
        from: can.runAJob(token.on),
        to: can.register(token.on),
        says: 'finds the agent token on the machine, and connects an agent with it',
        facts: [token],
        rests,
        at: token.on,
      })
    }
    for (const queue of facts.of('has-queue'))
      yield edge({
        from: can.register(queue.of),
        to: can.run(queue.on),
        says: 'names the queue as the agent’s own, and is given its jobs',
        facts: [queue],
        at: queue.of,
      })
    for (const agent of facts.of('connected-as-declared'))
      for (const queue of facts.on('has-queue', agent.on))
        yield assumed({
          from: holderOf(`agent/${agent.by ?? agent.of}`),
          to: can.run(agent.on),
          says: 'calls an agent there what the files call theirs, and may have connected it with a token that is gone',
          facts: [], // machines come and go: not each of them is accepted
          at: queue.of,
        })
    // A job that is given to a stranger's agent goes on as the stranger likes, out of its cluster as well.
    for (const cluster of clustersWithQueues(facts))
      yield edge({
        from: can.register(cluster),
        to: can.by('R32', cluster),
        says: `is given jobs of ${cluster}, with their tokens`,
        at: cluster,
      })
    for (const runsIn of facts.of('runs-in'))
      for (const grounds of groundsToRun(facts, runsIn.of))
        yield edge({
          from: can.by('R32', runsIn.on),
          to: can.code(runsIn.of),
          says: `goes on with jobs of ${runsIn.of} as they like`,
          facts: [runsIn, ...grounds],
          at: runsIn.on,
        })
  },
})

const usable = (by: string | undefined) => (by === undefined ? '' : ` (good ${by})`)
