import { describe, expect, test } from 'vitest'
import { readDeclaration } from '../../src/config/declaration.js'
import { notBuilt } from '../../src/config/not-built.js'
import { kinds } from '../../src/kinds/index.js'
import { filesOf } from '../support/files.js'

const text = `organization: acme
include: [{ files: a.yaml, may: [aws, teams] }]
manage: { tokens: remove, roles: report, teams: report }
ignore: { roles: [x] }
defaults:
  tokens: {}
aws: {}
`

describe('what bridle does not know yet', () => {
  const { wanted, findings } = readDeclaration(
    filesOf({ 'bridle.yaml': text, 'a.yaml': 'aws: {}\nteams: { web: {} }\n' }),
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
      'not-built-yet bridle.yaml:2:34 aws',
      'not-built-yet bridle.yaml:3:11 tokens',
      'not-built-yet bridle.yaml:3:27 roles',
      'not-built-yet bridle.yaml:4:11 roles',
      'not-built-yet bridle.yaml:6:3 tokens',
      'not-built-yet bridle.yaml:7:1 aws',
      'not-built-yet a.yaml:1:1 aws',
    ])
  })

  test('says what it would promise', () => {
    const aws = findings.find(({ where: [at] }) => at!.line === 7)!
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
