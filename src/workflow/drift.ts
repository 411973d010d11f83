import type { Drifted } from '../model/result.js'
import { plan } from './plan.js'
import type { World } from './world.js'

/** What differs between files and organization, and what nobody declared. Removals are not asked about: none is made. */
export const drift = async (world: World): Promise<Drifted> => ({
  ...(await plan(world, { maxRemoved: Number.POSITIVE_INFINITY })),
  result: 'drift',
})
