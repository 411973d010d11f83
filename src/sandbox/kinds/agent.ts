import * as z from 'zod'
import { organizationSeen, type Context } from '../context.js'
import { idOf, readId, uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { finds, newestFirst, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { permission, stopsAgents } from '../rights.js'
import { inOrganization, ok, read, webOf, type OrganizationRequest } from '../route.js'
import type { Agent, Organization } from '../rows.js'
import { at, clusterSeen, ofOrganization, organizationOf, queueSeen, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, there } from '../write.js'
import { isUnfinished } from '../world/builds.js'
import { personOf } from './user.js'

/** All members see all agents. */
const agentSeen = (context: Context, uuid: string | undefined) => {
  const row = get(context.state.tables.agents, uuid)
  return row && organizationSeen(context, (seen) => seen.uuid === row.organization) ? row : undefined
}

const agentById = (context: Context, id: string) => there(agentSeen(context, uuidIn('Agent', id)), 'Agent')

const clusterOf = (context: Context, { queue }: Agent) =>
  clusterSeen(context, get(context.state.tables.queues, queue)?.cluster)

const stops = (context: Context, row: Agent) =>
  stopsAgents(context, organizationOf(context, row), clusterOf(context, row))

const isConnected = ({ connectionState }: Agent) => connectionState === 'connected'

const stop = (context: Context, row: Agent, graceful: boolean): Agent => {
  allow(stops(context, row))
  if (!isConnected(row)) throw new Refused('Can only stop connected agents', { status: 400 })
  return change(context, 'agents', row, {
    connectionState: graceful ? 'stopping' : 'stopped',
    stoppedAt: context.now,
    stoppedBy: context.viewer.user.uuid,
    stoppedGracefully: graceful,
  })
}

const pause = (context: Context, row: Agent, note: string | null, minutes: number): Agent => {
  allow(stops(context, row))
  if (row.pausedAt !== null) throw new Refused('Agent is already paused')
  return change(context, 'agents', row, {
    pausedAt: context.now,
    pausedBy: context.viewer.user.uuid,
    pausedNote: note,
    pausedTimeoutInMinutes: minutes,
  })
}

const resume = (context: Context, row: Agent): Agent => {
  allow(stops(context, row))
  if (row.pausedAt === null) throw new Refused('Agent is not paused')
  return change(context, 'agents', row, {
    pausedAt: null,
    pausedBy: null,
    pausedNote: null,
    pausedTimeoutInMinutes: PAUSE_MINUTES,
  })
}

const jobOf = (context: Context, { uuid }: Agent) =>
  where(context.state.tables.jobs, 'agent', uuid).find(isUnfinished)

/** @source Buildkite docs, "Pausing and resuming an agent" */
const PAUSE_MINUTES = 5

interface AgentsArguments extends PageArguments {
  readonly cluster?: string | null
  readonly clusterQueue?: readonly string[] | null
  readonly clustered?: boolean | null
  readonly isRunningJob?: boolean | null
  readonly metaData?: readonly string[] | null
  readonly paused?: boolean | null
  readonly search?: string | null
}

const uuidOf = (id: string) => readId(id)?.uuid ?? id

const matches = (context: Context, row: Agent, args: AgentsArguments) =>
  (!args.cluster || clusterOf(context, row)?.uuid === uuidOf(args.cluster)) &&
  (!args.clusterQueue || args.clusterQueue.some((id) => row.queue === uuidOf(id))) &&
  (args.clustered !== false || row.queue === null) &&
  (args.clustered !== true || row.queue !== null || !context.switches.clusteredHidesUnclustered) &&
  (args.isRunningJob == null || args.isRunningJob === (jobOf(context, row) !== undefined)) &&
  (!args.metaData || args.metaData.every((tag) => row.metaData.includes(tag))) &&
  (args.paused == null || args.paused === (row.pausedAt !== null)) &&
  finds(args.search, row.name, row.hostname)

const agentsOf = (context: Context, organization: string) =>
  newestFirst(where(context.state.tables.agents, 'organization', organization))

const body = ({ context, organization, base }: OrganizationRequest, row: Agent) => ({
  id: row.uuid,
  graphql_id: idOf('Agent', row.uuid),
  url: `${base}/agents/${row.uuid}`,
  web_url: `${webOf(organization)}/agents/${row.uuid}`,
  name: row.name,
  connection_state: row.connectionState,
  hostname: row.hostname,
  ip_address: row.ipAddress,
  version: row.version,
  queue: get(context.state.tables.queues, row.queue)?.key ?? null,
  creator: personOf(context, row.createdBy),
  created_at: row.createdAt,
  connected_at: row.createdAt,
  stopped_at: row.stoppedAt,
  job: jobOf(context, row)?.uuid ?? null,
  meta_data: row.metaData,
  priority: row.priority,
  paused: row.pausedAt !== null,
  paused_at: row.pausedAt,
  paused_by: personOf(context, row.pausedBy),
  paused_note: row.pausedNote,
  paused_timeout_in_minutes: row.pausedTimeoutInMinutes,
})

const agentAt = (request: OrganizationRequest): Agent =>
  at(request, agentSeen(request.context, request.params['agent']), 'agent')

const connected = ['connected', 'stopping']

/** A machine that waits for jobs. What becomes of them is `../world`'s affair. */
export const agent: SandboxKind = {
  types: {
    Query: fields({
      agent: (_root, { slug }: { readonly slug: string }, context) => {
        const [organization, uuid] = slug.split('/')
        const row = agentSeen(context, uuid)
        return row && organizationOf(context, row).slug === organization ? row : null
      },
    }),
    Organization: fields<Organization>({
      agents: ({ uuid }, args: AgentsArguments, context) =>
        pageOf(
          context,
          agentsOf(context, uuid).filter((row) => matches(context, row, args)),
          args,
        ),
    }),
    Agent: fields<Agent>({
      clusterQueue: ({ queue }, _args, context) => queueSeen(context, queue) ?? null,
      connectedAt: ({ createdAt }) => createdAt,
      isDeprecated: () => false,
      isRunningJob: (row, _args, context) => jobOf(context, row) !== undefined,
      operatingSystem: () => null,
      organization: ofOrganization,
      paused: ({ pausedAt }) => pausedAt !== null,
      pausedBy: ({ pausedBy }, _args, context) => userOf(context, pausedBy),
      permissions: (row, _args, context) => {
        const may = permission(stops(context, row))
        return { agentPause: may, agentResume: may, agentStop: may }
      },
      public: () => false,
      stopForcedAt: ({ stoppedAt, stoppedGracefully }) => (stoppedGracefully ? null : stoppedAt),
      stopForcedBy: ({ stoppedBy, stoppedGracefully }, _args, context) =>
        stoppedGracefully ? null : userOf(context, stoppedBy),
      stoppedGracefullyAt: ({ stoppedAt, stoppedGracefully }) => (stoppedGracefully ? stoppedAt : null),
      stoppedGracefullyBy: ({ stoppedBy, stoppedGracefully }, _args, context) =>
        stoppedGracefully ? userOf(context, stoppedBy) : null,
      stoppedBy: ({ stoppedBy }, _args, context) => userOf(context, stoppedBy),
      versionHasKnownIssues: () => false,
    }),
  },
  nodes: { Agent: agentSeen },
  mutations: {
    agentStop: ({ id, graceful }: { readonly id: string; readonly graceful?: boolean | null }, context) => ({
      agent: stop(context, agentById(context, id), graceful ?? true),
    }),
    agentPause: (
      input: {
        readonly id: string
        readonly note?: string | null
        readonly timeoutInMinutes?: number | null
      },
      context,
    ) => ({
      agent: pause(
        context,
        agentById(context, input.id),
        input.note ?? null,
        input.timeoutInMinutes ?? PAUSE_MINUTES,
      ),
    }),
    agentResume: ({ id }: { readonly id: string }, context) => ({
      agent: resume(context, agentById(context, id)),
    }),
  },
  routes: [
    inOrganization('GET', '/agents', 'read_agents', (request) => {
      const rows = agentsOf(request.context, request.organization.uuid).filter(({ connectionState }) =>
        connected.includes(connectionState),
      )
      return restPage(rows, request.url, (row) => body(request, row))
    }),
    inOrganization('GET', '/agents/:agent', 'read_agents', (request) => ok(body(request, agentAt(request)))),
    inOrganization('PUT', '/agents/:agent/stop', 'write_agents', (request) => {
      const { force } = read(z.object({ force: z.boolean().optional() }), request.body)
      return ok(body(request, stop(request.context, agentAt(request), force !== true)))
    }),
    inOrganization('PUT', '/agents/:agent/pause', 'write_agents', (request) => {
      const shape = z.object({ note: z.string().nullish(), timeout_in_minutes: z.int().nullish() })
      const { note, timeout_in_minutes: minutes } = read(shape, request.body)
      const row = pause(request.context, agentAt(request), note ?? null, minutes ?? PAUSE_MINUTES)
      return ok(body(request, row))
    }),
    inOrganization('PUT', '/agents/:agent/resume', 'write_agents', (request) =>
      ok(body(request, resume(request.context, agentAt(request)))),
    ),
  ],
}
