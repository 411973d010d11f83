import * as z from 'zod'
import { organizationSeen, type Context } from '../context.js'
import { idOf, uuidIn } from '../ids.js'
import { fields, typed, type SandboxKind } from '../kind.js'
import { newestFirst, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { buildsPipeline } from '../rights.js'
import { created, inOrganization, ok, read, webOf, type OrganizationRequest } from '../route.js'
import type { Annotation, Build, Pipeline } from '../rows.js'
import {
  ofOrganization,
  organizationOf,
  pipelineById,
  pipelineBySlug,
  pipelineSeen,
  userOf,
} from '../seen.js'
import { get, where } from '../table.js'
import { jobBody } from './job.js'
import { cancelBuild, startBuild, startLabels } from '../world/builds.js'
import { labelsOf, nobody, union } from '../world/labels.js'
import { work } from '../world/running.js'
import { allow, principalOf, there } from '../write.js'

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
  readonly metaData?: Readonly<Record<string, string>>
  readonly pullRequest?: Build['pullRequest']
  readonly author?: Build['author']
}

/** Somebody starts a build. */
export const createBuild = (
  context: Context,
  pipeline: Pipeline,
  wanted: Wanted,
  rebuiltFrom?: Build,
): Build => {
  allow(buildsPipeline(context, pipeline))
  if (pipeline.archivedAt !== null) throw new Refused('Cannot create builds on an archived pipeline')
  const carried = rebuiltFrom ? labelsOf(context, rebuiltFrom.uuid) : nobody
  const env = rebuiltFrom ? [] : [...wanted.env, ...Object.keys(wanted.metaData ?? {})]
  const build = startBuild(context, pipeline, {
    ...wanted,
    source: context.byHand ? 'ui' : 'api',
    ...(context.switches.rebuildKeepsSource &&
      rebuiltFrom && { source: rebuiltFrom.source, triggeredFrom: rebuiltFrom.triggeredFrom }),
    creator: context.viewer.user.uuid,
    rebuiltFrom: rebuiltFrom?.uuid ?? null,
    labels: union(carried, startLabels(principalOf(context), env)),
  })
  if (!context.switches.agentsWorkAtOnce) return build
  work(context)
  return get(context.state.tables.builds, build.uuid) ?? build
}

const cancel = (context: Context, build: Build): Build => {
  allow(buildsPipeline(context, there(pipelineSeen(context, build.pipeline), 'Pipeline')))
  if (build.finishedAt !== null) throw new Refused('Build can no longer be canceled')
  return cancelBuild(context, build)
}

/** The old commit, environment and pull request, and the steps that the pipeline has by now. */
const rebuild = (context: Context, row: Build): Build => {
  const of = there(pipelineSeen(context, row.pipeline), 'Pipeline')
  if (!of.allowRebuilds) throw new Refused('Rebuilds are not allowed on this pipeline')
  const { branch, commit, message, env, metaData, pullRequest } = row
  return createBuild(context, of, { branch, commit, message, env, metaData, pullRequest }, row)
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
  readonly metaData?: readonly string[] | null
  readonly state?: readonly string[] | null
  readonly createdAtFrom?: string | null
  readonly createdAtTo?: string | null
}

const matches = (row: Build, args: BuildsArguments) =>
  (!args.branch || args.branch.includes(row.branch)) &&
  (!args.commit || args.commit.includes(row.commit)) &&
  (!args.state || args.state.includes(row.state)) &&
  (args.metaData ?? []).every((pair) => {
    const colon = pair.indexOf(':')
    return row.metaData[pair.slice(0, colon)] === pair.slice(colon + 1)
  }) &&
  (!args.createdAtFrom || row.createdAt >= args.createdAtFrom) &&
  (!args.createdAtTo || row.createdAt <= args.createdAtTo)

const PATH = '/pipelines/:pipeline/builds'

const given = z.object({
  branch: z.string(),
  commit: z.string(),
  message: z.string().nullish(),
  env: z.record(z.string(), z.string()).nullish(),
  meta_data: z.record(z.string(), z.string()).nullish(),
  author: z.object({ name: z.string(), email: z.string() }).nullish(),
})

const body = (request: OrganizationRequest, row: Build) => {
  const { context, base, organization } = request
  const { slug = '' } = get(context.state.tables.pipelines, row.pipeline) ?? {}
  return {
    id: row.uuid,
    graphql_id: idOf('Build', row.uuid),
    url: `${base}/pipelines/${slug}/builds/${row.number}`,
    web_url: `${webOf(organization)}/${slug}/builds/${row.number}`,
    number: row.number,
    state: row.state.toLowerCase(),
    branch: row.branch,
    commit: row.commit,
    message: row.message,
    source: row.source,
    created_at: row.createdAt,
    started_at: row.startedAt,
    finished_at: row.finishedAt,
    meta_data: row.metaData,
    jobs: where(context.state.tables.jobs, 'build', row.uuid).map((job) => jobBody(request, job)),
  }
}

const buildAt = ({ context, organization, params }: OrganizationRequest): Build => {
  const pipeline = there(pipelineBySlug(context, organization.uuid, params['pipeline'] ?? ''), 'pipeline')
  const rows = where(context.state.tables.builds, 'pipeline', pipeline.uuid)
  return there(
    rows.find(({ number }) => String(number) === params['build']),
    'build',
  )
}

/** A pipeline that somebody, or something, has started. */
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
    Annotation: fields<Annotation>({
      body: ({ body }) => ({ html: body, text: body.replaceAll(/<[^>]*>/g, '') }),
    }),
    Build: fields<Build>({
      organization: ofOrganization,
      annotations: ({ uuid }, args: PageArguments, context) =>
        pageOf(context, newestFirst(where(context.state.tables.annotations, 'build', uuid)), args),
      pipeline: ({ pipeline }, _args, context) => pipelineSeen(context, pipeline) ?? null,
      createdBy: ({ createdBy, author }, _args, context) => {
        const user = userOf(context, createdBy)
        return user ? typed('User', user) : author && { ...author, __typename: 'UnregisteredUser' }
      },
      pullRequest: ({ pullRequest }) => pullRequest && { id: pullRequest.id },
      rebuiltFrom: ({ rebuiltFrom }, _args, context) => buildSeen(context, rebuiltFrom) ?? null,
      source: ({ source, schedule }, _args, { state }) => ({
        __typename: sources[source],
        name: source,
        pipelineSchedule: get(state.tables.schedules, schedule) ?? null,
      }),
      scheduledAt: ({ createdAt }) => createdAt,
      canceledAt: ({ state, finishedAt }) => (state === 'CANCELED' ? finishedAt : null),
      url: (row, _args, context) => {
        const pipeline = get(context.state.tables.pipelines, row.pipeline)
        return `${webOf(organizationOf(context, row))}/${pipeline?.slug ?? ''}/builds/${row.number}`
      },
    }),
  },
  nodes: { Build: buildSeen },
  routes: [
    inOrganization('POST', PATH, 'write_builds', (request) => {
      const { context, organization, params } = request
      const pipeline = there(pipelineBySlug(context, organization.uuid, params['pipeline'] ?? ''), 'pipeline')
      const { branch, commit, message, env, meta_data: metaData, author } = read(given, request.body)
      const build = createBuild(context, pipeline, {
        branch,
        commit,
        message: message ?? null,
        env: Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`),
        metaData: metaData ?? {},
        author: author ?? null,
      })
      return created(body(request, build))
    }),
    inOrganization('GET', `${PATH}/:build`, 'read_builds', (request) => ok(body(request, buildAt(request)))),
    inOrganization('GET', `${PATH}/:build/annotations`, 'read_builds', (request) => {
      const rows = where(request.context.state.tables.annotations, 'build', buildAt(request).uuid)
      return restPage(rows, request.url, (row) => ({
        id: row.uuid,
        context: row.context,
        style: row.style,
        body_html: row.body,
        created_at: row.createdAt,
      }))
    }),
  ],
  mutations: {
    buildCreate: (
      input: { readonly pipelineID: string } & Partial<
        Record<'branch' | 'commit' | 'message', string | null>
      > & {
          readonly env?: readonly string[] | null
          readonly metaData?: readonly { readonly key: string; readonly value: string }[] | null
          readonly author?: Build['author']
        },
      context,
    ) => {
      const pipeline = pipelineById(context, input.pipelineID)
      const branch = input.branch ?? pipeline.defaultBranch ?? 'main'
      const { commit, message, env } = input
      const wanted = { branch, commit: commit ?? 'HEAD', message: message ?? null, env: env ?? [] }
      const metaData = Object.fromEntries((input.metaData ?? []).map(({ key, value }) => [key, value]))
      const author = input.author ?? null
      return { build: createBuild(context, pipeline, { ...wanted, metaData, author }) }
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
