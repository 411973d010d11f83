import { mutations } from '../../../graphql/api.js'
import { connectionOver, prepare, type Connection, type Means } from './connect.js'
import { speakGraphql, speakRest } from './speak.js'
import { wireTo } from './wire.js'
import { writerOf, type Writer } from './writer.js'

/** A conversation that can also tell. */
export interface WritingConnection extends Connection {
  readonly writer: Writer
}

/**
 * Opens a conversation that can change the organization: for `apply`, and with `only` for `contain`. Its readers can ask
 * and no more, like all readers.
 *
 * @param only  the calls that it may send: operations by name, REST by method and first step (`PATCH pipelines`)
 * @throws Refusal `untrusted-endpoint` or `unauthenticated`
 */
export const connectToWrite = (means: Means & { readonly only?: readonly string[] }): WritingConnection => {
  const { shared, over, reading } = prepare(means)
  const writing = wireTo(over)
  const writer = writerOf(
    {
      organization: shared.organization,
      restUrl: shared.restUrl,
      change: (mutation, variables, manner) => speakGraphql(shared, writing, mutation, variables, manner),
      request: (request, manner) => speakRest(shared, writing, request, manner),
    },
    mutations,
    means.only,
  )
  // Not a spread, which would freeze what `spent` and `limits` say at this moment.
  return Object.assign(connectionOver(shared, reading), { writer })
}
