import type { Agent, Build, Job, Pipeline, Queue } from '../rows.js'
import { insert } from '../state.js'
import { get, where } from '../table.js'
import { addJobs, promote, standardEnv, updateBuild, updateJob } from './builds.js'
import { treeOf, type Tree } from './commits.js'
import {
  addHands,
  addLabels,
  handsAt,
  imageLabels,
  isNobody,
  label,
  labelsIn,
  labelsOf,
  metaDataOf,
  nobody,
  peopleIn,
  union,
  type Labels,
  type World,
} from './labels.js'
import { annotate, refusalOf, type Refusal } from './gate.js'
import { mayDownload, mayReadSecret } from './sharing.js'
import { agentsFor, placeOf, queueName, type Place } from './placement.js'
import { interpolated, stepsIn } from './steps.js'

/** What a job's command asks of `buildkite-agent`, word by word. */
const asked = (command: string): string[][] =>
  command
    .replace(/\$\(|[`()]/g, '\n')
    .split(/\n|&&|;|\|/)
    .map((line) => [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? ''))
    .flatMap((words) => {
      const at = words.findIndex((word) => /(^|\/)buildkite-agent$/.test(word))
      return at === -1 ? [] : [words.slice(at + 1)]
    })

const option = (words: readonly string[], name: string): string | undefined => {
  const at = words.findIndex((word) => word === name || word.startsWith(`${name}=`))
  const word = words[at]
  if (word === undefined) return undefined
  return word === name ? words[at + 1] : word.slice(name.length + 1)
}

const plain = (words: readonly string[]) => words.filter((word) => !word.startsWith('-'))

/** A job at an agent: where everything that it does happens. */
interface Running {
  readonly job: Job
  readonly build: Build
  readonly pipeline: Pipeline
  readonly place: Pick<Place, 'cluster' | 'queue'>
  readonly tree: Tree
  readonly env: readonly string[]
}

const envOf = (world: World, job: Job, build: Build) => [
  ...build.env,
  ...job.step.env,
  ...standardEnv(world, build),
]

/** How deep uploads may stand in uploads, and how many jobs a build may have that uploads more. */
const UPLOADS_AT_MOST = 10
const JOBS_AT_MOST = 500

const STEPS = ['.buildkite/pipeline.yml', '.buildkite/pipeline.yaml', 'buildkite.yml', 'buildkite.yaml']

const upload = (
  world: World,
  { job, build, tree, env }: Running,
  words: readonly string[],
  labels: Labels,
) => {
  const [named] = plain(words)
  const file = (named === undefined ? STEPS : [named]).find((path) => tree.files[path] !== undefined)
  if (file === undefined) return
  // A build that uploads itself without end is cut here, where Buildkite would stop it some time.
  const siblings = where(world.state.tables.jobs, 'build', build.uuid).length
  if (job.step.group.length > UPLOADS_AT_MOST || siblings > JOBS_AT_MOST) return
  const text = interpolated(tree.files[file] ?? '', env)
  addJobs(world, build, stepsIn(text, job.step.group), labels)
}

/** Writes metadata of a build, for a job of whatever build. */
export const putMetaData = (world: World, build: Build, key: string, value: string, labels: Labels): void => {
  const now = get(world.state.tables.builds, build.uuid) ?? build
  updateBuild(world, now, { metaData: { ...now.metaData, [key]: value } })
  addHands(world, metaDataOf(build.uuid), key, peopleIn(labels))
}

/** Writes an artifact of a build: whose job it is does not matter to who downloads it. */
export const putArtifact = (world: World, build: Build, path: string, labels: Labels): void => {
  const had = where(world.state.tables.artifacts, 'build', build.uuid).find((row) => row.path === path)
  const row =
    had ??
    insert(
      world.state,
      'artifacts',
      { createdAt: world.now, createdBy: null },
      { organization: build.organization, build: build.uuid, path },
    )
  addHands(world, row.uuid, 'artifact', peopleIn(labels))
}

/** The cache that a cluster's jobs share. */
export const putCache = (world: World, cluster: string, labels: Labels): void =>
  addHands(world, cluster, 'cache', peopleIn(labels))

const buildsNamed = (world: World, { build, env }: Running, words: readonly string[]): readonly Build[] => {
  const { builds, pipelines, jobs } = world.state.tables
  const named = option(words, '--build')
  if (named === undefined) return [build]
  const text = interpolated(named, env)
  const row = get(builds, text)
  if (row) return [row]
  // A script asks some API for the newest build of a pipeline; here the pipeline's slug stands for that.
  const pipeline = where(pipelines, 'slug', text).find((one) => one.organization === build.organization)
  const parent = get(builds, get(jobs, build.triggeredFrom)?.build)
  return pipeline ? where(builds, 'pipeline', pipeline.uuid) : parent && text === '' ? [parent] : []
}

/** Who has had a hand in what a job takes from elsewhere and makes use of. */
const consumed = (world: World, running: Running, words: readonly string[]): Labels => {
  const { build, pipeline, place } = running
  const { artifacts, secrets } = world.state.tables
  const [what, verb, ...rest] = words
  if (what === 'artifact' && verb === 'download')
    return union(
      ...buildsNamed(world, running, rest)
        .filter((one) => mayDownload(world, build, one))
        .flatMap((one) => where(artifacts, 'build', one.uuid).map(({ uuid }) => labelsOf(world, uuid))),
    )
  if (what === 'meta-data' && verb === 'get') {
    return label('meta-data', handsAt(world, metaDataOf(build.uuid), plain(rest)[0] ?? ''))
  }
  if (what === 'secret' && verb === 'get' && place.cluster !== null) {
    const secret = where(secrets, 'cluster', place.cluster).find(({ key }) => key === plain(rest)[0])
    return secret && mayReadSecret(world, secret, build, pipeline, place.queue)
      ? labelsIn(world, 'secrets', secret.uuid)
      : nobody
  }
  if (what === 'cache' && place.cluster !== null) return labelsIn(world, 'clusters', place.cluster, 'cache')
  return nobody
}

const sharesCache = (world: World, { job, place }: Running) => {
  if (place.cluster === null) return false
  return job.step.cache || get(world.state.tables.queues, place.queue)?.hosted != null
}

/** Everybody who has had a hand in what a job executes, at this agent. */
const labelsAt = (world: World, running: Running, agent: Agent | undefined, isDefault: boolean): Labels => {
  const { job, build, pipeline, place, tree } = running
  const words = asked(interpolated(job.command ?? '', running.env))
  return union(
    labelsOf(world, build.uuid),
    labelsOf(world, job.uuid),
    tree.labels,
    labelsIn(world, 'pipelines', pipeline.uuid, 'repository', 'cloneMirrorUrl', 'cluster'),
    isDefault && place.cluster !== null ? labelsIn(world, 'clusters', place.cluster, 'defaultQueue') : nobody,
    agent ? labelsOf(world, agent.uuid) : imageLabels(world, place.queue),
    sharesCache(world, running) ? labelsIn(world, 'clusters', place.cluster, 'cache') : nobody,
    ...words.map((one) => consumed(world, running, one)),
  )
}

/** Does what a job's command says to Buildkite. All else that it does is its own affair. */
const act = (world: World, running: Running, labels: Labels): void => {
  const { job, env, place } = running
  for (const words of asked(interpolated(job.command ?? '', env))) {
    const [what, verb, ...rest] = words
    if (what === 'pipeline' && verb === 'upload') upload(world, running, rest, labels)
    if (what === 'meta-data' && verb === 'set')
      putMetaData(world, running.build, plain(rest)[0] ?? '', plain(rest)[1] ?? '', labels)
    if (what === 'artifact' && verb === 'upload')
      putArtifact(world, running.build, plain(rest)[0] ?? '', labels)
    if (what === 'cache' && verb === 'save' && place.cluster !== null) putCache(world, place.cluster, labels)
  }
  if (sharesCache(world, running) && place.cluster !== null) putCache(world, place.cluster, labels)
}

const isPaused = (world: World, { queue }: Pick<Place, 'queue'>) =>
  get(world.state.tables.queues, queue)?.dispatchPaused === true

/** Notes who has a hand in a job at its agent, for the job, its build, and who asks who came to the queue. */
export const assign = (world: World, job: Job, queue: Queue | undefined, labels: Labels): void => {
  if (isNobody(labels)) return
  addLabels(world, job.uuid, labels)
  addLabels(world, job.build, labels)
  insert(
    world.state,
    'assignments',
    { createdAt: world.now, createdBy: null },
    { organization: job.organization, job: job.uuid, place: queueName(world, queue, job), by: labels },
  )
}

/** A job that an agent was given, and has run nothing of. What comes after it goes on: more happens here than would. */
const refuse = (world: World, job: Job, agent: Agent, { cluster, queue }: Place, refusal: Refusal): void => {
  const at = { agent: agent.uuid, cluster, queue, startedAt: world.now, finishedAt: world.now }
  updateJob(world, job, { ...at, state: 'FINISHED', exitStatus: '-1', signalReason: 'AGENT_REFUSED' })
  annotate(world, job, refusal)
}

/**
 * Gives a waiting job to an agent, and lets it run. An agent that somebody has slipped in is the quickest.
 *
 * @param lingers  whether it goes on running, having done all that it was told
 * @returns false if there is no agent for it
 */
const dispatch = (world: World, job: Job, lingers: (labels: Labels) => boolean): boolean => {
  const { pipelines, builds, queues } = world.state.tables
  const [pipeline, build] = [get(pipelines, job.pipeline), get(builds, job.build)]
  if (!pipeline || !build) return false
  const place = placeOf(world, job)
  const queue = get(queues, place.queue)
  if (isPaused(world, place) || (place.cluster !== null && !queue)) return false
  const agents = agentsFor(world, job, place)
  const agent = agents.find(({ uuid }) => !isNobody(labelsOf(world, uuid))) ?? agents[0]
  if (!agent && !queue?.hosted) return false
  const refusal = agent && refusalOf(world, { job, build, pipeline, agent })
  if (refusal) {
    refuse(world, job, agent, place, refusal)
    promote(world, build)
    return true
  }
  const running: Running = {
    job,
    build,
    pipeline,
    place,
    tree: treeOf(world, pipeline, build),
    env: envOf(world, job, build),
  }
  const labels = labelsAt(world, running, agent, place.isDefault)
  const taken = updateJob(world, job, {
    state: 'RUNNING',
    agent: agent?.uuid ?? null,
    cluster: place.cluster,
    queue: place.queue,
    startedAt: world.now,
  })
  assign(world, job, queue, labels)
  act(world, { ...running, job: taken, build: get(builds, build.uuid) ?? build }, labels)
  updateJob(
    world,
    taken,
    lingers(labels)
      ? { promisedExitStatus: 0 }
      : { state: 'FINISHED', exitStatus: '0', finishedAt: world.now },
  )
  promote(world, build)
  return true
}

/**
 * Lets agents work until there is nothing left that they could do.
 *
 * @param lingers  whose jobs go on running when their work is done, for whatever else comes to mind
 * @returns how many jobs have run
 */
export const work = (world: World, lingers: (labels: Labels) => boolean = () => false): number => {
  const { jobs } = world.state.tables
  let ran = 0
  for (;;) {
    const took = where(jobs, 'state', 'SCHEDULED').filter(
      (job) => job.type === 'COMMAND' && dispatch(world, job, lingers),
    )
    if (took.length === 0) return ran
    ran += took.length
  }
}
