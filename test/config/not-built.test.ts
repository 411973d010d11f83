import { describe, expect, test } from 'vitest'
import { readDeclaration } from '../../src/config/declaration.js'
import { notBuilt } from '../../src/config/not-built.js'
import { kinds } from '../../src/kinds/index.js'
import { filesOf } from '../support/files.js'

const text = `organization: acme
include: [{ files: a.yaml, may: [rules, teams] }]
trust: { admins: [root@acme.test] }
manage: { tokens: remove, rules: report, teams: report }
ignore: { schedules: [x] }
defaults:
  schedules: {}
  pipelines: { schedules: {} }
  queues: { hook: { mode: block } }
clusters:
  production:
    allow: { teams: [release] }
    maintainers: { users: [], teams: [] }
    tokens: { deploy: {} }
    pipeline_defaults: { schedules: {} }
    queues:
      deploy:
        allow: { teams: [release] }
        held_by: hook
        instance_role: management/agent
        hook: { mode: block }
pipelines:
  web: { repository: x, schedules: {} }
rules: []
aws: {}
accept: []
expect: []
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
      'not-built-yet bridle.yaml:3:1 trust',
      'not-built-yet bridle.yaml:4:11 tokens',
      'not-built-yet bridle.yaml:4:27 rules',
      'not-built-yet bridle.yaml:5:11 schedules',
      'not-built-yet bridle.yaml:7:3 schedules',
      'not-built-yet bridle.yaml:8:16 schedules',
      'not-built-yet bridle.yaml:9:13 hook',
      'not-built-yet bridle.yaml:12:5 allow',
      'not-built-yet bridle.yaml:13:5 maintainers',
      'not-built-yet bridle.yaml:14:5 tokens',
      'not-built-yet bridle.yaml:15:26 schedules',
      'not-built-yet bridle.yaml:18:9 allow',
      'not-built-yet bridle.yaml:19:9 held_by',
      'not-built-yet bridle.yaml:20:9 instance_role',
      'not-built-yet bridle.yaml:21:9 hook',
      'not-built-yet bridle.yaml:23:25 schedules',
      'not-built-yet bridle.yaml:24:1 rules',
      'not-built-yet bridle.yaml:25:1 aws',
      'not-built-yet bridle.yaml:26:1 accept',
      'not-built-yet bridle.yaml:27:1 expect',
      'not-built-yet a.yaml:1:1 rules',
    ])
  })

  test('says what it would promise', () => {
    const allow = findings.find(({ where: [at] }) => at!.line === 12)!
    expect(allow.why).toBe(
      'it would promise that nobody else gets code onto the agents of the cluster; passed over, it would look like a promise kept',
    )
  })

  test('and leaves the list when a kind takes its place', () => {
    const built = new Set(kinds.map(({ place }) => place.join(' ')))
    const stale = notBuilt.filter(
      ({ place }) => built.has(place.join(' ')) || built.has([...place, '*'].join(' ')),
    )
    expect(stale).toEqual([])
  })
})
