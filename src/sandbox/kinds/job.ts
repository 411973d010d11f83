import { uuidIn, readId } from '../ids.js'
import type { Context } from '../context.js'
import { fields, typed, type SandboxKind } from '../kind.js'
import { newestFirst, pageOf } from '../order.js'
import type { PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { buildsPipeline } from '../rights.js'
import { webOf } from '../route.js'
import type { Agent, Build, Job, Organization, Pipeline } from '../rows.js'
import { clusterSeen, organizationOf, pipelineSeen, queueSeen, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, there } from '../write.js'

const finished = ['FINISHED', 'CANCELED', 'EXPIRED', 'TIMED_OUT', 'SKIPPED', 'BROKEN', 'UNBLOCKED']

/** Whether a job could still come to run somewhere. */
export const isUnfinished = ({ state }: Pick<Job, 'state'>): boolean => !finished.includes(state)

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

const matches = ({ switches }: Context, row: Job, args: JobsArguments) =>
  (args.agentQueryRules ?? []).every((wanted) => row.agentQueryRules.includes(wanted)) &&
  (!args.cluster || row.cluster === uuidOf(args.cluster)) &&
  (!args.clusterQueue || args.clusterQueue.some((id) => row.queue === uuidOf(id))) &&
  (args.clustered !== false || row.cluster === null) &&
  (args.clustered !== true || row.cluster !== null || !switches.clusteredHidesUnclustered) &&
  (!args.createdAtFrom || row.createdAt >= args.createdAtFrom) &&
  (!args.createdAtTo || row.createdAt <= args.createdAtTo) &&
  (args.passed == null || args.passed === (row.exitStatus === '0')) &&
  (!args.state || args.state.includes(row.state)) &&
  (!args.type || args.type.includes(row.type))

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
  return change(context, 'jobs', row, { state: 'CANCELED', finishedAt: context.now })
}

const unblock = (context: Context, row: Job): Job => {
  const pipeline = there(pipelineSeen(context, row.pipeline), 'Pipeline')
  allow(buildsPipeline(context, pipeline))
  if (row.state !== 'BLOCKED') throw new Refused('Job is not blocked')
  return change(context, 'jobs', row, {
    state: 'UNBLOCKED',
    unblockedAt: context.now,
    unblockedBy: context.viewer.user.uuid,
  })
}

/** What a job is like before any agent has had it. */
export const waiting = {
  state: 'SCHEDULED',
  agent: null,
  exitStatus: null,
  startedAt: null,
  finishedAt: null,
  unblockedAt: null,
  unblockedBy: null,
} as const

/** Runs the old command on today's queue. */
const retry = (context: Context, row: Job): Job => {
  const pipeline = there(pipelineSeen(context, row.pipeline), 'Pipeline')
  allow(buildsPipeline(context, pipeline))
  if (isUnfinished(row)) throw new Refused('Job has not finished yet')
  return make(context, 'jobs', { ...row, ...waiting })
}

const ofBuild = ({ build }: Job, _args: unknown, { state }: Context) =>
  get(state.tables.builds, build) ?? null

/** What all four types of job have. */
const shared = {
  build: ofBuild,
  retried: () => false,
  retriesCount: () => 0,
}

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
      cluster: ({ cluster }, _args, context) => clusterSeen(context, cluster) ?? null,
      clusterQueue: ({ queue }, _args, context) => queueSeen(context, queue) ?? null,
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
    JobTypeTrigger: fields<Job>({ ...shared, async: () => false }),
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
    jobTypeBlockUnblock: ({ id }: { readonly id: string }, context) => ({
      jobTypeBlock: unblock(context, jobById(context, id, 'BLOCK')),
    }),
  },
}
