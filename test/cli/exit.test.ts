import { describe, expect, test } from 'vitest'
import { exitOf, exitOfCode } from '../../src/cli/exit.js'
import { exitPages } from '../../src/cli/exit-pages.js'
import { accessCodes, type AccessCode } from '../../src/model/access-codes.js'
import { codes, type Code } from '../../src/model/codes.js'
import type { StackDrift } from '../../src/model/stack.js'
import type { Finding } from '../../src/model/finding.js'
import type { Plan } from '../../src/model/plan.js'
import { onlyWarned as warnedOfRoles } from '../../src/model/role-codes.js'
import type { AccessChecked, Contained, GateTried, Result, TriedAlike } from '../../src/model/result.js'
import type { QueueVerdict, VerdictWord } from '../../src/model/verdict.js'

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

const at = { file: 'bridle.yaml', line: 1, column: 1, length: 1, text: '' }

const outcome = (state: 'done' | 'failed' | 'unclear' | 'skipped' | 'interrupted') => ({ step: 'x', state })

const queueOf = (verdict: VerdictWord): QueueVerdict => ({
  queue: 'queue:production/deploy',
  verdict,
  accepted: 0,
  trusted: 1,
  allowed: [],
  paths: [],
  reachers: [],
  at,
})

const checked = (more: Partial<AccessChecked>): AccessChecked => ({
  result: 'access-check',
  basis: { on: 'files' },
  queues: [],
  assumed: [],
  expected: [],
  findings: [],
  ...more,
})

const stackWith = (...fields: string[]): StackDrift => ({
  queue: 'queue:production/deploy',
  privileged: true,
  compared: 2,
  fields: fields.map((field) => ({ field, before: 'optional', after: 'required' })),
  untold: [],
})

const contained = (more: Partial<Contained>): Contained => ({
  result: 'contain',
  queue: 'queue:production/deploy',
  did: 'nothing',
  stillRunning: [],
  findings: [],
  ...more,
})

const tried = (more: Partial<GateTried>): GateTried => ({
  result: 'hook-test',
  queue: 'queue:production/deploy',
  taken: [],
  jobs: 1,
  refused: 0,
  findings: [],
  ...more,
})

const alike: TriedAlike = {
  pipeline: 'web',
  decision: 'accept',
  jobs: 1,
  example: { at: 'job.json', decision: 'accept', pipeline: 'web', build: '' },
}

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
  ['a stack that differs', { result: 'drift', findings: [], stacks: [stackWith('IMDSv2Tokens')] }, 10],
  ['a stack as declared', { result: 'drift', findings: [], stacks: [stackWith()] }, 0],
  [
    'a stack that gives something away',
    { result: 'drift', findings: [finding('unsafe-stack')], stacks: [stackWith('IMDSv2Tokens')] },
    11,
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
    'an apply that would open a queue',
    {
      result: 'apply',
      findings: [finding('opens-queue')],
      plan: planOf(1),
      outcomes: [],
      interrupted: false,
    },
    11,
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
    'an apply that was refused on the way',
    {
      result: 'apply',
      findings: [finding('changed-meanwhile')],
      plan: planOf(2),
      outcomes: [outcome('done'), outcome('skipped')],
      interrupted: false,
    },
    11,
  ],
  [
    'an apply that failed, of a plan with something to say',
    {
      result: 'apply',
      findings: [finding('left-behind')],
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
  ['nothing privileged', checked({}), 0],
  ['a queue that is closed', checked({ queues: [queueOf('closed')] }), 0],
  ['a queue that is held', checked({ queues: [queueOf('held')] }), 0],
  ['a queue that is assumed', checked({ queues: [queueOf('closed'), queueOf('assumed')] }), 11],
  ['a queue that is open', checked({ queues: [queueOf('open'), queueOf('closed')] }), 11],
  [
    'an expectation that does not hold',
    checked({
      expected: [
        {
          who: 'team:web',
          can: false,
          verb: 'run',
          on: 'queue:production/deploy',
          holds: false,
          why: '',
          at,
        },
      ],
    }),
    11,
  ],
  ['files that make no sense are no verdict', checked({ findings: [finding('unknown-key')] }), 3],
  [
    'an open path wins over a difference',
    { result: 'drift', findings: [finding('full-access')], plan: planOf(1) },
    11,
  ],
  [
    'a plan that opens a queue',
    {
      result: 'plan',
      findings: [],
      plan: {
        ...planOf(1),
        access: { gains: [], losses: [], opens: ['queue:production/deploy'], widens: true },
      },
    },
    11,
  ],
  ['containing a closed queue', contained({ verdict: 'closed' }), 0],
  ['a contained queue, which is open', contained({ did: 'paused', verdict: 'open' }), 11],
  ['a job that the gate lets in', tried({}), 0],
  ['a job that the gate refuses', tried({ refused: 1 }), 11],
  [
    'two policies that decide the same',
    tried({ refused: 1, against: { from: 'x', newlyRefused: [], newlyLetIn: [] } }),
    0,
  ],
  ['two that do not', tried({ against: { from: 'x', newlyRefused: [], newlyLetIn: [alike] } }), 10],
  ['a question about access', { result: 'access-who', on: 'queue:a/b', reachers: [], findings: [] }, 0],
]

test.each(results)('%s', (_, result, exit) => expect(exitOf(result)).toBe(exit))

test('a plan with steps ends with 10 where that was asked for', () => {
  expect(exitOf({ result: 'plan', findings: [], plan: planOf(1) }, true)).toBe(10)
  expect(exitOf({ result: 'plan', findings: [finding('too-many-removals')], plan: planOf(1) }, true)).toBe(5)
})

describe('every code', () => {
  const onlyWarned: readonly string[] = [
    'not-carried-out',
    'gate-refuses',
    'privileged-by-default',
    'privileged-hosted',
    'maintainer-not-allowed',
    'trust-unsaid',
    'accept-without-facts',
    'import-left-out',
    'replaced-token-left',
    'other-run',
    'token-could-write',
    'heartbeat-unwritten',
    ...warnedOfRoles,
  ]

  test.each(Object.keys(codes) as Code[])('%s has a page of whole sentences and an exit code', (code) => {
    expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/)
    const { what, why, fix } = codes[code]
    for (const text of [what, why, fix]) expect(text).toMatch(/^[A-Z`bA-Z].*[.?]$/)
    expect(onlyWarned.includes(code) ? [0] : [2, 3, 4, 5, 11, 130]).toContain(exitOfCode(code))
  })

  test.each(Object.entries(exitPages))('exit code %s has a page of whole sentences', (_exit, page) => {
    for (const text of [page.what, page.why, page.fix]) expect(text).toMatch(/^[A-Z`].*[.?]$/)
  })

  test.each(Object.keys(accessCodes) as AccessCode[])('%s is about access, and ends with 11', (code) => {
    expect(exitOfCode(code)).toBe(11)
  })
})
