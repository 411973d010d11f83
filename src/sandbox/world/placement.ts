import type { Agent, Job, Queue } from '../rows.js'
import { get, where } from '../table.js'
import type { World } from './labels.js'

const QUEUE = 'queue='

/** Where a job would go: to a queue of the cluster that its pipeline is in now, or to agents of no cluster. */
export interface Place {
  readonly cluster: string | null
  /** Null where there is no such queue, or no cluster. */
  readonly queue: string | null
  /** Whether it named no queue. */
  readonly isDefault: boolean
}

type Seen = Pick<World, 'state'>

const keyIn = ({ agentQueryRules }: Job) =>
  agentQueryRules.find((tag) => tag.startsWith(QUEUE))?.slice(QUEUE.length)

/** The queue is looked up by its key, each time anew: a pipeline that moves takes its waiting jobs along. */
export const placeOf = ({ state }: Seen, job: Job): Place => {
  const { pipelines, clusters, queues } = state.tables
  const cluster = get(pipelines, job.pipeline)?.cluster ?? null
  const key = keyIn(job)
  const isDefault = key === undefined
  if (cluster === null) return { cluster, queue: null, isDefault }
  const queue = isDefault
    ? (get(clusters, cluster)?.defaultQueue ?? null)
    : (where(queues, 'cluster', cluster).find((row) => row.key === key)?.uuid ?? null)
  return { cluster, queue, isDefault }
}

/** Where a job is bound for, or was sent: once an agent has had it, that does not change. */
export const whereabouts = (world: Seen, job: Job): Pick<Place, 'cluster' | 'queue'> =>
  job.type !== 'COMMAND' || job.startedAt !== null || job.finishedAt !== null ? job : placeOf(world, job)

/** The tags that it asks for, that of the default queue too. */
export const queryRulesOf = (world: Seen, job: Job): readonly string[] => {
  if (job.type !== 'COMMAND' || keyIn(job) !== undefined) return job.agentQueryRules
  const key = get(world.state.tables.queues, whereabouts(world, job).queue)?.key
  return key === undefined ? job.agentQueryRules : [`${QUEUE}${key}`, ...job.agentQueryRules]
}

const fits = ({ metaData }: Agent, rules: readonly string[]) =>
  rules.every((rule) =>
    rule.endsWith('=*') ? metaData.some((tag) => tag.startsWith(rule.slice(0, -1))) : metaData.includes(rule),
  )

const works = ({ connectionState, pausedAt }: Agent) => connectionState === 'connected' && pausedAt === null

/** Agents that would take a job: connected, of its queue, with the other tags that it asks for. */
export const agentsFor = (
  world: Seen,
  job: Job,
  { cluster, queue }: Pick<Place, 'cluster' | 'queue'>,
): Agent[] => {
  const { agents } = world.state.tables
  if (cluster !== null && queue === null) return []
  const others = job.agentQueryRules.filter((tag) => !tag.startsWith(QUEUE))
  const rules = cluster === null ? [`${QUEUE}${keyIn(job) ?? 'default'}`, ...others] : others
  return where(agents, 'queue', queue).filter(
    (agent) => agent.organization === job.organization && works(agent) && fits(agent, rules),
  )
}

/** A queue as people name it. */
export const queueName = ({ state }: Seen, queue: Queue | undefined, job?: Job): string =>
  queue
    ? `${get(state.tables.clusters, queue.cluster)?.name ?? ''}/${queue.key}`
    : `unclustered/${job ? (keyIn(job) ?? 'default') : 'default'}`
