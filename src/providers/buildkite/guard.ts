import { isQuery } from './document.js'
import type { Spoken } from '../exchange.js'
import type { Wire } from './wire.js'

const queryIn = (body: string | undefined): unknown => {
  const sent: unknown = JSON.parse(body ?? 'null')
  return typeof sent === 'object' && sent !== null && 'query' in sent ? sent.query : undefined
}

const canOnlyRead = ({ method, url, body }: Spoken, graphqlUrl: string): boolean => {
  if (method === 'GET') return body === undefined
  if (method !== 'POST' || url !== graphqlUrl) return false
  const query = queryIn(body)
  return typeof query === 'string' && isQuery(query)
}

/**
 * A wire that carries questions only. It looks at what is about to be sent, so it holds whatever went wrong above it.
 *
 * @throws an Error, a bug in bridle, before anything is sent
 */
export const readingOnly =
  (wire: Wire, graphqlUrl: string): Wire =>
  (spoken) => {
    if (!canOnlyRead(spoken, graphqlUrl))
      throw new Error(`a reader was made to send something other than a question: ${spoken.method}`)
    return wire(spoken)
  }
