import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { stringify } from 'yaml'
import { exitOf } from '../../src/cli/exit.js'
import { isTold } from '../../src/model/codes.js'
import type { Finding } from '../../src/model/finding.js'
import { printPlan } from '../../src/plan/print.js'
import { groundOf, mutationsIn, planOf } from '../support/ground.js'
import { law } from '../support/law.js'
import { stage, turns } from './privileged.js'

const all = { allowWidening: true, maxRemoved: Infinity }

/** What stops an apply; what only tells of access stops none. */
const obstacles = ({ findings }: { findings: readonly Finding[] }) =>
  findings.filter(({ severity, code }) => severity === 'error' && !isTold(code)).map(({ code }) => code)

const tally = { carriedOut: 0, stopped: 0, befell: 0 }

law(
  'with something privileged, too, applying a plan leaves nothing to plan',
  turns,
  async (turn) => {
    const ground = groundOf(await stage(turn))
    const before = mutationsIn(ground.sandbox).length
    const applied = await ground.apply(turn.want, all)
    if (obstacles(applied).length > 0) {
      tally.stopped += 1
      expect(exitOf(applied)).toBe(11)
      expect(mutationsIn(ground.sandbox).length).toBe(before)
      return
    }
    tally.carriedOut += 1
    expect(applied.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    expect(planOf(await ground.plan(turn.want)).changes).toEqual([])
    const sent = mutationsIn(ground.sandbox).length
    await ground.apply(turn.want)
    expect(mutationsIn(ground.sandbox).length).toBe(sent)
  },
  200,
  { few: 30 },
)

law(
  'whatever befalls an apply with barriers in it, the next one finishes the work',
  fc.tuple(
    turns,
    fc.record({
      on: fc.constantFrom('mutation', 'PATCH /v2/organizations/acme/pipelines/*', 'query'),
      after: fc.nat(4),
      times: fc.integer({ min: 3, max: 12 }),
      harm: fc.constantFrom(
        { fault: 'network' } as const,
        { fault: 'lost' } as const,
        { fault: 'answer', status: 502 } as const,
        { fault: 'error', message: 'Something went wrong' } as const,
      ),
    }),
  ),
  async ([turn, { harm, ...when }]) => {
    const ground = groundOf(await stage(turn))
    if (obstacles(await ground.plan(turn.want, all)).length > 0) return
    ground.sandbox.faults.push({ ...when, ...harm })
    const broken = await ground.apply(turn.want, all)
    if (broken.outcomes.some(({ state }) => state !== 'done')) tally.befell += 1
    ground.sandbox.faults.length = 0
    const rest = await ground.apply(turn.want, all)
    expect(obstacles(rest)).toEqual([])
    expect(rest.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    expect(planOf(await ground.plan(turn.want)).changes).toEqual([])
  },
)

/** The same map with its keys, and those of the maps in it, the other way round. */
const reversed = (value: unknown): unknown =>
  Array.isArray(value) || typeof value !== 'object' || value === null
    ? value
    : Object.fromEntries(
        Object.entries(value)
          .map(([key, inner]) => [key, reversed(inner)] as const)
          .reverse(),
      )

law(
  'the order of files and keys changes no barrier and no path',
  turns,
  async (turn) => {
    const ground = groundOf(await stage(turn))
    const plan = printPlan(planOf(await ground.plan(turn.want, all)))
    expect(printPlan(planOf(await ground.plan(reversed(turn.want) as object, all)))).toBe(plan)
    const { pipelines, ...root } = turn.want
    const split = {
      'bridle.yaml': stringify({ ...root, include: [{ files: 'more.yaml', may: ['pipelines'] }] }),
      'more.yaml': stringify({ pipelines }),
    }
    expect(printPlan(planOf(await ground.plan(split, all)))).toBe(plan)
  },
  200,
  { few: 20 },
)

afterAll(() => {
  expect(tally.carriedOut, 'most generated plans are carried out').toBeGreaterThan(2 * tally.stopped)
  expect(tally.befell, 'some accidents leave work undone').toBeGreaterThan(3)
})
