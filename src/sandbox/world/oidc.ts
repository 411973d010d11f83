import { ISSUER, signClaims, type Claims } from '../oidc.js'
import type { Agent, Build, Cluster, Job, Organization, Pipeline, Queue } from '../rows.js'
import { uuidAt, type State } from '../state.js'
import { get } from '../table.js'

/** What a job asks for: everything here is its own choice, and nothing of what the token then says is. */
export interface TokenRequest {
  /** `https://buildkite.com/ORG`, where nothing is said. */
  readonly audience?: string
  readonly subjectClaim?: string
  /** Claims beside those that every token has. */
  readonly claims?: readonly string[]
  /** Claims that go along as session tags of AWS. */
  readonly awsSessionTags?: readonly string[]
  /** In seconds; five minutes, where nothing is said. */
  readonly lifetime?: number
}

export type Token = { readonly token: string } | { readonly refused: string }

const USUAL_SECONDS = 300
const SECONDS_AT_MOST = 7200

/** A job at its agent, and all that it is part of. */
interface Place {
  readonly job: Job
  readonly build: Build
  readonly pipeline: Pipeline
  readonly organization: Organization
  readonly cluster: Cluster | undefined
  readonly queue: Queue | undefined
  readonly agent: Agent | undefined
}

const placeOf = ({ tables }: State, uuid: string): Place | undefined => {
  const job = get(tables.jobs, uuid)
  const build = get(tables.builds, job?.build)
  const pipeline = get(tables.pipelines, job?.pipeline)
  const organization = get(tables.organizations, job?.organization)
  if (!job || !build || !pipeline || !organization) return undefined
  return {
    job,
    build,
    pipeline,
    organization,
    cluster: get(tables.clusters, job.cluster),
    queue: get(tables.queues, job.queue),
    agent: get(tables.agents, job.agent),
  }
}

const tagIn = ({ env }: Build) =>
  env.find((one) => one.startsWith('BUILDKITE_TAG='))?.slice('BUILDKITE_TAG='.length) ?? ''

const refOf = (build: Build) =>
  tagIn(build) === '' ? `refs/heads/${build.branch}` : `refs/tags/${tagIn(build)}`

const subjectOf = ({ organization, pipeline, build, job }: Place) =>
  `organization:${organization.slug}:pipeline:${pipeline.slug}:ref:${refOf(build)}:commit:${build.commit}:step:${job.step.key ?? ''}`

/** Of a hosted job too, whose agent is nobody's row. */
const agentOf = ({ seed }: State, { agent, job }: Place) =>
  agent?.uuid ?? uuidAt(`${seed}/hosted`, job.serial)

/** @source Buildkite docs, "OIDC with Buildkite": claims that every token has */
const usual = (state: State, place: Place): Claims => {
  const { organization, pipeline, build, job, queue } = place
  return {
    organization_slug: organization.slug,
    pipeline_slug: pipeline.slug,
    build_number: build.number,
    build_branch: build.branch,
    ...(tagIn(build) !== '' && { build_tag: tagIn(build) }),
    build_commit: build.commit,
    step_key: job.step.key,
    job_id: job.uuid,
    agent_id: agentOf(state, place),
    build_source: build.source,
    runner_environment: queue?.hosted == null ? 'self-hosted' : 'buildkite-hosted',
  }
}

/** Claims that a token has for the asking. */
const asked = ({ organization, pipeline, build, cluster, queue, agent }: Place, name: string): unknown => {
  const known: Claims = {
    organization_id: organization.uuid,
    pipeline_id: pipeline.uuid,
    build_id: build.uuid,
    cluster_id: cluster?.uuid ?? null,
    cluster_name: cluster?.name ?? null,
    queue_id: queue?.uuid ?? null,
    queue_key: queue?.key ?? null,
  }
  if (name in known) return known[name]
  const [, tag] = /^agent_tag:(.+)$/.exec(name) ?? []
  return tag === undefined
    ? undefined
    : (agent?.metaData.find((one) => one.startsWith(`${tag}=`))?.slice(tag.length + 1) ?? null)
}

const subjects = new Set([
  'organization_id',
  'pipeline_id',
  'cluster_id',
  'queue_id',
  'build_id',
  'job_id',
  'agent_id',
])

const tagText = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : ''

const secondsOf = ({ lifetime = 0 }: TokenRequest) => (lifetime === 0 ? USUAL_SECONDS : lifetime)

/**
 * The token that a job asks its agent for: who it is, as Buildkite knows it, for whoever the job names. A job gets none
 * but its own, and only while it runs.
 *
 * @param job  its uuid
 * @param now  ISO 8601, in UTC
 */
export const oidcToken = (state: State, job: string, request: TokenRequest, now: string): Token => {
  const place = placeOf(state, job)
  if (place?.job.type !== 'COMMAND' || place.job.startedAt === null || place.job.finishedAt !== null)
    return { refused: 'Job is not running' }
  const seconds = secondsOf(request)
  if (!Number.isInteger(seconds) || seconds < 1 || seconds > SECONDS_AT_MOST)
    return { refused: `lifetime must be between 1 and ${SECONDS_AT_MOST} seconds` }
  const always = usual(state, place)
  const { subjectClaim, claims = [], awsSessionTags = [] } = request
  if (subjectClaim !== undefined && !subjects.has(subjectClaim))
    return { refused: `subject_claim ${subjectClaim} is not supported` }
  const values: Record<string, unknown> = {}
  const wanted = [...claims, ...awsSessionTags, ...(subjectClaim === undefined ? [] : [subjectClaim])]
  for (const name of wanted) {
    const value = name in always ? always[name] : asked(place, name)
    if (value === undefined) return { refused: `claim ${name} is not supported` }
    values[name] = value
  }
  const optional = [...claims, ...(subjectClaim === undefined ? [] : [subjectClaim])]
  const subject = subjectClaim === undefined ? subjectOf(place) : values[subjectClaim]
  if (typeof subject !== 'string') return { refused: `claim ${subjectClaim ?? ''} has no value` }
  const issued = Math.floor(Date.parse(now) / 1000)
  const token = signClaims(state, {
    iss: ISSUER,
    sub: subject,
    aud: request.audience ?? `https://buildkite.com/${place.organization.slug}`,
    iat: issued,
    nbf: issued,
    exp: issued + seconds,
    ...always,
    ...Object.fromEntries(optional.map((name) => [name, values[name]])),
    ...(awsSessionTags.length > 0 && {
      'https://aws.amazon.com/tags': {
        principal_tags: Object.fromEntries(awsSessionTags.map((name) => [name, [tagText(values[name])]])),
      },
    }),
  })
  return { token }
}
