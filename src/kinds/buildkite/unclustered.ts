import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { switched } from '../../model/grant.js'
import type { Live } from '../../model/live.js'
import { rowsUnlessHidden, unlessHidden } from '../hidden.js'
import type { Thing } from '../kind.js'
import { whole } from '../whole.js'
import { isConnected } from './agent.js'

/** Something from before there were clusters, which has no border of its own. */
export interface Unclustered {
  readonly is: 'pipeline' | 'agent' | 'token'
  /** What people call it. */
  readonly name: string
  /** Undefined where nobody can tell whether there are any, or whether it is one. */
  readonly sure: true | undefined
}

/** The most tokens that are asked for. */
const most = 500

const hidden = (is: Unclustered['is']): Live<Unclustered> => ({
  key: keyOf(is, 'unknown'),
  id: '',
  uuid: '',
  spec: { is, name: 'unknown', sure: undefined },
})

/**
 * Pipelines, agents and tokens that are in no cluster. The list of all pipelines has those that are in none, too, so far
 * as anybody knows: what only the other list has is told here. Of agents there is no list of all to compare with, since
 * that would be every agent of the organization.
 *
 * @source access model §2.10: what the `clustered` argument leaves out is not said clearly
 */
export const unclustered: Thing<Unclustered> = {
  name: 'unclustered',
  plural: 'unclustered',
  source: 'GraphQL Organization.pipelines, agents and agentTokens',
  asks: {
    graphql: [api.Pipelines, api.UnclusteredPipelines, api.UnclusteredAgents, api.UnclusteredTokens],
  },
  async *read(buildkite) {
    const known = new Set<string>()
    for await (const { uuid } of buildkite.pages(api.Pipelines, {})) known.add(uuid)
    for await (const { id, uuid, slug } of buildkite.pages(api.UnclusteredPipelines, {}))
      if (!known.has(uuid)) yield live('pipeline', slug, { id, uuid }, true)

    const agents = await rowsUnlessHidden(buildkite.pages(api.UnclusteredAgents, {}))
    if (agents === undefined) yield hidden('agent')
    for (const { id, uuid, name, hostname, connectionState, clusterQueue } of agents ?? []) {
      const connected = isConnected(connectionState)
      if (clusterQueue === null && connected !== false)
        yield live('agent', hostname === null || hostname === '' ? name : hostname, { id, uuid }, connected)
    }

    const answer = await unlessHidden(buildkite.ask(api.UnclusteredTokens, {}))
    const tokens = answer?.organization?.agentTokens
    if (tokens == null) yield hidden('token')
    else
      for (const { id, uuid, description } of whole(tokens, most, {
        call: 'UnclusteredTokens',
        what: 'agent tokens in no cluster',
      }))
        yield live('token', description ?? 'without a description', { id, uuid }, true)
  },
  grants: ({ is, name, sure }) =>
    switched(sure, 'unclustered', addressOf(is, name), addressOf('organization'), 'cluster'),
}

const live = (
  is: Unclustered['is'],
  name: string,
  ids: { readonly id: string; readonly uuid: string },
  sure: true | undefined,
): Live<Unclustered> => ({ key: keyOf(is, name), ...ids, spec: { is, name, sure } })
