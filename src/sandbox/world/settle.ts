import type { Job, Pipeline } from '../rows.js'
import { fork, type State } from '../state.js'
import { switchesOf, type Switches } from '../switches.js'
import { all, drop, get, where } from '../table.js'
import { hasGates } from './agents.js'
import { isUnfinished, scheduleLabels, startBuild, stepsOf, unblock, updateJob } from './builds.js'
import { spread } from './code.js'
import { branchRef, commitOf, headOf } from './commits.js'
import { repositoryKey } from '../provider.js'
import {
  hasCodeOf,
  imageLabels,
  labelsIn,
  labelsOf,
  nobody,
  peopleIn,
  pipelineLabels,
  unmark,
  type Labels,
  type World,
} from './labels.js'
import { work } from './running.js'
import { deliver } from './webhooks.js'

export interface Settling {
  /** ISO 8601, in UTC. */
  readonly now: string
  readonly switches?: Partial<Switches>
  /** Somebody whose code goes on running, and does whatever it can from there. */
  readonly attacker?: string
  /** False: nobody starts anything; only what waits is worked off. */
  readonly ordinary?: boolean
}

export const worldOf = (state: State, now: string, switches?: Partial<Switches>): World => ({
  state,
  now,
  switches: switchesOf(state.switches, switches),
})

/** What a build of the ordinary course says about itself. */
const ORDINARY = 'ordinary course'

/** An admin, whom nothing keeps from starting what they like. */
const somebody = ({ state }: World, organization: string) =>
  where(state.tables.members, 'organization', organization).find(({ role }) => role === 'ADMIN')?.user ?? null

/** Whether a build of a pipeline could carry somebody's label: else nothing would be learnt from it. */
const couldCarry = (world: World, pipeline: Pipeline, principal: string): boolean => {
  const { clusters, queues, agents, artifacts, secrets, schedules, commits } = world.state.tables
  const cluster = get(clusters, pipeline.cluster)
  const carries = (labels: Labels) => labels !== nobody && peopleIn(labels).includes(principal)
  const written = (repository: string | null) =>
    repository !== null &&
    where(commits, 'repository', repositoryKey(repository)).some(({ uuid }) => carries(labelsOf(world, uuid)))
  return (
    carries(pipelineLabels(world, pipeline)) ||
    carries(labelsIn(world, 'pipelines', pipeline.uuid, 'cluster', 'defaultBranch')) ||
    written(pipeline.repository) ||
    written(pipeline.cloneMirrorUrl) ||
    where(schedules, 'pipeline', pipeline.uuid).some(({ uuid }) =>
      carries(labelsIn(world, 'schedules', uuid)),
    ) ||
    carries(labelsIn(world, 'clusters', cluster?.uuid, 'cache', 'defaultQueue')) ||
    where(queues, 'cluster', cluster?.uuid ?? '').some(({ uuid }) => carries(imageLabels(world, uuid))) ||
    where(secrets, 'cluster', cluster?.uuid ?? '').some(({ uuid }) =>
      carries(labelsIn(world, 'secrets', uuid)),
    ) ||
    all(agents).some(
      ({ uuid, queue }) => get(queues, queue)?.cluster === cluster?.uuid && carries(labelsOf(world, uuid)),
    ) ||
    all(artifacts).some(({ uuid }) => carries(labelsOf(world, uuid))) ||
    // Whatever triggers others may want a branch of theirs that their own builds do not.
    (/trigger|pipeline upload/.test(stepsOf(world, pipeline)) &&
      all(commits).some(({ uuid }) => carries(labelsOf(world, uuid))))
  )
}

/** Whether others take artifacts of a pipeline's builds: then there must be some. */
const isRead = ({ state }: World, pipeline: Pipeline) =>
  where(state.tables.rules, 'target', pipeline.uuid).some(
    ({ type }) => type === 'pipeline.artifacts_read.pipeline',
  )

const startOrdinary = (world: World, pipeline: Pipeline) =>
  startBuild(world, pipeline, {
    branch: pipeline.defaultBranch ?? 'main',
    commit: (hasGates(world) ? commitOf(world, pipeline, 'HEAD')?.sha : undefined) ?? 'HEAD',
    message: ORDINARY,
    env: [],
    source: 'ui',
    creator: somebody(world, pipeline.organization),
    labels: labelsIn(world, 'pipelines', pipeline.uuid, 'defaultBranch'),
  })

/** The schedules of a pipeline fire. */
export const fireSchedule = (world: World, uuid: string): boolean => {
  const { schedules, pipelines } = world.state.tables
  const schedule = get(schedules, uuid)
  const pipeline = get(pipelines, schedule?.pipeline)
  if (schedule?.enabled !== true || pipeline?.archivedAt !== null) return false
  startBuild(world, pipeline, {
    branch: schedule.branch ?? pipeline.defaultBranch ?? 'main',
    commit: schedule.commit ?? 'HEAD',
    message: schedule.message ?? ORDINARY,
    env: schedule.env,
    source: 'schedule',
    creator: null,
    schedule: schedule.uuid,
    labels: scheduleLabels(world, schedule.uuid),
  })
  return true
}

/** Somebody of ours pushes what is there already: where hosts have gates, that may be all that they let in. */
const pushOrdinary = (world: World, pipeline: Pipeline) => {
  const branch = pipeline.defaultBranch ?? 'main'
  const head = headOf(world, repositoryKey(pipeline.repository), branchRef(branch))
  if (head) deliver(world, pipeline, { kind: 'push', branch, commit: head.sha, message: ORDINARY }, ORDINARY)
}

const startOrdinarily = (world: World, pipeline: Pipeline) => {
  startOrdinary(world, pipeline)
  if (hasGates(world)) pushOrdinary(world, pipeline)
  for (const { uuid } of where(world.state.tables.schedules, 'pipeline', pipeline.uuid))
    fireSchedule(world, uuid)
}

/** Who would unblock a step in good faith: somebody who may, and is not the one we watch. */
const unblocker = (
  world: World,
  { organization, step }: Job,
  attacker: string | undefined,
): string | null => {
  const { allowedTeams } = step
  const { teams, teamMembers } = world.state.tables
  if (allowedTeams === null || world.switches.adminUnblocksAll) return somebody(world, organization)
  const slugs = all(teams).filter(
    ({ uuid, slug }) => allowedTeams.includes(uuid) || allowedTeams.includes(slug),
  )
  const people = slugs.flatMap(({ uuid }) => where(teamMembers, 'team', uuid).map(({ user }) => user))
  return people.find((user) => user !== attacker) ?? null
}

const unblockAll = (world: World, attacker: string | undefined): boolean => {
  const blocked = where(world.state.tables.jobs, 'state', 'BLOCKED')
  return blocked.some((job) => {
    const user = unblocker(world, job, attacker)
    if (user !== null) unblock(world, job, { unblocker: user, labels: nobody })
    return user !== null
  })
}

/** What ran without end, and is nobody's that we watch, comes to its end. */
const finishOthers = (world: World, attacker: string | undefined) => {
  for (const job of where(world.state.tables.jobs, 'state', 'RUNNING'))
    if (attacker === undefined || !hasCodeOf(labelsOf(world, job.uuid), attacker))
      updateJob(world, job, { state: 'FINISHED', exitStatus: '0', finishedAt: world.now })
}

/** Forgets the builds of the ordinary course that are over: whoever may start one can start another. */
const tidy = (world: World) => {
  const { builds, jobs, artifacts, annotations } = world.state.tables
  for (const build of where(builds, 'message', ORDINARY)) {
    const own = where(jobs, 'build', build.uuid)
    if (own.some(isUnfinished)) continue
    for (const job of own) {
      unmark(world, job.uuid)
      drop(jobs, job)
    }
    if (where(artifacts, 'build', build.uuid).length > 0) continue
    unmark(world, build.uuid)
    for (const said of where(annotations, 'build', build.uuid)) drop(annotations, said)
    drop(builds, build)
  }
}

/**
 * The ordinary course of things: every active pipeline is built, schedules fire, waiting jobs find their agents, those
 * who may unblock what is blocked, and code that somebody has brought in does what it can. The state that came in
 * stays as it was.
 */
export const settle = (state: State, { now, switches, attacker, ordinary = true }: Settling): State => {
  const after = fork(state)
  const world = worldOf(after, now, switches)
  const watched = attacker !== undefined
  const active = all(after.tables.pipelines).filter(({ archivedAt }) => archivedAt === null)
  const built = new Set<string>()
  const lingers = (labels: Labels) => watched && hasCodeOf(labels, attacker)

  /** Builds what was not built yet, and (for whom we watch) could tell us something. */
  const build = () => {
    const next = active.filter(
      (pipeline) => !built.has(pipeline.uuid) && (!watched || couldCarry(world, pipeline, attacker)),
    )
    for (const pipeline of next) startOrdinarily(world, pipeline)
    for (const { uuid } of next) built.add(uuid)
    return next.length > 0
  }

  if (ordinary && watched)
    for (const pipeline of active) if (isRead(world, pipeline)) startOrdinary(world, pipeline)
  finishOthers(world, attacker)
  for (;;) {
    const begun = ordinary && build()
    const ran = work(world, lingers)
    const opened = ordinary && unblockAll(world, attacker)
    const more = watched && spread(world, attacker)
    if (!begun && ran === 0 && !opened && !more) break
  }
  if (watched) tidy(world)
  return after
}
