import { describe, expect, test } from 'vitest'
import { exitOf } from '../../src/cli/exit.js'
import type { Result } from '../../src/model/result.js'
import { visible } from '../../src/report/escape.js'
import { report } from '../../src/report/format.js'
import { unpainted } from '../../src/report/paint.js'
import { law } from '../support/law.js'
import { hostile, hostileNames } from './hostile.js'
import { accessResultsWith, resultsWith } from './results.js'
import { parseXml, type Element } from './xml.js'

const junit = (result: Result) => parseXml(report(result, 'junit', { paint: unpainted }))

const failures = ({ children }: Element) => children.filter(({ name }) => name === 'failure')
const failed = ({ children }: Element) => children.filter((one) => failures(one).length > 0)

/** What whoever reads JUnit XML relies on. @source the schema of Ant's JUnit reports, as Jenkins and others take it */
const check = (root: Element) => {
  expect(root.name).toBe('testsuites')
  const cases = root.children.flatMap(({ children }) => children)
  expect(Number(root.attributes['tests'])).toBe(cases.length)
  expect(Number(root.attributes['failures'])).toBe(cases.filter((one) => failures(one).length > 0).length)
  for (const suite of root.children) {
    expect(suite.name).toBe('testsuite')
    expect(Number(suite.attributes['tests'])).toBe(suite.children.length)
    expect(suite.children.length).toBeGreaterThan(0)
    expect(Number(suite.attributes['failures'])).toBe(failed(suite).length)
    for (const one of suite.children) {
      expect(one.name).toBe('testcase')
      expect(one.attributes['classname']).toBe(suite.attributes['name'])
      expect(one.children.every(({ name }) => name === 'failure' || name === 'system-out')).toBe(true)
      expect(failures(one).length).toBeLessThan(2)
    }
  }
}

const checkAll = (name: string) => {
  for (const result of resultsWith(name)) {
    const root = junit(result)
    check(root)
    const errors = result.findings.filter(({ severity }) => severity === 'error').length
    expect(Number(root.attributes['failures']) > 0, result.result).toBe(
      errors > 0 ||
        (result.result === 'access-check' && exitOf(result) !== 0) ||
        (result.result === 'access-who' && result.verdict === 'open'),
    )
  }
}

test.each(hostileNames)('is well-formed with %j in every place', checkAll)
law('is well-formed whatever the names', hostile, checkAll)

law('says the name as it is, but for what nobody could see', hostile, (name) => {
  const [result] = resultsWith(name)
  const [one] = junit(result!).children[0]!.children
  const shown = visible(`unknown-key: the key ${name} is not known`)
  expect(one!.attributes['name']).toBe(shown.replaceAll(/[\ufffe\uffff]/g, '\ufffd'))
})

describe('a verdict', () => {
  const suites = junit(accessResultsWith('x')[0]!).children
  const suiteNamed = (name: string) => suites.find(({ attributes }) => attributes['name'] === name)!
  const caseNamed = (suite: string, name: string) =>
    suiteNamed(suite).children.find(({ attributes }) => attributes['name'] === name)!

  test('is a suite for each queue, one for what is expected, and one for the rest', () => {
    expect(suites.map(({ attributes }) => attributes['name'])).toEqual([
      'queue:open/x',
      'queue:assumed/x',
      'queue:held/x',
      'queue:closed/x',
      'expect',
      'findings',
    ])
  })

  test('has a test for each path, and one for the queue as a whole', () => {
    expect(suiteNamed('queue:open/x').children).toHaveLength(60)
  })

  test('fails where a path is open, and tells the way', () => {
    const [failure] = caseNamed('queue:open/x', 'R4 full-access').children
    expect(failure!.attributes).toEqual({
      type: 'full-access',
      message: 'open: 7 not allowed reach queue:open/x',
    })
    expect(failure!.text).toContain('1. is in team:x → can act in team:x  (x.yaml:9:3,')
    expect(failure!.text).toContain('… and 1 other')
    expect(failure!.text).not.toContain('user:x3')
  })

  test('says what settles a path that no configuration closes', () => {
    const [settled] = caseNamed('queue:closed/x', 'R24 administrators').children
    expect(settled!.text).toBe('settled by `trust`')
  })

  test('fails where something is assumed and not accepted', () => {
    const [failure] = caseNamed('queue:assumed/x', 'R4 full-access').children
    expect(failure!.attributes['message']).toContain('assumed')
    expect(failure!.text).toContain('assumed: full-access at repository:x')
  })

  test('passes where it is accepted, and says by what', () => {
    const one = caseNamed('queue:closed/x', 'R4 full-access')
    expect(failures(one)).toEqual([])
    expect(one.children[0]!.text).toContain('accepted at pipeline:x until 2027-03-01: x')
  })

  test('never says plainly closed of what rests on something accepted', () => {
    expect(caseNamed('queue:closed/x', 'verdict').children[0]!.text).toContain(
      'closed, resting on 3 accepted assumptions',
    )
  })

  test('passes where it is held or closed', () => {
    for (const queue of ['queue:held/x', 'queue:closed/x'])
      expect(failed(suiteNamed(queue)).map(({ attributes }) => attributes['name'])).toEqual([])
  })

  test('fails an expectation that does not hold', () => {
    expect(failed(suiteNamed('expect')).map(({ attributes }) => attributes['name'])).toEqual([
      'user:x cannot run on queue:production/x',
    ])
  })
})

test('no verdict is no passed test', () => {
  const root = junit(accessResultsWith('x')[2]!)
  expect(root.children.map(({ attributes }) => attributes['name'])).toEqual(['findings'])
  expect(failed(root.children[0]!)).toHaveLength(1)
})
