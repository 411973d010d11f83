import * as z from 'zod'
import type { Context } from '../context.js'
import { newCluster, newQueue } from '../defaults.js'
import { idOf, uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { inOrder, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { isAdmin, runsCluster } from '../rights.js'
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
import type { Cluster, Organization } from '../rows.js'
import { clusterById, clusterSeen, ofCreator, ofOrganization, organizationById } from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, remove, textOf, wantedOf, type Changes } from '../write.js'
import { addMaintainer, clusterAt, maintainersBody, maintainerWanted } from './maintainer.js'
import { emptyQueue } from './queue.js'
import { personOf } from './user.js'

type Wanted = Changes<'clusters', 'name' | 'description' | 'emoji' | 'color' | 'defaultQueue'>

const clustersOf = (context: Context, organization: string, order = 'NAME') =>
  inOrder(where(context.state.tables.clusters, 'organization', organization), order, ({ name }) => name)

const checkActivated = ({ features }: Organization) => {
  if (!features.clusters) throw new Refused('Clusters has not been activated for your organization')
}

const checkName = (context: Context, organization: string, name: string, self?: Cluster) => {
  if (name.trim() === '') throw new Refused("Validation failed: Name can't be blank")
  const taken = (row: Cluster) => row.organization === organization && row.uuid !== self?.uuid
  if (context.switches.clusterNamesUnique && where(context.state.tables.clusters, 'name', name).some(taken))
    throw new Refused('Validation failed: Name has already been taken')
}

/** Begins with no queue and so without a default one, unlike a cluster that is made in the browser. */
const createCluster = (
  context: Context,
  organization: Organization,
  wanted: Wanted & { readonly name: string },
): Cluster => {
  checkActivated(organization)
  allow(isAdmin(context, organization.uuid))
  checkName(context, organization.uuid, wanted.name)
  const row = make(context, 'clusters', {
    ...newCluster,
    organization: organization.uuid,
    name: wanted.name,
    description: textOf(context, wanted.description ?? null),
    emoji: textOf(context, wanted.emoji ?? null),
    color: textOf(context, wanted.color ?? null),
  })
  if (context.switches.newClusterQueues === 'none') return row
  const queue = make(context, 'queues', {
    ...newQueue,
    organization: organization.uuid,
    cluster: row.uuid,
  })
  return change(context, 'clusters', row, { defaultQueue: queue.uuid })
}

const updateCluster = (context: Context, cluster: Cluster, asked: Wanted): Cluster => {
  allow(runsCluster(context, cluster))
  const wanted = wantedOf(asked, ['description', 'emoji', 'color', 'defaultQueue'])
  if (wanted.name !== undefined) checkName(context, cluster.organization, wanted.name, cluster)
  const queue = get(context.state.tables.queues, wanted.defaultQueue)
  if (wanted.defaultQueue && queue?.cluster !== cluster.uuid)
    throw new Refused('No Cluster Queue found', { status: 404 })
  return change(context, 'clusters', cluster, {
    ...wanted,
    description: textOf(context, wanted.description),
    emoji: textOf(context, wanted.emoji),
    color: textOf(context, wanted.color),
  })
}

/** Takes its queues, its agent tokens, its secrets and its maintainers with it; its pipelines only if told to. */
const deleteCluster = (context: Context, cluster: Cluster): void => {
  allow(runsCluster(context, cluster))
  const { tables } = context.state
  if (get(tables.organizations, cluster.organization)?.defaultCluster === cluster.uuid)
    throw new Refused('Validation failed: The default cluster of an organization cannot be deleted')
  const pipelines = where(tables.pipelines, 'cluster', cluster.uuid)
  if (pipelines.length > 0 && context.switches.deleteClusterWithPipelines === 'refuse')
    throw new Refused('Validation failed: Cluster cannot be deleted while it has pipelines')
  for (const pipeline of pipelines) change(context, 'pipelines', pipeline, { cluster: null })
  for (const row of where(tables.queues, 'cluster', cluster.uuid)) {
    emptyQueue(context, row)
    remove(context, 'queues', row)
  }
  for (const row of where(tables.jobs, 'cluster', cluster.uuid))
    change(context, 'jobs', row, { cluster: null })
  for (const row of where(tables.agentTokens, 'cluster', cluster.uuid)) remove(context, 'agentTokens', row)
  for (const row of where(tables.secrets, 'cluster', cluster.uuid)) remove(context, 'secrets', row)
  for (const row of where(tables.maintainers, 'cluster', cluster.uuid)) remove(context, 'maintainers', row)
  remove(context, 'clusters', cluster)
}

const text = z.string().nullish()
const given = z.object({
  name: z.string().optional(),
  description: text,
  emoji: text,
  color: text,
  default_queue_id: text,
  hosted_git_mirror_enabled: z.boolean().optional(),
  hosted_container_cache_enabled: z.boolean().optional(),
  maintainers: z.array(maintainerWanted).default([]),
})

const wantedIn = (body: z.infer<typeof given>) => ({
  name: body.name,
  description: body.description,
  emoji: body.emoji,
  color: body.color,
  defaultQueue: body.default_queue_id,
})

const body = (request: OrganizationRequest, cluster: Cluster) => {
  const { context, organization, base } = request
  const url = `${base}/clusters/${cluster.uuid}`
  return {
    id: cluster.uuid,
    graphql_id: idOf('Cluster', cluster.uuid),
    default_queue_id: cluster.defaultQueue,
    name: cluster.name,
    description: cluster.description,
    emoji: cluster.emoji,
    color: cluster.color,
    maintainers: maintainersBody(context, cluster),
    url,
    web_url: `${webOf(organization)}/clusters/${cluster.uuid}`,
    default_queue_url: cluster.defaultQueue && `${url}/queues/${cluster.defaultQueue}`,
    queues_url: `${url}/queues`,
    created_at: cluster.createdAt,
    created_by: personOf(context, cluster.createdBy),
    ...(runsCluster(context, cluster)
      ? {
          hosted_git_mirror_enabled: cluster.hostedGitMirrorEnabled,
          hosted_container_cache_enabled: cluster.hostedContainerCacheEnabled,
        }
      : {}),
  }
}

type Input = Wanted & { readonly organizationId: string }

/** The hard border: what is in a cluster runs on that cluster's agents and on no others. */
export const cluster: SandboxKind = {
  types: {
    Organization: fields<Organization>({
      clusters: ({ uuid }, args: PageArguments & { readonly order?: string }, context) =>
        pageOf(context, clustersOf(context, uuid, args.order), args),
      cluster: ({ uuid }, { id }: { readonly id: string }, context) => {
        const row = clusterSeen(context, id)
        return row?.organization === uuid ? row : null
      },
    }),
    Cluster: fields<Cluster>({
      organization: ofOrganization,
      createdBy: ofCreator,
    }),
  },
  nodes: { Cluster: clusterSeen },
  mutations: {
    clusterCreate: ({ organizationId, ...wanted }: Input & { readonly name: string }, context) => ({
      cluster: createCluster(context, organizationById(context, organizationId), wanted),
    }),
    clusterUpdate: (
      {
        id,
        defaultQueueId,
        ...wanted
      }: Input & { readonly id: string; readonly defaultQueueId?: string | null },
      context,
    ) => ({
      cluster: updateCluster(context, clusterById(context, id), {
        name: wanted.name,
        description: wanted.description,
        emoji: wanted.emoji,
        color: wanted.color,
        // What is no queue's id is not null either: null would take the default away.
        defaultQueue: defaultQueueId && (uuidIn('ClusterQueue', defaultQueueId) ?? defaultQueueId),
      }),
    }),
    clusterDelete: ({ id }: { readonly id: string }, context) => {
      deleteCluster(context, clusterById(context, id))
      return { deletedClusterId: id }
    },
  },
  routes: [
    inOrganization('GET', '/clusters', 'read_clusters', (request) =>
      restPage(clustersOf(request.context, request.organization.uuid), request.url, (row) =>
        body(request, row),
      ),
    ),
    inOrganization('POST', '/clusters', 'write_clusters', (request) => {
      const wanted = read(given, request.body)
      const { context, organization } = request
      if (wanted.name === undefined) throw new Refused("Validation failed: Name can't be blank")
      const row = createCluster(context, organization, { ...wantedIn(wanted), name: wanted.name })
      for (const actor of wanted.maintainers) addMaintainer(context, row, actor)
      return created(body(request, row))
    }),
    inOrganization('GET', '/clusters/:cluster', 'read_clusters', (request) =>
      ok(body(request, clusterAt(request))),
    ),
    ...updates('/clusters/:cluster', 'write_clusters', (request) => {
      const wanted = read(given, request.body)
      const row = updateCluster(request.context, clusterAt(request), wantedIn(wanted))
      const flagged =
        wanted.hosted_git_mirror_enabled === undefined && wanted.hosted_container_cache_enabled === undefined
          ? row
          : change(request.context, 'clusters', row, {
              hostedGitMirrorEnabled: wanted.hosted_git_mirror_enabled,
              hostedContainerCacheEnabled: wanted.hosted_container_cache_enabled,
            })
      return ok(body(request, flagged))
    }),
    inOrganization('DELETE', '/clusters/:cluster', 'write_clusters', (request) => {
      deleteCluster(request.context, clusterAt(request))
      return gone
    }),
  ],
}
