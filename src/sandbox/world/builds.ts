import type { Build, Job, Pipeline, Step } from '../rows.js'
import { insert } from '../state.js'
import { get, put, where } from '../table.js'
import {
  addLabels,
  isNobody,
  label,
  labelsIn,
  labelsOf,
  nobody,
  pipelineLabels,
  setLabels,
  union,
  type Labels,
  type World,
} from './labels.js'
import { placeOf } from './placement.js'
import { interpolated, isBefore, stepsIn, type Planned } from './steps.js'
import { mayTrigger } from './triggering.js'

/** What starts a build, and as what. */
export interface Start {
  readonly branch: string
  readonly commit: string
  readonly message: string | null
  readonly env: readonly string[]
  readonly source: Build['source']
  /** Whose build Buildkite says it is. */
  readonly creator: string | null
  /** Who has had a hand in its being started, so. */
  readonly labels: Labels
  readonly metaData?: Build['metaData']
  readonly author?: Build['author']
  readonly pullRequest?: Build['pullRequest']
  readonly tag?: string | null
  readonly schedule?: string | null
  readonly rebuiltFrom?: string | null
  readonly triggeredFrom?: string | null
}

/** What a job is like before any agent has had it. */
const waiting = {
  state: 'SCHEDULED',
  agent: null,
  exitStatus: null,
  signalReason: null,
  startedAt: null,
  finishedAt: null,
  unblockedAt: null,
  unblockedBy: null,
  promisedExitStatus: null,
  retrySource: null,
  retriedBy: null,
  triggered: null,
} as const

const finished = ['FINISHED', 'CANCELED', 'EXPIRED', 'TIMED_OUT', 'SKIPPED', 'BROKEN', 'UNBLOCKED']

/** Whether a job could still come to run somewhere, or runs. */
export const isUnfinished = ({ state }: Pick<Job, 'state'>): boolean => !finished.includes(state)

/** Whether what comes after a job may begin. */
const isDone = (job: Job) => !isUnfinished(job) || job.promisedExitStatus !== null

/** Replaces a job by what it is by now. */
export const updateJob = ({ state }: World, job: Job, changes: Partial<Job>): Job =>
  put(state.tables.jobs, { ...(get(state.tables.jobs, job.uuid) ?? job), ...changes })

export const updateBuild = ({ state }: World, build: Build, changes: Partial<Build>): Build =>
  put(state.tables.builds, { ...(get(state.tables.builds, build.uuid) ?? build), ...changes })

/** The steps of a pipeline: its template's, where it has one. */
export const stepsOf = ({ state }: Pick<World, 'state'>, { pipelineTemplate, steps }: Pipeline): string =>
  get(state.tables.templates, pipelineTemplate)?.configuration ?? steps

/** What Buildkite says about a build in every job of it. */
export const standardEnv = ({ state }: Pick<World, 'state'>, build: Build): string[] => {
  const parent = get(state.tables.builds, get(state.tables.jobs, build.triggeredFrom)?.build)
  const slug = (uuid: string | undefined) => get(state.tables.pipelines, uuid)?.slug ?? ''
  return [
    `BUILDKITE_BRANCH=${build.branch}`,
    `BUILDKITE_COMMIT=${build.commit}`,
    `BUILDKITE_MESSAGE=${build.message ?? ''}`,
    `BUILDKITE_SOURCE=${build.source}`,
    `BUILDKITE_PULL_REQUEST=${build.pullRequest?.id ?? 'false'}`,
    `BUILDKITE_PIPELINE_SLUG=${slug(build.pipeline)}`,
    `BUILDKITE_REBUILT_FROM_BUILD_ID=${build.rebuiltFrom ?? ''}`,
    `BUILDKITE_TRIGGERED_FROM_BUILD_ID=${parent?.uuid ?? ''}`,
    `BUILDKITE_TRIGGERED_FROM_BUILD_PIPELINE_SLUG=${slug(parent?.pipeline)}`,
  ]
}

/** Makes jobs of steps. What they carry beyond their build's own is theirs. */
export const addJobs = (
  world: World,
  build: Build,
  steps: readonly Planned[],
  labels: Labels = nobody,
): Job[] =>
  steps.map(({ type, label: name, command, agentQueryRules, step }) => {
    const { organization, pipeline, uuid } = build
    const bare = { organization, pipeline, build: uuid, type, label: name, command, agentQueryRules, step }
    const unplaced = { ...waiting, ...bare, cluster: null, queue: null, state: 'WAITING' }
    const job = insert(world.state, 'jobs', { createdAt: world.now, createdBy: null }, unplaced)
    addLabels(world, job.uuid, labels)
    const { cluster, queue } = type === 'COMMAND' ? placeOf(world, job) : { cluster: null, queue: null }
    return cluster === null && queue === null ? job : updateJob(world, job, { cluster, queue })
  })

/** A build, and a job for each step of its pipeline. Nothing runs yet; what needs no agent happens at once. */
export const startBuild = (world: World, pipeline: Pipeline, start: Start): Build => {
  const { state } = world
  const { organization, uuid } = pipeline
  const { creator, labels, ...said } = start
  const now = get(state.tables.pipelines, uuid) ?? pipeline
  put(state.tables.pipelines, { ...now, nextBuildNumber: now.nextBuildNumber + 1 })
  const build = insert(
    state,
    'builds',
    { createdAt: world.now, createdBy: creator },
    {
      metaData: {},
      author: null,
      pullRequest: null,
      tag: null,
      schedule: null,
      rebuiltFrom: null,
      triggeredFrom: null,
      ...said,
      organization,
      pipeline: uuid,
      number: now.nextBuildNumber,
      state: 'SCHEDULED',
      startedAt: null,
      finishedAt: null,
      unblockedBy: null,
    },
  )
  const carried = union(labels, pipelineLabels(world, now))
  if (!isNobody(carried)) setLabels(world, build.uuid, carried)
  addJobs(world, build, stepsIn(interpolated(stepsOf(world, now), standardEnv(world, build))))
  return promote(world, build)
}

/** @source bridle's own: a loop of triggers is cut where Buildkite would stop it some time */
const TRIGGERS_AT_MOST = 5

const depthOf = ({ state }: World, build: Build): number => {
  let depth = 0
  let at: Build | undefined = build
  while (at?.triggeredFrom) {
    depth += 1
    at = get(state.tables.builds, get(state.tables.jobs, at.triggeredFrom)?.build)
  }
  return depth
}

const targetOf = ({ state }: World, build: Build, trigger: NonNullable<Step['trigger']>) =>
  where(state.tables.pipelines, 'slug', trigger.pipeline).find(
    (row) => row.organization === build.organization,
  ) ?? get(state.tables.pipelines, trigger.pipeline)

/** Runs a trigger step: no agent has to do with it. */
const fire = (world: World, build: Build, job: Job): void => {
  const { trigger } = job.step
  const target = trigger && targetOf(world, build, trigger)
  const asking = {
    branch: trigger?.branch ?? target?.defaultBranch ?? 'main',
    commit: trigger?.commit ?? 'HEAD',
    message: trigger?.message ?? build.message,
  }
  const answer =
    target && depthOf(world, build) < TRIGGERS_AT_MOST ? mayTrigger(world, build, target, asking) : undefined
  if (!trigger || !target || !answer?.allowed) {
    updateJob(world, job, { state: 'BROKEN', finishedAt: world.now })
    return
  }
  const started = startBuild(world, target, {
    ...asking,
    env: trigger.env,
    metaData: trigger.metaData,
    source: 'trigger_job',
    creator: build.createdBy,
    author: build.author,
    triggeredFrom: job.uuid,
    labels: union(labelsOf(world, build.uuid), labelsOf(world, job.uuid), answer.labels),
  })
  updateJob(world, job, { state: 'FINISHED', finishedAt: world.now, triggered: started.uuid })
}

const isReady = (job: Job, siblings: readonly Job[]) => {
  const { dependsOn, group } = job.step
  return siblings.every(
    (other) =>
      isDone(other) ||
      other.uuid === job.uuid ||
      (dependsOn === null
        ? !isBefore(other.step.group, group)
        : other.step.key === null || !dependsOn.includes(other.step.key)),
  )
}

/** What a job becomes when all before it is done. */
const begin = (world: World, build: Build, job: Job): void => {
  switch (job.type) {
    case 'COMMAND':
      updateJob(world, job, { state: 'SCHEDULED' })
      return
    case 'BLOCK':
      updateJob(world, job, { state: 'BLOCKED' })
      return
    case 'WAIT':
      updateJob(world, job, { state: 'FINISHED', finishedAt: world.now })
      return
    case 'TRIGGER':
      fire(world, build, job)
  }
}

const buildState = (jobs: readonly Job[]): string => {
  if (jobs.every((job) => !isUnfinished(job)))
    return jobs.some(({ signalReason }) => signalReason !== null) ? 'FAILED' : 'PASSED'
  const rest = jobs.filter((job) => !isDone(job))
  if (rest.some(({ state }) => state === 'BLOCKED') && rest.every(({ state }) => state !== 'SCHEDULED'))
    return 'BLOCKED'
  return jobs.some(({ startedAt }) => startedAt !== null) ? 'RUNNING' : 'SCHEDULED'
}

/** Lets everything begin that can, and says what has become of the build. */
export const promote = (world: World, { uuid }: Build): Build => {
  const { builds, jobs } = world.state.tables
  const now = () => get(builds, uuid)
  for (;;) {
    const build = now()
    const all = where(jobs, 'build', uuid)
    const next = all.filter((job) => job.state === 'WAITING' && isReady(job, all))
    if (!build || next.length === 0) break
    for (const job of next) begin(world, build, job)
  }
  const build = now()
  if (!build) throw new Error(`there is no build ${uuid}`)
  if (build.finishedAt !== null) return build
  const all = where(jobs, 'build', uuid)
  const state = buildState(all)
  const startedAt = build.startedAt ?? all.find((job) => job.startedAt !== null)?.startedAt ?? null
  const finishedAt = state === 'PASSED' || state === 'FAILED' ? world.now : null
  return build.state === state && startedAt === build.startedAt
    ? build
    : updateBuild(world, build, { state, startedAt, finishedAt })
}

/** Somebody lets a blocked build go on, and may say something to it. */
export const unblock = (
  world: World,
  job: Job,
  as: {
    readonly unblocker: string
    readonly labels: Labels
    readonly fields?: Readonly<Record<string, string>>
  },
): Job => {
  const unblocked = updateJob(world, job, {
    state: 'UNBLOCKED',
    unblockedAt: world.now,
    unblockedBy: as.unblocker,
    finishedAt: world.now,
  })
  const build = get(world.state.tables.builds, job.build)
  if (!build) return unblocked
  addLabels(world, build.uuid, as.labels)
  const metaData = { ...build.metaData, ...as.fields }
  promote(world, updateBuild(world, build, { unblockedBy: as.unblocker, metaData, finishedAt: null }))
  return unblocked
}

/** The old command once more, on today's queue. It carries what it carried, and who wanted it. */
export const retryJob = (
  world: World,
  job: Job,
  by: { readonly user: string | null; readonly labels: Labels },
): Job => {
  const made = insert(
    world.state,
    'jobs',
    { createdAt: world.now, createdBy: null },
    { ...job, ...waiting, retrySource: job.uuid, retriedBy: by.user },
  )
  addLabels(world, made.uuid, union(labelsOf(world, job.uuid), by.labels))
  const build = get(world.state.tables.builds, job.build)
  if (build && build.finishedAt !== null) updateBuild(world, build, { state: 'RUNNING', finishedAt: null })
  return made
}

export const cancelJob = (world: World, job: Job): Job => {
  const canceled = updateJob(world, job, { state: 'CANCELED', finishedAt: world.now })
  const build = get(world.state.tables.builds, job.build)
  if (build) promote(world, build)
  return canceled
}

export const cancelBuild = (world: World, build: Build): Build => {
  for (const row of where(world.state.tables.jobs, 'build', build.uuid).filter(isUnfinished))
    updateJob(world, row, { state: 'CANCELED', finishedAt: world.now })
  return updateBuild(world, build, { state: 'CANCELED', finishedAt: world.now })
}

/** The labels that a schedule's builds carry. */
export const scheduleLabels = (world: World, uuid: string): Labels => labelsIn(world, 'schedules', uuid)

/** Who starts something by hand: a start, and an environment where they have given one. */
export const startLabels = (principal: string, env: readonly string[]): Labels =>
  union(label('start', [principal]), env.length > 0 ? label('env', [principal]) : nobody)
