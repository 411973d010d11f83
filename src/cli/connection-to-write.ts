import { connectToWrite } from '../providers/buildkite/connect-to-write.js'
import type { Means } from '../providers/buildkite/connect.js'
import type { Telling } from '../workflow/world.js'
import { asking } from './connection.js'

/** A conversation that can change the organization. Only `apply` loads this file: no other command holds a writer. */
export const toTell = (means: Means): Telling => {
  const connection = connectToWrite(means)
  return Object.assign(asking(connection), { writer: connection.writer })
}
