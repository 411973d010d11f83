import { connectAwsToBeat } from '../providers/aws/connect-to-beat.js'
import { connect } from '../providers/buildkite/connect.js'
import type { Beating } from '../workflow/heartbeat.js'
import { asking } from './connection.js'
import type { Talking } from './stage.js'

/** A conversation that can ask, and write the parameter of a heartbeat: for `drift` alone. */
export const toBeat = ({ aws, ...means }: Talking): Beating => {
  const accounts = aws && connectAwsToBeat(aws)
  const beat: Beating['beat'] = (account, name, value) => {
    if (accounts === undefined) throw new Error(`there is no account ${account} to write in`)
    return accounts.beat(account, name, value)
  }
  return Object.assign(asking(connect(means), accounts), { beat })
}
