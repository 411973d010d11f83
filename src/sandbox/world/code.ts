import type { Build, Job, Pipeline } from '../rows.js'
import { all, get, where } from '../table.js'
import { hasGates } from './agents.js'
import { addJobs, isUnfinished, promote, updateBuild } from './builds.js'
import { commitOf } from './commits.js'
import { textsOf } from './condition.js'
import { learn } from './known.js'
import { handsAt, hasCodeOf, label, labelsOf, union, type Labels, type World } from './labels.js'
import { whereabouts } from './placement.js'
import { putArtifact, putCache, putMetaData } from './running.js'
import { mayReadSecret } from './sharing.js'
import { stepsIn, type Planned } from './steps.js'
import { mayTrigger, triggerRules, type Asking } from './triggering.js'

// What somebody's code can do from within a job, with the job's token and on the job's machine.

/** A job that runs code of somebody, for as long as it runs. */
export interface Foothold {
  readonly job: Job
  readonly build: Build
  readonly pipeline: Pipeline
  readonly labels: Labels
  readonly principal: string
}

/** Whether somebody's code runs in a job just now. */
export const footholdIn = (world: World, uuid: string, principal: string): Foothold | undefined => {
  const { jobs, builds, pipelines } = world.state.tables
  const job = get(jobs, uuid)
  const build = get(builds, job?.build)
  const pipeline = get(pipelines, job?.pipeline)
  const labels = labelsOf(world, uuid)
  return job && build && pipeline && job.state === 'RUNNING' && hasCodeOf(labels, principal)
    ? { job, build, pipeline, labels, principal }
    : undefined
}

/** Everywhere that somebody's code runs just now. */
const footholdsOf = (world: World, principal: string): Foothold[] =>
  where(world.state.tables.jobs, 'state', 'RUNNING').flatMap(
    ({ uuid }) => footholdIn(world, uuid, principal) ?? [],
  )

const clusterOf = (world: World, { job }: Foothold) => whereabouts(world, job).cluster

/** Whether a job's token is good for another build: while both are in one cluster. @source Buildkite docs, "Agent tokens" */
const reaches = (world: World, foothold: Foothold, build: Build) => {
  const { pipelines } = world.state.tables
  return (
    build.organization === foothold.build.organization &&
    (get(pipelines, build.pipeline)?.cluster ?? null) === clusterOf(world, foothold)
  )
}

/** Appends steps to the build: nobody is asked. */
const uploadFrom = (
  world: World,
  { job, build, labels, principal }: Foothold,
  steps: readonly Planned[],
  to = build,
): void => {
  const within = steps.map((step) => ({ ...step, step: { ...step.step, group: job.step.group } }))
  addJobs(world, to, within, union(labels, label('steps', [principal]), label('env', [principal])))
  promote(world, updateBuild(world, to, { finishedAt: null }))
}

/** Appends steps to its own build, or to another, where a job's token is good for that. */
export const uploadTextFrom = (world: World, foothold: Foothold, yaml: string, to?: Build): boolean => {
  const other = to !== undefined && to.uuid !== foothold.build.uuid
  if (other && (!world.switches.jobUploadsElsewhere || !reaches(world, foothold, to))) return false
  uploadFrom(world, foothold, stepsIn(yaml), to)
  return true
}

export const artifactFrom = (world: World, foothold: Foothold, build: Build, path: string): boolean => {
  if (!reaches(world, foothold, build)) return false
  putArtifact(world, build, path, foothold.labels)
  return true
}

export const metaDataFrom = (
  world: World,
  foothold: Foothold,
  build: Build,
  key: string,
  value: string,
): boolean => {
  if (!reaches(world, foothold, build)) return false
  putMetaData(world, build, key, value, foothold.labels)
  return true
}

export const cacheFrom = (world: World, foothold: Foothold): boolean => {
  const cluster = clusterOf(world, foothold)
  if (cluster === null) return false
  putCache(world, cluster, foothold.labels)
  return true
}

/** Reads every secret of the cluster that is for this job, and learns what it is good for. */
export const secretsFrom = (world: World, foothold: Foothold): number => {
  const { secrets, tokens, agentTokens } = world.state.tables
  const { cluster, queue } = whereabouts(world, foothold.job)
  if (cluster === null) return 0
  const read = where(secrets, 'cluster', cluster).filter((secret) =>
    mayReadSecret(world, secret, foothold.build, foothold.pipeline, queue),
  )
  for (const { holds } of read) {
    if (get(tokens, holds)) learn(world, foothold.principal, 'apiToken', holds ?? '')
    if (get(agentTokens, holds)) learn(world, foothold.principal, 'agentToken', holds ?? '')
  }
  return read.length
}

/** Reads the token that the machine's agent registered with, where a job can. */
export const agentTokenFrom = (world: World, foothold: Foothold): boolean => {
  const token = get(world.state.tables.agents, foothold.job.agent)?.token
  return token != null && world.switches.jobReadsAgentToken
    ? learn(world, foothold.principal, 'agentToken', token)
    : false
}

const commands = (queues: readonly string[]): Planned[] =>
  stepsIn(JSON.stringify({ steps: queues.map((queue) => ({ command: 'true', agents: { queue } })) }))

/** Where hosts have gates, without what any of them refuses. */
const trigger = (world: World, target: Pipeline, { branch, commit, message }: Asking): Planned[] => {
  const build = hasGates(world)
    ? { branch, commit: commitOf(world, target, commit)?.sha ?? commit, message }
    : { branch, commit, message, env: { CODE: '1' } }
  return stepsIn(JSON.stringify({ steps: [{ trigger: target.slug, build }] }))
}

/** What somebody would ask for so that a rule's conditions hold. */
const askings = (world: World, { build, pipeline }: Foothold, target: Pipeline): Asking[] => {
  const said = triggerRules(world, pipeline.uuid, target.uuid).flatMap(({ conditions }) =>
    conditions.flatMap(textsOf),
  )
  const branches = [...new Set([target.defaultBranch ?? 'main', build.branch, ...said])]
  const commits = [...new Set(['HEAD', build.commit, ...said])]
  const messages = [...new Set([build.message, ...said])]
  return branches.flatMap((branch) =>
    commits.flatMap((commit) => messages.map((message) => ({ branch, commit, message }))),
  )
}

const queuesReached = (world: World, principal: string): ReadonlySet<string> =>
  new Set(
    all(world.state.tables.assignments)
      .filter(({ by }) => Object.values(by).some((hands) => hands.includes(principal)))
      .map(({ place }) => place),
  )

/** Every queue of the cluster that somebody's code has not come to yet. */
const spreadToQueues = (world: World, foothold: Foothold): boolean => {
  const cluster = clusterOf(world, foothold)
  if (cluster === null) return false
  const { queues, clusters, jobs } = world.state.tables
  const name = get(clusters, cluster)?.name ?? ''
  const reached = queuesReached(world, foothold.principal)
  const waiting = new Set(
    where(jobs, 'build', foothold.build.uuid).flatMap((job) =>
      // What a gate has refused, it would refuse again.
      isUnfinished(job) || job.signalReason !== null ? job.agentQueryRules : [],
    ),
  )
  const next = where(queues, 'cluster', cluster).filter(
    ({ key }) => !reached.has(`${name}/${key}`) && !waiting.has(`queue=${key}`),
  )
  if (next.length > 0) uploadFrom(world, foothold, commands(next.map(({ key }) => key)))
  return next.length > 0
}

/** Whether a build of this pipeline was started with somebody's environment already, by such a build as this. */
const isTriggered = (world: World, { principal, build }: Foothold, target: Pipeline): boolean => {
  const { builds } = world.state.tables
  return where(builds, 'pipeline', target.uuid).some(
    (row) =>
      row.source === 'trigger_job' &&
      row.createdBy === build.createdBy &&
      (labelsOf(world, row.uuid).env ?? []).includes(principal),
  )
}

/** Every pipeline that a build like this one may start. */
const spreadToPipelines = (world: World, foothold: Foothold): boolean => {
  const { pipelines } = world.state.tables
  let spread = false
  for (const target of where(pipelines, 'organization', foothold.build.organization)) {
    if (target.uuid === foothold.pipeline.uuid || isTriggered(world, foothold, target)) continue
    const asking = askings(world, foothold, target).find(
      (one) => mayTrigger(world, foothold.build, target, one).allowed,
    )
    if (!asking) continue
    uploadFrom(world, foothold, trigger(world, target, asking))
    spread = isTriggered(world, foothold, target) || spread
  }
  return spread
}

const isMarked = (world: World, subject: string, field: string, principal: string) =>
  handsAt(world, subject, field).includes(principal)

/** Artifacts of every build of the cluster, and its cache. */
const spreadToData = (world: World, foothold: Foothold): boolean => {
  const { builds, artifacts } = world.state.tables
  const { principal } = foothold
  const cluster = clusterOf(world, foothold)
  let spread = false
  for (const build of all(builds)) {
    const marked = where(artifacts, 'build', build.uuid).some(({ uuid }) =>
      isMarked(world, uuid, 'artifact', principal),
    )
    if (!marked && artifactFrom(world, foothold, build, 'anything')) spread = true
  }
  if (cluster !== null && !isMarked(world, cluster, 'cache', principal))
    spread = cacheFrom(world, foothold) || spread
  return spread
}

/**
 * Everything that somebody's code can do from where it runs, once: it comes to every queue of its clusters, starts
 * every pipeline that it may, and leaves something in every place that others take from.
 *
 * @returns whether anything has changed
 */
export const spread = (world: World, principal: string): boolean => {
  let any = false
  const seen = new Set<string>()
  for (const foothold of footholdsOf(world, principal)) {
    secretsFrom(world, foothold)
    agentTokenFrom(world, foothold)
    any = spreadToQueues(world, foothold) || any
    const like = `${foothold.pipeline.uuid} ${foothold.build.branch} ${foothold.build.commit} ${foothold.build.createdBy ?? ''}`
    if (seen.has(like)) continue
    seen.add(like)
    any = spreadToPipelines(world, foothold) || any
    any = spreadToData(world, foothold) || any
  }
  return any
}
