import * as z from 'zod'
import { organizationSeen, type Context } from '../context.js'
import { cronOf, nextAfter } from '../cron.js'
import { idOf, uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { edgeOf, newestFirst, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { editsPipeline, permission } from '../rights.js'
import { created, gone, inOrganization, ok, read, updates, type OrganizationRequest } from '../route.js'
import type { Pipeline, Schedule } from '../rows.js'
import { ofCreator, pipelineById, pipelineBySlug, pipelineSeen } from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, remove, there, wantedOf, type Changes } from '../write.js'
import { pipelineAt } from './pipeline-rest.js'
import { personOf } from './user.js'

type Wanted = Changes<'schedules', 'label' | 'cronline' | 'message' | 'commit' | 'branch' | 'env' | 'enabled'>

const scheduleSeen = (context: Context, uuid: string | undefined) => {
  const row = get(context.state.tables.schedules, uuid)
  return row && pipelineSeen(context, row.pipeline) ? row : undefined
}

const scheduleById = (context: Context, id: string) =>
  there(scheduleSeen(context, uuidIn('PipelineSchedule', id)), 'Pipeline Schedule')

/** Who edits a pipeline edits its schedules. */
const allowEditing = (context: Context, pipeline: Pipeline) => {
  allow(editsPipeline(context, pipeline))
  if (pipeline.archivedAt !== null) throw new Refused('Cannot update an archived pipeline')
}

const createSchedule = (context: Context, pipeline: Pipeline, asked: Wanted): Schedule => {
  allowEditing(context, pipeline)
  const wanted = wantedOf(asked)
  cronOf(wanted.cronline ?? '')
  return make(context, 'schedules', {
    organization: pipeline.organization,
    pipeline: pipeline.uuid,
    label: wanted.label ?? '',
    cronline: wanted.cronline ?? '',
    message: wanted.message ?? null,
    commit: wanted.commit ?? 'HEAD',
    branch: wanted.branch ?? pipeline.defaultBranch,
    env: wanted.env ?? [],
    enabled: wanted.enabled ?? true,
    failedAt: null,
    failedMessage: null,
  })
}

const updateSchedule = (context: Context, row: Schedule, asked: Wanted): Schedule => {
  allowEditing(context, there(pipelineSeen(context, row.pipeline), 'Pipeline'))
  const wanted = wantedOf(asked, ['message', 'commit', 'branch'])
  if (wanted.cronline !== undefined) cronOf(wanted.cronline)
  return change(context, 'schedules', row, wanted)
}

const deleteSchedule = (context: Context, row: Schedule): void => {
  allowEditing(context, there(pipelineSeen(context, row.pipeline), 'Pipeline'))
  remove(context, 'schedules', row)
}

/** One `KEY=value` a line; terraform wraps the values in quotes, and wants them back without. */
const envIn = (text: string | null | undefined): string[] | undefined =>
  text === null || text === undefined
    ? undefined
    : text
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean)
        .map((line) => line.replace(/^([^=]+)="(.*)"$/, '$1=$2'))

const nextBuildAt = ({ enabled, cronline }: Schedule, _args: unknown, { now }: Context): string | null => {
  const next = enabled ? nextAfter(cronOf(cronline), Date.parse(now)) : undefined
  return next === undefined ? null : new Date(next).toISOString()
}

const schedulesOf = (context: Context, { uuid }: Pipeline) =>
  newestFirst(where(context.state.tables.schedules, 'pipeline', uuid))

const envBody = (env: readonly string[]) =>
  Object.fromEntries(
    env.map((pair) => {
      const [name = '', ...value] = pair.split('=')
      return [name, value.join('=')]
    }),
  )

const body = ({ context, base }: OrganizationRequest, { uuid: id, slug }: Pipeline, row: Schedule) => ({
  id: row.uuid,
  graphql_id: idOf('PipelineSchedule', row.uuid),
  url: `${base}/pipelines/${slug}/schedules/${row.uuid}`,
  label: row.label,
  cronline: row.cronline,
  message: row.message,
  commit: row.commit,
  branch: row.branch,
  env: envBody(row.env),
  enabled: row.enabled,
  next_build_at: nextBuildAt(row, null, context),
  failed_message: row.failedMessage,
  failed_at: row.failedAt,
  created_at: row.createdAt,
  created_by: personOf(context, row.createdBy),
  pipeline: { id, slug, url: `${base}/pipelines/${slug}` },
})

const given = z.object({
  label: z.string().nullish(),
  cronline: z.string().nullish(),
  message: z.string().nullish(),
  commit: z.string().nullish(),
  branch: z.string().nullish(),
  env: z.record(z.string(), z.string()).nullish(),
  enabled: z.boolean().nullish(),
})

const wantedIn = ({ env, label, cronline, enabled, ...rest }: z.infer<typeof given>): Wanted => ({
  ...rest,
  label: label ?? undefined,
  cronline: cronline ?? undefined,
  enabled: enabled ?? undefined,
  env: env ? Object.entries(env).map(([name, value]) => `${name}=${value}`) : undefined,
})

const scheduleAt = (request: OrganizationRequest, pipeline: Pipeline): Schedule => {
  const row = scheduleSeen(request.context, request.params['schedule'])
  return there(row?.pipeline === pipeline.uuid ? row : undefined, 'schedule')
}

type Input = Omit<Wanted, 'env'> & { readonly env?: string | null }

const PATH = '/pipelines/:pipeline/schedules'

/** Builds that nobody starts. */
export const schedule: SandboxKind = {
  types: {
    Query: fields({
      pipelineSchedule: (_root, { slug }: { readonly slug: string }, context) => {
        const [organization, pipeline = '', uuid] = slug.split('/')
        const seen = organizationSeen(context, (row) => row.slug === organization)
        const of = seen && pipelineBySlug(context, seen.uuid, pipeline)
        const row = scheduleSeen(context, uuid)
        return row && row.pipeline === of?.uuid ? row : null
      },
    }),
    Pipeline: fields<Pipeline>({
      schedules: (pipeline, args: PageArguments, context) =>
        pageOf(context, schedulesOf(context, pipeline), args),
    }),
    PipelineSchedule: fields<Schedule>({
      builds: ({ uuid }, args: PageArguments, context) =>
        pageOf(context, newestFirst(where(context.state.tables.builds, 'schedule', uuid)), args),
      createdBy: ofCreator,
      nextBuildAt,
      pipeline: ({ pipeline }, _args, context) => pipelineSeen(context, pipeline) ?? null,
      permissions: ({ pipeline }, _args, context) => {
        const of = pipelineSeen(context, pipeline)
        const edits = permission(of !== undefined && editsPipeline(context, of))
        return { pipelineScheduleDelete: edits, pipelineScheduleUpdate: edits }
      },
    }),
  },
  nodes: { PipelineSchedule: scheduleSeen },
  mutations: {
    pipelineScheduleCreate: (
      { pipelineID, env, ...wanted }: Input & { readonly pipelineID: string },
      context,
    ) => {
      const pipeline = pipelineById(context, pipelineID)
      const row = createSchedule(context, pipeline, { ...wanted, env: envIn(env) })
      return { pipeline, pipelineScheduleEdge: edgeOf(row) }
    },
    pipelineScheduleUpdate: ({ id, env, ...wanted }: Input & { readonly id: string }, context) => ({
      pipelineSchedule: updateSchedule(context, scheduleById(context, id), { ...wanted, env: envIn(env) }),
    }),
    pipelineScheduleDelete: ({ id }: { readonly id: string }, context) => {
      const row = scheduleById(context, id)
      deleteSchedule(context, row)
      return { deletedPipelineScheduleID: id, pipeline: pipelineSeen(context, row.pipeline) ?? null }
    },
  },
  routes: [
    inOrganization('GET', PATH, 'read_pipelines', (request) => {
      const pipeline = pipelineAt(request)
      return restPage(schedulesOf(request.context, pipeline), request.url, (row) =>
        body(request, pipeline, row),
      )
    }),
    inOrganization('POST', PATH, 'write_pipelines', (request) => {
      const pipeline = pipelineAt(request)
      const row = createSchedule(request.context, pipeline, wantedIn(read(given, request.body)))
      return created(body(request, pipeline, row))
    }),
    inOrganization('GET', `${PATH}/:schedule`, 'read_pipelines', (request) => {
      const pipeline = pipelineAt(request)
      return ok(body(request, pipeline, scheduleAt(request, pipeline)))
    }),
    ...updates(`${PATH}/:schedule`, 'write_pipelines', (request) => {
      const pipeline = pipelineAt(request)
      const wanted = wantedIn(read(given, request.body))
      return ok(
        body(request, pipeline, updateSchedule(request.context, scheduleAt(request, pipeline), wanted)),
      )
    }),
    inOrganization('DELETE', `${PATH}/:schedule`, 'write_pipelines', (request) => {
      deleteSchedule(request.context, scheduleAt(request, pipelineAt(request)))
      return gone
    }),
  ],
}
