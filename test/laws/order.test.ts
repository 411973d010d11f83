import fc from 'fast-check'
import { expect } from 'vitest'
import { stringify } from 'yaml'
import { law } from '../support/law.js'
import { printPlan } from '../../src/plan/print.js'
import { declarations } from './declarations.js'
import { fresh, planOf } from '../support/ground.js'

/** The same map with its keys, and those of the maps in it, in another order. */
const shuffled = (value: unknown, turn: number): unknown => {
  if (Array.isArray(value) || typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, shuffled(inner, turn + 1)] as const)
  const by = turn % Math.max(1, entries.length)
  const turned = [...entries.slice(by), ...entries.slice(0, by)]
  return Object.fromEntries(turn % 2 === 0 ? turned.reverse() : turned)
}

law(
  'the order of files and keys changes not a byte of the plan',
  fc.tuple(declarations, declarations, fc.nat(40)),
  async ([there, declaration, turn]) => {
    const ground = fresh()
    await ground.apply(there)
    const plan = printPlan(planOf(await ground.plan(declaration)))
    expect(printPlan(planOf(await ground.plan(shuffled(declaration, turn) as object)))).toBe(plan)

    const { teams, pipelines, ...root } = declaration as { teams: object; pipelines: object }
    const names = turn % 2 === 0 ? ['a', 'b'] : ['b', 'a']
    const split = {
      'bridle.yaml': stringify({ ...root, include: [{ files: 'more/*.yaml', may: ['teams', 'pipelines'] }] }),
      [`more/${names[0]}.yaml`]: stringify({ teams }),
      [`more/${names[1]}.yaml`]: stringify({ pipelines }),
    }
    expect(printPlan(planOf(await ground.plan(split)))).toBe(plan)
  },
)

law('a plan survives JSON', declarations, async (declaration) => {
  const plan = planOf(await fresh().plan(declaration))
  expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
})
