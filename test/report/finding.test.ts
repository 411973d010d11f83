import { expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.js'
import { findingText } from '../../src/report/finding.js'
import { unpainted } from '../../src/report/paint.js'

const at = (line: number, column: number, length: number, text: string): Finding => ({
  code: 'unknown-key',
  severity: 'error',
  what: 'what',
  where: [{ file: 'bridle.yaml', line, column, length, text }],
  why: 'why',
  fix: 'fix',
})

const frame = (finding: Finding) => findingText(finding, unpainted).split('\n').slice(3, 5)

test('a finding looks as the style guide says', () => {
  const finding: Finding = {
    code: 'unknown-key',
    severity: 'error',
    what: 'pipeline "ios-release" targets queue "macos-m3", which cluster "ios" does not have',
    where: [{ file: 'bridle.yaml', line: 42, column: 12, length: 8, text: '    queue: macos-m3' }],
    label: 'not one of: default, macos-m1, macos-m2',
    why: 'a pipeline may only target queues of its own cluster, so its jobs would wait for ever',
    fix: 'write "macos-m2", or add macos-m3 under clusters.ios.queues',
  }
  expect(findingText(finding, unpainted)).toBe(
    `
error[unknown-key]: pipeline "ios-release" targets queue "macos-m3", which cluster "ios" does not have
  --> bridle.yaml:42:12
   |
42 |     queue: macos-m3
   |            ^^^^^^^^ not one of: default, macos-m1, macos-m2
   |
   = why: a pipeline may only target queues of its own cluster, so its jobs would wait for ever
   = fix: write "macos-m2", or add macos-m3 under clusters.ios.queues
   = see: bridle explain unknown-key`.trim(),
  )
})

test.each([
  ['characters that take two columns', 'チーム: web', 6, 3, '1 | チーム: web', '  |         ^^^'],
  ['a tab before it', 'a:\tweb', 4, 3, '1 | a:\\tweb', '  |     ^^^'],
  ['an accent of its own', 'e\u0301: web', 5, 3, '1 | e\u0301: web', '  |    ^^^'],
  ['a line that ends in a carriage return', 'web\r', 1, 3, '1 | web', '  | ^^^'],
  ['the place after the last character', 'web:', 5, 1, '1 | web:', '  |     ^'],
])('the underline stands under its words after %s', (_, text, column, length, line, under) => {
  expect(frame(at(1, column, length, text))).toEqual([line, under])
})

test('of a line of a million characters only what is near the place is shown', () => {
  const text = `${'x'.repeat(500_000)}HERE${'y'.repeat(500_000)}`
  expect(frame(at(1, 500_001, 4, text))).toEqual([
    `1 | …${'x'.repeat(60)}HERE${'y'.repeat(96)}…`,
    `  | ${' '.repeat(61)}^^^^`,
  ])
})

test('a secret is gone before the line is cut, so that no half of it is left', () => {
  const secret = `bkua_${'0123456789abcdef'.repeat(10)}`
  const shown = findingText(at(1, 120, 4, `token: ${secret} # here`), unpainted)
  expect(shown).not.toMatch(/[0-9a-f]{8}/)
})
