import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { switched } from '../../model/grant.js'
import type { Thing } from '../kind.js'
import { hostOf, isConnected, queuesIn } from './agent.js'

/** A machine that serves a cluster which is looked at closely, and runs an agent of another cluster as well. */
export interface Host {
  readonly name: string
  /** The other cluster. */
  readonly cluster: string
  /** Undefined for a state that bridle does not know. */
  readonly connected: true | undefined
}

/**
 * Machines that agents of two clusters say they run on. Of the agents of other clusters nothing but the host name is
 * read, a point each, and nothing at all where no agent is connected to a cluster that is looked at.
 *
 * @source access model R40
 */
export const host: Thing<Host> = {
  name: 'host',
  plural: 'hosts',
  source: 'GraphQL Organization.agents',
  asks: { graphql: [api.Clusters, api.Agents, api.HostNames] },
  async *read(buildkite, scope) {
    if (scope === undefined) return // every cluster is looked at, and its agents say it themselves
    const all = [...(await queuesIn(buildkite)).values()].filter(({ hosted }) => !hosted)
    const own = all.filter(({ cluster }) => scope.clusters.has(cluster))
    if (own.length === 0) return
    const ours = new Set<string>()
    for await (const agent of buildkite.pages(api.Agents, { queues: own.map(({ id }) => id).sort() }))
      if (isConnected(agent.connectionState) !== false) ours.add(hostOf(agent))
    if (ours.size === 0) return
    const others = new Set(all.map(({ cluster }) => cluster).filter((name) => !scope.clusters.has(name)))
    for await (const { id: cluster, name } of buildkite.pages(api.Clusters, {})) {
      if (!others.has(name)) continue
      const found = new Map<string, Host>()
      for await (const agent of buildkite.pages(api.HostNames, { cluster })) {
        const connected = isConnected(agent.connectionState)
        if (connected === false || !ours.has(hostOf(agent))) continue
        const spec: Host = { name: hostOf(agent), cluster: name, connected }
        if (found.get(spec.name)?.connected !== true) found.set(spec.name, spec)
      }
      for (const spec of found.values()) yield { key: keyOf(name, spec.name), id: '', uuid: '', spec }
    }
  },
  grants: ({ name, cluster, connected }) =>
    switched(
      connected,
      'shares-host',
      addressOf('agent', cluster, name),
      addressOf('cluster', cluster),
      'hostname',
      name,
    ),
}
