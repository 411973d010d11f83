import * as api from '../../../graphql/api.js'
import type { NodeOf, PageOf, Reader } from '../../../graphql/operation.js'
import type { ObservedJobsQuery } from '../../../graphql/generated/documents.js'
import { addressOf, type Address } from '../../model/address.js'
import { queuesIn } from './agent.js'

/** Who ran something on a queue, by which pipeline, and how often. */
export interface Observed {
  readonly queue: Address
  /** Null for a pipeline that is no more. */
  readonly pipeline: Address | null
  /** Whom Buildkite calls the creator: an address of a member, else null. */
  readonly who: Address | null
  /** The name that a commit gives, of somebody who is no member. */
  readonly named: string | null
  readonly started: 'ui' | 'api' | 'webhook' | 'schedule' | 'trigger_job' | 'unknown'
  /** False where a commit says who it was, or nobody does. */
  readonly verified: boolean
  readonly jobs: number
  /** When the last of them began, as ISO says it, and the number of its build. */
  readonly last: string
  readonly build: number | null
}

/**
 * What really ran on queues in a span of time, one entry for each queue, pipeline, person and kind of start. All jobs of
 * the span are read, six points each, so this is asked for and never part of a reading.
 *
 * @param queues  the keys of the queues: `production/deploy`
 * @param span    from when to when jobs were made, as ISO says it; the end keeps the list from growing on the way
 */
export const readObserved = async (
  buildkite: Reader,
  queues: ReadonlySet<string>,
  span: { readonly from: string; readonly to: string },
): Promise<readonly Observed[]> => {
  const known = new Map(
    [...(await queuesIn(buildkite))].map(([uuid, { id, cluster, key }]) => [
      uuid,
      { id, address: addressOf('queue', cluster, key) },
    ]),
  )
  const asked = [...known.values()].filter(({ address }) => queues.has(address.slice('queue:'.length)))
  if (asked.length === 0) return []
  const found = new Map<string, Observed>()
  for await (const job of buildkite.pages(api.ObservedJobs, {
    queues: asked.map(({ id }) => id).sort(),
    ...span,
  })) {
    const one = observed(job, (uuid) => known.get(uuid)?.address)
    if (one === undefined) continue
    const { queue, pipeline, who, named, started } = one
    const key = JSON.stringify([queue, pipeline, who, named, started])
    const before = found.get(key)
    found.set(key, before === undefined ? one : together(before, one))
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one)
}

const together = (a: Observed, b: Observed): Observed => ({
  ...(a.last < b.last ? b : a),
  jobs: a.jobs + b.jobs,
})

type Job = NodeOf<PageOf<ObservedJobsQuery>>

/** Undefined for a job that has not begun. */
const observed = (job: Job, queueOf: (uuid: string) => Address | undefined): Observed | undefined => {
  if (!('startedAt' in job) || job.startedAt === null) return undefined
  const queue = queueOf(job.clusterQueue?.uuid ?? '')
  if (queue === undefined) return undefined
  const { build, pipeline, startedAt: last } = job
  const creator = build?.createdBy
  const started = starts[build?.source.__typename ?? ''] ?? 'unknown'
  return {
    queue,
    pipeline: pipeline === null ? null : addressOf('pipeline', pipeline.slug),
    who: creator != null && 'email' in creator ? addressOf('user', creator.email.toLowerCase()) : null,
    named: creator != null && 'name' in creator ? creator.name : null,
    started,
    verified: started === 'ui' || started === 'api',
    jobs: 1,
    last,
    build: build?.number ?? null,
  }
}

/** Buildkite's own words for what starts a build. @source access model §3.9 */
const starts: Readonly<Record<string, Observed['started']>> = {
  BuildSourceAPI: 'api',
  BuildSourceFrontend: 'ui',
  BuildSourceSchedule: 'schedule',
  BuildSourceTriggerJob: 'trigger_job',
  BuildSourceWebhook: 'webhook',
}
