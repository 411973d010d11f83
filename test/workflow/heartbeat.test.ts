import { describe, expect, test } from 'vitest'
import { readDeclaration } from '../../src/config/declaration.js'
import type { ParameterDetail } from '../../src/model/aws.js'
import { examineHeartbeat, heartbeatFindings, writeBeat } from '../../src/workflow/heartbeat.js'
import type { Asking } from '../../src/workflow/world.js'
import { filesOf } from '../support/files.js'

const now = Date.UTC(2026, 10, 10, 3)

const files = (drift: string, more = '') => `organization: acme
aws: { accounts: { management: { id: "111111111111", region: eu-west-1 } } ${more} }
drift: ${drift}
`
const inParameter = files('{ heartbeat: "ssm:management/bridle/heartbeat", max_age: 26h }')

const declared = (text: string) => readDeclaration(filesOf({ 'bridle.yaml': text }), 'bridle.yaml')
const wanted = (text: string) => declared(text).wanted!

/** An account with one parameter in it, or none. */
const holding = (value: string | undefined): Asking => {
  const there = value === undefined ? [] : [{ name: '/bridle/heartbeat', value } as ParameterDetail]
  return { reader: () => ({ aws: { parameters: async () => there } }) } as unknown as Asking
}

const beat = (at: string, more: object = {}) =>
  JSON.stringify({ format: 'bridle.heartbeat/1', organization: 'acme', at, exit: 0, ...more })

describe('the last heartbeat', () => {
  test.each([
    ['in time', beat('2026-11-09T03:00:00.000Z'), 'works', undefined],
    ['just in time', beat('2026-11-09T01:00:00.000Z'), 'works', undefined],
    ['a clock that is a little ahead', beat('2026-11-10T03:04:00.000Z'), 'works', undefined],
    [
      'late',
      beat('2026-11-09T00:59:00.000Z'),
      'missing',
      /26 hours ago, at 2026-11-09 00:59 UTC, and 26 hours is the most/,
    ],
    ['late by far', beat('2026-10-01T03:00:00.000Z'), 'missing', /40 days ago/],
    ['still to come', beat('2099-01-01T00:00:00.000Z'), 'missing', /still to come/],
    [
      'of another organization',
      beat('2026-11-09T03:00:00.000Z', { organization: 'umbrella' }),
      'missing',
      /about organization "umbrella"/,
    ],
    [
      'of another version',
      beat('2026-11-09T03:00:00.000Z', { format: 'bridle.heartbeat/2' }),
      'missing',
      /holds something else/,
    ],
    ['no JSON', 'hello', 'missing', /holds something else/],
    ['a SecureString', '', 'missing', /holds something else/],
    ['none', undefined, 'warning', /has written a heartbeat yet/],
  ] as const)('%s', async (_, value, state, says) => {
    const [check] = await examineHeartbeat(holding(value), wanted(inParameter), now)
    expect(check!.state).toBe(state)
    const found = await heartbeatFindings(holding(value), wanted(inParameter), now)
    if (says === undefined) expect(found).toEqual([])
    else {
      expect(found.map(({ what }) => what)).toEqual([expect.stringMatching(says)])
      expect(check!.what).toMatch(says)
      expect(found[0]!.severity).toBe(state === 'missing' ? 'error' : 'warning')
    }
  })

  test('nobody is asked where no file says, or where there is nobody who could be', async () => {
    const nobody = { reader: () => ({}) } as unknown as Asking
    expect(await heartbeatFindings(nobody, wanted('organization: acme'), now)).toEqual([])
    expect(
      await heartbeatFindings(nobody, wanted(files('{ heartbeat: "https://alarm.acme.test/x" }')), now),
    ).toEqual([])
  })
})

describe('the next heartbeat', () => {
  test.each([
    [0, true],
    [10, true],
    [11, true],
    [1, false],
    [3, false],
    [4, false],
    [5, false],
    [130, false],
  ])('after an end with %i: %s', async (exit, isWritten) => {
    const written: string[][] = []
    const conversation = {
      ...holding(undefined),
      beat: async (...words: string[]) => void written.push(words),
    }
    const beats = { exitOf: () => exit }
    expect(
      await writeBeat(conversation, wanted(inParameter), exit, '2026-11-10T03:00:00.000Z', beats),
    ).toEqual([])
    expect(written).toEqual(
      isWritten ? [['management', '/bridle/heartbeat', beat('2026-11-10T03:00:00.000Z', { exit })]] : [],
    )
  })

  test('an address is posted to, and what it is called by is told without its path', async () => {
    const posted: string[][] = []
    const about = wanted(files('{ heartbeat: "https://alarm.acme.test/ping/secret" }'))
    const post = async (...words: string[]) => {
      posted.push(words)
      return 'it answered with status 500'
    }
    const found = await writeBeat(holding(undefined), about, 0, '2026-11-10T03:00:00.000Z', {
      exitOf: () => 0,
      post,
    })
    expect(posted).toEqual([['https://alarm.acme.test/ping/secret', beat('2026-11-10T03:00:00.000Z')]])
    expect(found.map(({ severity, what }) => `${severity}: ${what}`)).toEqual([
      'warning: the heartbeat was not taken by alarm.acme.test: it answered with status 500',
    ])
  })
})

describe('where it may be', () => {
  test.each([
    ['{ heartbeat: "ssm:prod/bridle/heartbeat" }', ['unknown-account']],
    ['{ heartbeat: "http://alarm.acme.test/" }', ['wrong-value']],
    ['{ heartbeat: "https://user:word@alarm.acme.test/" }', ['wrong-value', 'secret-in-file']],
    ['{ heartbeat: "ssm:management" }', ['wrong-value']],
    ['{ heartbeat: "ssm:management/x", max_age: soon }', ['wrong-value']],
    ['{ heartbeat: "ssm:management/x", every: 1h }', ['unknown-key']],
    ['{ heartbeat: "ssm:management/bridle/heartbeat" }', []],
  ])('%s', (drift, codes) => expect(declared(files(drift)).findings.map(({ code }) => code)).toEqual(codes))

  test('not where another value is declared', () => {
    const text = files(
      '{ heartbeat: "ssm:management/buildkite/x" }',
      ', parameters: { management/buildkite/x: { value: y } }',
    )
    expect(declared(text).findings.map(({ code }) => code)).toEqual(['declared-twice'])
  })
})
