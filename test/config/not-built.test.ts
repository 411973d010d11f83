import { describe, expect, test } from 'vitest'
import { readDeclaration } from '../../src/config/declaration.js'
import { notBuilt } from '../../src/config/not-built.js'
import { kinds } from '../../src/kinds/index.js'
import { filesOf } from '../support/files.js'

const text = `organization: acme
include: [{ files: a.yaml, may: [rules, teams] }]
manage: { tokens: remove, rules: report, teams: report }
ignore: { schedules: [x] }
defaults:
  schedules: {}
  pipelines: { schedules: {} }
clusters:
  production:
    maintainers: { users: [], teams: [] }
    pipeline_defaults: { schedules: {} }
pipelines:
  web: { repository: x, schedules: {} }
rules: []
aws: {}
`

describe('what bridle does not know yet', () => {
  const { wanted, findings } = readDeclaration(
    filesOf({ 'bridle.yaml': text, 'a.yaml': 'rules: []\nteams: { web: {} }\n' }),
    'bridle.yaml',
    kinds,
  )

  test('is a finding at its key, wherever it stands, and never passed over', () => {
    expect(wanted).toBeUndefined()
    expect(
      findings.map(({ code, where: [at] }) => {
        const underlined = at!.text.slice(at!.column - 1, at!.column - 1 + at!.length)
        return `${code} ${at!.file}:${at!.line}:${at!.column} ${underlined}`
      }),
    ).toEqual([
      'not-built-yet bridle.yaml:2:34 rules',
      'not-built-yet bridle.yaml:3:11 tokens',
      'not-built-yet bridle.yaml:3:27 rules',
      'not-built-yet bridle.yaml:4:11 schedules',
      'not-built-yet bridle.yaml:6:3 schedules',
      'not-built-yet bridle.yaml:7:16 schedules',
      'not-built-yet bridle.yaml:10:5 maintainers',
      'not-built-yet bridle.yaml:11:26 schedules',
      'not-built-yet bridle.yaml:13:25 schedules',
      'not-built-yet bridle.yaml:14:1 rules',
      'not-built-yet bridle.yaml:15:1 aws',
      'not-built-yet a.yaml:1:1 rules',
    ])
  })

  test('says what it would promise', () => {
    const aws = findings.find(({ where: [at] }) => at!.line === 15)!
    expect(aws.why).toBe(
      'it would promise AWS roles, and who may assume them; passed over, it would look like a promise kept',
    )
  })

  test('and leaves the list when a kind takes its place', () => {
    const built = new Set(kinds.map(({ place }) => place.join(' ')))
    const stale = notBuilt.filter(
      ({ place = [] }) => built.has(place.join(' ')) || built.has([...place, '*'].join(' ')),
    )
    expect(stale).toEqual([])
  })
})
