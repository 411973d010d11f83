import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { StackImplied } from '../../src/model/stack.js'
import { unpainted } from '../../src/report/paint.js'
import { stackReport, type StackForm } from '../../src/report/stack.js'
import { law } from '../support/law.js'
import { hostile, hostileNames, unsafe } from './hostile.js'

const impliedWith = (name: string) => ({
  queue: `queue:${name}/${name}` as StackImplied['queue'],
  privileged: true,
  findings: [],
  stack: {
    parameters: [
      { ParameterKey: 'BuildkiteQueue', ParameterValue: name, why: name },
      { ParameterKey: 'KeyName', ParameterValue: '', why: 'a key opens port 22 to everybody' },
    ],
    notes: [name],
  },
})
const shown = (name: string, form: StackForm) => stackReport(impliedWith(name), form, unpainted)

const check = (name: string) => {
  for (const form of ['text', 'json', 'yaml'] as const) expect(shown(name, form), form).not.toMatch(unsafe)
  expect(JSON.parse(shown(name, 'json'))).toEqual([
    { ParameterKey: 'BuildkiteQueue', ParameterValue: name },
    { ParameterKey: 'KeyName', ParameterValue: '' },
  ])
}

test.each(hostileNames)('no form passes %j on as it is', check)

law('no form passes anything on that a reader could not see', hostile, check)

test.each(hostileNames.filter((name) => !/[\ud800-\udfff]|[\u{10000}-\u{10ffff}]/u.test(name)))(
  'YAML says what was there: %j',
  (name) => expect(parse(shown(name, 'yaml'))).toEqual({ BuildkiteQueue: name, KeyName: '' }),
)
