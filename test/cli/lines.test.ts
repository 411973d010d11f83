import { expect, test } from 'vitest'
import { linesOf, wholeOf } from '../../src/cli/lines.js'
import type { Machine } from '../../src/cli/machine.js'

/** A machine whose one file comes in pieces of so many bytes. */
const machineOf = (text: string, size: number): Machine => {
  const bytes = new TextEncoder().encode(text)
  const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  )
  return { cwd: '/', disk: { pieces: () => pieces } } as unknown as Machine
}

test.each([1, 2, 3, 7, 1000])('lines in pieces of %i bytes', (size) => {
  const text = 'a\n\nß漢\r\nxxxxxxxxx\nend'
  expect([...linesOf(machineOf(text, size), '-', 8)]).toEqual([
    { number: 1, bytes: 1, text: 'a' },
    { number: 2, bytes: 0, text: '' },
    { number: 3, bytes: 6, text: 'ß漢\r' },
    { number: 4, bytes: 9 },
    { number: 5, bytes: 3, text: 'end' },
  ])
})

test('of what is too long nothing is kept but its length', () => {
  expect(wholeOf(machineOf('abcdef', 4), 'x', 6)).toEqual({ bytes: 6, text: 'abcdef' })
  expect(wholeOf(machineOf('abcdef', 4), 'x', 5)).toEqual({ bytes: 6 })
})
