import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { law } from '../support/law.js'
import { errorsIn, fresh, mutationsIn, planOf } from '../support/ground.js'
import { declarations } from './declarations.js'
import { withAws } from './roles.js'

const organizations = withAws(declarations)
/** Each apply asks two accounts some sixty times, over AWS's own protocols: a case is as dear as ten of Buildkite alone. */
const cases = 80
const effort = { few: 12, seconds: 900 }
const tally = { carriedOut: 0, stopped: 0, befell: 0, interrupted: 0 }

law(
  'with accounts and roles, too: applying a plan leaves nothing to plan',
  fc.tuple(organizations, organizations),
  async ([first, second]) => {
    const ground = fresh()
    for (const declaration of [first, second]) {
      const before = mutationsIn(ground.sandbox).length
      const applied = await ground.apply(declaration)
      if (errorsIn(applied).length > 0) {
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
  cases,
  effort,
)

/** What can befall a call of AWS: it never arrives, its answer never comes, AWS has a bad minute, or says no. */
const harms = fc.constantFrom(
  { fault: 'network' } as const,
  { fault: 'lost' } as const,
  { fault: 'denied' } as const,
  { fault: 'error', code: 'ServiceFailure', status: 500, message: 'Something went wrong' } as const,
  { fault: 'limited' } as const,
)
const accidents = fc.record({
  on: fc.constantFrom(
    'CreateRole',
    'PutRolePolicy',
    'AttachRolePolicy',
    'UpdateAssumeRolePolicy',
    'PutParameter',
  ),
  after: fc.nat(2),
  times: fc.integer({ min: 1, max: 12 }),
  harm: harms,
})

law(
  'with accounts and roles, too: whatever befalls an apply, the next one finishes the work',
  fc.tuple(organizations, organizations, fc.array(accidents, { minLength: 1, maxLength: 3 })),
  async ([first, second, befalling]) => {
    const ground = fresh()
    await ground.apply(first)
    ground.sandbox.faults.push(
      ...befalling.map(({ on, after, times, harm }) => ({ on, after, times, ...harm })),
    )
    const broken = await ground.apply(second)
    if (broken.outcomes.some(({ state }) => state !== 'done')) tally.befell += 1
    ground.sandbox.faults.length = 0
    const rest = await ground.apply(second)
    if (errorsIn(rest).length > 0) return
    expect(rest.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    expect(planOf(await ground.plan(second)).changes).toEqual([])
  },
  cases,
  effort,
)

law(
  'with accounts and roles, too: stopped after any number of calls, the next apply finishes the work',
  fc.tuple(organizations, fc.nat(30)),
  async ([declaration, calls]) => {
    const ground = fresh()
    const stop = new AbortController()
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const answer = await ground.sandbox.fetch(input, init)
      if (mutationsIn(ground.sandbox).length >= calls) stop.abort()
      return answer
    }
    const first = await ground.apply(declaration, { signal: stop.signal, fetch })
    if (first.interrupted) tally.interrupted += 1
    expect(first.outcomes.filter(({ state }) => state !== 'done' && state !== 'interrupted')).toEqual([])
    const rest = await ground.apply(declaration)
    expect(rest.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    if (errorsIn(rest).length === 0) expect(planOf(await ground.plan(declaration)).changes).toEqual([])
  },
  cases,
  effort,
)

afterAll(() => {
  expect(tally.carriedOut, 'most generated plans are carried out').toBeGreaterThan(4 * tally.stopped)
  expect(tally.befell, 'some accidents leave work undone').toBeGreaterThan(0)
  expect(tally.interrupted, 'some applies are stopped on the way').toBeGreaterThan(3)
})
