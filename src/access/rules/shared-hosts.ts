import { keyIn, kindOf, namesIn, type Address } from '../../model/address.js'
import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can, type Node } from '../node.js'
import { defineRule, type Edge } from '../rule.js'
import { holdersReach, neighboursReach, organization } from './out-of-sight.js'
import { onItsAgents } from './unclustered.js'

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
  const beside = elsewhere(facts)
  for (const [host, agents] of byHost) {
    const placed = agents.flatMap((agent) =>
      facts.on('has-queue', agent.on).map((queue) => ({ agent, queue })),
    )
    const others = beside.get(host) ?? []
    const clusters = new Set([...placed.map(({ queue }) => queue.of), ...others.map(({ at }) => at)])
    if (placed.length === 0 || clusters.size < 2) continue
    for (const { from, facts: told, at } of others)
      yield edge({ from, to: can.by('R40', host), says: `runs on ${host}`, facts: told, at })
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

/** Who runs jobs on a machine without being on a queue that is looked at. */
interface Beside {
  readonly from: Node
  readonly facts: readonly Fact[]
  readonly at: Address
}

/** By host name: of what is in no cluster, the name of an agent is its host's. */
const elsewhere = (facts: Facts): ReadonlyMap<string, readonly Beside[]> => {
  const found = new Map<string, Beside[]>()
  const note = (host: string, one: Beside) => found.set(host, [...(found.get(host) ?? []), one])
  for (const fact of facts.of('shares-host'))
    if (fact.by !== undefined) {
      note(fact.by, { from: can.runAJob(fact.on), facts: [fact], at: fact.on })
      // Which queue of the cluster it serves was not asked.
      for (const queue of facts.from('has-queue', fact.on))
        note(fact.by, { from: can.run(queue.on), facts: [fact, queue], at: fact.on })
    }
  for (const fact of facts.of('unclustered'))
    if (kindOf(fact.of) === 'agent')
      note(namesIn(keyIn(fact.of)).join('/'), { from: onItsAgents, facts: [fact], at: organization })
  return found
}
