import type { Address } from '../model/address.js'
import type { Contained } from '../model/result.js'
import type { Telling, World } from './world.js'

/** Pauses the dispatch of a privileged queue that is open. The conversation can send that one call and no other. */
export const contain = (
  world: World<Telling>,
  options: { readonly queue: Address; readonly now: string },
): Promise<Contained> => {
  void world
  return Promise.resolve({
    result: 'contain',
    queue: options.queue,
    did: 'nothing',
    stillRunning: [],
    findings: [],
  })
}
