import { keyIn, type Address } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can, formerOf } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R51', 'former-members')

/**
 * Whoever was in a team that builds in a cluster, or maintains it, could read what lets anybody in: webhook and trigger
 * URLs, agent tokens, what jobs are given. None of it changes when they leave. To watch is to see no secrets.
 *
 * @source access model §0.0 (R51), §2.7, §7
 */
export const formerMembers = defineRule({
  path: 'R51',
  code: 'former-members',
  title: 'whoever left',
  decidedFrom: ['TeamMember', 'bridle.lock.yaml'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'host'],
  *edges(facts) {
    const reached = new Set<Address>()
    for (const left of facts.of('left'))
      for (const cluster of clustersOf(left.on, facts)) {
        reached.add(cluster)
        yield assumed({
          from: formerOf(keyIn(left.of)),
          to: can.by('R51', cluster),
          says: `was in ${left.on}, and still knows what could be read there`,
          facts: [left],
          at: cluster,
        })
      }
    for (const cluster of reached)
      for (const queue of facts.from('has-queue', cluster))
        yield edge({
          from: can.by('R51', cluster),
          to: can.run(queue.on),
          says: 'starts a build or connects an agent with it',
          facts: [queue],
          at: cluster,
        })
  },
})

/** Where a team could read secrets: where it builds, and what it maintains. Full Access builds, too. */
const clustersOf = (team: Address, facts: Facts): ReadonlySet<Address> =>
  new Set([
    ...facts.from('maintains-cluster', team).map(({ on }) => on),
    ...[...facts.from('builds', team), ...facts.from('edits', team)].flatMap(({ on }) =>
      facts.from('runs-in', on).map((inCluster) => inCluster.on),
    ),
  ])
