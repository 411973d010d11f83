import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { switched } from '../../model/grant.js'
import type { Thing } from '../kind.js'
import { whole } from '../whole.js'
import { clusterAddress } from './cluster.js'
import { numbered } from './nth.js'

/** What connects agents to a cluster. Its value is said once, to whoever makes it, and never to bridle. */
export interface AgentToken {
  readonly cluster: string
  /** Undefined where the cluster's tokens are out of sight. */
  readonly description: string | undefined
  /** Where a cluster has several of one description, which one: the second is 2. */
  readonly nth?: number | undefined
  /** Networks that it is good from; none is anywhere. */
  readonly allowed_ip_addresses: readonly string[]
  /** As Buildkite writes times; null is never. */
  readonly expires_at: string | null
}

/** The most tokens of a cluster that the list is asked for. */
const most = 200

/** Everything that an address could be. */
const anywhere: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0'])

/** The tokens that agents of each cluster are connected with. */
export const agentToken: Thing<AgentToken> = {
  name: 'agent-token',
  plural: 'agent_tokens',
  source: 'GraphQL Cluster.agentTokens',
  asks: { graphql: [api.AgentTokens] },
  async *read(buildkite) {
    for await (const { uuid, name, agentTokens } of buildkite.pages(api.AgentTokens, {})) {
      if (agentTokens === null) {
        const spec = { cluster: name, description: undefined, allowed_ip_addresses: [], expires_at: null }
        yield { key: keyOf(name, 'unknown'), id: '', uuid, spec }
        continue
      }
      const about = { call: 'AgentTokens', what: `agent tokens of cluster "${name}"` }
      const rows = [...whole(agentTokens, most, about)]
      const called = ({ description }: (typeof rows)[number]) => nameOf({ description: description ?? '' })
      for (const { row, nth } of numbered(rows, called)) {
        const spec: AgentToken = {
          cluster: name,
          description: row.description ?? '',
          ...(nth === undefined ? {} : { nth }),
          allowed_ip_addresses: networksIn(row.allowedIpAddresses),
          expires_at: row.expiresAt,
        }
        yield { key: keyOf(...namesOf(spec)), id: row.id, uuid: row.uuid, spec }
      }
    }
  },
  grants: (token) => [
    ...switched(
      token.description === undefined ? undefined : true,
      'registers-agents',
      addressOf('token', ...namesOf(token)),
      clusterAddress(token.cluster),
      'allowed_ip_addresses',
      token.description === undefined ? 'what could not be read' : usable(token),
    ),
  ],
}

/** What people call it: not every token has a description. */
const nameOf = ({ description }: Pick<AgentToken, 'description'>) =>
  description === undefined ? 'unknown' : description === '' ? 'without a description' : description

const namesOf = (token: AgentToken) => [
  token.cluster,
  nameOf(token),
  ...(token.nth === undefined ? [] : [String(token.nth)]),
]

/** No restriction is written in three ways. @source API reference §4.4 */
const networksIn = (addresses: string | null): readonly string[] => {
  const networks = (addresses ?? '').split(/\s+/).filter((network) => network !== '')
  return networks.some((network) => anywhere.has(network)) ? [] : networks.sort()
}

/** Without the day: one that is rotated has not become another in what it can do. */
const usable = ({ allowed_ip_addresses: networks, expires_at }: AgentToken) =>
  `from ${networks.length === 0 ? 'anywhere' : networks.join(' ')}, ${expires_at === null ? 'for ever' : 'for a time'}`
