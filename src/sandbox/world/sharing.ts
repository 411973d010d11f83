import { parse } from 'yaml'
import type { Build, Pipeline, Secret } from '../rows.js'
import { get, where } from '../table.js'
import { holds } from './condition.js'
import type { World } from './labels.js'
import { buildField } from './triggering.js'

// What jobs may take from one another.

/** Artifacts are for all jobs of a cluster, and beyond it where a rule says so. @source Buildkite docs, "Rules overview" */
export const mayDownload = (world: World, reader: Build, owner: Build): boolean => {
  const { pipelines, rules } = world.state.tables
  const [from, to] = [get(pipelines, reader.pipeline), get(pipelines, owner.pipeline)]
  if (!from || from.organization !== to?.organization) return false
  if (from.uuid === to.uuid) return true
  const about = where(rules, 'source', from.uuid).filter(
    (rule) => rule.target === to.uuid && rule.type === 'pipeline.artifacts_read.pipeline',
  )
  if (about.length === 0) return from.cluster === to.cluster
  return about.some(({ conditions }) =>
    conditions.every((condition) =>
      holds(condition, (name, argument) => {
        const [, end, field] = /^(source|target)\.build\.(.+)$/.exec(name) ?? []
        return field === undefined
          ? undefined
          : buildField(world, end === 'source' ? reader : owner, field, argument)
      }),
    ),
  )
}

const fits = (wanted: unknown, value: string | readonly string[] | null): boolean => {
  const patterns = (Array.isArray(wanted) ? wanted : [wanted]).filter((one) => typeof one === 'string')
  const values = value === null ? [] : [value].flat()
  return patterns.some((pattern) => {
    const regex = new RegExp(`^${pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`)
    return values.some((one) => regex.test(one))
  })
}

const claimsOf = (
  world: World,
  build: Build,
  pipeline: Pipeline,
  queue: string | null,
): Readonly<Record<string, string | readonly string[] | null>> => ({
  pipeline_id: pipeline.uuid,
  pipeline_slug: pipeline.slug,
  build_source: build.source,
  build_branch: build.branch,
  build_creator: build.createdBy,
  build_creator_team: build.createdBy
    ? where(world.state.tables.teamMembers, 'user', build.createdBy).map(({ team }) => team)
    : [],
  cluster_queue_id: queue,
  cluster_queue_key: get(world.state.tables.queues, queue)?.key ?? null,
})

/** Whether a cluster's secret is for this job: for every job, unless a policy says which. @source Buildkite docs, "Access policies" */
export const mayReadSecret = (
  world: World,
  { policy }: Secret,
  build: Build,
  pipeline: Pipeline,
  queue: string | null,
): boolean => {
  if (policy === null || policy.trim() === '') return true
  let rules: unknown
  try {
    rules = parse(policy, { logLevel: 'silent' })
  } catch {
    return false
  }
  if (!Array.isArray(rules)) return false
  const claims = claimsOf(world, build, pipeline, queue)
  return rules.some(
    (rule: unknown) =>
      typeof rule === 'object' &&
      rule !== null &&
      Object.entries(rule).every(([claim, wanted]) => fits(wanted, claims[claim] ?? null)),
  )
}
