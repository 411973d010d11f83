import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { changedLines, difference } from '../../src/config/difference.js'
import { law } from '../support/law.js'
import { patched } from '../support/patch.js'

const numbered = (count: number, ...others: readonly [number, string][]) =>
  Array.from({ length: count }, (_, n) => `${new Map(others).get(n + 1) ?? n + 1}\n`).join('')

describe('a difference', () => {
  test('shows three lines around a change', () => {
    expect(difference('a.yaml', numbered(9), numbered(9, [5, 'five']))).toBe(
      '--- a/a.yaml\n+++ b/a.yaml\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n',
    )
  })

  test('has no line after the last', () => {
    expect(difference('a.yaml', '1\n2\n', '1\ntwo\n')).toBe(
      '--- a/a.yaml\n+++ b/a.yaml\n@@ -1,2 +1,2 @@\n 1\n-2\n+two\n',
    )
  })

  test('says where a text does not end in an end of line', () => {
    expect(difference('a.yaml', '1\n2', '1\n2\n')).toBe(
      '--- a/a.yaml\n+++ b/a.yaml\n@@ -1,2 +1,2 @@\n 1\n-2\n\\ No newline at end of file\n+2\n',
    )
  })

  test('has one hunk for changes that are near each other, and two for others', () => {
    const hunks = (...at: number[]) =>
      difference('a', numbered(30), numbered(30, ...at.map((n): [number, string] => [n, 'x']))).match(
        /^@@ .*/gm,
      )
    expect(hunks(5, 6)).toEqual(['@@ -2,8 +2,8 @@'])
    expect(hunks(5, 12)).toEqual(['@@ -2,14 +2,14 @@'])
    expect(hunks(5, 13)).toEqual(['@@ -2,7 +2,7 @@', '@@ -10,7 +10,7 @@'])
  })

  test('of the same text is none', () => {
    expect(difference('a.yaml', '1\n', '1\n')).toBe('')
  })

  test('of very different texts is the whole of them', () => {
    const many = (word: string) => Array.from({ length: 500 }, (_, n) => `${word} ${n}\n`).join('')
    expect(patched({ a: many('x') }, difference('a', many('x'), many('y')))['a']).toBe(many('y'))
  })
})

test('the lines that changed', () => {
  expect(changedLines('1\r\n2\r\n3\r\n', '1\r\nthree\r\n3\r\n')).toEqual({ out: ['2'], in: ['three'] })
})

const texts = fc
  .array(fc.constantFrom('a\n', 'b\n', 'c\r\n', '\n', '- x\n', '-- a/f\n', '++ b/f\n', '@@ -1 +1 @@\n'), {
    maxLength: 20,
  })
  .chain((lines) => fc.constantFrom(lines.join(''), lines.join('').replace(/\n$/, '')))

law(
  'a difference, applied to the one text, gives the other',
  fc.record({ head: texts, before: texts, middle: texts, after: texts, tail: texts }),
  ({ head, before, middle, after, tail }) => {
    const [old, young] = [head + before + middle + tail, head + middle + after + tail]
    expect(patched({ f: old, g: 'x' }, difference('f', old, young))).toEqual({ f: young, g: 'x' })
  },
)
