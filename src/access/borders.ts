import { addressOf, type Address } from '../model/address.js'
import type { Allow, DeclaredAccess } from '../model/declared-access.js'
import type { Span } from '../model/span.js'
import type { Facts } from './facts.js'
import type { Node } from './node.js'
import { clusterOf } from './places.js'

/** Who may get code onto a queue, or become a role. */
export interface Border {
  /** The queue, or the role. */
  readonly on: Address
  /** Of a queue. */
  readonly cluster?: Address
  /** People, and why each: a team of theirs, `user`, or `trust`. */
  readonly allowed: ReadonlyMap<Node, string>
  readonly at: Span
  /** Of a role: the grants by which the files have roles entered from where only some may be, by their keys. */
  readonly meant?: ReadonlySet<string>
  /** True for the border within another: that a hook on the agents keeps away those whom only the cluster allows. */
  readonly narrowed: boolean
  /** The border that the queue draws within its cluster's: judged beside it, and never instead of it. */
  readonly narrower?: Border
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
  const trusted = [...trust.admins, ...(trust.automation === undefined ? [] : [trust.automation])].flatMap(
    ({ value }) => person(value, 'trust'),
  )
  const people = ({ teams, users }: Allow): ReadonlyMap<Node, string> =>
    new Map([
      ...teams.flatMap(({ value }) =>
        membersOf(value).flatMap((email) => person(email, addressOf('team', value))),
      ),
      ...users.flatMap(({ value }) => person(value, 'user')),
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
        const border: Border = {
          on: queue,
          cluster: cluster.on,
          allowed: allowedInCluster,
          narrowed: false,
          at: (own ?? cluster).at,
        }
        if (own?.heldBy === undefined) return border
        const allowed = people(own)
        const isNarrower = [...allowedInCluster.keys()].some((who) => !allowed.has(who))
        return isNarrower ? { ...border, narrower: { ...border, allowed, narrowed: true } } : border
      })
    })
}

/** Somebody who is allowed is so from the day that they are invited. */
const person = (email: string, by: string): readonly (readonly [Node, string])[] => [
  [addressOf('user', email), by],
  [addressOf('invitee', email), by],
]
