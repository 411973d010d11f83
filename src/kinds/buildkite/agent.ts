import * as api from '../../../graphql/api.js'
import type { Reader } from '../../../graphql/operation.js'
import { addressOf, keyOf } from '../../model/address.js'
import { switched } from '../../model/grant.js'
import type { Scope, Thing } from '../kind.js'

/** A machine that is connected, or was until just now. */
export interface Agent {
  readonly name: string
  /** What it calls itself; Buildkite does not check. */
  readonly hostname: string
  readonly cluster: string
  readonly queue: string
  /** Undefined for a state that bridle does not know. */
  readonly connected: boolean | undefined
  /** Whether every token of its cluster is gone. Which one it came with, nobody says. */
  readonly outlived: boolean
}

const states: Readonly<Record<string, boolean>> = {
  connected: true,
  stopping: true,
  never_connected: false,
  disconnected: false,
  stopped: false,
}

/**
 * Whether an agent in a state has a connection. One that was lost may be back.
 *
 * @returns undefined where nobody can tell
 * @source API reference §4.16
 */
export const isConnected = (connectionState: string): boolean | undefined => states[connectionState]

/** The agents on queues of one's own. Machines of hosted queues are Buildkite's: none connects there by itself. */
export const agent: Thing<Agent> = {
  name: 'agent',
  plural: 'agents',
  source: 'GraphQL Organization.agents',
  asks: { graphql: [api.Clusters, api.Agents, api.AgentTokens] },
  async *read(buildkite, scope) {
    const queues = await queuesIn(buildkite, scope)
    const own = [...queues.values()].filter(({ hosted }) => !hosted)
    if (own.length === 0) return
    const tokenless = await withoutTokens(buildkite)
    const ids = own.map(({ id }) => id).sort()
    for await (const { id, uuid, name, hostname, connectionState, clusterQueue } of buildkite.pages(
      api.Agents,
      {
        queues: ids,
      },
    )) {
      const queue = queues.get(clusterQueue?.uuid ?? '')
      if (queue === undefined) continue
      const spec: Agent = {
        name,
        hostname: hostname ?? '',
        cluster: queue.cluster,
        queue: queue.key,
        connected: isConnected(connectionState),
        outlived: tokenless.has(queue.cluster),
      }
      yield { key: keyOf(spec.cluster, spec.queue, name), id, uuid, spec }
    }
  },
  grants: (agent) => {
    const self = addressOf('agent', agent.cluster, agent.queue, hostOf(agent))
    const queue = addressOf('queue', agent.cluster, agent.queue)
    const host = hostOf(agent)
    return [
      ...switched(agent.connected, 'connected', self, queue, 'hostname', host),
      ...(agent.outlived
        ? switched(agent.connected, 'outlived-token', self, queue, 'connectedAt', host)
        : []),
    ]
  },
}

/** One host may run many agents, under names that count them; the host is what a person knows. */
export const hostOf = ({ hostname, name }: { readonly hostname: string | null; readonly name: string }) =>
  hostname === null || hostname === '' ? name : hostname

interface Queue {
  readonly id: string
  readonly cluster: string
  readonly key: string
  readonly hosted: boolean
}

/** Queues, by UUID. */
export const queuesIn = async (buildkite: Reader, scope?: Scope): Promise<ReadonlyMap<string, Queue>> => {
  const found = new Map<string, Queue>()
  for await (const cluster of buildkite.pages(api.Clusters, {})) {
    if (scope?.clusters.has(cluster.name) === false) continue
    const queues = buildkite.more(cluster.queues, api.ClusterQueues, { cluster: cluster.uuid })
    for await (const { id, uuid, key, hosted } of queues)
      found.set(uuid, { id, cluster: cluster.name, key, hosted })
  }
  return found
}

/** Clusters whose tokens are all gone: whoever is still connected there came with one of those. */
const withoutTokens = async (buildkite: Reader): Promise<ReadonlySet<string>> => {
  const found = new Set<string>()
  for await (const { name, agentTokens } of buildkite.pages(api.AgentTokens, {}))
    if (agentTokens?.count === 0) found.add(name)
  return found
}
