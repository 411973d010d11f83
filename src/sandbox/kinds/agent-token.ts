import { createHash } from 'node:crypto'
import * as z from 'zod'
import { organizationSeen, type Context } from '../context.js'
import { idOf, uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { edgeOf, newestFirst, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { isAdmin, permission, runsAgentTokens } from '../rights.js'
import { created, gone, inOrganization, ok, read, updates, type OrganizationRequest } from '../route.js'
import type { AgentToken, Cluster, Organization } from '../rows.js'
import { clusterById, clusterSeen, ofCreator, ofOrganization, organizationById, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { learn } from '../world/known.js'
import { allow, change, make, principalOf, remove, there } from '../write.js'
import { clusterAt } from './maintainer.js'
import { personOf } from './user.js'

const TEN_MINUTES = 600_000
const ADDRESSES_AT_MOST = 24

/** Said once, when it is made. Nothing keeps it: here nobody registers an agent with it. */
const valueOf = ({ state }: Context, prefix: string, { uuid }: AgentToken) =>
  prefix + createHash('sha256').update(`${state.seed}/token/${uuid}`).digest('hex').slice(0, 40)

const addressesOf = ({ allowedIpAddresses }: AgentToken, _args: unknown, { switches }: Context) => {
  if (allowedIpAddresses !== null && allowedIpAddresses !== '') return allowedIpAddresses
  return { everywhere: '0.0.0.0/0', blank: '', null: null }[switches.unrestrictedAddresses]
}

const isCidr = (text: string) => {
  const [address = '', bits, ...rest] = text.split('/')
  const bytes = address.split('.')
  const within = (part: string, most: number) => /^\d{1,3}$/.test(part) && Number(part) <= most
  return (
    rest.length === 0 &&
    bytes.length === 4 &&
    bytes.every((byte) => within(byte, 255)) &&
    (bits === undefined || within(bits, 32))
  )
}

const checkAddresses = (text: string | null | undefined) => {
  const addresses = (text ?? '').split(/\s+/).filter(Boolean)
  if (addresses.length > ADDRESSES_AT_MOST || !addresses.every(isCidr))
    throw new Refused(
      'Validation failed: Allowed ip addresses must be at most 24 IPv4 addresses in CIDR notation',
    )
}

const checkExpiry = ({ now }: Context, expiresAt: string | null | undefined) => {
  if (!expiresAt) return null
  const time = Date.parse(expiresAt)
  if (!(time >= Date.parse(now) + TEN_MINUTES))
    throw new Refused('Validation failed: Expires at must be at least 10 minutes from now')
  return new Date(time).toISOString()
}

interface Wanted {
  readonly description?: string | null | undefined
  readonly allowedIpAddresses?: string | null | undefined
}

const createToken = (
  context: Context,
  cluster: Cluster,
  wanted: Wanted & { readonly expiresAt?: string | null | undefined },
): AgentToken => {
  allow(runsAgentTokens(context, cluster))
  checkAddresses(wanted.allowedIpAddresses)
  const row = make(context, 'agentTokens', {
    organization: cluster.organization,
    cluster: cluster.uuid,
    description: wanted.description ?? null,
    allowedIpAddresses: wanted.allowedIpAddresses ?? null,
    expiresAt: checkExpiry(context, wanted.expiresAt),
    revokedAt: null,
    revokedBy: null,
    revokedReason: null,
  })
  learn(context, principalOf(context), 'agentToken', row.uuid)
  return row
}

const updateToken = (context: Context, token: AgentToken, wanted: Wanted): AgentToken => {
  checkAddresses(wanted.allowedIpAddresses)
  return change(context, 'agentTokens', token, {
    description: wanted.description,
    allowedIpAddresses: wanted.allowedIpAddresses,
  })
}

const clustered = (context: Context, uuid: string | undefined) => {
  const row = get(context.state.tables.agentTokens, uuid)
  const cluster = row && clusterSeen(context, row.cluster)
  return cluster && runsAgentTokens(context, cluster) ? row : undefined
}

const unclustered = (context: Context, uuid: string | undefined) => {
  const row = get(context.state.tables.agentTokens, uuid)
  return row?.cluster === null && isAdmin(context, row.organization) ? row : undefined
}

const clusteredById = (context: Context, id: string) =>
  there(clustered(context, uuidIn('ClusterToken', id)), 'Cluster Token')

const tokensOf = (context: Context, cluster: Cluster) =>
  newestFirst(where(context.state.tables.agentTokens, 'cluster', cluster.uuid))

const body = ({ context, base }: OrganizationRequest, row: AgentToken) => {
  const clusterUrl = `${base}/clusters/${row.cluster ?? ''}`
  return {
    id: row.uuid,
    graphql_id: idOf('ClusterToken', row.uuid),
    description: row.description,
    allowed_ip_addresses: addressesOf(row, null, context),
    expires_at: row.expiresAt,
    url: `${clusterUrl}/tokens/${row.uuid}`,
    cluster_url: clusterUrl,
    created_at: row.createdAt,
    created_by: personOf(context, row.createdBy),
  }
}

const given = z.object({
  description: z.string().nullish(),
  allowed_ip_addresses: z.string().nullish(),
  expires_at: z.string().nullish(),
})

const tokenAt = (request: OrganizationRequest): AgentToken => {
  const cluster = clusterAt(request)
  allow(runsAgentTokens(request.context, cluster))
  const row = clustered(request.context, request.params['token'])
  return there(row?.cluster === cluster.uuid ? row : undefined, 'token')
}

const PATH = '/clusters/:cluster/tokens'

/** What lets a machine call itself an agent: of one cluster, or of an organization from before there were any. */
export const agentToken: SandboxKind = {
  types: {
    Query: fields({
      agentToken: (_root, { slug }: { readonly slug: string }, context) => {
        const [organization, uuid] = slug.split('/')
        return (
          (organizationSeen(context, (seen) => seen.slug === organization) && unclustered(context, uuid)) ??
          null
        )
      },
    }),
    Organization: fields<Organization>({
      agentTokens: ({ uuid }, args: PageArguments & { readonly revoked?: boolean | null }, context) => {
        if (!isAdmin(context, uuid)) return null
        const rows = where(context.state.tables.agentTokens, 'organization', uuid).filter(
          (row) =>
            row.cluster === null && (args.revoked == null || args.revoked === (row.revokedAt !== null)),
        )
        return pageOf(context, newestFirst(rows), args)
      },
    }),
    AgentToken: fields<AgentToken>({
      organization: ofOrganization,
      createdBy: ofCreator,
      revokedBy: ({ revokedBy }, _args, context) => userOf(context, revokedBy),
      public: () => false,
      token: () => '',
      permissions: ({ organization }, _args, context) => ({
        agentTokenRevoke: permission(isAdmin(context, organization)),
      }),
    }),
    Cluster: fields<Cluster>({
      agentTokens: (cluster, args: PageArguments, context) =>
        runsAgentTokens(context, cluster) ? pageOf(context, tokensOf(context, cluster), args) : null,
    }),
    ClusterToken: fields<AgentToken>({
      allowedIpAddresses: addressesOf,
      cluster: ({ cluster }, _args, context) => clusterSeen(context, cluster) ?? null,
      createdBy: ofCreator,
      token: () => '',
    }),
  },
  nodes: { ClusterToken: clustered, AgentToken: unclustered },
  mutations: {
    clusterAgentTokenCreate: (
      { clusterId, ...wanted }: Wanted & { readonly clusterId: string; readonly expiresAt?: string | null },
      context,
    ) => {
      const row = createToken(context, clusterById(context, clusterId), wanted)
      return { clusterAgentToken: row, tokenValue: valueOf(context, 'bkct_', row) }
    },
    clusterAgentTokenUpdate: ({ id, ...wanted }: Wanted & { readonly id: string }, context) => ({
      clusterAgentToken: updateToken(context, clusteredById(context, id), wanted),
    }),
    clusterAgentTokenRevoke: ({ id }: { readonly id: string }, context) => {
      remove(context, 'agentTokens', clusteredById(context, id))
      return { deletedClusterAgentTokenId: id }
    },
    agentTokenCreate: (
      input: { readonly organizationID: string; readonly description?: string | null },
      context,
    ) => {
      const organization = organizationById(context, input.organizationID)
      allow(isAdmin(context, organization.uuid))
      const row = make(context, 'agentTokens', {
        organization: organization.uuid,
        cluster: null,
        description: input.description ?? null,
        allowedIpAddresses: null,
        expiresAt: null,
        revokedAt: null,
        revokedBy: null,
        revokedReason: null,
      })
      learn(context, principalOf(context), 'agentToken', row.uuid)
      return { agentTokenEdge: edgeOf(row), organization, tokenValue: valueOf(context, 'bkar_', row) }
    },
    agentTokenRevoke: ({ id, reason }: { readonly id: string; readonly reason: string }, context) => {
      const row = there(unclustered(context, uuidIn('AgentToken', id)), 'Agent Token')
      return {
        agentToken: change(
          context,
          'agentTokens',
          row,
          { revokedAt: context.now, revokedBy: context.viewer.user.uuid, revokedReason: reason },
          { event: 'AGENT_TOKEN_REVOKED' },
        ),
      }
    },
  },
  routes: [
    inOrganization('GET', PATH, 'read_clusters', (request) => {
      const cluster = clusterAt(request)
      allow(runsAgentTokens(request.context, cluster))
      return restPage(tokensOf(request.context, cluster), request.url, (row) => body(request, row))
    }),
    inOrganization('POST', PATH, 'write_clusters', (request) => {
      const wanted = read(given, request.body)
      const row = createToken(request.context, clusterAt(request), {
        description: wanted.description,
        allowedIpAddresses: wanted.allowed_ip_addresses,
        expiresAt: wanted.expires_at,
      })
      return created({ ...body(request, row), token: valueOf(request.context, 'bkct_', row) })
    }),
    inOrganization('GET', `${PATH}/:token`, 'read_clusters', (request) =>
      ok(body(request, tokenAt(request))),
    ),
    ...updates(`${PATH}/:token`, 'write_clusters', (request) => {
      const row = tokenAt(request)
      const wanted = read(given, request.body)
      if (wanted.expires_at !== undefined && wanted.expires_at !== row.expiresAt)
        throw new Refused('Validation failed: Expires at cannot be changed')
      const changed = updateToken(request.context, row, {
        description: wanted.description,
        allowedIpAddresses: wanted.allowed_ip_addresses,
      })
      return ok(body(request, changed))
    }),
    inOrganization('DELETE', `${PATH}/:token`, 'write_clusters', (request) => {
      remove(request.context, 'agentTokens', tokenAt(request))
      return gone
    }),
  ],
}
