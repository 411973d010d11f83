import { connectAws } from '../providers/aws/connect.js'
import { connectToWrite } from '../providers/buildkite/connect-to-write.js'
import type { Telling } from '../workflow/world.js'
import { asking } from './connection.js'
import type { Talking } from './stage.js'

/** A conversation that can start a build, and change nothing else: for `hook canary` alone. */
export const toStartCanary = ({ aws, ...means }: Talking): Telling => {
  const connection = connectToWrite({ ...means, only: ['BuildCreate'] })
  return Object.assign(asking(connection, aws && connectAws(aws)), { writer: connection.writer })
}
