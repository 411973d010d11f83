import { describe, expect, test } from 'vitest'
import { raisedBy, settle } from '../../src/access/accept.js'
import { factsOf } from '../../src/access/facts.js'
import type { Edge } from '../../src/access/rule.js'
import type { Address } from '../../src/model/address.js'
import type { Accept } from '../../src/model/declared-access.js'
import { at, fact } from './organizations.js'

const repositories: readonly Address[] = ['repository:github.com/acme/web', 'repository:github.com/acme/api']

/** Whoever pushes to a repository; the fact is the same whatever the repository. */
const pushes = (repository: Address): Edge => ({
  path: 'R8',
  from: ['pusher:anybody'],
  to: 'can run code in pipeline:web',
  facts: [fact('runs-in', 'pipeline:web', 'cluster:production')],
  says: 'pushes',
  assumes: { finding: 'push-to-repository', at: repository },
})

const accept = (on: Accept['on'], facts?: string): Accept => ({
  finding: 'push-to-repository',
  on,
  reason: 'reviewed',
  until: '2027-03-01',
  at,
  ...(facts === undefined ? {} : { facts }),
})

const settled = (places: readonly Address[], one: Accept) =>
  settle(
    raisedBy(places.map(pushes).map((edge) => [edge, edge.assumes] as const)),
    [one],
    factsOf([]),
    '2026-11-22',
  )

describe('an acceptance at the organization', () => {
  const [first = 'repository:', second = 'repository:'] = repositories

  test('with facts is void where a place is added, though the facts are the same', () => {
    const { facts } = settled([first], accept('organization')).unbound[0] ?? {}
    expect(settled([first], accept('organization', facts)).void).toEqual([])
    const more = settled([first, second], accept('organization', facts))
    expect(more.void).toHaveLength(1)
    expect(more.by({ finding: 'push-to-repository', at: second })).toBeUndefined()
    const again = settled([first, second], accept('organization', more.void[0]?.facts))
    expect(again.by({ finding: 'push-to-repository', at: second })).toBeDefined()
  })

  test('with facts is void where one place takes the place of another', () => {
    const { facts } = settled([first], accept('organization')).unbound[0] ?? {}
    expect(settled([second], accept('organization', facts)).void).toHaveLength(1)
  })

  test('without facts settles all, and is told with the digest to write', () => {
    const bare = settled([first, second], accept('organization'))
    expect(bare.by({ finding: 'push-to-repository', at: second })).toBeDefined()
    expect(bare.unbound[0]?.facts).toMatch(/^[0-9a-f]{12}$/)
  })
})

describe('what is assumed at the organization itself, and in clusters', () => {
  const inNone: Address = 'organization:'
  const inOne: Address = 'cluster:production'

  test('is settled at each place by the line that is for it', () => {
    const places = [inNone, inOne]
    const none = settled([inNone], accept('organization')).unbound[0]?.facts
    const one = settled([inOne], accept(inOne)).unbound[0]?.facts
    const both = settle(
      raisedBy(places.map(pushes).map((edge) => [edge, edge.assumes] as const)),
      [accept('organization', none), accept(inOne, one)],
      factsOf([]),
      '2026-11-22',
    )
    expect(both.void).toEqual([])
    expect(places.map((at) => both.by({ finding: 'push-to-repository', at })?.on)).toEqual([
      'organization',
      inOne,
    ])
  })

  test('is not settled in a cluster by the line for what is in none', () => {
    const bare = settled([inNone, inOne], accept('organization'))
    expect(bare.by({ finding: 'push-to-repository', at: inNone })).toBeDefined()
    expect(bare.by({ finding: 'push-to-repository', at: inOne })).toBeUndefined()
  })
})
