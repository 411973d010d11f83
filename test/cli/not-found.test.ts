import { describe, expect, test } from 'vitest'
import { guess } from '../../src/cli/not-found.js'

const commands = ['apply', 'drift', 'plan', 'sandbox demo', 'sandbox serve', 'validate']

describe('a command that is not there', () => {
  test.each([
    { words: ['vaidate'], typed: 'vaidate', nearest: 'validate' },
    { words: ['vaidate', 'bridle.yaml'], typed: 'vaidate', nearest: 'validate' },
    { words: ['sandbox', 'sevre'], typed: 'sandbox sevre', nearest: 'sandbox serve' },
    { words: ['sandbx', 'demo', 'x'], typed: 'sandbx demo', nearest: 'sandbox demo' },
    { words: ['plam'], typed: 'plam', nearest: 'plan' },
  ])('$words is near $nearest', ({ words, typed, nearest }) => {
    expect(guess(words, commands)).toEqual({ typed, nearest })
  })

  test.each([
    { words: ['destroy'], typed: 'destroy' },
    { words: ['destroy', 'everything'], typed: 'destroy' },
    { words: ['sandbox', 'fly'], typed: 'sandbox fly' },
    { words: [''], typed: '' },
  ])('$words is near nothing', ({ words, typed }) => {
    expect(guess(words, commands)).toEqual({ typed })
  })

  test('the order of the commands changes nothing', () => {
    const twins = ['plant', 'plans']
    expect(guess(['plan'], twins)).toEqual(guess(['plan'], [...twins].reverse()))
  })
})
