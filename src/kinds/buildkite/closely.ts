import * as api from '../../../graphql/api.js'
import type { ClosePipelineFragment, ScheduleFragment } from '../../../graphql/generated/documents.js'
import type { Reader } from '../../../graphql/operation.js'
import { keyOf } from '../../model/address.js'
import type { Live } from '../../model/live.js'
import { incomplete } from '../incomplete.js'
import type { Scope } from '../kind.js'
import { levelOf, type Grant } from './grant.js'
import type { Pipeline } from './pipeline.js'
import { readProviderSettings } from './provider-settings.js'
import { schedulesIn, type Schedule } from './schedule.js'

/** Some pipelines, with all that they and their teams and schedules say about access, and nothing more. */
export interface Close {
  readonly pipelines: readonly Live<Pipeline>[]
  readonly grants: readonly Live<Grant>[]
  readonly schedules: readonly Live<Schedule>[]
}

/**
 * Reads the pipelines of some clusters, and some more, without reading all the others: some twenty points a pipeline.
 * The specs hold only what grants are told from, in the words of the whole reading; `closer` puts them into one.
 */
export const readClosely = async (buildkite: Reader, scope: Scope): Promise<Close> => {
  const rows = new Map<string, ClosePipelineFragment>()
  for await (const { id, name } of buildkite.pages(api.Clusters, {}))
    if (scope.clusters.has(name))
      for await (const row of buildkite.pages(api.ClusterPipelines, { cluster: id })) rows.set(row.uuid, row)
  const seen = new Set([...rows.values()].map(({ slug }) => slug))
  for (const slug of scope.pipelines ?? []) {
    if (seen.has(slug)) continue
    const { pipeline } = await buildkite.ask(api.OnePipeline, { pipeline: pathOf(buildkite, slug) })
    if (pipeline !== null) rows.set(pipeline.uuid, pipeline)
  }
  const templates = await templatesFor(buildkite, [...rows.values()])
  const found = await Promise.all([...rows.values()].map((row) => readOne(buildkite, row, templates)))
  return {
    pipelines: found.map(({ pipeline }) => pipeline),
    grants: found.flatMap(({ grants }) => grants),
    schedules: found.flatMap(({ schedules }) => schedules),
  }
}

type Row = ClosePipelineFragment
type Templates = ReadonlyMap<string, string>

const pathOf = ({ organization }: Reader, slug: string) => `${organization}/${slug}`

/** Names of templates by UUID. They are asked for only where one is used: not every plan has them. */
const templatesFor = async (buildkite: Reader, rows: readonly Row[]): Promise<Templates> => {
  const names = new Map<string, string>()
  if (rows.some(({ pipelineTemplate }) => pipelineTemplate !== null))
    for await (const { uuid, name } of buildkite.pages(api.PipelineTemplates, {})) names.set(uuid, name)
  return names
}

const readOne = async (buildkite: Reader, row: Row, templates: Templates) => {
  const { slug } = row
  const grants: Live<Grant>[] = []
  const pipeline = pathOf(buildkite, slug)
  for await (const { id, uuid, accessLevel, team } of buildkite.more(row.teams, api.TeamsOfPipeline, {
    pipeline,
  })) {
    if (team === null) throw incomplete('ClusterPipelines', `a team of pipeline "${slug}" can't be seen`)
    const spec: Grant = { pipeline: slug, team: team.slug, level: levelOf[accessLevel] }
    grants.push({ key: keyOf(slug, team.slug), id, uuid, spec })
  }
  const schedules: ScheduleFragment[] = []
  for await (const one of buildkite.more(row.schedules, api.SchedulesOfPipeline, { pipeline }))
    schedules.push(one)
  return {
    pipeline: { key: slug, id: row.id, uuid: row.uuid, slug, spec: specOf(row, templates) },
    grants,
    schedules: schedulesIn(slug, schedules),
  }
}

const specOf = (row: Row, templates: Templates): Pipeline => ({
  slug: row.slug,
  archived: row.archived,
  visibility: ({ PRIVATE: 'private', PUBLIC: 'public' } as const)[row.visibility],
  allow_rebuilds: row.allowRebuilds ?? undefined,
  branch_configuration: row.branchConfiguration,
  clone_mirror_url: row.cloneMirrorUrl,
  cluster: row.cluster === null ? null : row.cluster.name,
  steps: row.steps?.yaml ?? undefined,
  pipeline_template: row.pipelineTemplate === null ? null : templates.get(row.pipelineTemplate.uuid),
  created_by: row.createdBy?.email ?? null,
  repository: row.repository?.url,
  provider: providers[row.repository?.provider?.__typename ?? ''] ?? null,
  provider_settings: settingsIn(row.repository?.provider),
})

/** What REST calls a Git host, by what GraphQL calls it. */
const providers: Readonly<Record<string, string>> = {
  RepositoryProviderBitbucket: 'bitbucket',
  RepositoryProviderBitbucketServer: 'bitbucket_server',
  RepositoryProviderGithub: 'github',
  RepositoryProviderGithubEnterprise: 'github_enterprise',
}

type Provider = NonNullable<Row['repository']>['provider']

/** REST's settings are GraphQL's in another spelling: `buildTags` is `build_tags`. */
const settingsIn = (provider: Provider | undefined) => {
  if (provider == null || !('settings' in provider) || provider.settings === null) return undefined
  const settings = Object.entries(provider.settings).map(([key, value]) => [
    key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
    value,
  ])
  return readProviderSettings({ settings: Object.fromEntries(settings) as object })
}

type Everything = ReadonlyMap<string, readonly Live<unknown>[]>

/**
 * A whole reading with a later close one put into it: what it says of pipelines, grants and schedules is as the close
 * one found it, and everything else stays. A pipeline that has left the clusters since is somewhere nobody has looked.
 *
 * @param live      by kind, as the whole reading has it
 * @param clusters  those that the close reading looked at
 */
export const closer = (live: Everything, close: Close, clusters: ReadonlySet<string>): Everything => {
  const before = (live.get('pipeline') ?? []) as readonly Live<Pipeline>[]
  const now = new Map(close.pipelines.map((one) => [one.uuid, one]))
  const known = new Set(before.map(({ uuid }) => uuid))
  const pipelines = before.map((one) => {
    const later = now.get(one.uuid)
    if (later !== undefined) return { ...later, spec: together(one.spec, later.spec) }
    return clusters.has(one.spec.cluster ?? '') ? { ...one, spec: { ...one.spec, cluster: undefined } } : one
  })
  const read = new Set([
    ...close.pipelines.map(({ key }) => key),
    ...before.filter(({ uuid }) => now.has(uuid)).map(({ key }) => key),
  ])
  const elsewhere = (kind: string) =>
    ((live.get(kind) ?? []) as readonly Live<{ readonly pipeline: string }>[]).filter(
      ({ spec }) => !read.has(spec.pipeline),
    )
  return new Map<string, readonly Live<unknown>[]>([
    ...live,
    ['pipeline', [...pipelines, ...close.pipelines.filter(({ uuid }) => !known.has(uuid))]],
    ['grant', [...elsewhere('grant'), ...close.grants]],
    ['schedule', [...elsewhere('schedule'), ...close.schedules]],
  ])
}

/** GraphQL knows fewer Git hosts and settings than REST: what only REST said is kept while the repository is the same. */
const together = (before: Pipeline, later: Pipeline): Pipeline => {
  if (before.repository !== later.repository) return { ...before, ...later }
  const settings = { ...before.provider_settings, ...later.provider_settings }
  const isKnown = before.provider_settings !== undefined || later.provider_settings !== undefined
  return {
    ...before,
    ...later,
    provider: before.provider,
    provider_settings: isKnown ? settings : undefined,
  }
}
