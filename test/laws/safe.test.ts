import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { deep, law } from '../support/law.js'
import { between, drawUp, statesOf, walkOf, waysOf, type Drawn } from './on-the-way.js'
import { stage, turns, turnWith, type Turn } from './privileged.js'

/** So many states of a plan are looked at, all of them; of a plan with more, so many ways through it. */
const mostStates = 512
const waysThrough = 128
/** So many states of the same calls without an order are looked at, to see whether it takes an order. */
const mostLoose = 64

const tally = { plans: 0, both: 0, states: 0, breakable: 0, refused: 0, needless: 0 }

/** Refused for what it would come to, whatever the order. */
const refusals = new Set(['opens-queue', 'backlog-waits'])

const codesOf = ({ findings }: Drawn) =>
  findings.filter(({ severity }) => severity === 'error').map(({ code }) => code)

law(
  'nobody is on a privileged queue on the way who was not there before and is not there after',
  fc.tuple(turns, fc.nat()),
  async ([turn, seed]) => {
    const it = await stage(turn)
    const drawn = await drawUp(it, turn.want)
    if (!('steps' in drawn)) throw new Error(drawn.map(({ code, what }) => `${code}: ${what}`).join('\n'))
    const { unguarded } = drawn
    // Another turn is drawn instead: each of those that count is a plan of up to ten calls.
    fc.pre(!codesOf(drawn).some((code) => refusals.has(code)))
    fc.pre(unguarded.length > 0 && unguarded.length <= 10)
    tally.plans += 1
    if (drawn.barriers.length > 0) tally.both += 1
    const walk = walkOf(it, drawn)
    const before = await walk.strangers([])
    const after = await walk.strangers(unguarded.map(({ id }) => id))
    const strangersAt = async (state: readonly string[]) =>
      between(await walk.strangers(state), before, after)

    const loose = statesOf(unguarded, [], mostLoose)
    let isBreakable = false
    for (const state of loose.states) {
      isBreakable = (await strangersAt(state)).length > 0
      if (isBreakable) break
    }
    if (isBreakable) tally.breakable += 1

    if (codesOf(drawn).includes('no-safe-order')) {
      tally.refused += 1
      if (loose.whole && (await hasSafeOrder(drawn, strangersAt))) tally.needless += 1
      return
    }
    const { states, whole } = statesOf(drawn.steps, drawn.barriers, mostStates)
    for (const state of whole ? states : waysOf(drawn.steps, drawn.barriers, waysThrough, seed)) {
      tally.states += 1
      expect(await strangersAt(state), state.join(', ')).toEqual([])
    }
  },
  200,
  { seconds: 1200 },
)

/** Whether the calls can be sent one after another with nobody on a queue in between: looked for, state by state. */
const hasSafeOrder = async (
  { unguarded }: Drawn,
  strangersAt: (state: readonly string[]) => Promise<readonly string[]>,
): Promise<boolean> => {
  const { states } = statesOf(unguarded, [], Infinity)
  const safe = new Set([''])
  const name = (state: readonly string[]) => [...state].sort().join('\n')
  for (const state of states)
    if (
      state.some((id) => safe.has(name(state.filter((one) => one !== id)))) &&
      (await strangersAt(state)).length === 0
    )
      safe.add(name(state))
  return safe.has(name(unguarded.map(({ id }) => id)))
}

/** Plans that are safe because of what they wait for, each with the call that has to wait. */
const kept: readonly (readonly [name: string, turn: Turn, hasty: string])[] = [
  [
    'a pipeline moves in when those who may build it are not allowed any more',
    turnWith(({ want }) => {
      want.pipelines['web']!.cluster = 'production'
      want.pipelines['web']!.teams = { web: 'read_only' }
    }),
    'pipeline:web#1',
  ],
  [
    'a pipeline is given away when it has moved out',
    turnWith(({ want }) => {
      want.pipelines['nightly']!.cluster = 'general'
      want.pipelines['nightly']!.teams = { web: 'manage_build_and_read' }
    }),
    'grant:nightly/web#1',
  ],
  [
    'a pipeline comes back when those who may build it are not allowed any more',
    turnWith(({ have, want }) => {
      have.pipelines['nightly']!.archived = true
      have.pipelines['nightly']!.teams['web'] = 'build_and_read'
      want.pipelines['nightly']!.teams['web'] = 'read_only'
    }),
    'pipeline:nightly#1',
  ],
  [
    'somebody joins a team when the pipeline that it may edit has moved out',
    turnWith(({ have, want }) => {
      have.teams['data']!.members = {}
      have.pipelines['deploy']!.teams['data'] = 'manage_build_and_read'
      want.pipelines['deploy']!.teams['data'] = 'manage_build_and_read'
      want.pipelines['deploy']!.cluster = 'general'
    }),
    'member:data/bob@acme.test#1',
  ],
]

for (const [name, turn, hasty] of kept)
  test(`${name}: a barrier stands between, and without it the law is broken`, async () => {
    const it = await stage(turn)
    const drawn = await drawUp(it, turn.want)
    if (!('steps' in drawn)) throw new Error(drawn.map(({ what }) => what).join('\n'))
    expect(codesOf(drawn)).toEqual([])
    const { unguarded, steps, barriers } = drawn
    const walk = walkOf(it, drawn)
    const before = await walk.strangers([])
    const after = await walk.strangers(unguarded.map(({ id }) => id))
    const strangersAt = async (state: readonly string[]) =>
      between(await walk.strangers(state), before, after)

    const step = steps.find(({ id }) => id === hasty)
    expect(barriers.filter(({ id }) => step?.after.includes(id) === true)).not.toEqual([])
    expect(await strangersAt([hasty])).not.toEqual([])
    for (const state of statesOf(steps, barriers, mostStates).states)
      expect(await strangersAt(state), state.join(', ')).toEqual([])
  })

afterAll(() => {
  console.info(
    `${tally.plans} plans, ${tally.both} with a barrier; ${tally.states} states; ${tally.breakable} could break the law, ${tally.refused} have no order, ${tally.needless} of them have one`,
  )
  // Of forty plans the half that it takes is too much a matter of luck.
  if (deep) expect(tally.both, 'half go both ways').toBeGreaterThanOrEqual(tally.plans / 2)
  expect(tally.breakable, 'a fifth of the plans could break the law').toBeGreaterThanOrEqual(tally.plans / 5)
  expect(tally.refused, 'few are refused for want of an order').toBeLessThanOrEqual(tally.plans / 5)
  expect(tally.needless, 'and hardly any where there is one').toBeLessThanOrEqual(tally.plans / 20)
})
