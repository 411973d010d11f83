import * as z from 'zod'
import { idOf, uuidIn, readId } from '../ids.js'
import { memberOf, type Context } from '../context.js'
import { fields, typed, type SandboxKind } from '../kind.js'
import { newestFirst, pageOf } from '../order.js'
import type { PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { buildsPipeline, isAdmin } from '../rights.js'
import { inOrganization, ok, read, webOf, type OrganizationRequest } from '../route.js'
import type { Agent, Build, Job, Organization, Pipeline } from '../rows.js'
import { clusterSeen, organizationOf, pipelineBySlug, pipelineSeen, queueSeen, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { cancelJob, isUnfinished, retryJob, unblock as unblockJob } from '../world/builds.js'
import { label } from '../world/labels.js'
import { queryRulesOf, whereabouts } from '../world/placement.js'
import { allow, principalOf, there } from '../write.js'
import { personOf } from './user.js'

const typeNames = {
  COMMAND: 'JobTypeCommand',
  BLOCK: 'JobTypeBlock',
  WAIT: 'JobTypeWait',
  TRIGGER: 'JobTypeTrigger',
} as const satisfies Record<Job['type'], string>

const named = (row: Job) => typed(typeNames[row.type], row)

/** A job is seen by who sees its pipeline. */
const jobSeen = (context: Context, uuid: string | null | undefined): Job | undefined => {
  const row = get(context.state.tables.jobs, uuid)
  return row && pipelineSeen(context, row.pipeline) ? row : undefined
}

const jobOfType = (type: Job['type']) => (context: Context, uuid: string) => {
  const row = jobSeen(context, uuid)
  return row?.type === type ? row : undefined
}

const jobById = (context: Context, id: string, type: Job['type']): Job =>
  there(jobOfType(type)(context, uuidIn(typeNames[type], id) ?? ''), 'Job')

interface JobsArguments extends PageArguments {
  readonly agentQueryRules?: readonly string[] | null
  readonly cluster?: string | null
  readonly clusterQueue?: readonly string[] | null
  readonly clustered?: boolean | null
  readonly createdAtFrom?: string | null
  readonly createdAtTo?: string | null
  readonly passed?: boolean | null
  readonly state?: readonly string[] | null
  readonly type?: readonly string[] | null
}

const uuidOf = (id: string) => readId(id)?.uuid ?? id

const matches = (context: Context, row: Job, args: JobsArguments) => {
  const { cluster, queue } = whereabouts(context, row)
  return (
    (!args.agentQueryRules ||
      args.agentQueryRules.every((wanted) => queryRulesOf(context, row).includes(wanted))) &&
    (!args.cluster || cluster === uuidOf(args.cluster)) &&
    (!args.clusterQueue || args.clusterQueue.some((id) => queue === uuidOf(id))) &&
    (args.clustered !== false || cluster === null) &&
    (args.clustered !== true || cluster !== null || !context.switches.clusteredHidesUnclustered) &&
    (!args.createdAtFrom || row.createdAt >= args.createdAtFrom) &&
    (!args.createdAtTo || row.createdAt <= args.createdAtTo) &&
    (args.passed == null || args.passed === (row.exitStatus === '0')) &&
    (!args.state || args.state.includes(row.state)) &&
    (!args.type || args.type.includes(row.type))
  )
}

const page = (context: Context, rows: readonly Job[], args: JobsArguments) =>
  pageOf(
    context,
    newestFirst(rows.filter((row) => pipelineSeen(context, row.pipeline) && matches(context, row, args))).map(
      named,
    ),
    args,
  )

const cancel = (context: Context, row: Job): Job => {
  const pipeline = there(pipelineSeen(context, row.pipeline), 'Pipeline')
  allow(buildsPipeline(context, pipeline))
  if (!isUnfinished(row)) throw new Refused('Job can no longer be canceled')
  return cancelJob(context, row)
}

interface Unblocking {
  readonly fields?: unknown
  /** REST lets the caller say on whose behalf. */
  readonly unblocker?: string | undefined
}

/**
 * Who may unblock: who may build, unless the step names teams; then those in one of them, and nobody else.
 *
 * @source Buildkite docs, "Block step" and "Jobs API"
 */
const mayUnblock = (context: Context, pipeline: Pipeline, row: Job, unblocker: string) => {
  const { allowedTeams } = row.step
  if (allowedTeams === null) return buildsPipeline(context, pipeline)
  if (context.switches.adminUnblocksAll && isAdmin(context, row.organization)) return true
  const who = context.switches.unblockChecks === 'unblocker' ? unblocker : context.viewer.user.uuid
  return where(context.state.tables.teamMembers, 'user', who).some(
    ({ team }) =>
      allowedTeams.includes(team) || allowedTeams.includes(get(context.state.tables.teams, team)?.slug ?? ''),
  )
}

const fieldsIn = (given: unknown): Readonly<Record<string, string>> =>
  typeof given === 'object' && given !== null
    ? Object.fromEntries(Object.entries(given).map(([key, value]) => [key, String(value)]))
    : {}

const unblock = (context: Context, row: Job, { fields: given, unblocker }: Unblocking = {}): Job => {
  const pipeline = there(pipelineSeen(context, row.pipeline), 'Pipeline')
  const { uuid } = context.viewer.user
  if (unblocker !== undefined) there(memberOf(context.state, row.organization, unblocker), 'user')
  allow(mayUnblock(context, pipeline, row, unblocker ?? uuid))
  if (row.state !== 'BLOCKED') throw new Refused('Job is not blocked')
  return unblockJob(context, row, {
    unblocker: unblocker ?? uuid,
    labels: label('unblock', [principalOf(context)]),
    fields: fieldsIn(given),
  })
}

/** Runs the old command on today's queue. */
const retry = (context: Context, row: Job): Job => {
  const pipeline = there(pipelineSeen(context, row.pipeline), 'Pipeline')
  allow(buildsPipeline(context, pipeline))
  if (!pipeline.allowRebuilds && !context.switches.retryIgnoresAllowRebuilds)
    throw new Refused('Rebuilds are not allowed on this pipeline')
  if (isUnfinished(row)) throw new Refused('Job has not finished yet')
  const labels = label('start', [principalOf(context)])
  return retryJob(context, row, { user: context.viewer.user.uuid, labels })
}

const ofBuild = ({ build }: Job, _args: unknown, { state }: Context) =>
  get(state.tables.builds, build) ?? null

/** What all four types of job have. */
const shared = {
  build: ofBuild,
  retried: ({ uuid }: Job, _args: unknown, { state }: Context) =>
    where(state.tables.jobs, 'retrySource', uuid).length > 0,
  retriedBy: ({ retriedBy }: Job, _args: unknown, context: Context) => userOf(context, retriedBy),
  retrySource: ({ retrySource }: Job, _args: unknown, context: Context) => {
    const row = jobSeen(context, retrySource)
    return row ? named(row) : null
  },
  retryType: ({ retrySource }: Job) => (retrySource === null ? null : 'MANUAL'),
  retriesCount: () => 0,
}

const PATH = '/pipelines/:pipeline/builds/:build/jobs/:job'

const unblocking = z.object({
  unblocker: z.string().optional(),
  fields: z.record(z.string(), z.unknown()).optional(),
})

const jobAt = ({ context, organization, params }: OrganizationRequest, type: Job['type']): Job => {
  const pipeline = there(pipelineBySlug(context, organization.uuid, params['pipeline'] ?? ''), 'pipeline')
  const row = jobOfType(type)(context, params['job'] ?? '')
  const build = get(context.state.tables.builds, row?.build)
  const fits = row?.pipeline === pipeline.uuid && String(build?.number) === params['build']
  return there(fits ? row : undefined, 'job')
}

const restTypes = { COMMAND: 'script', BLOCK: 'manual', WAIT: 'waiter', TRIGGER: 'trigger' } as const

/** REST says of a job that has ended how it did. */
const restState = ({ state, exitStatus }: Job) =>
  state !== 'FINISHED' || exitStatus === null ? state.toLowerCase() : exitStatus === '0' ? 'passed' : 'failed'

/** A job as REST has it, alone and in its build. */
export const jobBody = ({ context }: Pick<OrganizationRequest, 'context'>, row: Job) => ({
  id: row.uuid,
  graphql_id: idOf(typeNames[row.type], row.uuid),
  type: restTypes[row.type],
  step_key: row.step.key,
  name: row.label,
  command: row.command,
  state: restState(row),
  exit_status: row.exitStatus === null ? null : Number(row.exitStatus),
  signal_reason: row.signalReason?.toLowerCase() ?? null,
  agent:
    row.agent === null
      ? null
      : { id: row.agent, name: get(context.state.tables.agents, row.agent)?.name ?? null },
  agent_query_rules: queryRulesOf(context, row),
  created_at: row.createdAt,
  started_at: row.startedAt,
  finished_at: row.finishedAt,
  unblocked_at: row.unblockedAt,
  unblocked_by: personOf(context, row.unblockedBy),
})

/** A step of a build on its way to an agent. */
export const job: SandboxKind = {
  types: {
    Query: fields({
      job: (_root, { uuid }: { readonly uuid: string }, context) => {
        const row = jobSeen(context, uuid)
        return row ? named(row) : null
      },
    }),
    Organization: fields<Organization>({
      jobs: ({ uuid }, args: JobsArguments, context) =>
        page(context, where(context.state.tables.jobs, 'organization', uuid), args),
    }),
    Pipeline: fields<Pipeline>({
      jobs: ({ uuid }, args: JobsArguments, context) =>
        page(context, where(context.state.tables.jobs, 'pipeline', uuid), args),
    }),
    Build: fields<Build>({
      triggeredFrom: ({ triggeredFrom }, _args, context) => {
        const row = jobSeen(context, triggeredFrom)
        return row ? named(row) : null
      },
      jobs: ({ uuid }, args: JobsArguments, context) =>
        page(context, where(context.state.tables.jobs, 'build', uuid), args),
    }),
    Agent: fields<Agent>({
      jobs: ({ uuid }, args: JobsArguments, context) =>
        page(context, where(context.state.tables.jobs, 'agent', uuid), args),
      job: ({ uuid }, _args, context) => {
        const row = where(context.state.tables.jobs, 'agent', uuid).find(isUnfinished)
        return row && jobSeen(context, row.uuid) ? named(row) : null
      },
    }),
    JobTypeCommand: fields<Job>({
      ...shared,
      agent: ({ agent }, _args, { state }) => get(state.tables.agents, agent) ?? null,
      agentQueryRules: (row, _args, context) => queryRulesOf(context, row),
      cluster: (row, _args, context) => clusterSeen(context, whereabouts(context, row).cluster) ?? null,
      clusterQueue: (row, _args, context) => queueSeen(context, whereabouts(context, row).queue) ?? null,
      env: (row, _args, { state }) => [...(get(state.tables.builds, row.build)?.env ?? []), ...row.step.env],
      pipeline: ({ pipeline }, _args, context) => pipelineSeen(context, pipeline) ?? null,
      passed: ({ exitStatus }) => exitStatus === '0',
      priority: () => ({ number: 0 }),
      softFailed: () => false,
      canceledAt: ({ state, finishedAt }) => (state === 'CANCELED' ? finishedAt : null),
      scheduledAt: ({ createdAt }) => createdAt,
      runnableAt: ({ createdAt }) => createdAt,
      url: (row, _args, context) => {
        const build = get(context.state.tables.builds, row.build)
        const pipeline = get(context.state.tables.pipelines, row.pipeline)
        const organization = webOf(organizationOf(context, row))
        return `${organization}/${pipeline?.slug ?? ''}/builds/${build?.number ?? 0}#${row.uuid}`
      },
    }),
    JobTypeBlock: fields<Job>({
      ...shared,
      isUnblockable: ({ state }) => state === 'BLOCKED',
      unblockedBy: ({ unblockedBy }, _args, context) => userOf(context, unblockedBy),
    }),
    JobTypeWait: fields<Job>(shared),
    JobTypeTrigger: fields<Job>({
      ...shared,
      async: () => false,
      triggered: ({ triggered }, _args, { state }) => get(state.tables.builds, triggered) ?? null,
    }),
  },
  nodes: {
    JobTypeCommand: jobOfType('COMMAND'),
    JobTypeBlock: jobOfType('BLOCK'),
    JobTypeWait: jobOfType('WAIT'),
    JobTypeTrigger: jobOfType('TRIGGER'),
  },
  mutations: {
    jobTypeCommandCancel: ({ id }: { readonly id: string }, context) => ({
      jobTypeCommand: cancel(context, jobById(context, id, 'COMMAND')),
    }),
    jobTypeCommandRetry: ({ id }: { readonly id: string }, context) => {
      const row = jobById(context, id, 'COMMAND')
      return { jobTypeCommand: row, retriedInJobTypeCommand: retry(context, row) }
    },
    jobTypeBlockUnblock: ({ id, fields }: { readonly id: string; readonly fields?: unknown }, context) => ({
      jobTypeBlock: unblock(context, jobById(context, id, 'BLOCK'), { fields }),
    }),
  },
  routes: [
    inOrganization('PUT', `${PATH}/unblock`, 'write_builds', (request) => {
      const given = read(unblocking, request.body)
      const row = unblock(request.context, jobAt(request, 'BLOCK'), given)
      return ok(jobBody(request, row))
    }),
    inOrganization('PUT', `${PATH}/retry`, 'write_builds', (request) =>
      ok(jobBody(request, retry(request.context, jobAt(request, 'COMMAND')))),
    ),
  ],
}
