import * as z from 'zod'
import type { Context } from '../context.js'
import { idOf } from '../ids.js'
import type { SandboxKind } from '../kind.js'
import { listed, newestFirst } from '../order.js'
import { restPage } from '../pages.js'
import type { PipelineWanted } from '../pipeline-checks.js'
import {
  archivePipeline,
  createPipeline,
  deletePipeline,
  unarchivePipeline,
  updatePipeline,
} from '../pipelines.js'
import { makesWebhooks, providerOf, repositoryName, settingsOf, webhookUrlOf } from '../provider.js'
import { Refused } from '../refused.js'
import { editsPipeline, seesPipeline } from '../rights.js'
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
import type { Pipeline } from '../rows.js'
import { pipelineBySlug } from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, there } from '../write.js'
import { accessLevel } from './grant.js'
import { isUnfinished } from '../world/builds.js'
import { personOf } from './user.js'

const text = z.string().nullish()
const maybe = z.boolean().optional()
const minutes = z.int().nullish()

const given = z.object({
  name: z.string().optional(),
  slug: text,
  description: text,
  emoji: text,
  color: text,
  repository: z.string().optional(),
  configuration: z.string().nullish(),
  steps: z.array(z.unknown()).optional(),
  default_branch: text,
  branch_configuration: text,
  skip_queued_branch_builds: maybe,
  skip_queued_branch_builds_filter: text,
  cancel_running_branch_builds: maybe,
  cancel_running_branch_builds_filter: text,
  allow_rebuilds: maybe,
  default_command_step_timeout: minutes,
  maximum_command_step_timeout: minutes,
  visibility: z.enum(['private', 'public']).optional(),
  tags: z.array(z.string()).nullish(),
  cluster_id: text,
  pipeline_template_uuid: text,
  clone_mirror_url: text,
  provider_settings: z.record(z.string(), z.unknown()).optional(),
  teams: z.record(z.string(), accessLevel).optional(),
})

type Given = z.infer<typeof given>

/** A blank configuration would be a pipeline that does nothing; visual steps are of another age. */
const stepsIn = ({ configuration, steps }: Given): string | undefined =>
  configuration ?? (steps || configuration === null ? '' : undefined)

const wantedIn = (body: Given): PipelineWanted => ({
  name: body.name,
  slug: body.slug ?? undefined,
  description: body.description,
  emoji: body.emoji,
  color: body.color,
  repository: body.repository,
  steps: stepsIn(body),
  defaultBranch: body.default_branch,
  branchConfiguration: body.branch_configuration,
  skipIntermediateBuilds: body.skip_queued_branch_builds,
  skipIntermediateBuildsBranchFilter: body.skip_queued_branch_builds_filter,
  cancelIntermediateBuilds: body.cancel_running_branch_builds,
  cancelIntermediateBuildsBranchFilter: body.cancel_running_branch_builds_filter,
  allowRebuilds: body.allow_rebuilds,
  defaultTimeoutInMinutes: body.default_command_step_timeout,
  maximumTimeoutInMinutes: body.maximum_command_step_timeout,
  visibility: body.visibility && (body.visibility === 'public' ? 'PUBLIC' : 'PRIVATE'),
  tags: body.tags ?? (body.tags === null ? [] : undefined),
  cluster: body.cluster_id,
  pipelineTemplate: body.pipeline_template_uuid,
  cloneMirrorUrl: body.clone_mirror_url,
  providerSettings: body.provider_settings,
})

const countsOf = ({ state }: Context, { uuid }: Pipeline) => {
  const jobs = where(state.tables.jobs, 'pipeline', uuid).filter(isUnfinished)
  const builds = where(state.tables.builds, 'pipeline', uuid)
  const of = (rows: readonly { readonly state: string }[], ...states: readonly string[]) =>
    rows.filter((row) => states.includes(row.state)).length
  return {
    scheduled_builds_count: of(builds, 'SCHEDULED'),
    running_builds_count: of(builds, 'RUNNING', 'FAILING', 'CANCELING'),
    scheduled_jobs_count: of(jobs, 'SCHEDULED'),
    running_jobs_count: of(jobs, 'RUNNING'),
    waiting_jobs_count: of(jobs, 'WAITING', 'BLOCKED', 'LIMITED'),
  }
}

/** The webhook URL is told to who could change the pipeline, with a token that could. */
const webhookUrl = (context: Context, pipeline: Pipeline) =>
  editsPipeline(context, pipeline) && context.viewer.token.scopes.includes('write_pipelines')
    ? webhookUrlOf(context.state.seed, pipeline)
    : ''

const body = ({ context, organization, base }: OrganizationRequest, pipeline: Pipeline) => {
  const url = `${base}/pipelines/${pipeline.slug}`
  const template = get(context.state.tables.templates, pipeline.pipelineTemplate)
  return {
    id: pipeline.uuid,
    graphql_id: idOf('Pipeline', pipeline.uuid),
    url,
    web_url: `${webOf(organization)}/${pipeline.slug}`,
    name: pipeline.name,
    description: pipeline.description,
    slug: pipeline.slug,
    repository: pipeline.repository,
    cluster_id: pipeline.cluster,
    pipeline_template_uuid: pipeline.pipelineTemplate,
    branch_configuration: pipeline.branchConfiguration,
    default_branch: pipeline.defaultBranch,
    skip_queued_branch_builds: pipeline.skipIntermediateBuilds,
    skip_queued_branch_builds_filter: pipeline.skipIntermediateBuildsBranchFilter,
    cancel_running_branch_builds: pipeline.cancelIntermediateBuilds,
    cancel_running_branch_builds_filter: pipeline.cancelIntermediateBuildsBranchFilter,
    allow_rebuilds: pipeline.allowRebuilds,
    default_command_step_timeout: pipeline.defaultTimeoutInMinutes,
    maximum_command_step_timeout: pipeline.maximumTimeoutInMinutes,
    clone_mirror_url: pipeline.cloneMirrorUrl,
    provider: {
      id: providerOf(pipeline).id,
      webhook_url: webhookUrl(context, pipeline),
      settings: { ...settingsOf(pipeline), repository: repositoryName(pipeline) },
    },
    builds_url: `${url}/builds`,
    badge_url: `https://badge.buildkite.com/${pipeline.uuid.replaceAll('-', '')}.svg`,
    created_by: personOf(context, pipeline.createdBy),
    created_at: pipeline.createdAt,
    archived_at: pipeline.archivedAt,
    env: {},
    ...countsOf(context, pipeline),
    visibility: pipeline.visibility.toLowerCase(),
    tags: pipeline.tags,
    emoji: pipeline.emoji,
    color: pipeline.color,
    configuration: template?.configuration ?? pipeline.steps,
    steps: [],
  }
}

/** The pipeline at a REST address. */
export const pipelineAt = ({ context, organization, params }: OrganizationRequest): Pipeline =>
  there(pipelineBySlug(context, organization.uuid, params['pipeline'] ?? ''), 'pipeline')

const PATH = '/pipelines/:pipeline'
const WRITE = 'write_pipelines'

/** Pipelines as REST has them: the only way to a slug of one's own, and to provider settings. */
export const pipelineRest: SandboxKind = {
  routes: [
    inOrganization('GET', '/pipelines', 'read_pipelines', (request) => {
      const { context, organization, url } = request
      const rows = listed(context, 'pipelines, newest first', () =>
        newestFirst(
          where(context.state.tables.pipelines, 'organization', organization.uuid).filter((row) =>
            seesPipeline(context, row),
          ),
        ),
      )
      return restPage(rows, url, (row) => body(request, row))
    }),
    inOrganization('POST', '/pipelines', WRITE, (request) => {
      const wanted = read(given, request.body)
      const { name = '', repository = '' } = wanted
      const teams = Object.entries(wanted.teams ?? {}).map(([team, level]) => ({ team, accessLevel: level }))
      const asked = { ...wantedIn(wanted), name, repository }
      return created(body(request, createPipeline(request.context, request.organization, asked, teams)))
    }),
    inOrganization('GET', PATH, 'read_pipelines', (request) => ok(body(request, pipelineAt(request)))),
    ...updates(PATH, WRITE, (request) => {
      const row = pipelineAt(request)
      const asked = read(given, request.body)
      const wanted = wantedIn(asked)
      // Null asks for the slug that the name makes.
      const name = asked.slug === null ? (asked.name ?? row.name) : wanted.name
      return ok(body(request, updatePipeline(request.context, row, { ...wanted, name })))
    }),
    inOrganization('DELETE', PATH, WRITE, (request) => {
      deletePipeline(request.context, pipelineAt(request))
      return gone
    }),
    inOrganization('POST', `${PATH}/archive`, WRITE, (request) =>
      ok(body(request, archivePipeline(request.context, pipelineAt(request)))),
    ),
    inOrganization('POST', `${PATH}/unarchive`, WRITE, (request) =>
      ok(body(request, unarchivePipeline(request.context, pipelineAt(request)))),
    ),
    inOrganization('POST', `${PATH}/webhook`, WRITE, (request) => {
      const { context } = request
      const row = pipelineAt(request)
      allow(editsPipeline(context, row))
      if (!makesWebhooks(row))
        throw new Refused('Auto-creating webhooks is not supported for your repository.')
      change(context, 'pipelines', row, { webhook: String(row.serial) })
      return { status: 201, body: {} }
    }),
  ],
}
