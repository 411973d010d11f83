import { describe, expect, test } from 'vitest'
import { granted, grantKey, type Grant } from '../../src/model/grant.js'
import { certify, type AtStake, type Mover } from '../../src/plan/safety.js'

/** A power that is called something; what it is a power of does not matter here. */
const power = (name: string): Grant => granted('builds', `team:${name}`, 'pipeline:web', 'level')

/** One for each letter. */
const powers = (letters: string) => Array.from(letters, power)

const mover = (id: string, takes: string, gives: string, after: readonly string[] = []): Mover => ({
  id,
  effect: { takes: powers(takes), gives: powers(gives) },
  after: new Set(after),
})

/** A queue onto which somebody comes wherever all letters of one of these words are there. */
const queue = (name: string, before: string, after: string, ...doors: readonly string[]): AtStake => {
  const keys = (letters: string) => new Set(powers(letters).map(grantKey))
  return {
    on: `queue:production/${name}`,
    grants: keys([...doors, before, after].join('')),
    before: keys(before),
    after: keys(after),
    isSafe: (there) => !doors.some((door) => [...keys(door)].every((key) => there.has(key))),
  }
}

const certified = (movers: readonly Mover[], ...stakes: readonly AtStake[]) => {
  const safety = certify(movers, stakes)
  return 'unsafe' in safety
    ? safety
    : safety.certificates.map(({ barrier: { after }, widening, chain }) => ({ after, widening, chain }))
}

describe('calls are held apart', () => {
  test('those that take before those that give', () => {
    expect(certified([mover('give', '', 'b'), mover('take', 'a', '')], queue('q', 'a', 'b', 'ab'))).toEqual([
      { after: ['take'], widening: ['give'], chain: [] },
    ])
  })

  test('unless nothing is at stake, or nothing is given, or nothing taken', () => {
    const both = [mover('give', '', 'b'), mover('take', 'a', '')]
    expect(certified(both, queue('q', 'x', 'y', 'xy'))).toEqual([])
    expect(certified([mover('take', 'a', '')], queue('q', 'a', '', 'ab'))).toEqual([])
    expect(certified([mover('give', '', 'b')], queue('q', '', 'b', 'ab'))).toEqual([])
  })

  test('and one that does both goes first where that is harmless', () => {
    const moves = [mover('give', '', 'b'), mover('move', 'a', 'c')]
    expect(certified(moves, queue('q', 'a', 'bc', 'ab'))).toEqual([
      { after: ['move'], widening: ['give'], chain: [] },
    ])
  })

  test('or last, where it would let somebody in before', () => {
    const moves = [mover('move', 'a', 'c'), mover('take', 'd', '')]
    expect(certified(moves, queue('q', 'ad', 'c', 'cd'))).toEqual([
      { after: ['take'], widening: ['move'], chain: [] },
    ])
  })

  test('one that has to wait for what gives comes after it where that is harmless', () => {
    const put = [mover('out', 'a', ''), mover('give', '', 'b'), mover('archive', 'c', '', ['give'])]
    expect(certified(put, queue('q', 'ac', 'b', 'ab'))).toEqual([
      { after: ['out'], widening: ['give'], chain: [] },
    ])
  })

  test('what two objects say alike is gone when both have said otherwise', () => {
    const twins = [mover('one', 'a', ''), mover('other', 'a', '', ['give']), mover('give', '', 'b')]
    expect(certified(twins, queue('q', 'a', 'b', 'ab'))).toEqual({
      unsafe: 'queue:production/q',
      calls: ['other', 'give'],
    })
  })
})

describe('calls follow each other one by one', () => {
  test('where only one order is safe', () => {
    const swap = [mover('first', 'a', 'b'), mover('second', 'c', 'd')]
    expect(certified(swap, queue('q', 'ac', 'bd', 'ad'))).toEqual([
      { after: [], widening: ['first', 'second'], chain: ['first', 'second'] },
    ])
  })

  test('in one order for all queues', () => {
    const swap = [mover('first', 'a', 'b'), mover('second', 'c', 'd')]
    const found = certified(swap, queue('q', 'ac', 'bd', 'ad'), queue('r', 'ac', 'bd', 'ad'))
    expect(found).toMatchObject([{ chain: ['first', 'second'] }, { chain: [] }])
  })

  test('and none is, where each lets somebody in before the other', () => {
    const swap = [mover('first', 'a', 'b'), mover('second', 'c', 'd')]
    expect(certified(swap, queue('q', 'ac', 'bd', 'ad', 'bc'))).toMatchObject({
      unsafe: 'queue:production/q',
    })
    expect(certified(swap, queue('q', 'ac', 'bd', 'ad'), queue('r', 'ac', 'bd', 'bc'))).toMatchObject({
      unsafe: 'queue:production/q',
    })
  })

  test('what is given only to be taken again counts in between', () => {
    const back = [
      mover('bring back', '', 'a'),
      mover('put away', 'a', '', ['bring back']),
      mover('take', 'b', ''),
    ]
    expect(certified(back, queue('q', 'b', '', 'ab'))).toEqual([
      { after: ['take'], widening: ['bring back'], chain: [] },
    ])
    const late = [mover('bring back', '', 'a'), mover('take', 'b', '', ['bring back'])]
    expect(certified(late, queue('q', 'b', 'a', 'ab'))).toMatchObject({ unsafe: 'queue:production/q' })
  })
})
