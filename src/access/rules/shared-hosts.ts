import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can } from '../node.js'
import { defineRule, type Edge } from '../rule.js'
import { holdersReach, neighboursReach } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R40', 'shared-hosts')

/**
 * What one job leaves on a machine, the next one finds: hooks, checkouts, the docker socket. bridle does not see
 * machines; only that agents of two clusters give the same host name, which is how one cluster gets at another.
 *
 * @source access model R40
 */
export const sharedHosts = defineRule({
  path: 'R40',
  code: 'shared-hosts',
  title: 'machines that jobs share',
  decidedFrom: ['Agent.hostname'],
  verdicts: ['assumed'],
  replayable: false,
  enforcedAt: ['host'],
  *edges(facts) {
    for (const step of holdersReach(facts, 'shared-host'))
      yield assumed({ ...step, says: 'writes to a machine that runs its jobs' })
    for (const step of neighboursReach(facts))
      yield assumed({ ...step, says: 'leaves something on a machine that runs its jobs, too' })
    yield* acrossClusters(facts)
  },
})

function* acrossClusters(facts: Facts): Iterable<Edge> {
  const byHost = new Map<string, Fact[]>()
  for (const agent of [...facts.of('connected'), ...facts.of('connected-as-declared')])
    if (agent.by !== undefined) byHost.set(agent.by, [...(byHost.get(agent.by) ?? []), agent])
  for (const [host, agents] of byHost) {
    const placed = agents.flatMap((agent) =>
      facts.on('has-queue', agent.on).map((queue) => ({ agent, queue })),
    )
    if (new Set(placed.map(({ queue }) => queue.of)).size < 2) continue
    for (const { agent, queue } of placed) {
      yield edge({
        from: can.run(queue.on),
        to: can.by('R40', host),
        says: `runs on ${host}`,
        facts: [agent, queue],
        at: queue.of,
      })
      yield assumed({
        from: can.by('R40', host),
        to: can.run(queue.on),
        says: `leaves something on ${host}, which serves that queue, too`,
        facts: [agent, queue],
        at: queue.of,
      })
    }
  }
}
