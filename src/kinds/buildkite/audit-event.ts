import * as api from '../../../graphql/api.js'
import type { Reader } from '../../../graphql/operation.js'
import { userAddress } from './user.js'

/** Who changed a thing last, when, and by which way. */
export interface LastChange {
  /** An ISO time. */
  readonly at: string
  /** `user:ada@acme.test`, or the name of what is no person. */
  readonly by?: string
  readonly way: 'browser' | 'API' | 'agent' | 'unknown'
  /** What the API was called with, as it calls itself. */
  readonly agent?: string
}

/** More than these a question does not name. */
const mostSubjects = 100

const ways = { AuditWebContext: 'browser', AuditAPIContext: 'API', AuditAgentAPIContext: 'agent' } as const

/**
 * Who changed these last, by their uuids, since a time. Of what nothing is told nothing is there.
 *
 * @throws Refusal where the organization has no such list, or whoever asks may not see it
 */
export const readLastChanges = async (
  buildkite: Reader,
  uuids: readonly string[],
  from: string,
): Promise<ReadonlyMap<string, LastChange>> => {
  const last = new Map<string, LastChange>()
  for (let first = 0; first < uuids.length; first += mostSubjects) {
    const subjects = uuids.slice(first, first + mostSubjects)
    for await (const { subject, occurredAt, actor, context } of buildkite.pages(api.ChangesOf, {
      subjects,
      from,
    })) {
      const uuid = subject?.uuid
      const at = new Date(occurredAt).toISOString()
      if (uuid === undefined || at <= (last.get(uuid)?.at ?? '')) continue
      const email = actor?.node && 'email' in actor.node ? actor.node.email : undefined
      const by = email === undefined ? actor?.name : userAddress(email)
      const agent = context && 'requestUserAgent' in context ? context.requestUserAgent : undefined
      last.set(uuid, {
        at,
        ...(by != null && { by }),
        way: context ? ways[context.__typename] : 'unknown',
        ...(context?.__typename === 'AuditAPIContext' && agent != null && { agent }),
      })
    }
  }
  return last
}
