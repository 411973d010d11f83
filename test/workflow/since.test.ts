import { describe, expect, test } from 'vitest'
import { exitOf } from '../../src/cli/exit.js'
import type { Finding } from '../../src/model/finding.js'
import type { Plan } from '../../src/model/plan.js'
import type { Drifted } from '../../src/model/result.js'
import { report } from '../../src/report/format.js'
import { unpainted } from '../../src/report/paint.js'
import { compared } from '../../src/workflow/since.js'

const nights = ['2026-11-01T03:00:00.000Z', '2026-11-02T03:00:00.000Z', '2026-11-03T03:00:00.000Z']

const finding = (what: string, line = 1): Finding => ({
  code: 'full-access',
  severity: 'error',
  what,
  where: [{ file: 'bridle.yaml', line, column: 1, length: 1, text: 'x' }],
  why: '',
  fix: '',
})

const update = (address: string, ...fields: string[]) =>
  ({
    address,
    verb: 'update',
    fields: fields.map((field) => ({ field, before: 1, after: 2 })),
    risk: { level: 'safe', why: '' },
  }) as unknown as Plan['changes'][number]

const drifted = (
  changes: readonly Plan['changes'][number][],
  findings: readonly Finding[] = [],
): Drifted => ({
  result: 'drift',
  findings,
  plan: {
    format: 'bridle.plan/1',
    organization: 'acme',
    changes,
    undeclared: [],
    steps: [],
  } as unknown as Plan,
})

const text = (result: Drifted) => report(result, 'json', { paint: unpainted })

/** Each night's drift, compared with the one before. */
const over = (...results: readonly Drifted[]) =>
  results.reduce<Drifted[]>((told, one, at) => {
    const last = told.at(-1)
    const since = last === undefined ? undefined : { file: 'last.json', text: text(last) }
    return [...told, compared(one, { at: nights[at]!, since, isSandbox: false })]
  }, [])

const standings = ({ plan, findings }: Drifted) =>
  [...(plan?.changes ?? []), ...findings].map(({ standing, firstSeen }) => [standing, firstSeen])

describe('what is known again', () => {
  test.each([
    ['the same', update('queue:a/b', 'paused'), update('queue:a/b', 'paused'), 'still'],
    ['its fields in another order', update('team:a', 'x', 'y'), update('team:a', 'y', 'x'), 'still'],
    ['another field', update('team:a', 'x'), update('team:a', 'y'), 'new'],
    ['another thing', update('team:a', 'x'), update('team:b', 'x'), 'new'],
  ] as const)('%s', (_, before, after, standing) => {
    const [, second] = over(drifted([before]), drifted([after]))
    expect(standings(second!)).toEqual([[standing, standing === 'new' ? nights[1] : nights[0]]])
    expect(second!.since!.gone.length).toBe(standing === 'new' ? 1 : 0)
  })

  test('a finding whose line has moved', () => {
    const [, second] = over(drifted([], [finding('x', 3)]), drifted([], [finding('x', 30)]))
    expect(standings(second!)).toEqual([['still', nights[0]]])
  })

  test('a refusal, which names another request each night', () => {
    const no = (id: string) => ({
      ...finding(`Teams: 502 (HTTP 502, request ${id})`),
      code: 'unreachable' as const,
    })
    const [, second] = over(
      { result: 'drift', findings: [no('a-1')] },
      { result: 'drift', findings: [no('b-2')] },
    )
    expect(standings(second!)).toEqual([['still', nights[0]]])
  })
})

test('a night in which nothing could be read loses nothing', () => {
  const [, second, third] = over(
    drifted([update('team:a', 'x'), update('team:b', 'x')]),
    { result: 'drift', findings: [] },
    drifted([update('team:a', 'x')]),
  )
  expect(second!.since).toMatchObject({ whole: false, gone: [] })
  expect(standings(third!)).toEqual([['still', nights[0]]])
  expect(third!.since!.gone.map(({ about }) => about)).toEqual(['team:b'])
})

const trouble = { file: 'last.json', trouble: 'there is no file last.json' }
const reports = {
  'no file': trouble,
  nothing: { file: 'last.json', text: '' },
  'a list': { file: 'last.json', text: '[]' },
  'no object': { file: 'last.json', text: 'null' },
  'a report without a time': { file: 'last.json', text: text(drifted([update('team:a', 'x')])) },
  'a report with another kind of time': {
    file: 'last.json',
    text: '{"format":"bridle.result/1","result":"drift","at":"yesterday","findings":[]}',
  },
  'the last one': { file: 'last.json', text: text(over(drifted([update('team:a', 'x')]))[0]!) },
}

test.each(Object.entries(reports))('how it ends is the same after %s', (name, since) => {
  for (const result of [
    drifted([]),
    drifted([update('team:a', 'x')]),
    drifted([update('team:a', 'x')], [finding('x')]),
    { result: 'drift', findings: [{ ...finding('x'), code: 'unreachable' }] } as Drifted,
  ]) {
    const told = compared(result, { at: nights[1]!, since, isSandbox: false })
    expect(exitOf(told)).toBe(exitOf(result))
    expect(told.findings.filter(({ code }) => code === 'other-run').length).toBe(
      name === 'the last one' ? 0 : 1,
    )
  }
})
