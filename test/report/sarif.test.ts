import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Ajv } from 'ajv'
import { describe, expect, test } from 'vitest'
import type { Finding } from '../../src/model/finding.js'
import type { Result } from '../../src/model/result.js'
import { report } from '../../src/report/format.js'
import { unpainted } from '../../src/report/paint.js'
import { law } from '../support/law.js'
import { hostile } from './hostile.js'
import { accessResultsWith, resultsWith } from './results.js'
import { sarifSchema } from './sarif-schema.js'

const setting = { paint: unpainted, root: 'bridle.yaml' }
const valid = new Ajv({ allErrors: true, validateFormats: false }).compile(sarifSchema)

/** The schema that OASIS published. It is of draft 04, whose two keys newer validators do not know. */
const official = (() => {
  const path = createRequire(import.meta.url).resolve(
    '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json',
  )
  const schema = JSON.parse(readFileSync(path, 'utf8'))
  for (const key of ['$schema', 'id']) Reflect.deleteProperty(schema, key)
  return new Ajv({ allErrors: true, strict: false, validateFormats: false, unicodeRegExp: false }).compile(
    schema,
  )
})()

const run = (result: Result, more: object = {}) => {
  const log = JSON.parse(report(result, 'sarif', { ...setting, ...more }))
  expect(official(log), JSON.stringify(official.errors)).toBe(true)
  expect(valid(log), JSON.stringify(valid.errors)).toBe(true) // stricter: nothing that we do not mean to say
  return log.runs[0]
}

const validation = (...findings: readonly Finding[]): Result => ({
  result: 'validation',
  files: 1,
  declared: {},
  elsewhere: [],
  findings,
})

const finding = (more: Partial<Finding> = {}): Finding => ({
  code: 'unknown-key',
  severity: 'error',
  what: 'the key is not known',
  where: [{ file: 'bridle.yaml', line: 9, column: 3, length: 5, text: '  web: 1' }],
  why: 'nobody reads it',
  fix: 'take it out',
  ...more,
})

/** How many ways an answer tells. */
const waysAsked = (result: Result): number =>
  result.result === 'access-who'
    ? result.reachers.length
    : result.result === 'access-what'
      ? result.reaches.length
      : result.result === 'access-why'
        ? result.paths.length
        : 0

law('every result, whatever its names, is SARIF 2.1.0', hostile, (name) => {
  for (const result of resultsWith(name)) {
    const { results, tool } = run(result, { folder: 'infra/' })
    for (const { ruleId, ruleIndex } of results) expect(tool.driver.rules[ruleIndex].id).toBe(ruleId)
    const reported = results.filter((one: { suppressions?: unknown }) => one.suppressions === undefined)
    expect(reported).toHaveLength(result.findings.length + waysAsked(result))
  }
})

test('the schema of this test refuses what SARIF has no place for', () => {
  const log = JSON.parse(report(validation(finding()), 'sarif', setting))
  expect(valid(log)).toBe(true)
  const run = log.runs[0]
  const wrong = [
    { ...log, version: '2.0.0' },
    { ...log, runs: [{ ...run, tool: {} }] },
    { ...log, runs: [{ ...run, results: [{ ...run.results[0], level: 'fatal' }] }] },
    { ...log, runs: [{ ...run, results: [{ ...run.results[0], message: {} }] }] },
    { ...log, runs: [{ ...run, results: [{ ...run.results[0], line: 3 }] }] },
    JSON.parse(JSON.stringify(log).replaceAll('"bridle.yaml"', '"/etc/bridle.yaml"')),
    JSON.parse(JSON.stringify(log).replaceAll('"bridle.yaml"', '"../bridle.yaml"')),
  ]
  for (const one of wrong) expect(valid(one)).toBe(false)
})

describe('a finding', () => {
  test('has the place to look, in one-based columns of UTF-16 units', () => {
    const { results, columnKind } = run(validation(finding()))
    expect(columnKind).toBe('utf16CodeUnits')
    expect(results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: 'bridle.yaml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 9, startColumn: 3, endColumn: 8 },
    })
  })

  test('has its rule with the page that explains it', () => {
    const { tool } = run(validation(finding()))
    expect(tool.driver.rules).toHaveLength(1)
    expect(tool.driver.rules[0].help.text).toContain('What to do: Write the nearest valid key')
  })

  test.each([
    ['where the reader stands', '', 'bridle.yaml'],
    ['in a folder below', 'infra/', 'infra/bridle.yaml'],
    ['in a folder above, which nobody has checked out', '../infra/', 'bridle.yaml'],
  ])('of files %s is found there', (_, folder, uri) => {
    const about = (one: Finding) => run(validation(one), { folder }).results[0].locations[0].physicalLocation
    expect(about(finding()).artifactLocation.uri).toBe(uri)
    expect(about(finding({ where: [] })).artifactLocation.uri).toBe(uri)
  })

  test('keeps its print when its line moves, and two of the same have two', () => {
    const prints = (...all: readonly Finding[]) =>
      run(validation(...all)).results.map(
        (one: { partialFingerprints: object }) => Object.values(one.partialFingerprints)[0],
      )
    const moved = finding({ where: [{ file: 'b.yaml', line: 90, column: 1, length: 1, text: '' }] })
    expect(prints(moved)).toEqual(prints(finding()))
    const [first, second] = prints(finding(), moved)
    expect(first).not.toBe(second)
    expect(prints(finding({ what: 'another' }))).not.toEqual(prints(finding()))
  })

  test('whose words look like a link is no link', () => {
    const { results } = run(validation(finding({ what: '[click](https://evil.test)' })))
    expect(results[0].message.text).toContain('\\[click\\](https://evil.test)')
  })
})

describe('a verdict', () => {
  const { results, properties } = run(accessResultsWith('x')[0]!)

  test('shows the way hop by hop, each with its place', () => {
    const [flow] = results[0].codeFlows
    const steps = flow.threadFlows[0].locations.map(
      ({ location }: { location: { message: { text: string } } }) => location.message.text,
    )
    expect(steps).toEqual([
      '1. is in team:x → can act in team:x (GraphQL Team.members of team:x, REST x.x of team:x)',
      '2. may change x → can run code in pipeline:x (GraphQL Team.members of team:x, REST x.x of team:x)',
      '3. x → can run on queue:x',
    ])
    expect(flow.threadFlows[0].locations[0].location.physicalLocation.region.startLine).toBe(9)
  })

  test('names what was accepted as suppressed, at the line that accepts it', () => {
    const suppressed = results.filter((one: { suppressions?: unknown }) => one.suppressions !== undefined)
    expect(suppressed).toHaveLength(1)
    expect(suppressed[0]).toMatchObject({
      ruleId: 'full-access',
      level: 'note',
      locations: [{ physicalLocation: { region: { startLine: 70 } } }],
      suppressions: [{ kind: 'inSource', status: 'accepted', justification: 'x' }],
    })
  })

  test('says what it was given on, and each queue’s word', () => {
    expect(properties.basis.on).toBe('organization')
    expect(properties.queues.map(({ verdict }: { verdict: string }) => verdict)).toEqual([
      'open',
      'assumed',
      'held',
      'closed',
    ])
  })
})
