import { describe, expect, test } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import { startsOf, whatReaches, whyReaches } from '../../src/access/ask.js'
import { expectationsOf } from '../../src/access/expect.js'
import { groundOf } from '../../src/access/ground.js'
import { peopleIn } from '../../src/access/people.js'
import type { Address } from '../../src/model/address.js'
import type { Expect } from '../../src/model/declared-access.js'
import { factsIn } from '../rules/facts.js'
import { at } from './organizations.js'

/** Anybody on the internet has code in a pipeline that nobody was given, and watches it. */
const access = accessOf(
  factsIn([
    'has-queue cluster:general queue:general/q',
    'runs-in pipeline:ci cluster:general',
    'active pipeline:ci',
    'starts-on pipeline:ci "fork"',
    'shows-to-all pipeline:ci organization',
    'belongs user:ada@acme.test organization',
    'in-team user:ada@acme.test team:web',
  ]).all,
)
const queue = 'queue:general/q'
const ground = groundOf(access, { borders: [], accepts: [], today: '2026-11-22' })

const expected = (said: Pick<Expect, 'who' | 'can' | 'verb' | 'on'>) => {
  const [one] = expectationsOf(ground, [{ ...said, at }], () => ['ada@acme.test'], peopleIn(access.facts))
  return `${one?.holds === true ? 'holds' : 'broken'}: ${one?.why ?? ''}`
}

describe('whoever is a member is somebody on the internet, too', () => {
  test.each(['outsider', 'team:web', 'user:ada@acme.test'])('%s can be expected to come nowhere', (who) => {
    expect(expected({ who, can: false, verb: 'run', on: queue })).toMatch(/^broken: /)
    expect(expected({ who, can: false, verb: 'watch', on: 'pipeline:ci' })).toMatch(
      /^broken: .* may watch it, because it is public$/,
    )
  })

  test('but what a team is expected to be able to do has to be given to it', () => {
    expect(expected({ who: 'team:web', can: true, verb: 'run', on: queue })).toMatch(
      /^broken: by what is declared, .* can not$/,
    )
  })

  test.each(['team:web', 'user:ada@acme.test'])('%s is told by which path', (who) => {
    const { paths } = whyReaches(access, who, queue, () => false, 9)
    expect(paths.map(({ numbers }) => numbers.join(' '))).toContain('R9 R19')
    expect(whatReaches(access, who, () => false).map(({ on }) => on as string)).toContain(queue)
  })
})

test('an address that nobody has comes nowhere, and is told to be nobody’s', () => {
  const who: Address = 'user:tpyo@acme.test'
  expect(startsOf(access.graph, who)).toEqual([])
  expect(expected({ who, can: false, verb: 'edit', on: 'pipeline:ci' })).toBe(
    'broken: there is no user:tpyo@acme.test in the organization',
  )
})
