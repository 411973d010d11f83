import fc from 'fast-check'
import { expect, test } from 'vitest'
import { accessOf } from '../../src/access/access.js'
import { whyReaches } from '../../src/access/ask.js'
import { cutFor, type CutEdit } from '../../src/access/cut.js'
import type { Edge } from '../../src/access/rule.js'
import type { Address } from '../../src/model/address.js'
import { grantKey, type Fact } from '../../src/model/grant.js'
import { law } from '../support/law.js'
import { fact, organizations } from './organizations.js'

/** What no edit takes away. */
const fixed = new Set(['has-queue', 'active', 'belongs', 'checks-out', 'signs-in'])

const saysOf = ({ power, of, on }: Fact) => `${power === 'edits' ? 'builds' : power} ${of} ${on}`

const editOf = (fact: Fact): CutEdit | undefined =>
  fixed.has(fact.power)
    ? undefined
    : { says: saysOf(fact), ease: fact.power.length, isHarsh: fact.power === 'runs-in' }

/** Pipelines that run, and people in teams: on these, a few facts more make paths. */
const base: readonly Fact[] = [
  ...(['pipeline:web', 'pipeline:tools', 'pipeline:deploy', 'pipeline:sign'] as const).flatMap(
    (pipeline, n) => [
      fact('runs-in', pipeline, n < 2 ? 'cluster:general' : 'cluster:production'),
      fact('active', pipeline),
      fact('checks-out', pipeline, 'repository:github.com/acme/web'),
    ],
  ),
  fact('belongs', 'user:ada@acme.test', 'organization:'),
  fact('in-team', 'user:ada@acme.test', 'team:web'),
  fact('administers', 'user:root@acme.test', 'organization:'),
  fact('edits', 'team:web', 'pipeline:web'),
]

const tally = { cut: 0, several: 0, mild: 0, uncut: 0 }

const questions = fc.record({
  facts: organizations.map((some) => {
    const known = new Set(some.map(grantKey))
    return [...some, ...base.filter((one) => !known.has(grantKey(one)))]
  }),
  who: fc.constantFrom('user:ada@acme.test', 'team:web', 'team:ops', 'pipeline:web', 'outsider'),
  on: fc.constantFrom<Address>('queue:production/deploy', 'queue:production/sign', 'pipeline:deploy'),
  /** What is accepted: all that is assumed, what half of the findings assume, or nothing. */
  accepted: fc.constantFrom('all', 'half', 'nothing'),
})

const acceptedIn =
  (accepted: string) =>
  ({ assumes }: Edge) =>
    assumes !== undefined && (accepted === 'all' || (accepted === 'half' && assumes.finding.length % 2 === 0))

law(
  'what cuts is gone from all that was read, and nobody comes there any more; no smaller set does',
  questions,
  ({ facts, who, on, accepted }) => {
    const isAccepted = acceptedIn(accepted)
    const reaches = (some: readonly Fact[]) =>
      whyReaches(accessOf(some), who, on, isAccepted, 100).paths.some(
        ({ sureness }) => sureness !== 'accepted',
      )
    const without = (gone: ReadonlySet<string>) =>
      facts.filter((fact) => editOf(fact) === undefined || !gone.has(saysOf(fact)))
    const all = new Set(facts.filter((fact) => editOf(fact) !== undefined).map(saysOf))
    const found = cutFor(accessOf(facts), who, on, isAccepted, editOf)
    if (found === 'no-path') expect(reaches(facts)).toBe(false)
    else if (found === 'uncut') {
      tally.uncut += 1
      expect(reaches(without(all))).toBe(true)
    } else {
      const told = found.edits.map(({ says }) => says)
      tally.cut += 1
      tally.several += Number(told.length > 1)
      tally.mild += Number(found.isMild)
      expect(reaches(without(new Set(told)))).toBe(false)
      if (!found.exact || told.length > 3) return
      const others = [...all].filter((says) => !found.isMild || !says.startsWith('runs-in'))
      for (const one of others)
        for (const other of others)
          if (new Set([one, other]).size < told.length)
            expect(reaches(without(new Set([one, other]))), `${one} and ${other} do, too`).toBe(true)
    }
  },
  1000,
  { few: 30 },
)

test.each<Address>(['user:bob@acme.test', 'team:web'])(
  '%s is somebody on the internet, whatever is taken away',
  (who) => {
    const facts = [
      fact('maintains-cluster', who, 'cluster:production'),
      fact('has-queue', 'cluster:production', 'queue:production/deploy'),
      fact('runs-in', 'pipeline:deploy', 'cluster:production'),
      fact('active', 'pipeline:deploy'),
      fact('starts-on', 'pipeline:deploy', 'pipeline:deploy', 'fork'),
      // Far from all paths to the queue: by this alone they are still there afterwards.
      fact('in-team', 'user:bob@acme.test', 'team:web'),
      fact('watches', 'team:web', 'pipeline:docs'),
    ]
    const found = cutFor(accessOf(facts), who, 'queue:production/deploy', acceptedIn('all'), editOf)
    expect(typeof found === 'object' && found.edits.map(({ says }) => says).sort()).toEqual([
      `maintains-cluster ${who} cluster:production`,
      'starts-on pipeline:deploy pipeline:deploy',
    ])
  },
)

test('that was asked often enough', () => {
  expect(tally.cut).toBeGreaterThan(5)
  expect(tally.several).toBeGreaterThan(1)
  expect(tally.mild).toBeGreaterThan(1)
  expect(tally.uncut).toBeGreaterThan(1)
})
