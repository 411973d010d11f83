import { organizationSeen, type Context } from '../context.js'
import { uuidIn } from '../ids.js'
import { fields, typed, type SandboxKind } from '../kind.js'
import { newestFirst, pageOf } from '../order.js'
import type { PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { buildsPipeline } from '../rights.js'
import { webOf } from '../route.js'
import type { Build, Pipeline } from '../rows.js'
import {
  ofOrganization,
  organizationOf,
  pipelineById,
  pipelineBySlug,
  pipelineSeen,
  userOf,
} from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, there } from '../write.js'
import { isUnfinished, waiting } from './job.js'

const buildSeen = (context: Context, uuid: string | null | undefined) => {
  const row = get(context.state.tables.builds, uuid)
  return row && pipelineSeen(context, row.pipeline) ? row : undefined
}

const buildById = (context: Context, id: string) => there(buildSeen(context, uuidIn('Build', id)), 'Build')

interface Wanted {
  readonly branch: string
  readonly commit: string
  readonly message: string | null
  readonly env: readonly string[]
}

/** A build, and the job that would upload its steps, waiting in the cluster's default queue. */
export const startBuild = (context: Context, pipeline: Pipeline, wanted: Wanted): Build => {
  allow(buildsPipeline(context, pipeline))
  if (pipeline.archivedAt !== null) throw new Refused('Cannot create builds on an archived pipeline')
  const { organization, uuid, cluster } = pipeline
  const number = pipeline.nextBuildNumber
  change(context, 'pipelines', pipeline, { nextBuildNumber: number + 1 })
  const build = make(context, 'builds', {
    ...wanted,
    organization,
    pipeline: uuid,
    number,
    state: 'SCHEDULED',
    source: context.byHand ? 'ui' : 'api',
    startedAt: null,
    finishedAt: null,
  })
  const queue = get(context.state.tables.clusters, cluster)?.defaultQueue ?? null
  const key = get(context.state.tables.queues, queue)?.key
  make(context, 'jobs', {
    organization,
    pipeline: uuid,
    build: build.uuid,
    type: 'COMMAND',
    label: ':pipeline:',
    command: 'buildkite-agent pipeline upload',
    cluster,
    queue,
    agentQueryRules: key === undefined ? [] : [`queue=${key}`],
    ...waiting,
  })
  return build
}

const cancel = (context: Context, build: Build): Build => {
  allow(buildsPipeline(context, there(pipelineSeen(context, build.pipeline), 'Pipeline')))
  if (build.finishedAt !== null) throw new Refused('Build can no longer be canceled')
  for (const row of where(context.state.tables.jobs, 'build', build.uuid).filter(isUnfinished))
    change(context, 'jobs', row, { state: 'CANCELED', finishedAt: context.now })
  return change(context, 'builds', build, { state: 'CANCELED', finishedAt: context.now })
}

const rebuild = (context: Context, { pipeline, branch, commit, message, env }: Build): Build => {
  const of = there(pipelineSeen(context, pipeline), 'Pipeline')
  if (!of.allowRebuilds) throw new Refused('Rebuilds are not allowed on this pipeline')
  return startBuild(context, of, { branch, commit, message, env })
}

const sources = {
  ui: 'BuildSourceFrontend',
  api: 'BuildSourceAPI',
  webhook: 'BuildSourceWebhook',
  schedule: 'BuildSourceSchedule',
  trigger_job: 'BuildSourceTriggerJob',
} as const satisfies Record<Build['source'], string>

interface BuildsArguments extends PageArguments {
  readonly branch?: readonly string[] | null
  readonly commit?: readonly string[] | null
  readonly state?: readonly string[] | null
  readonly createdAtFrom?: string | null
  readonly createdAtTo?: string | null
}

const matches = (row: Build, args: BuildsArguments) =>
  (!args.branch || args.branch.includes(row.branch)) &&
  (!args.commit || args.commit.includes(row.commit)) &&
  (!args.state || args.state.includes(row.state)) &&
  (!args.createdAtFrom || row.createdAt >= args.createdAtFrom) &&
  (!args.createdAtTo || row.createdAt <= args.createdAtTo)

/** A pipeline that somebody, or something, has started. Nothing here runs it. */
export const build: SandboxKind = {
  types: {
    Query: fields({
      build: (
        _root,
        { slug, uuid }: { readonly slug?: string | null; readonly uuid?: string | null },
        context,
      ) => {
        if (uuid) return buildSeen(context, uuid) ?? null
        const [organization = '', pipeline = '', number = ''] = (slug ?? '').split('/')
        const seen = organizationSeen(context, (row) => row.slug === organization)
        const of = seen && pipelineBySlug(context, seen.uuid, pipeline)
        const rows = of ? where(context.state.tables.builds, 'pipeline', of.uuid) : []
        return rows.find((row) => String(row.number) === number) ?? null
      },
    }),
    Pipeline: fields<Pipeline>({
      builds: ({ uuid }, args: BuildsArguments, context) =>
        pageOf(
          context,
          newestFirst(
            where(context.state.tables.builds, 'pipeline', uuid).filter((row) => matches(row, args)),
          ),
          args,
        ),
    }),
    Build: fields<Build>({
      organization: ofOrganization,
      pipeline: ({ pipeline }, _args, context) => pipelineSeen(context, pipeline) ?? null,
      createdBy: ({ createdBy }, _args, context) => {
        const user = userOf(context, createdBy)
        return user && typed('User', user)
      },
      source: ({ source }) => ({ __typename: sources[source], name: source }),
      scheduledAt: ({ createdAt }) => createdAt,
      canceledAt: ({ state, finishedAt }) => (state === 'CANCELED' ? finishedAt : null),
      url: (row, _args, context) => {
        const pipeline = get(context.state.tables.pipelines, row.pipeline)
        return `${webOf(organizationOf(context, row))}/${pipeline?.slug ?? ''}/builds/${row.number}`
      },
    }),
  },
  nodes: { Build: buildSeen },
  mutations: {
    buildCreate: (
      input: { readonly pipelineID: string } & Partial<
        Record<'branch' | 'commit' | 'message', string | null>
      > & {
          readonly env?: readonly string[] | null
        },
      context,
    ) => {
      const pipeline = pipelineById(context, input.pipelineID)
      const branch = input.branch ?? pipeline.defaultBranch ?? 'main'
      const { commit, message, env } = input
      const wanted = { branch, commit: commit ?? 'HEAD', message: message ?? null, env: env ?? [] }
      return { build: startBuild(context, pipeline, wanted) }
    },
    buildCancel: ({ id }: { readonly id: string }, context) => ({
      build: cancel(context, buildById(context, id)),
    }),
    buildRebuild: ({ id }: { readonly id: string }, context) => {
      const row = buildById(context, id)
      return { build: row, rebuild: rebuild(context, row) }
    },
  },
}
