import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { law } from '../support/law.js'
import type { Plan } from '../../src/model/plan.js'
import { declarations } from './declarations.js'
import { fresh, mutationsIn, planOf } from '../support/ground.js'

const readings = fc.constantFrom(
  'Organization',
  'Census',
  'Clusters',
  'Teams',
  'TeamPipelines',
  'Pipelines',
  'Members',
  'GET /v2/organizations/acme/pipelines',
  'GET /v2/organizations/acme/pipeline-settings',
)

const harms = fc.constantFrom(
  { fault: 'truncated', keep: 0 } as const,
  { fault: 'truncated', keep: 1 } as const,
  { fault: 'null-node', row: 0 } as const,
  { fault: 'cut' } as const,
  { fault: 'answer', status: 200, body: '<html>Sign in</html>' } as const,
  { fault: 'answer', status: 500 } as const,
  { fault: 'error', message: 'Something went wrong' } as const,
  { fault: 'partial', path: 'organization.page' } as const,
)

/** A plan without the digest of what was read: a list that only archived pipelines are missing from may be whole. */
const substance = ({ madeFrom, ...plan }: Plan) => ({ ...plan, wanted: madeFrom.wanted })

const tally = { planned: 0, refused: 0 }

law(
  'a read that fails or looks incomplete is planned from as if it were whole, or not at all',
  fc.tuple(declarations, declarations, readings, harms),
  async ([there, declaration, on, harm]) => {
    const ground = fresh()
    await ground.apply(there)
    const whole = await ground.plan(declaration)
    const before = mutationsIn(ground.sandbox).length
    ground.sandbox.faults.push({ on, times: 'always', ...harm })
    const short = await ground.plan(declaration)
    expect(mutationsIn(ground.sandbox).length).toBe(before)
    if (short.plan === undefined) {
      expect(short.findings.some(({ severity }) => severity === 'error')).toBe(true)
      tally.refused += 1
    } else {
      expect(substance(short.plan)).toEqual(substance(planOf(whole)))
      tally.planned += 1
    }
    // And nothing is applied from it.
    const applied = await ground.apply(declaration)
    if (short.plan === undefined) expect(applied.outcomes).toEqual([])
  },
)

afterAll(() => {
  // Some harms befall a list that is not read, or is empty.
  expect(tally.refused, 'many harms are noticed').toBeGreaterThan((tally.refused + tally.planned) / 4)
})
