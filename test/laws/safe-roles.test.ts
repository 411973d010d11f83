import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.js'
import { deep, law } from '../support/law.js'
import { between, drawUp, statesOf, walkOf, waysOf, type Drawn } from './on-the-way.js'
import { stage } from './privileged.js'
import { madeAnew, ofOneRole, roleTurns, stories, told, type RolesTurn } from './privileged-roles.js'

/** So many states of a plan are looked at, all of them; of a plan with more, so many ways through it. */
const mostStates = 32
const waysThrough = 2
/** So many states of the same calls without an order are looked at, to see whether it takes an order. */
const mostLoose = 24

const tally = { plans: 0, states: 0, breakable: 0, refused: 0 }

/** Refused for what it would come to, whatever the order. */
const refusals = new Set(['opens-queue', 'opens-role', 'trusted-jobs', 'backlog-waits'])

const codesOf = ({ findings }: Drawn) =>
  findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)

const staged = async (turn: RolesTurn): Promise<Sandbox> => {
  const it = await stage(turn)
  if (turn.again !== undefined) madeAnew(it, turn.again)
  return it
}

/** A plan, and who reaches a queue or a role on the way who did not before and does not after. */
const drawn = async (turn: RolesTurn) => {
  const it = await staged(turn)
  const plan = await drawUp(it, turn.want)
  if (!('steps' in plan)) throw new Error(plan.map(({ code, what }) => `${code}: ${what}`).join('\n'))
  const walk = walkOf(it, plan)
  const before = await walk.strangers([])
  const after = await walk.strangers(plan.unguarded.map(({ id }) => id))
  return {
    plan,
    strangersAt: async (state: readonly string[]) => between(await walk.strangers(state), before, after),
  }
}

const isOnRole = (stranger: string) => stranger.includes(' on role:')

law(
  'nobody can have a role on the way who could not before and can not after',
  fc.tuple(roleTurns, fc.nat()),
  async ([turn, seed]) => {
    const { plan, strangersAt } = await drawn(turn)
    const { unguarded, steps, barriers } = plan
    fc.pre(!codesOf(plan).some((code) => refusals.has(code)))
    fc.pre(unguarded.length > 0)
    tally.plans += 1
    for (const state of statesOf(unguarded, [], mostLoose).states)
      if ((await strangersAt(state)).some(isOnRole)) {
        tally.breakable += 1
        break
      }
    if (codesOf(plan).includes('no-safe-order')) {
      tally.refused += 1
      return
    }
    const { states, whole } = statesOf(steps, barriers, mostStates)
    for (const state of whole ? states : waysOf(steps, barriers, waysThrough, seed)) {
      tally.states += 1
      expect(await strangersAt(state), state.join(', ')).toEqual([])
    }
  },
  24,
  { few: 2, seconds: 600 },
)

const told1 = (story: Parameters<typeof told>[0]) => fc.sample(told(story), { numRuns: 1, seed: 1 })

/** States on one way through a plan, in its own order and after it stopped at each call. */
const along = ({ steps, barriers }: Drawn) => waysOf(steps, barriers, 1, 1)

for (const [name, story] of Object.entries(stories))
  test(`${name}, and not before`, async () => {
    for (const turn of told1(story)) {
      const { plan, strangersAt } = await drawn(turn)
      expect(codesOf(plan)).toEqual([])
      const first = plan.unguarded.filter(({ after }) => after.length === 0)
      const hasty = await Promise.all(first.map(async ({ id }) => (await strangersAt([id])).some(isOnRole)))
      expect(hasty, 'a call that has to wait, with nothing but its creation to wait for').toContain(true)
      for (const state of along(plan)) expect(await strangersAt(state), state.join(', ')).toEqual([])
    }
  })

for (const [name, story] of Object.entries(ofOneRole))
  test(`${name}, in the calls of one role`, async () => {
    for (const turn of told1(story)) {
      const { plan, strangersAt } = await drawn(turn)
      expect(codesOf(plan)).toEqual([])
      for (const state of along(plan)) expect(await strangersAt(state), state.join(', ')).toEqual([])
    }
  })

afterAll(() => {
  console.info(
    `${tally.plans} plans; ${tally.states} states; ${tally.breakable} could break the law for a role, ${tally.refused} have no order`,
  )
  // Of three plans the share that it takes is a matter of luck.
  if (!deep) return
  expect(tally.breakable, 'half of the plans could break the law').toBeGreaterThanOrEqual(tally.plans / 2)
  expect(tally.refused, 'few are refused for want of an order').toBeLessThanOrEqual(tally.plans / 4)
})
