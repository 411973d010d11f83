import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { lots } from '../attacker/lots.js'
import { principalsOf } from '../attacker/principals.js'
import { search, type Effort } from '../attacker/search.js'
import { isTold } from '../../src/model/codes.js'
import { deep, law } from '../support/law.js'
import { drawUp, statesOf, walkOf } from './on-the-way.js'
import { believing, isAllowed, people, stage, turns } from './privileged.js'

/** A search takes seconds: a short run lets two people loose in three states of one plan. */
const mostStates = deep ? 12 : 3
const shallow: Effort = { depth: 1, states: 300, walks: 0 }
const deeper: Effort = { depth: deep ? 3 : 1, states: 300, walks: 0 }
const strangers = new Set(deep ? people : ['ada', 'bob'])

const tally = { calls: 0, witnesses: 0 }

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

    const walk = walkOf(it, drawn)
    const before = await walk.strangers([])
    const after = await walk.strangers(unguarded.map(({ id }) => id))
    const random = lots(seed)
    const { states } = statesOf(steps, barriers, 512)
    const every = Math.max(1, Math.ceil((states.length - 1) / (mostStates - 1)))
    const visited = states.filter((_, n) => n % every === 0 || n === states.length - 1)
    const thorough = new Set([0, Math.floor(visited.length / 2), visited.length - 1])
    const queues = ['production', 'mobile'].flatMap((cluster) =>
      Object.keys(want.clusters[cluster]!.queues).map((key) => `${cluster}/${key}`),
    )
    for (const [n, sent] of visited.entries()) {
      const { state } = await walk.at(sent)
      const members = principalsOf(state, [...strangers], []).filter(({ kind }) => kind === 'member')
      for (const principal of members) {
        const found = search(state, principal, queues, {}, thorough.has(n) ? deeper : shallow, random)
        tally.calls += found.counts.calls
        for (const [queue, witness] of found.witnesses) {
          const name = `user:${principal.who} on queue:${queue}`
          if (isAllowed(want, principal.who, queue)) continue
          tally.witnesses += 1
          const might = before.assumed.has(name) || after.assumed.has(name)
          expect(might, `${name} after ${sent.join(', ')} by ${JSON.stringify(witness)}`).toBe(true)
        }
      }
    }
  },
  5,
)

afterAll(() => {
  expect(tally.calls, 'somebody has tried something').toBeGreaterThan(1000)
  if (deep) expect(tally.witnesses, 'some get in, as they might before or after').toBeGreaterThan(0)
})
