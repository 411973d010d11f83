import { keyIn, kindOf, type Address } from '../../model/address.js'
import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { everyOne, toRotate } from '../leaving.js'
import { can, formerOf } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R51', 'former-members')

/**
 * Whoever was allowed in a cluster, or in a team that builds there or maintains it, could read what lets anybody in:
 * webhook and trigger URLs, agent tokens, what jobs are given. None of it changes when they leave. To watch is to see no
 * secrets.
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
  told(facts, at) {
    const teams = [...new Set(facts.of('left').map(({ on }) => on))].filter((on) => kindOf(on) === 'team')
    const places = [at, ...teams.filter((team) => placesOf(team, facts).has(at))]
    const who = [...new Set(places.flatMap((place) => facts.on('left', place).map(({ of }) => of)))].sort()
    const rotate = toRotate(facts, at)
    if (who.length === 0 || rotate === '') return undefined
    return {
      what: `${everyOne(who)} left ${at}, and still ${who.length === 1 ? 'knows' : 'know'} what could be read there`,
      fix: `${rotate}; then take ${who.length === 1 ? 'the name' : 'their names'} out of \`left\` in bridle.lock.yaml by hand, or accept it for the cluster`,
    }
  },
  *edges(facts) {
    const places = [...new Set(facts.of('left').map(({ on }) => on))]
    for (const cluster of places.filter((on) => kindOf(on) === 'cluster')) {
      const knows = can.by('R51', cluster)
      for (const left of facts.on('left', cluster))
        yield assumed({
          from: formerOf(keyIn(left.of)),
          to: knows,
          says: 'was allowed there, and still knows what could be read there',
          facts: [left],
          at: cluster,
        })
      for (const queue of facts.from('has-queue', cluster))
        yield edge({
          from: knows,
          to: can.run(queue.on),
          says: 'connects an agent there with a token of the cluster',
          facts: [queue],
          at: cluster,
        })
    }
    for (const team of places.filter((on) => kindOf(on) === 'team'))
      for (const [place, levels] of placesOf(team, facts)) {
        const knows = can.by('R51', `${team} in ${place}`)
        for (const left of facts.on('left', team))
          yield assumed({
            from: formerOf(keyIn(left.of)),
            to: knows,
            says: `was in ${team}, and still knows what could be read there`,
            facts: [left],
            at: place,
          })
        for (const level of levels)
          yield edge({
            from: knows,
            to: can.code(level.on),
            says: 'starts builds of it by its URL',
            facts: [level],
            at: place,
          })
        for (const queue of facts.from('has-queue', place))
          yield edge({
            from: knows,
            to: can.run(queue.on),
            says: 'connects an agent there with a token of the cluster',
            facts: [queue],
            at: place,
          })
      }
  },
})

/** Where a team could read secrets: the clusters that it maintains, and where it builds, in one or in none, with what. */
const placesOf = (team: Address, facts: Facts): ReadonlyMap<Address, readonly Fact[]> => {
  const places = new Map<Address, Fact[]>(facts.from('maintains-cluster', team).map(({ on }) => [on, []]))
  for (const level of [...facts.from('builds', team), ...facts.from('edits', team)]) {
    const where = [...facts.from('runs-in', level.on), ...facts.from('unclustered', level.on)]
    for (const { on: place } of where) {
      const there = places.get(place)
      if (there === undefined) places.set(place, [level])
      else there.push(level)
    }
  }
  return places
}
