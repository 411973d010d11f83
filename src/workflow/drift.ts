import type { Drifted } from '../model/result.js'
import { plan, type PlanOptions } from './plan.js'
import type { World } from './world.js'

/** What differs between files and organization, and what nobody declared. Removals are not asked about: none is made. */
export const drift = async (
  world: World,
  options: Pick<PlanOptions, 'createdWithinDays'> = {},
): Promise<Drifted> => ({
  ...(await plan(world, { ...options, maxRemoved: Number.POSITIVE_INFINITY }, 'drift')),
  result: 'drift',
})
