import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { isTold } from '../../src/model/codes.js'
import { lots } from '../attacker/lots.js'
import { principalsOf } from '../attacker/principals.js'
import { search, type Effort } from '../attacker/search.js'
import { deep, law } from '../support/law.js'
import { drawUp, statesOf, walkOf } from './on-the-way.js'
import { believing, isAllowed, people, stage, turns } from './privileged.js'

/** One call is tried in every state on the way, three in a row in so many of them. */
const shallow: Effort = { depth: 1, states: 1000, walks: 0, gathers: false }
const deeper: Effort = { depth: 3, states: 100, walks: 0, gathers: false }
const DEEPER = 3

const tally = { plans: 0, states: 0, searches: 0, calls: 0, outside: 0, inside: 0 }

law(
  'whoever gets onto a privileged queue on the way, by trying, might have before or may after',
  fc.tuple(turns, fc.nat()),
  async ([turn, seed]) => {
    const it = await stage(turn)
    const want = believing(turn.want)
    const drawn = await drawUp(it, want)
    if (!('steps' in drawn)) throw new Error(drawn.map(({ what }) => what).join('\n'))
    const { steps, barriers, findings, unguarded } = drawn
    const isRefused = findings.some(({ code, severity }) => severity === 'error' && !isTold(code))
    fc.pre(!isRefused && steps.length > 0 && steps.length <= 10)
    const { states, whole } = statesOf(steps, barriers, 512)
    fc.pre(whole)
    tally.plans += 1

    const walk = walkOf(it, drawn)
    const before = await walk.strangers([])
    const after = await walk.strangers(unguarded.map(({ id }) => id))
    const might = (name: string) => before.assumed.has(name) || after.assumed.has(name)
    const queues = ['production', 'mobile'].flatMap((cluster) =>
      Object.keys(want.clusters[cluster]!.queues).map((key) => `${cluster}/${key}`),
    )
    const random = lots(seed)
    const thorough = new Set(
      Array.from({ length: DEEPER }, (_, n) => Math.round((n * (states.length - 1)) / (DEEPER - 1))),
    )
    for (const [n, sent] of states.entries()) {
      const { state } = await walk.at(sent)
      tally.states += 1
      for (const principal of principalsOf(state, people, []).filter(({ kind }) => kind === 'member')) {
        const name = (queue: string) => `user:${principal.who} on queue:${queue}`
        const not = queues.filter((queue) => !isAllowed(want, principal.who, queue))
        const never = not.filter((queue) => !might(name(queue)))
        tally.outside += never.length
        tally.inside += not.length - never.length
        if (never.length === 0) continue
        tally.searches += 1
        const found = search(state, principal, never, {}, thorough.has(n) ? deeper : shallow, random)
        tally.calls += found.counts.calls
        for (const [queue, witness] of found.witnesses)
          expect.fail(`${name(queue)} after ${sent.join(', ')} by ${JSON.stringify(witness)}`)
      }
    }
  },
  20,
  { few: 2, seconds: 1800 },
)

afterAll(() => {
  console.info(
    `${tally.plans} plans, ${tally.states} states, ${tally.searches} searches, ${tally.calls} calls; pairs that may come in before or after: ${tally.inside}, that may not: ${tally.outside}`,
  )
  expect(tally.calls, 'somebody has tried something').toBeGreaterThan(1000)
  // Of two plans it is a matter of luck how many; of twenty a quarter at the least may come in at no time.
  expect(tally.outside, 'some who are not allowed may come in at no time').toBeGreaterThan(
    deep ? (tally.inside + tally.outside) / 4 : 0,
  )
})
