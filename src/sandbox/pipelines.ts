import type { Context } from './context.js'
import {
  checkPublic,
  checkTemplate,
  checkValues,
  invalid,
  nullable,
  slugFor,
  stepsMissing,
  withTexts,
  type PipelineWanted,
} from './pipeline-checks.js'
import { changedSettings } from './provider.js'
import { Refused } from './refused.js'
import {
  createsPipelines,
  createsPipelinesIn,
  deletesPipeline,
  editsPipeline,
  isAdmin,
  movesPipeline,
  ownTeams,
  showsPipelineToAll,
} from './rights.js'
import type { Cluster, Grant, Organization, Pipeline } from './rows.js'
import { clusterSeen, organizationOf, teamSeen } from './seen.js'
import { get, where } from './table.js'
import { allow, change, make, remove, there, wantedOf } from './write.js'

// What it takes to make, change and remove a pipeline, whichever API asks.

export interface PipelineTeam {
  readonly team: string
  readonly accessLevel: Grant['accessLevel']
}

/** The teams of a new pipeline: those that were named, else the only one that its maker is in. */
const teamsFor = (
  context: Context,
  organization: Organization,
  named: readonly PipelineTeam[],
): PipelineTeam[] => {
  for (const { team } of named) there(teamSeen(context, team), 'Team')
  if (!organization.isTeamsEnabled) return []
  if (isAdmin(context, organization.uuid)) return [...named]
  const own = ownTeams(context, organization.uuid)
  const [only, ...others] = own
  if (named.length === 0) {
    if (only && others.length === 0) return [{ team: only.team, accessLevel: 'MANAGE_BUILD_AND_READ' }]
    const text = 'Please ensure at least one team is added to this pipeline'
    throw new Refused(text, { errors: [{ field: 'teams', code: text, value: [] }] })
  }
  allow(
    context.switches.creatorNamesAnyTeam ||
      named.every(({ team }) => own.some((membership) => membership.team === team)),
  )
  return [...named]
}

/** Where a new pipeline goes: where it was told to, else into the default cluster. */
const clusterFor = (
  context: Context,
  organization: Organization,
  wanted: string | null | undefined,
): Cluster | undefined => {
  const { features, defaultCluster } = organization
  if (wanted) {
    if (!features.clusters) throw new Refused('Clusters has not been activated for your organization')
    return there(clusterSeen(context, wanted), 'cluster')
  }
  const cluster = clusterSeen(context, defaultCluster)
  if (!cluster && context.switches.pipelineWithoutCluster === 'refuse')
    throw invalid('cluster_id', "can't be blank", null)
  return cluster
}

export const createPipeline = (
  context: Context,
  organization: Organization,
  asked: PipelineWanted & { readonly name: string; readonly repository: string },
  named: readonly PipelineTeam[],
): Pipeline => {
  allow(createsPipelines(context, organization))
  const { uuid } = organization
  const cluster = clusterFor(context, organization, asked.cluster)
  allow(createsPipelinesIn(context, organization, cluster))
  checkValues(asked)
  checkTemplate(context, organization, asked.pipelineTemplate)
  if (!asked.pipelineTemplate) {
    if (organization.templateRequirement !== 'NONE') throw invalid('pipeline_template', 'is required', null)
    if (!asked.steps?.trim()) throw stepsMissing(asked.steps)
  }
  if (asked.visibility === 'PUBLIC') {
    checkPublic(organization)
    allow(isAdmin(context, uuid) || !context.switches.visibilityNeedsAdmin)
  }
  const teams = teamsFor(context, organization, named)
  const slug = slugFor(context, uuid, asked)
  const { providerSettings = {}, ...wanted } = withTexts(context, asked)
  const { name, repository } = asked
  const pipeline = make(context, 'pipelines', {
    organization: uuid,
    name,
    slug,
    description: wanted.description ?? null,
    emoji: wanted.emoji ?? null,
    color: wanted.color ?? null,
    repository,
    steps: wanted.pipelineTemplate ? '' : (wanted.steps ?? ''),
    defaultBranch: wanted.defaultBranch === undefined ? 'main' : wanted.defaultBranch,
    branchConfiguration: wanted.branchConfiguration ?? null,
    skipIntermediateBuilds: wanted.skipIntermediateBuilds ?? false,
    skipIntermediateBuildsBranchFilter: wanted.skipIntermediateBuildsBranchFilter ?? null,
    cancelIntermediateBuilds: wanted.cancelIntermediateBuilds ?? false,
    cancelIntermediateBuildsBranchFilter: wanted.cancelIntermediateBuildsBranchFilter ?? null,
    allowRebuilds: wanted.allowRebuilds ?? true,
    defaultTimeoutInMinutes: wanted.defaultTimeoutInMinutes ?? null,
    maximumTimeoutInMinutes: wanted.maximumTimeoutInMinutes ?? null,
    visibility: wanted.visibility ?? 'PRIVATE',
    tags: wanted.tags ?? [],
    cluster: cluster?.uuid ?? null,
    pipelineTemplate: wanted.pipelineTemplate ?? null,
    cloneMirrorUrl: wanted.cloneMirrorUrl ?? null,
    nextBuildNumber: Math.max(1, wanted.nextBuildNumber ?? 1),
    archivedAt: null,
    archivedBy: null,
    providerSettings: changedSettings({ repository, providerSettings: {} }, providerSettings),
    webhookRotations: 0,
    webhook: null,
  })
  for (const team of teams) make(context, 'grants', { organization: uuid, pipeline: pipeline.uuid, ...team })
  return pipeline
}

const checkMove = (context: Context, pipeline: Pipeline, to: string | null) => {
  const cluster = to === null ? undefined : there(clusterSeen(context, to), 'cluster')
  allow(movesPipeline(context, pipeline, cluster))
  if (to === null && context.switches.pipelineWithoutCluster === 'refuse')
    throw invalid('cluster_id', "can't be blank", null)
}

/** Steps come from the template where there is one, and a blank text then means nothing. */
const stepsAfter = (context: Context, pipeline: Pipeline, wanted: PipelineWanted): string | undefined => {
  const uuid = wanted.pipelineTemplate === undefined ? pipeline.pipelineTemplate : wanted.pipelineTemplate
  const template = get(context.state.tables.templates, uuid)
  const { steps } = wanted
  if (template) {
    if (steps && steps !== template.configuration)
      throw invalid('configuration', 'cannot be changed while a pipeline template is assigned', steps)
    return undefined
  }
  const after = steps ?? pipeline.steps
  if (after.trim() === '') throw stepsMissing(after)
  if (after !== pipeline.steps && organizationOf(context, pipeline).templateRequirement !== 'NONE')
    throw invalid('configuration', 'can only be changed by a pipeline template', after)
  return steps
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** Whether anything but its cluster would be another after it. To say its name is to change its slug. */
const touches = (pipeline: Pipeline, wanted: PipelineWanted) =>
  wanted.name !== undefined ||
  Object.entries(wanted).some(
    ([field, value]) =>
      field !== 'cluster' && value !== undefined && !same(value, pipeline[field as keyof Pipeline]),
  )

export const updatePipeline = (context: Context, pipeline: Pipeline, asked: PipelineWanted): Pipeline => {
  const wanted = withTexts(context, wantedOf(asked, nullable))
  const moved = wanted.cluster !== undefined && wanted.cluster !== pipeline.cluster
  if (!moved || touches(pipeline, wanted)) allow(editsPipeline(context, pipeline))
  if (pipeline.archivedAt !== null) throw new Refused('Cannot update an archived pipeline')
  if (moved) checkMove(context, pipeline, wanted.cluster ?? null)
  checkValues(wanted)
  checkTemplate(context, organizationOf(context, pipeline), wanted.pipelineTemplate)
  if ((wanted.nextBuildNumber ?? pipeline.nextBuildNumber) < pipeline.nextBuildNumber)
    throw invalid('next_build_number', `must be at least ${pipeline.nextBuildNumber}`, wanted.nextBuildNumber)
  const steps = stepsAfter(context, pipeline, wanted)
  const {
    name = pipeline.name,
    slug,
    repository = pipeline.repository,
    visibility,
    providerSettings,
  } = wanted
  const reslugged =
    wanted.name === undefined && slug === undefined
      ? pipeline.slug
      : slugFor(context, pipeline.organization, { name, slug }, pipeline)
  const settings = changedSettings({ ...pipeline, repository }, providerSettings ?? {})
  const shown = visibility !== undefined && visibility !== pipeline.visibility
  if (shown) {
    if (visibility === 'PUBLIC') checkPublic(organizationOf(context, pipeline))
    allow(showsPipelineToAll(context, pipeline))
  }
  const before = shown
    ? change(context, 'pipelines', pipeline, { visibility }, { event: 'PIPELINE_VISIBILITY_CHANGED' })
    : pipeline
  return change(context, 'pipelines', before, {
    ...wanted,
    steps,
    slug: reslugged,
    providerSettings: settings,
  })
}

export const archivePipeline = (context: Context, pipeline: Pipeline): Pipeline => {
  allow(editsPipeline(context, pipeline))
  if (pipeline.archivedAt !== null) throw new Refused('Pipeline could not be archived.')
  return change(context, 'pipelines', pipeline, {
    archivedAt: context.now,
    archivedBy: context.viewer.user.uuid,
  })
}

export const unarchivePipeline = (context: Context, pipeline: Pipeline): Pipeline => {
  allow(editsPipeline(context, pipeline))
  if (pipeline.archivedAt === null) throw new Refused('Pipeline could not be unarchived.')
  return change(context, 'pipelines', pipeline, { archivedAt: null, archivedBy: null })
}

const active = ['CREATING', 'SCHEDULED', 'RUNNING', 'FAILING', 'CANCELING']

export const deletePipeline = (context: Context, pipeline: Pipeline): void => {
  allow(deletesPipeline(context, pipeline))
  const { uuid } = pipeline
  const { tables } = context.state
  if (where(tables.builds, 'pipeline', uuid).some(({ state }) => active.includes(state)))
    throw new Refused('Cannot delete pipeline with active builds')
  for (const row of where(tables.jobs, 'pipeline', uuid)) remove(context, 'jobs', row)
  for (const row of where(tables.builds, 'pipeline', uuid)) {
    for (const artifact of where(tables.artifacts, 'build', row.uuid)) remove(context, 'artifacts', artifact)
    for (const said of where(tables.annotations, 'build', row.uuid)) remove(context, 'annotations', said)
    remove(context, 'builds', row)
  }
  for (const row of where(tables.triggers, 'pipeline', uuid)) remove(context, 'triggers', row)
  for (const row of where(tables.schedules, 'pipeline', uuid)) remove(context, 'schedules', row)
  for (const row of where(tables.grants, 'pipeline', uuid)) remove(context, 'grants', row)
  for (const row of where(tables.favorites, 'pipeline', uuid)) remove(context, 'favorites', row)
  if (context.switches.rulesFollowPipelines)
    for (const row of [...where(tables.rules, 'source', uuid), ...where(tables.rules, 'target', uuid)])
      if (get(tables.rules, row.uuid)) remove(context, 'rules', row)
  remove(context, 'pipelines', pipeline)
}
