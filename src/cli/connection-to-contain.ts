import { connectToWrite } from '../providers/buildkite/connect-to-write.js'
import type { Means } from '../providers/buildkite/connect.js'
import type { Telling } from '../workflow/world.js'
import { asking } from './connection.js'

/** A conversation that can pause a queue, and change nothing else: for `contain` alone. */
export const toContain = (means: Means): Telling => {
  const connection = connectToWrite({ ...means, only: ['QueuePause'] })
  return Object.assign(asking(connection), { writer: connection.writer })
}
