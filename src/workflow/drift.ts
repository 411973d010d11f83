import { addressOf, type Address } from '../model/address.js'
import type { Created, Drifted } from '../model/result.js'
import type { Wanted } from '../model/wanted.js'
import type { Survey } from '../plan/survey.js'
import { begin, planned, type PlanOptions } from './plan.js'
import type { World } from './world.js'

/** What differs between files and organization, and what nobody declared. Removals are not asked about: none is made. */
export const drift = async (
  world: World,
  { createdWithinDays }: Pick<PlanOptions, 'createdWithinDays'> = {},
): Promise<Drifted> => {
  const begun = await begin(world, { maxRemoved: Number.POSITIVE_INFINITY }, 'drift')
  const result = { ...planned(begun), result: 'drift' as const }
  const survey = 'derived' in begun ? begun.derived.read?.survey : undefined
  if (createdWithinDays === undefined || survey === undefined || !('derived' in begun)) return result
  const now = Date.parse(world.now?.() ?? world.today)
  return { ...result, created: createdSince(survey, begun.wanted, now - createdWithinDays * dayMs) }
}

const dayMs = 24 * 60 * 60 * 1000

interface Dated {
  readonly cluster?: string | null
  readonly pipeline?: string
  readonly created_at?: string | null
  readonly created_by?: string | null
}

/** What was made in privileged clusters since a time, the newest first: pipelines, and what belongs to them. */
const createdSince = ({ live }: Survey, { access }: Wanted, sinceMs: number): Created[] => {
  const privileged = new Set<string>(access.allow.map(({ on }) => on))
  const isPrivileged = (cluster: string | null | undefined) =>
    typeof cluster === 'string' && privileged.has(addressOf('cluster', cluster))
  const clusterOf = new Map(
    (live.get('pipeline') ?? []).map(({ key, spec }) => [key, (spec as Dated).cluster]),
  )
  return [...live]
    .flatMap(([kind, found]) =>
      found.flatMap(({ key, spec }): Created[] => {
        const { cluster, pipeline, created_at: at, created_by: by } = spec as Dated
        if (typeof at !== 'string' || Date.parse(at) < sinceMs) return []
        if (!isPrivileged(cluster ?? clusterOf.get(pipeline ?? ''))) return []
        const address: Address = `${kind}:${key}`
        return [{ address, at, ...(by == null ? {} : { by: addressOf('user', by.toLowerCase()) }) }]
      }),
    )
    .sort((a, b) => (a.at > b.at ? -1 : a.at < b.at ? 1 : a.address < b.address ? -1 : 1))
}
