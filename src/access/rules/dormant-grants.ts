import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R44', 'dormant-grants')

/**
 * What is unused still carries its power: Full Access brings an archived pipeline back, and an agent keeps its
 * connection when its token is revoked or expires. Invitations are people like all others; schedules, those that are switched off
 * too, are R13.
 *
 * @source access model R44, §2.7
 */
export const dormantGrants = defineRule({
  path: 'R44',
  code: 'dormant-grants',
  title: 'unused things that still carry power',
  decidedFrom: ['Pipeline.archived', 'Agent.connectedAt', 'Cluster.agentTokens'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite'],
  *edges(facts) {
    for (const archived of facts.of('archived'))
      yield edge({
        from: can.edit(archived.of),
        to: can.code(archived.of),
        says: 'may take it out of the archive, and change what it runs',
        facts: [archived],
        at: archived.of,
      })
    for (const agent of facts.of('outlived-token'))
      for (const queue of facts.on('has-queue', agent.on))
        yield assumed({
          from: holderOf(`agent/${agent.by ?? agent.of}`),
          to: can.run(agent.on),
          says: 'has an agent there that is still connected, though its token is gone',
          facts: [queue], // machines come and go: not each of them is accepted
          at: queue.of,
        })
  },
})
