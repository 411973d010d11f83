import * as z from 'zod'
import { parse } from 'yaml'
import type { Context } from '../context.js'
import { fields, type SandboxKind } from '../kind.js'
import { byName } from '../order.js'
import { restPage } from '../pages.js'
import { Refused } from '../refused.js'
import { runsCluster } from '../rights.js'
import {
  created,
  gone,
  inOrganization,
  ok,
  read,
  updates,
  webOf,
  type OrganizationRequest,
} from '../route.js'
import type { Secret } from '../rows.js'
import { clusterSeen, ofOrganization } from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, remove, there } from '../write.js'
import { clusterAt } from './maintainer.js'
import { personOf } from './user.js'

const claims = [
  'pipeline_slug',
  'pipeline_id',
  'build_branch',
  'build_creator',
  'build_creator_team',
  'build_source',
  'cluster_queue_key',
  'cluster_queue_id',
] as const

const policyOf = z.array(z.partialRecord(z.enum(claims), z.union([z.string(), z.array(z.string())])))

const checkPolicy = (policy: string | null | undefined) => {
  if (!policy) return
  const refused = new Refused('Validation failed: Policy must be a list of rules over known claims')
  let said: unknown
  try {
    said = parse(policy)
  } catch {
    throw refused
  }
  if (!policyOf.safeParse(said).success) throw refused
}

const checkKey = (context: Context, cluster: string, key: string) => {
  if (!/^[A-Za-z][A-Za-z0-9_]{0,254}$/.test(key) || /^(buildkite|bk)/i.test(key))
    throw new Refused('Validation failed: Key is invalid')
  if (where(context.state.tables.secrets, 'cluster', cluster).some((row) => row.key === key))
    throw new Refused('Validation failed: Key has already been taken')
}

/** Checked, and then forgotten: no job here would ever ask for it. */
const checkValue = ({ switches }: Context, value: string) => {
  if (value.trim() === '') throw new Refused("Validation failed: Value can't be blank")
  if (new TextEncoder().encode(value).length > Number(switches.secretKibAtMost) * 1024)
    throw new Refused('Validation failed: Value is too long')
}

const seen = (context: Context, uuid: string | undefined) => {
  const row = get(context.state.tables.secrets, uuid)
  const cluster = row && clusterSeen(context, row.cluster)
  return cluster && runsCluster(context, cluster) ? row : undefined
}

const body = ({ context, organization, base }: OrganizationRequest, row: Secret) => {
  const clusterUrl = `${base}/clusters/${row.cluster}`
  return {
    id: row.uuid,
    key: row.key,
    description: row.description,
    policy: row.policy,
    created_at: row.createdAt,
    created_by: personOf(context, row.createdBy),
    updated_at: row.updatedAt,
    updated_by: personOf(context, row.updatedBy),
    last_read_at: row.lastReadAt,
    url: `${clusterUrl}/secrets/${row.uuid}`,
    cluster_url: clusterUrl,
    organization: {
      id: organization.uuid,
      slug: organization.slug,
      url: base,
      web_url: webOf(organization),
    },
  }
}

const ownCluster = (request: OrganizationRequest) => {
  const cluster = clusterAt(request)
  allow(runsCluster(request.context, cluster))
  return cluster
}

const secretAt = (request: OrganizationRequest): Secret => {
  const cluster = ownCluster(request)
  const row = seen(request.context, request.params['secret'])
  return there(row?.cluster === cluster.uuid ? row : undefined, 'secret')
}

const touched = ({ now, viewer }: Context) => ({ updatedAt: now, updatedBy: viewer.user.uuid })

const PATH = '/clusters/:cluster/secrets'
const READ = ['read_secrets_details', 'read_secret_details'] as const
const text = z.string().nullish()

/** What jobs of a cluster may ask for by name. The values go in, and never come out. */
export const secret: SandboxKind = {
  types: {
    Query: fields({
      secret: (_root, { uuid }: { readonly uuid: string }, context) => seen(context, uuid) ?? null,
    }),
    Secret: fields<Secret>({
      cluster: ({ cluster }, _args, context) => clusterSeen(context, cluster) ?? null,
      organization: ofOrganization,
      destroyedAt: () => null,
    }),
  },
  nodes: { Secret: seen },
  routes: [
    inOrganization('GET', PATH, READ, (request) => {
      const rows = where(request.context.state.tables.secrets, 'cluster', ownCluster(request).uuid)
      return restPage(
        byName(rows, ({ key }) => key),
        request.url,
        (row) => body(request, row),
      )
    }),
    inOrganization('POST', PATH, 'write_secrets', (request) => {
      const { context } = request
      const cluster = ownCluster(request)
      const shape = z.object({ key: z.string(), value: z.string(), description: text, policy: text })
      const wanted = read(shape, request.body)
      checkKey(context, cluster.uuid, wanted.key)
      checkValue(context, wanted.value)
      checkPolicy(wanted.policy)
      const row = make(context, 'secrets', {
        organization: cluster.organization,
        cluster: cluster.uuid,
        key: wanted.key,
        description: wanted.description ?? null,
        policy: wanted.policy ?? null,
        lastReadAt: null,
        holds: null,
        ...touched(context),
      })
      return created(body(request, row))
    }),
    inOrganization('GET', `${PATH}/:secret`, READ, (request) => ok(body(request, secretAt(request)))),
    ...updates(`${PATH}/:secret`, 'write_secrets', (request) => {
      const row = secretAt(request)
      if ('key' in request.body) throw new Refused('The key parameter cannot be updated.')
      if ('value' in request.body)
        throw new Refused('The value parameter cannot be updated on this endpoint.')
      const wanted = read(z.object({ description: text, policy: text }), request.body)
      checkPolicy(wanted.policy)
      const changed = change(request.context, 'secrets', row, { ...wanted, ...touched(request.context) })
      return ok(body(request, changed))
    }),
    inOrganization('PUT', `${PATH}/:secret/value`, 'write_secrets', (request) => {
      const row = secretAt(request)
      checkValue(request.context, read(z.object({ value: z.string() }), request.body).value)
      const changed = change(request.context, 'secrets', row, touched(request.context), {
        event: 'SECRET_VALUE_UPDATED',
      })
      return ok(body(request, changed))
    }),
    inOrganization('DELETE', `${PATH}/:secret`, 'write_secrets', (request) => {
      remove(request.context, 'secrets', secretAt(request))
      return gone
    }),
  ],
}
