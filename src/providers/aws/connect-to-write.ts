import { connectionOver, conversationsIn, prepare, type AwsConnection, type AwsMeans } from './connect.js'
import { writerOf, type AwsWriter } from './writer.js'

/** A conversation that can also tell. */
export interface AwsWritingConnection extends AwsConnection {
  readonly writer: AwsWriter
}

/**
 * Opens a conversation that can change the accounts: for `apply` alone. Its readers can ask and no more, like all readers:
 * they have clients of their own.
 */
export const connectAwsToWrite = (means: AwsMeans): AwsWritingConnection => {
  const shared = prepare(means)
  const writer = writerOf(conversationsIn(means, shared, false), means)
  // Not a spread, which would freeze what `spent` says at this moment.
  return Object.assign(connectionOver(means, shared), { writer })
}
