import { expect, test } from 'vitest'
import { formats, report } from '../../src/report/format.js'
import { unpainted } from '../../src/report/paint.js'
import { law } from '../support/law.js'
import { hostile, hostileNames, unsafe } from './hostile.js'
import { resultsWith } from './results.js'

const setting = { paint: unpainted }

/** What is left of markdown when all that is code is gone. CommonMark: code spans close with as many ticks as open them. */
const proseOf = (markdown: string) => {
  const lines: string[] = []
  let fence: string | undefined
  for (const line of markdown.split('\n')) {
    const ticks = /^(`{3,})/.exec(line)?.[1]
    if (fence === undefined && ticks !== undefined) fence = ticks
    else if (fence !== undefined) fence = line.trimEnd() === fence ? undefined : fence
    else lines.push(line)
  }
  expect(fence, 'every code block ends').toBe(undefined)
  return lines.join('\n').replaceAll(/(?<!`)(`+)(?!`)(?:(?!\n\n)[\s\S])*?(?<!`)\1(?!`)/g, '')
}

const check = (name: string) => {
  for (const result of resultsWith(name))
    for (const format of formats) {
      const shown = report(result, format, setting)
      expect(shown, `${result.result} as ${format}`).not.toMatch(unsafe)
    }
}

test.each(hostileNames)('no format passes %j on as it is', (name) => check(name))

law('no format passes anything on that a reader could not see', hostile, check)

law('a name never begins a line of its own', hostile, (name) => {
  const lines = (results: ReturnType<typeof resultsWith>) =>
    results.map((result) => report(result, 'text', setting).split('\n').length)
  const oneLine = (name: string) => name.replaceAll('\n', '␊')
  // A value of several lines is shown as several, each behind its sign; names never are.
  const withoutValues = (name: string) =>
    resultsWith(name).filter(({ result }) => result !== 'plan' && result !== 'drift')
  expect(lines(withoutValues(name))).toEqual(lines(withoutValues(oneLine(name))))
})

law('JSON says what was there', hostile, (name) => {
  for (const result of resultsWith(name)) {
    const back = JSON.parse(report(result, 'json', setting))
    expect(back).toEqual(JSON.parse(JSON.stringify({ format: 'bridle.result/1', ...result })))
  }
})

law('in markdown a name is only ever code', hostile, (name) => {
  const benign = resultsWith('benign').map((result) => proseOf(report(result, 'markdown', setting)))
  const odd = resultsWith(name).map((result) => proseOf(report(result, 'markdown', setting)))
  expect(odd).toEqual(benign)
})

test('a bidirectional override in the line that a finding points at does not turn the line around', () => {
  const [result] = resultsWith('a\u202eb')
  expect(report(result!, 'text', setting)).toContain('9 |   a\\u{202e}b: 1')
})
