import * as z from 'zod'
import type { Context } from '../context.js'
import { newQueue } from '../defaults.js'
import { changedHosted, newHosted, shapeOf, type HostedWanted } from '../hosted.js'
import { idOf, uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { inOrder, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
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
import type { Cluster, Queue } from '../rows.js'
import { clusterById, clusterSeen, ofCreator, queueSeen, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, principalOf, remove, textOf, there } from '../write.js'
import { isUnfinished } from '../world/builds.js'
import { markImage } from '../world/labels.js'
import { whereabouts } from '../world/placement.js'
import { clusterAt } from './maintainer.js'
import { personOf } from './user.js'

/** @source Buildkite docs, "Platform limits" */
const QUEUES_AT_MOST = 50

interface Wanted {
  readonly description?: string | null | undefined
  readonly retryAgentAffinity?: string | null | undefined
  readonly hostedAgents?: HostedWanted | null | undefined
}

const queueById = (context: Context, id: string) =>
  there(queueSeen(context, uuidIn('ClusterQueue', id)), 'Cluster Queue')

/** Who may change a queue: who may change its cluster. */
const allowRunning = (context: Context, queue: Queue) =>
  allow(runsCluster(context, there(clusterSeen(context, queue.cluster), 'cluster')))

const queuesOf = (context: Context, cluster: string, order = 'KEY') =>
  inOrder(where(context.state.tables.queues, 'cluster', cluster), order, ({ key }) => key)

const affinityIn = ({ retryAgentAffinity }: Wanted): Queue['retryAgentAffinity'] | undefined => {
  if (retryAgentAffinity === null || retryAgentAffinity === undefined) return undefined
  if (retryAgentAffinity === 'prefer-warmest' || retryAgentAffinity === 'prefer-different')
    return retryAgentAffinity
  throw new Refused('Validation failed: Retry agent affinity is not included in the list')
}

const checkKey = (context: Context, cluster: Cluster, key: string) => {
  if (!/^[A-Za-z0-9_-]{1,100}$/.test(key))
    throw new Refused('Validation failed: Key can only contain letters, numbers, hyphens and underscores')
  const queues = where(context.state.tables.queues, 'cluster', cluster.uuid)
  if (queues.some((row) => row.key === key))
    throw new Refused('Validation failed: Key has already been taken')
  if (queues.length >= QUEUES_AT_MOST)
    throw new Refused(`Validation failed: Cluster has reached the limit of ${QUEUES_AT_MOST} queues`)
}

/** Whoever chooses an image has a hand in what runs on it. */
const markImageOf = (context: Context, { uuid, hosted }: Queue, had: string | null) => {
  const image = hosted?.agentImageRef ?? null
  if (image !== had) markImage(context, uuid, image, principalOf(context))
}

const createQueue = (
  context: Context,
  cluster: Cluster,
  wanted: Wanted & { readonly key: string },
): Queue => {
  allow(runsCluster(context, cluster))
  checkKey(context, cluster, wanted.key)
  const row = make(context, 'queues', {
    ...newQueue,
    organization: cluster.organization,
    cluster: cluster.uuid,
    key: wanted.key,
    description: textOf(context, wanted.description ?? null),
    retryAgentAffinity: affinityIn(wanted) ?? newQueue.retryAgentAffinity,
    hosted: wanted.hostedAgents ? newHosted(wanted.hostedAgents) : null,
  })
  markImageOf(context, row, null)
  if (context.switches.firstQueueIsDefault && cluster.defaultQueue === null)
    change(context, 'clusters', cluster, { defaultQueue: row.uuid })
  return row
}

const updateQueue = (context: Context, queue: Queue, wanted: Wanted): Queue => {
  allowRunning(context, queue)
  const row = change(context, 'queues', queue, {
    description: textOf(context, wanted.description),
    retryAgentAffinity: affinityIn(wanted),
    hosted: wanted.hostedAgents ? changedHosted(queue.hosted, wanted.hostedAgents) : undefined,
  })
  markImageOf(context, row, queue.hosted?.agentImageRef ?? null)
  const cluster = get(context.state.tables.clusters, queue.cluster)
  if (context.switches.queueUpdateLosesDefault && cluster?.defaultQueue === queue.uuid)
    change(context, 'clusters', cluster, { defaultQueue: null })
  return row
}

const pauseQueue = (context: Context, queue: Queue, note: string | null): Queue => {
  allowRunning(context, queue)
  if (queue.dispatchPaused) throw new Refused('Cluster queue is already paused')
  return change(context, 'queues', queue, {
    dispatchPaused: true,
    dispatchPausedAt: context.now,
    dispatchPausedBy: context.viewer.user.uuid,
    dispatchPausedNote: note,
  })
}

const resumeQueue = (context: Context, queue: Queue): Queue => {
  allowRunning(context, queue)
  if (!queue.dispatchPaused) throw new Refused('Cluster queue is not paused')
  return change(context, 'queues', queue, {
    dispatchPaused: false,
    dispatchPausedAt: null,
    dispatchPausedBy: null,
    dispatchPausedNote: null,
  })
}

const checkUnused = (context: Context, queue: Queue) => {
  const { clusters, agents, jobs } = context.state.tables
  if (get(clusters, queue.cluster)?.defaultQueue === queue.uuid)
    throw new Refused('Validation failed: The default queue of a cluster cannot be deleted')
  if (where(agents, 'queue', queue.uuid).some(({ connectionState }) => connectionState === 'connected'))
    throw new Refused('Validation failed: Queue cannot be deleted while agents are connected to it')
  const bound = where(jobs, 'organization', queue.organization).filter(isUnfinished)
  if (bound.some((job) => job.queue === queue.uuid || whereabouts(context, job).queue === queue.uuid))
    throw new Refused('Validation failed: Queue cannot be deleted while it has unfinished jobs')
}

const deleteQueue = (context: Context, queue: Queue): void => {
  allowRunning(context, queue)
  if (context.switches.deleteQueueInUse === 'refuse') checkUnused(context, queue)
  const cluster = get(context.state.tables.clusters, queue.cluster)
  if (cluster?.defaultQueue === queue.uuid) change(context, 'clusters', cluster, { defaultQueue: null })
  emptyQueue(context, queue)
  remove(context, 'queues', queue)
}

/** Agents of a queue go with it; its jobs stay, and are in none. */
export const emptyQueue = (context: Context, queue: Queue): void => {
  const { agents, jobs } = context.state.tables
  for (const job of where(jobs, 'queue', queue.uuid)) change(context, 'jobs', job, { queue: null })
  for (const agent of where(agents, 'queue', queue.uuid)) {
    for (const job of where(jobs, 'agent', agent.uuid)) change(context, 'jobs', job, { agent: null })
    remove(context, 'agents', agent)
  }
}

const settingsOf = ({ hosted }: Queue) => {
  if (!hosted) return null
  const { shape, agentImageRef, macosVersion, xcodeVersion } = hosted
  const linux = shapeOf(shape).machineType === 'LINUX'
  return {
    instanceShape: shapeOf(shape),
    platformSettings: {
      linux: linux ? { agentImageRef } : null,
      macos: linux ? null : { macosVersion, xcodeVersion },
    },
  }
}

const hostedBody = ({ hosted }: Queue) => {
  if (!hosted) return {}
  const { machineType, architecture, vcpu, memory, name } = shapeOf(hosted.shape)
  return {
    hosted: true,
    hosted_agents: {
      instance_shape: {
        machine_type: machineType.toLowerCase(),
        architecture: architecture.toLowerCase(),
        cpu: vcpu,
        memory,
        name,
      },
      ...(machineType === 'LINUX'
        ? { platform_settings: { linux: { agent_image_ref: hosted.agentImageRef } } }
        : {}),
    },
  }
}

const body = ({ context, organization, base }: OrganizationRequest, queue: Queue) => {
  const clusterUrl = `${base}/clusters/${queue.cluster}`
  return {
    id: queue.uuid,
    graphql_id: idOf('ClusterQueue', queue.uuid),
    key: queue.key,
    description: queue.description,
    url: `${clusterUrl}/queues/${queue.uuid}`,
    web_url: `${webOf(organization)}/clusters/${queue.cluster}/queues/${queue.uuid}`,
    cluster_url: clusterUrl,
    retry_agent_affinity: queue.retryAgentAffinity,
    dispatch_paused: queue.dispatchPaused,
    dispatch_paused_by: personOf(context, queue.dispatchPausedBy),
    dispatch_paused_at: queue.dispatchPausedAt,
    dispatch_paused_note: queue.dispatchPausedNote,
    created_at: queue.createdAt,
    created_by: personOf(context, queue.createdBy),
    ...hostedBody(queue),
  }
}

const text = z.string().nullish()
const hostedAgents = z.object({
  instanceShape: text,
  agentImageRef: text,
  platformSettings: z
    .object({
      linux: z.object({ agentImageRef: text }).nullish(),
      macos: z.object({ macosVersion: text, xcodeVersion: text }).nullish(),
    })
    .nullish(),
})
const given = z.object({
  key: z.string().optional(),
  description: text,
  retry_agent_affinity: text,
  hostedAgents: hostedAgents.nullish(),
})

const wantedIn = ({
  description,
  retry_agent_affinity: retryAgentAffinity,
  hostedAgents: hosted,
}: z.infer<typeof given>): Wanted => ({ description, retryAgentAffinity, hostedAgents: hosted })

const queueAt = (request: OrganizationRequest): Queue => {
  const row = get(request.context.state.tables.queues, request.params['queue'])
  return there(row?.cluster === clusterAt(request).uuid ? row : undefined, 'queue')
}

const PATH = '/clusters/:cluster/queues'

/** The label by which jobs find agents. It routes; it keeps nobody out. */
export const queue: SandboxKind = {
  types: {
    Cluster: fields<Cluster>({
      queues: ({ uuid }, args: PageArguments & { readonly order?: string }, context) =>
        pageOf(context, queuesOf(context, uuid, args.order), args),
      defaultQueue: ({ defaultQueue }, _args, context) => queueSeen(context, defaultQueue) ?? null,
    }),
    ClusterQueue: fields<Queue>({
      cluster: (row, _args, context) => clusterSeen(context, row.cluster) ?? null,
      hosted: ({ hosted }) => hosted !== null,
      hostedAgents: settingsOf,
      createdBy: ofCreator,
      dispatchPausedBy: ({ dispatchPausedBy }, _args, context) => userOf(context, dispatchPausedBy),
      stackHealth: () => null,
    }),
  },
  nodes: { ClusterQueue: queueSeen },
  mutations: {
    clusterQueueCreate: (
      { clusterId, ...wanted }: Wanted & { readonly clusterId: string; readonly key: string },
      context,
    ) => ({ clusterQueue: createQueue(context, clusterById(context, clusterId), wanted) }),
    clusterQueueUpdate: ({ id, ...wanted }: Wanted & { readonly id: string }, context) => ({
      clusterQueue: updateQueue(context, queueById(context, id), wanted),
    }),
    clusterQueuePauseDispatch: (
      { id, note }: { readonly id: string; readonly note?: string | null },
      context,
    ) => ({ queue: pauseQueue(context, queueById(context, id), note ?? null) }),
    clusterQueueResumeDispatch: ({ id }: { readonly id: string }, context) => ({
      queue: resumeQueue(context, queueById(context, id)),
    }),
    clusterQueueDelete: ({ id }: { readonly id: string }, context) => {
      deleteQueue(context, queueById(context, id))
      return { deletedClusterQueueId: id }
    },
  },
  routes: [
    inOrganization('GET', PATH, 'read_clusters', (request) =>
      restPage(queuesOf(request.context, clusterAt(request).uuid), request.url, (row) => body(request, row)),
    ),
    inOrganization('POST', PATH, 'write_clusters', (request) => {
      const wanted = read(given, request.body)
      const shape = wanted.hostedAgents && { instanceShape: wanted.hostedAgents.instanceShape }
      const row = createQueue(request.context, clusterAt(request), {
        ...wantedIn(wanted),
        key: wanted.key ?? '',
        // The image is not taken note of until an update.
        hostedAgents: shape,
      })
      return created(body(request, row))
    }),
    inOrganization('GET', `${PATH}/:queue`, 'read_clusters', (request) =>
      ok(body(request, queueAt(request))),
    ),
    ...updates(`${PATH}/:queue`, 'write_clusters', (request) => {
      const row = queueAt(request)
      const wanted = read(given, request.body)
      if (row.hosted && wanted.hostedAgents && !wanted.hostedAgents.instanceShape)
        throw new Refused('Validation failed: Instance shape cannot be changed to ')
      return ok(body(request, updateQueue(request.context, row, wantedIn(wanted))))
    }),
    inOrganization('DELETE', `${PATH}/:queue`, 'write_clusters', (request) => {
      deleteQueue(request.context, queueAt(request))
      return gone
    }),
    inOrganization('POST', `${PATH}/:queue/pause_dispatch`, 'write_clusters', (request) => {
      const { dispatch_paused_note: long, note } = read(
        z.object({ dispatch_paused_note: text, note: text }),
        request.body,
      )
      return ok(body(request, pauseQueue(request.context, queueAt(request), long ?? note ?? null)))
    }),
    inOrganization('POST', `${PATH}/:queue/resume_dispatch`, 'write_clusters', (request) =>
      ok(body(request, resumeQueue(request.context, queueAt(request)))),
    ),
  ],
}
