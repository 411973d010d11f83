import { expect, test } from 'vitest'
import { suggestionLeft, suggestionText } from '../../src/report/hook.js'
import { hookReport } from '../../src/workflow/hook-report.js'
import { filesOf } from '../support/files.js'

const line = (more: object = {}) =>
  JSON.stringify({
    gate: 'bridle/1',
    decision: 'refuse',
    mode: 'block',
    rule: 'branch',
    saw: 'x',
    key: 'branches',
    value: 'x',
    queue: 'production/deploy',
    pipeline: 'web',
    build: 'https://buildkite.com/acme/web/builds/1',
    agent: 'a',
    job: '1',
    ...more,
  })

const report = (...texts: (string | undefined)[]) =>
  hookReport(
    undefined,
    texts.map((text) => (text === undefined ? {} : { text })),
  )

test('a line is found whatever stands around it', () => {
  const found = report(
    line(),
    `2026-11-02 INFO [a] ${line()}`,
    `${line()}\r`,
    `${line()} (of 1)`,
    JSON.stringify({ ts: '1', level: 'INFO', msg: `\u001b[90m${line()}` }),
    `prefix ${JSON.stringify({ level: 'INFO', msg: line() })}`,
  )
  expect(found).toMatchObject({ lines: 6, refused: 6, unreadable: 0 })
  expect(found.alike).toHaveLength(1)
})

test('what is no line of a gate is passed over, and half a one is counted', () => {
  const found = report(
    '',
    'Assigned job',
    '{"gate":"other"}',
    undefined,
    line().slice(0, 60),
    line({ decision: 'perhaps' }),
    line({ saw: { a: 1 } }),
    `{"msg":"${line().replaceAll('"', '\\"')}`,
    '{"gate":"bridle/1",'.repeat(2000),
    `{"gate":"bridle/1",${'['.repeat(60_000)}}`,
  )
  expect(found).toMatchObject({ lines: 10, refused: 0, letIn: 0, unreadable: 6, alike: [] })
})

test('however many kinds of refusals there are, not more are kept than people read', () => {
  const found = report(
    ...Array.from({ length: 3000 }, (_, n) => line({ pipeline: `web-${n}`, value: `b-${n}` })),
  )
  expect(found).toMatchObject({ refused: 3000, untold: 2000 })
  expect(found.alike).toHaveLength(1000)
})

test('what watches only is told from what refused', () => {
  const found = report(line(), line({ mode: 'warn' }), line({ mode: 'observe', agent: 'b', saw: 'y' }))
  expect(found.alike).toMatchObject([
    { did: 'would have refused', times: 2, agents: 2, saw: ['x', 'y'] },
    { did: 'refused', times: 1 },
  ])
})

test('the lines are followed by what there are none for, such as a pipeline that no file declares', () => {
  const files = filesOf({ 'bridle.yaml': 'organization: acme\npipelines: { web: { repository: x } }\n' })
  const refused = [line({ value: 'y' }), line({ pipeline: 'evil', key: 'environment', value: 'X' })]
  const more = Array.from({ length: 12 }, (_, n) => line({ value: `${n}*` }))
  const found = hookReport(
    { files, root: 'bridle.yaml', today: '2026-11-22' },
    [...refused, ...more].map((text) => ({ text })),
  )
  expect(suggestionText(found)).toContain('`bridle plan`')
  expect(suggestionText(found)).not.toContain('evil')
  const said = suggestionLeft(found)
  expect(said).toHaveLength(11)
  expect(said[0]).toBe('no line for environment "X" of pipeline "evil": no file declares its pipeline')
  expect(said.at(-1)).toBe('and for 3 more, which the report without --suggest tells')
})
