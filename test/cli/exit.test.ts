import { describe, expect, test } from 'vitest'
import { exitOf, exitOfCode } from '../../src/cli/exit.js'
import { codes, type Code } from '../../src/model/codes.js'
import type { Finding } from '../../src/model/finding.js'
import type { Plan } from '../../src/model/plan.js'
import type { Result } from '../../src/model/result.js'

const finding = (code: Code, severity: Finding['severity'] = 'error'): Finding => ({
  code,
  severity,
  what: '',
  where: [],
  why: '',
  fix: '',
})

const planOf = (count: number, undeclared: Plan['undeclared'] = []) =>
  ({
    changes: Array.from({ length: count }),
    steps: Array.from({ length: count }),
    undeclared,
  }) as unknown as Plan

const outcome = (state: 'done' | 'failed' | 'unclear' | 'skipped' | 'interrupted') => ({ step: 'x', state })

const results: readonly (readonly [string, Result, number])[] = [
  [
    'files without findings',
    { result: 'validation', findings: [], files: 1, declared: {}, elsewhere: [] },
    0,
  ],
  ['a warning changes nothing', { result: 'plan', findings: [finding('stays-archived', 'warning')] }, 0],
  [
    'the files are wrong',
    { result: 'validation', findings: [finding('unknown-key')], files: 1, declared: {}, elsewhere: [] },
    3,
  ],
  ['no token', { result: 'plan', findings: [finding('no-token')] }, 4],
  ['a plan with steps', { result: 'plan', findings: [], plan: planOf(1) }, 0],
  ['a guard', { result: 'plan', findings: [finding('too-many-removals')], plan: planOf(1) }, 5],
  ['a drift', { result: 'drift', findings: [], plan: planOf(1) }, 10],
  ['no drift', { result: 'drift', findings: [], plan: planOf(0) }, 0],
  [
    'something that nobody declared',
    { result: 'drift', findings: [], plan: planOf(0, [{ address: 'team:x', ignored: false }]) },
    10,
  ],
  [
    'something of somebody else’s',
    { result: 'drift', findings: [], plan: planOf(0, [{ address: 'team:x', ignored: true }]) },
    0,
  ],
  ['a drift that could not be looked for', { result: 'drift', findings: [finding('unreachable')] }, 4],
  ['interrupted while reading', { result: 'drift', findings: [finding('interrupted')] }, 130],
  [
    'an apply',
    { result: 'apply', findings: [], plan: planOf(1), outcomes: [outcome('done')], interrupted: false },
    0,
  ],
  [
    'an apply of nothing',
    { result: 'apply', findings: [], plan: planOf(0), outcomes: [], interrupted: false },
    0,
  ],
  [
    'an apply that a person declined',
    { result: 'apply', findings: [], plan: planOf(1), outcomes: [], interrupted: false },
    5,
  ],
  [
    'an apply with nobody to ask',
    { result: 'apply', findings: [finding('no-consent')], plan: planOf(1), outcomes: [], interrupted: false },
    5,
  ],
  [
    'an apply that failed',
    {
      result: 'apply',
      findings: [],
      plan: planOf(2),
      outcomes: [outcome('done'), outcome('failed')],
      interrupted: false,
    },
    6,
  ],
  [
    'an apply with a lost answer',
    { result: 'apply', findings: [], plan: planOf(1), outcomes: [outcome('unclear')], interrupted: false },
    6,
  ],
  [
    'an apply that was interrupted',
    {
      result: 'apply',
      findings: [],
      plan: planOf(2),
      outcomes: [outcome('failed'), outcome('interrupted')],
      interrupted: true,
    },
    130,
  ],
  [
    'a doctor who misses something',
    { result: 'doctor', findings: [], checks: [{ name: 'token', state: 'missing', what: '' }] },
    4,
  ],
  [
    'a doctor with a warning',
    { result: 'doctor', findings: [], checks: [{ name: 'scopes', state: 'warning', what: '' }] },
    0,
  ],
]

test.each(results)('%s', (_, result, exit) => expect(exitOf(result)).toBe(exit))

test('a plan with steps ends with 10 where that was asked for', () => {
  expect(exitOf({ result: 'plan', findings: [], plan: planOf(1) }, true)).toBe(10)
  expect(exitOf({ result: 'plan', findings: [finding('too-many-removals')], plan: planOf(1) }, true)).toBe(5)
})

describe('every code', () => {
  test.each(Object.keys(codes) as Code[])('%s has a page of whole sentences and an exit code', (code) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    for (const text of Object.values(codes[code])) expect(text).toMatch(/^[A-Z`bA-Z].*[.?]$/)
    expect([3, 4, 5, 130]).toContain(exitOfCode(code))
  })
})
