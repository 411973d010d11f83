import { addressOf, type Address } from '../model/address.js'
import type { Allow, DeclaredAccess } from '../model/declared-access.js'
import type { Span } from '../model/span.js'
import type { Facts } from './facts.js'
import type { Node } from './node.js'

/** Who may get code onto a queue. */
export interface Border {
  readonly queue: Address
  readonly cluster: Address
  /** People, and why each: a team of theirs, `user`, or `trust`. */
  readonly allowed: ReadonlyMap<Node, string>
  readonly at: Span
  /** True where the queue allows fewer than its cluster: a promise that only the hook can hold. */
  readonly narrowed: boolean
  /** Who may get code onto the cluster's other queues. */
  readonly allowedInCluster: ReadonlyMap<Node, string>
}

/** The declared members of a team. */
export type MembersOf = (team: string) => readonly string[]

/**
 * The borders that the files ask for, one for each queue of each privileged cluster, undeclared queues too. Allowed
 * are the users that `allow` names, the declared members of its teams, and whoever is trusted with everything.
 */
export const bordersOf = (
  { allow, trust, agents }: DeclaredAccess,
  membersOf: MembersOf,
  facts: Facts,
): readonly Border[] => {
  const trusted = new Map<Node, string>(
    [...trust.admins, ...(trust.automation === undefined ? [] : [trust.automation])].map(({ value }) => [
      addressOf('user', value),
      'trust',
    ]),
  )
  const people = ({ teams, users }: Allow): ReadonlyMap<Node, string> =>
    new Map([
      ...teams.flatMap(({ value }) =>
        membersOf(value).map((email): [Node, string] => [addressOf('user', email), addressOf('team', value)]),
      ),
      ...users.map(({ value }): [Node, string] => [addressOf('user', value), 'user']),
      ...trusted,
    ])
  const byQueue = new Map(allow.map((one) => [one.on, one]))
  return allow
    .filter(({ on }) => on.startsWith('cluster:'))
    .flatMap((cluster) => {
      const allowedInCluster = people(cluster)
      const queues = new Set([
        ...facts.from('has-queue', cluster.on).map(({ on }) => on),
        ...agents.map(({ queue }) => queue).filter((queue) => clusterOf(queue) === cluster.on),
      ])
      return [...queues].sort().map((queue): Border => {
        const own = byQueue.get(queue)
        return {
          queue,
          cluster: cluster.on,
          allowedInCluster,
          allowed: own === undefined ? allowedInCluster : people(own),
          narrowed: own !== undefined,
          at: (own ?? cluster).at,
        }
      })
    })
}

/** The cluster of a queue, by the queue's address. */
export const clusterOf = (queue: Address): Address =>
  `cluster:${queue.slice(queue.indexOf(':') + 1, queue.lastIndexOf('/'))}`
