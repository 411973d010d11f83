import fc from 'fast-check'
import { expect, test } from 'vitest'
import { difference } from '../../src/report/lines.js'
import { law } from '../support/law.js'

const texts = fc.array(fc.constantFrom('a', 'b', 'c', '', '  d'), { maxLength: 30 })

law('what is out and what is in turn one text into the other', fc.tuple(texts, texts), ([before, after]) => {
  let left = 0
  const made: string[] = []
  for (const line of difference(before, after)) {
    if (line.sign === '…') {
      made.push(...before.slice(left, left + line.same))
      left += line.same
    } else if (line.sign === '+') made.push(line.text)
    else {
      expect(line.text).toBe(before[left])
      left += 1
      if (line.sign === ' ') made.push(line.text)
    }
  }
  expect(left).toBe(before.length)
  expect(made).toEqual(after)
})

law('a text differs from itself in nothing', texts, (text) => {
  expect(difference(text, text).filter(({ sign }) => sign === '+' || sign === '-')).toEqual([])
})

test('one changed line in the middle shows two lines on either side', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7']
  const shown = difference(before, before.with(3, 'four')).map((line) =>
    line.sign === '…' ? `… ${line.same}` : `${line.sign}${line.text}`,
  )
  expect(shown).toEqual(['… 1', ' 2', ' 3', '-4', '+four', ' 5', ' 6', '… 1'])
})

test('two long texts with nothing in common are shown whole, in no time', () => {
  const lines = (word: string) => Array.from({ length: 5_000 }, (_, at) => `${word} ${at}`)
  expect(difference(lines('old'), lines('new'))).toHaveLength(10_000)
})
