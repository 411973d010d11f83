import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { law } from '../support/law.js'
import { declarations } from './declarations.js'
import { errorsIn, fresh, mutationsIn, planOf } from '../support/ground.js'

const tally = { carriedOut: 0, stopped: 0 }

law(
  'applying a plan leaves nothing to plan, from nothing and from something',
  fc.tuple(declarations, declarations),
  async ([first, second]) => {
    const ground = fresh()
    for (const declaration of [first, second]) {
      const before = mutationsIn(ground.sandbox).length
      const applied = await ground.apply(declaration)
      if (errorsIn(applied).length > 0) {
        // What a guard stops, it stops whole.
        expect(mutationsIn(ground.sandbox).length).toBe(before)
        tally.stopped += 1
        return
      }
      expect(applied.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
      const again = await ground.plan(declaration)
      expect(errorsIn(again)).toEqual([])
      expect(planOf(again).changes).toEqual([])
      tally.carriedOut += 1
    }
  },
)

law('applying an empty plan sends nothing', declarations, async (declaration) => {
  const ground = fresh()
  await ground.apply(declaration)
  const before = mutationsIn(ground.sandbox).length
  await ground.apply(declaration)
  expect(mutationsIn(ground.sandbox).length).toBe(before)
})

afterAll(() => {
  expect(tally.carriedOut, 'most generated plans are carried out').toBeGreaterThan(4 * tally.stopped)
})
