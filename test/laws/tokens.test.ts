import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { unsealed } from '../../src/sandbox/aws/ssm/sealed.js'
import type { Fault } from '../../src/sandbox/faults.js'
import { parseState } from '../../src/sandbox/saved.js'
import { all } from '../../src/sandbox/table.js'
import { errorsIn, mutationsIn, planOf } from '../support/ground.js'
import { law } from '../support/law.js'
import { tokensIn, withToken, type Tokens } from '../support/tokens.js'
import { worldOf } from '../support/world.js'

/** What can befall a call of each API: it never arrives, its answer never comes, it is refused, or there is a bad minute. */
const harms = {
  buildkite: fc.constantFrom(
    { fault: 'network' } as const,
    { fault: 'lost' } as const,
    { fault: 'error', message: 'Something went wrong' } as const,
    { fault: 'answer', status: 502 } as const,
  ),
  aws: fc.constantFrom(
    { fault: 'network' } as const,
    { fault: 'lost' } as const,
    { fault: 'denied' } as const,
    { fault: 'error', code: 'InternalServerError', status: 500, message: 'Something went wrong' } as const,
  ),
}
const befalls = (on: string, harm: fc.Arbitrary<object>) =>
  fc
    .record({ harm, after: fc.constantFrom(0, 0, 1), times: fc.constantFrom(1, 12, 'always' as const) })
    .map(({ harm, ...rest }) => ({ on, ...rest, ...harm }) as Fault)

/** A run that goes wrong, or that somebody stops after so many calls. */
const runs = fc.record({
  days: fc.constantFrom(0, 1, 77, 77, 77, 91),
  comes: fc.boolean(),
  accidents: fc.array(
    fc.oneof(
      { arbitrary: befalls('TokenCreate', harms.buildkite), weight: 2 },
      { arbitrary: befalls('PutParameter', harms.aws), weight: 5 },
      { arbitrary: befalls('TokenUpdate', harms.buildkite), weight: 1 },
      { arbitrary: befalls('TokenRevoke', harms.buildkite), weight: 1 },
    ),
    { maxLength: 2 },
  ),
  stopAfter: fc.option(fc.nat(4), { freq: 2 }),
})

const begins = fc.constantFrom('nothing', 'stored', 'stored', 'for ever', 'by hand')

/** Nobody here has anything to do with it. */
const theirs = 'of somebody else'

const begin = async (world: Tokens, how: string) => {
  const files = withToken(how === 'for ever' ? { expires_in: undefined, rotate_before: undefined } : {})
  const without = { ...files, clusters: { production: { queues: { deploy: {} } } } }
  await world.ground.apply(how === 'stored' || how === 'for ever' ? files : without, world.how)
  await world.byHand(theirs)
  if (how === 'by hand') await world.byHand('deploy')
}

const broken = async (
  world: Tokens,
  { accidents, stopAfter }: typeof runs extends fc.Arbitrary<infer R> ? R : never,
) => {
  const stop = new AbortController()
  const before = mutationsIn(world.sandbox).length
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const answer = await world.how.fetch!(input, init)
    if (stopAfter !== null && mutationsIn(world.sandbox).length - before >= stopAfter) stop.abort()
    return answer
  }
  world.sandbox.faults.push(...accidents)
  const applied = await world.ground.apply(withToken(), {
    ...world.how,
    fetch,
    ...(stopAfter !== null && { signal: stop.signal }),
  })
  world.sandbox.faults.length = 0
  return applied
}

/** Whether agents that start now can connect. */
const works = (world: Tokens): boolean => {
  const { tokens, stored = 0 } = world.standing()
  return stored > 0 && !/ (-\d+|0)d$/.test(tokens[stored - 1] ?? '')
}

const seen = { undone: 0, unclear: 0, stopped: 0, marked: 0, worked: 0, gone: 0 }

law(
  'whatever befalls a run, a value that agents can start with stays, and the next run leaves no other',
  fc.record({ how: begins, broken: fc.array(runs, { minLength: 1, maxLength: 3 }) }),
  async ({ how, broken: times }) => {
    const world = tokensIn()
    await begin(world, how)
    const told: unknown[] = []
    for (const run of times) {
      world.pass(run.days * 24)
      if (run.comes) world.sandbox.edit('connect', 'queue:production/deploy', `host-${told.length}`)
      const worked = works(world)
      const applied = await broken(world, run)
      told.push(applied)
      if (worked) {
        seen.worked += 1
        expect(works(world), JSON.stringify([world.standing(), applied.outcomes])).toBe(true)
      }
      for (const { state } of applied.outcomes) {
        if (state === 'undone') seen.undone += 1
        if (state === 'unclear') seen.unclear += 1
      }
      if (applied.interrupted) seen.stopped += 1
      if (world.standing().tokens.some((one) => one.includes('not stored'))) seen.marked += 1
    }

    const rest = await world.ground.apply(withToken(), world.how)
    expect(errorsIn(rest)).toEqual([])
    expect(rest.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    expect(works(world)).toBe(true)
    expect(world.standing().tokens.filter((one) => one.includes('not stored'))).toEqual([])
    expect(planOf(await world.ground.plan(withToken(), world.how)).changes).toEqual([])

    // A token that was made by hand, and whose agents may be anywhere, is there for as long as its agents are.
    expect(world.standing().tokens.filter((one) => one.startsWith(theirs))).toHaveLength(1)
    world.pass(100 * 24)
    for (let n = 0; n < 2; n += 1) told.push(await world.ground.apply(withToken(), world.how))
    const left = world.standing().tokens.filter((one) => one.startsWith('deploy') && !/ -\d+d$/.test(one))
    expect(left.length).toBeLessThanOrEqual(2)
    if (left.length === 1) seen.gone += 1

    const outputs = JSON.stringify([told, world.sandbox.calls]) + world.sandbox.saved()
    for (const secret of world.secrets()) expect(outputs).not.toContain(secret)
  },
  100,
  { few: 25 },
)

afterAll(() => {
  for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(0)
})

test.each(['text', 'json', 'markdown'])('the value is in no output and no file, as %s', async (format) => {
  const world = worldOf({ files: { 'bridle.yaml': stringify(withToken()) } })
  const outputs: string[] = []
  const run = async (...argv: readonly string[]) => {
    const { output } = await world.run(...argv, '--format', format)
    outputs.push(output)
  }
  await run('validate')
  await run('plan', '--sandbox', '--out', 'plan.json')
  await run('apply', 'plan.json', '--sandbox', '--yes', '--debug')
  await run('drift', '--sandbox', '--debug')
  await run('access', 'check', '--sandbox')

  const parsed = parseState(world.files['bridle.sandbox.json'] ?? '')
  if (!('state' in parsed)) throw new Error('no sandbox')
  const { state } = parsed
  const [parameter] = all(state.tables.awsParameters)
  const value = unsealed(state, parameter?.value ?? '')
  expect(value).toMatch(/^bkct_[0-9a-f]{40}$/)
  for (const text of [...outputs, ...Object.values(world.files)])
    expect(text).not.toContain(value.slice('bkct_'.length))
})
