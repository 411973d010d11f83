import { keyIn, kindOf, namesIn, type Address } from '../model/address.js'
import { instanceRoleOf } from '../model/declared-access.js'
import type { Grant } from '../model/grant.js'
import type { Wanted } from '../model/wanted.js'

// Which clusters a verdict on a role hangs on: whoever has a job where a role is entered from may have the role.

type Entry = Pick<Grant, 'power' | 'of' | 'on' | 'by'>

/** Where things are that roles are entered from, by the names of clusters. */
export interface Placed {
  /** Of a pipeline, by its address; null or nothing where it is in none. */
  readonly clusterOf: (pipeline: Address) => string | null | undefined
  readonly queues: readonly Address[]
}

const clusterIn = (queue: string): string => namesIn(queue)[0] ?? ''

/**
 * The roles that are judged: those that the files have entered from a privileged cluster, and what these may become.
 *
 * @param declared  who may become which role, by the files alone
 */
export const judgedRoles = (
  declared: readonly Entry[],
  { access: { agents } }: Pick<Wanted, 'access'>,
  privileged: ReadonlySet<string>,
): ReadonlySet<Address> => {
  const found = new Set<Address>()
  for (const one of agents) {
    const { queue } = one
    const role = instanceRoleOf(one)
    if (role && privileged.has(clusterIn(keyIn(queue)))) found.add(role)
  }
  for (const { power, of, on, by } of declared) {
    if (power !== 'becomes' && power !== 'becomes-by-name') continue
    const cluster = by === undefined ? (kindOf(of) === 'cluster' ? keyIn(of) : undefined) : clusterIn(by)
    if (cluster !== undefined && privileged.has(cluster)) found.add(on)
  }
  return closed(found, declared, ({ of, on }) => [of, on])
}

/** With what they lead to, or with what leads to them. */
const closed = (
  begin: ReadonlySet<Address>,
  entries: readonly Entry[],
  along: (entry: Entry) => readonly [from: Address, to: Address],
): ReadonlySet<Address> => {
  const found = new Set(begin)
  const steps = entries.filter(({ power }) => power === 'assumes' || power === 'rewrites').map(along)
  for (let grows = true; grows;) {
    const before = found.size
    for (const [from, to] of steps) if (found.has(from)) found.add(to)
    grows = found.size > before
  }
  return found
}

/** These roles, and all that may become one of them. */
export const leadingTo = (roles: ReadonlySet<Address>, entries: readonly Entry[]): ReadonlySet<Address> =>
  closed(roles, entries, ({ of, on }) => [on, of])

/**
 * The clusters from which one of some roles is entered, as it is there. Machines of which nobody says what role they
 * have may have any that machines can have.
 */
export const clustersLeadingTo = (
  roles: ReadonlySet<Address>,
  entries: readonly Entry[],
  { access: { agents } }: Pick<Wanted, 'access'>,
  { clusterOf, queues }: Placed,
): ReadonlySet<string> => {
  if (roles.size === 0) return new Set()
  const leading = leadingTo(roles, entries)
  const found = new Set<string>()
  const everywhere = () => {
    for (const queue of queues) found.add(clusterIn(keyIn(queue)))
  }
  let forMachines = false
  for (const { power, of, on, by } of entries) {
    if (!leading.has(on)) continue
    if (power === 'for-machines') forMachines = true
    if (power !== 'becomes' && power !== 'becomes-by-name') continue
    if (by !== undefined) found.add(clusterIn(by))
    else if (kindOf(of) === 'cluster') found.add(keyIn(of))
    else if (kindOf(of) === 'pipeline') {
      const cluster = clusterOf(of)
      if (typeof cluster === 'string') found.add(cluster)
    } else everywhere()
  }
  const there = new Set(entries.flatMap(({ power, on }) => (power === 'is-role' ? [on] : [])))
  const said = new Map(agents.map((one) => [one.queue, instanceRoleOf(one)]))
  for (const queue of queues) {
    const role = said.get(queue)
    if (role === null) continue
    // A role that is not there is a slip, and the machines have another one.
    if (role !== undefined && there.has(role) ? leading.has(role) : forMachines)
      found.add(clusterIn(keyIn(queue)))
  }
  return found
}
