import { describe, expect, test } from 'vitest'
import { explain, explainAll } from '../../src/cli/explain.js'
import { codes } from '../../src/model/codes.js'
import { unpainted } from '../../src/report/paint.js'
import { widthOf } from '../../src/report/escape.js'

/** Lines that are wider than a terminal, but for those that are one word. */
const wide = (text: string, columns: number) =>
  text.split('\n').filter((line) => widthOf(line) > columns && line.trim().includes(' '))

describe.each([60, 80, 200])('at a terminal of %i columns', (columns) => {
  const look = { paint: unpainted, columns }

  test('every page fits', () => {
    for (const code of Object.keys(codes)) expect(wide(explain(code, 'text', look)!, columns)).toEqual([])
  })

  test('the list of all codes fits, and has each of them at the beginning of a line', () => {
    const list = explainAll('text', look)
    expect(wide(list, columns)).toEqual([])
    const first = list.split('\n').map((line) => /^\S*/.exec(line)![0])
    expect(Object.keys(codes).filter((code) => !first.includes(code))).toEqual([])
  })
})

test('for a program the list has one line for each code', () => {
  const lines = explainAll('text', { paint: unpainted }).trimEnd().split('\n')
  expect(lines.filter((line) => !/^[a-z]+(-[a-z0-9]+)* +\S/.test(line))).toEqual([])
})
