import { connectAwsToWrite } from '../providers/aws/connect-to-write.js'
import { connectToWrite } from '../providers/buildkite/connect-to-write.js'
import type { Telling } from '../workflow/world.js'
import { asking } from './connection.js'
import type { Talking } from './stage.js'

/** A conversation that can change the organization. Only `apply` loads this file: no other command holds a writer. */
export const toTell = ({ aws, ...means }: Talking): Telling => {
  const connection = connectToWrite(means)
  const accounts = aws && connectAwsToWrite(aws)
  const writer: Telling['writer'] = {
    send: (call, address, how) => {
      if (call.via !== 'aws') return connection.writer.send(call, address, how)
      if (accounts === undefined) throw new Error(`there is no account to send ${call.operation} to`)
      return accounts.writer.send(call, address)
    },
  }
  return Object.assign(asking(connection, accounts), { writer })
}
