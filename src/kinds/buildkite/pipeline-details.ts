import * as api from '../../../graphql/api.js'
import type { Reader, RestObject } from '../../../graphql/operation.js'
import { incomplete } from '../incomplete.js'
import {
  readProvider,
  readProviderSettings,
  readUnknownStarts,
  type ProviderSettings,
} from './provider-settings.js'

/** What costs GraphQL seven points a pipeline and REST a hundredth of a request. */
export interface Details {
  readonly repository?: string | undefined
  readonly cluster?: string | null | undefined
  readonly steps?: string | undefined
  readonly pipeline_template?: string | null | undefined
  readonly tags?: string[] | undefined
  readonly provider_settings?: ProviderSettings | undefined
  readonly provider?: string | null
  readonly unknown_starts?: readonly string[] | undefined
  readonly created_by?: string | null | undefined
}

/**
 * The details of every pipeline, by UUID. REST's list has them all, provider settings for every provider among them;
 * where a row lacks some (the documentation's samples disagree) or is missing, GraphQL's own list is walked as well.
 *
 * @source API reference §5.4
 */
export const readDetails = async (buildkite: Reader): Promise<ReadonlyMap<string, Details>> => {
  const [listed, known] = await Promise.all([
    gather(buildkite.restPages('pipelines')),
    gather(buildkite.pages(api.Pipelines, {})),
  ])
  const rows = new Map<unknown, RestObject>(listed.map((row) => [row['id'], row]))
  compareLists(known, rows)
  const whole = known.every(({ uuid }) => isWhole(rows.get(uuid)))
  const graph = whole ? [] : await gather(buildkite.pages(api.PipelineDetails, {}))

  const names = await readNames(
    buildkite,
    whole
      ? [...rows.values()].some((row) => row['pipeline_template_uuid'] !== null)
      : graph.some(({ pipelineTemplate }) => pipelineTemplate !== null),
  )
  const details = new Map<string, Details>()
  for (const [uuid, row] of rows) if (typeof uuid === 'string') details.set(uuid, fromRest(row, names))
  for (const { uuid, repository, steps, tags, cluster, pipelineTemplate, createdBy } of graph)
    details.set(uuid, {
      repository: repository?.url,
      cluster: cluster === null ? null : cluster.name,
      steps: steps?.yaml ?? undefined,
      tags: tags.map(({ label }) => label),
      pipeline_template: pipelineTemplate === null ? null : names.templates.get(pipelineTemplate.uuid),
      provider_settings: details.get(uuid)?.provider_settings,
      provider: details.get(uuid)?.provider ?? null,
      unknown_starts: details.get(uuid)?.unknown_starts,
      created_by: createdBy?.email ?? null,
    })
  return details
}

/**
 * Two lists of the same pipelines have to agree. Only archived ones may be missing from REST's, whose documentation
 * does not say whether it has them; if it has one, it has all.
 */
const compareLists = (
  known: readonly { readonly uuid: string; readonly slug: string; readonly archived: boolean }[],
  rows: ReadonlyMap<unknown, RestObject>,
) => {
  const hasArchived = known.some(({ uuid, archived }) => archived && rows.has(uuid))
  const missing = known.find(({ uuid, archived }) => !rows.has(uuid) && (hasArchived || !archived))
  if (missing !== undefined)
    throw incomplete('GET pipelines', `pipeline "${missing.slug}" is in GraphQL's list and not in REST's`)
  const uuids = new Set<unknown>(known.map(({ uuid }) => uuid))
  const extra = [...rows].find(([uuid]) => !uuids.has(uuid))
  if (extra !== undefined)
    throw incomplete(
      'Pipelines',
      `pipeline "${text(extra[1]['slug']) ?? '?'}" is in REST's list and not in GraphQL's`,
    )
}

const isWhole = (row: RestObject | undefined) =>
  row !== undefined &&
  ['repository', 'cluster_id', 'configuration', 'tags', 'pipeline_template_uuid'].every((key) => key in row)

interface Names {
  readonly clusters: ReadonlyMap<unknown, string>
  readonly templates: ReadonlyMap<unknown, string>
}

/** What REST calls by UUID, by name. Templates are asked for only where one is used: not every plan has them. */
const readNames = async (buildkite: Reader, templatesToo: boolean): Promise<Names> => {
  const clusters = new Map<unknown, string>()
  for await (const { uuid, name } of buildkite.pages(api.Clusters, {})) clusters.set(uuid, name)
  const templates = new Map<unknown, string>()
  if (templatesToo)
    for await (const { uuid, name } of buildkite.pages(api.PipelineTemplates, {})) templates.set(uuid, name)
  return { clusters, templates }
}

const fromRest = (row: RestObject, { clusters, templates }: Names): Details => ({
  repository: text(row['repository']),
  cluster: row['cluster_id'] === null ? null : clusters.get(row['cluster_id']),
  steps: text(row['configuration']),
  tags: Array.isArray(row['tags']) ? row['tags'].filter((tag) => typeof tag === 'string') : undefined,
  pipeline_template:
    row['pipeline_template_uuid'] === null ? null : templates.get(row['pipeline_template_uuid']),
  provider_settings: readProviderSettings(row['provider']),
  provider: readProvider(row['provider']),
  unknown_starts: readUnknownStarts(row['provider']),
  created_by: row['created_by'] === null ? null : text(fieldIn(row['created_by'], 'email')),
})

/** A field of something that ought to be an object. */
const fieldIn = (value: unknown, field: string): unknown =>
  typeof value === 'object' && value !== null ? (value as RestObject)[field] : undefined

const text = (value: unknown) => (typeof value === 'string' ? value : undefined)

const gather = async <Row>(rows: AsyncIterable<Row>): Promise<Row[]> => {
  const all: Row[] = []
  for await (const row of rows) all.push(row)
  return all
}
