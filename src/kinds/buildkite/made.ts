import * as api from '../../../graphql/api.js'
import type { Reader, RestObject } from '../../../graphql/operation.js'
import type { Live } from '../../model/live.js'
import { rowsUnlessHidden } from '../hidden.js'
import { userAddress } from './user.js'

/** When something was made, as ISO says it, and by whom where Buildkite says so. */
export interface Made {
  readonly at: string
  readonly by?: string
}

/** What is known of when things were made. */
export interface MadeIn {
  /** By uuid. */
  readonly dates: ReadonlyMap<string, Made>
  /** Plural names of the kinds of which nobody could tell. */
  readonly untold: readonly string[]
}

/**
 * When what is in some clusters was made, and what reaches into them. Most lists leave it out, so this is asked for and
 * never part of a reading. Of maintainers Buildkite keeps neither day nor hand.
 */
export const readMade = async (buildkite: Reader, clusters: readonly Live<unknown>[]): Promise<MadeIn> => {
  const dates = new Map<string, Made>()
  const untold = new Set(['maintainers'])
  const note = (uuid: unknown, at: unknown, by: unknown) => {
    if (typeof uuid !== 'string' || typeof at !== 'string') return
    dates.set(uuid, { at: timeOf(at), ...(typeof by === 'string' && { by: userAddress(by) }) })
  }
  const list = async (path: string, plural: string) => {
    const rows = await rowsUnlessHidden(buildkite.restPages(path))
    if (rows === undefined) untold.add(plural)
    for (const row of rows ?? [])
      note(row['uuid'] ?? row['id'], row['created_at'], emailIn(row['created_by']))
  }
  await list('clusters', 'clusters')
  await list('rules', 'rules')
  for (const { id, uuid } of clusters) {
    for (const [last, plural] of inCluster) await list(`clusters/${uuid}/${last}`, plural)
    for await (const row of buildkite.pages(api.MadeInCluster, { cluster: id })) {
      const pipeline = { pipeline: `${buildkite.organization}/${row.slug}` }
      note(row.uuid, row.createdAt, row.createdBy?.email)
      for await (const one of buildkite.more(row.teams, api.GrantsMade, pipeline))
        note(one.uuid, one.createdAt, one.createdBy?.email)
      for await (const one of buildkite.more(row.schedules, api.SchedulesMade, pipeline))
        note(one.uuid, one.createdAt, one.createdBy?.email)
    }
  }
  return { dates, untold: [...untold].sort() }
}

/** What a cluster has, by the last part of a path and by what people call it. */
const inCluster = [
  ['queues', 'queues'],
  ['tokens', 'agent tokens'],
  ['secrets', 'secrets'],
] as const

const emailIn = (person: unknown): unknown =>
  typeof person === 'object' && person !== null ? (person as RestObject)['email'] : undefined

/** REST writes some times as people do: `2026-11-02 09:00:00 UTC`. @source API reference §8 */
const timeOf = (text: string): string => {
  const time = Date.parse(text.replace(/^(\S+) (\S+) UTC$/, '$1T$2Z'))
  return Number.isNaN(time) ? text : new Date(time).toISOString()
}
