import { keyIn, type Address } from '../model/address.js'
import type { Fact } from '../model/grant.js'
import type { Facts } from './facts.js'

/** Clusters that have queues: in the others there are no agents to reach. */
export const clustersWithQueues = (facts: Facts): ReadonlySet<Address> =>
  new Set([...facts.of('has-queue').map(({ of }) => of), ...facts.of('default-queue').map(({ on }) => on)])

/** The cluster of a queue, by the queue's address. */
export const clusterOf = (queue: Address): Address =>
  `cluster:${queue.slice(queue.indexOf(':') + 1, queue.lastIndexOf('/'))}`

/** Every cluster that one can be in. A trigger step needs no agent, so those without queues lead on as well. */
export const clustersIn = (facts: Facts): ReadonlySet<Address> =>
  new Set([
    ...clustersWithQueues(facts),
    ...facts.of('runs-in').map(({ on }) => on),
    ...facts.of('default-cluster').map(({ of }) => of),
    ...facts.of('maintains-cluster').map(({ on }) => on),
  ])

/** Every pipeline, archived ones too, whether or not it is in a cluster. */
export const pipelinesIn = (facts: Facts): ReadonlySet<Address> =>
  new Set(
    [...facts.of('runs-in'), ...facts.of('unclustered')]
      .map(({ of }) => of)
      .filter((address) => address.startsWith('pipeline:')),
  )

/** That nobody could read where a pipeline is: in any cluster, or in none. */
export const unplacedIn = (facts: Facts): readonly Fact[] =>
  facts.of('unclustered').filter(({ of, sure }) => !sure && of.startsWith('pipeline:'))

/** The second half of the name of whoever holds something of a place: `webhook-url/production`. */
export const nameOf = (place: Address): string => (place === 'organization:' ? 'unclustered' : keyIn(place))

/** The event of the Git host that starts builds, without what is filtered of it: `push` of `push on main`. */
export const eventOf = ({ by }: Fact): string | undefined => by?.split(' ', 1)[0]

/** Where a pipeline is: who settles something about it for all that is there. The organization, if it is in no cluster. */
export const placesOf = (facts: Facts, pipeline: Address): readonly Address[] => [
  ...facts.from('runs-in', pipeline).map(({ on }) => on),
  ...facts.from('unclustered', pipeline).map(({ on }) => on),
]

/**
 * What leads out of a place, by a rule into a pipeline elsewhere: the rules, and who may build what they start from. An
 * acceptance of what may happen in the place was given by somebody who knew of these.
 */
export const exitsOf = (facts: Facts): ((place: Address) => readonly Fact[]) => {
  const exits = new Map<Address, Fact[]>()
  for (const rule of facts.of('triggers')) {
    const where = new Set(placesOf(facts, rule.on))
    for (const place of placesOf(facts, rule.of)) {
      if (where.size === 1 && where.has(place)) continue
      const there = exits.get(place)
      const found = [rule, ...facts.on('builds', rule.of)]
      if (there === undefined) exits.set(place, found)
      else there.push(...found)
    }
  }
  return (place) => exits.get(place) ?? none
}

const none: readonly Fact[] = []

/**
 * What says that jobs of a pipeline may run: it is active; or it is archived, and one of its jobs has not finished. The
 * archive refuses new builds, and leaves those that it finds.
 */
export const groundsToRun = (facts: Facts, pipeline: Address): readonly (readonly Fact[])[] => [
  ...facts.on('active', pipeline).map((active) => [active]),
  ...facts
    .on('archived', pipeline)
    .flatMap((archived) => facts.on('unfinished', pipeline).map((unfinished) => [archived, unfinished])),
]
