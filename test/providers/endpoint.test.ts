import { describe, expect, test } from 'vitest'
import { Refusal } from '../../src/model/refusal.js'
import { connect } from '../../src/providers/buildkite/connect.js'
import { endpoint, restBase } from '../../src/providers/buildkite/endpoint.js'
import { means } from './world.js'

describe('the token may go', () => {
  test.each<[string, string | undefined]>([
    ['https://graphql.buildkite.com/v1', undefined],
    ['https://API.buildkite.com', undefined],
    ['https://api.buildkite.com:8443/', undefined],
    ['http://127.0.0.1:4000/v1', undefined],
    ['http://127.1.2.3', undefined],
    ['http://127.1', undefined],
    ['http://localhost:80', undefined],
    ['https://localhost', undefined],
    ['http://[::1]:4000', undefined],
    ['https://buildkite.proxy.example/v1', 'buildkite.proxy.example'],
    ['https://buildkite.proxy.example:8443/v1', 'Buildkite.proxy.example'],
    ['https://buildkite.proxy.example:8443/v1', 'buildkite.proxy.example:8443'],
    ['http://sandbox:4000/v1', 'http://sandbox:4000/'],
  ])('to %s (trusting %s)', (text, trusted) => {
    expect(endpoint('graphql', text, trusted).href).toBe(new URL(text).href)
  })
})

describe('the token may not go', () => {
  test.each<[string, string | undefined]>([
    ['http://graphql.buildkite.com/v1', undefined],
    ['https://graphql.buildkite.com.evil.example/v1', undefined],
    ['https://buildkite.com/v1', undefined],
    ['https://evil.example', undefined],
    ['https://evil.example', 'other.example'],
    ['https://evil.example', ''],
    ['https://sub.other.example', 'other.example'],
    ['https://other.example:444', 'other.example:443'],
    ['http://other.example', 'other.example'],
    ['http://other.example', 'https://other.example'],
    ['https://localhost.evil.example', undefined],
    ['http://127.0.0.1.evil.example', undefined],
    ['http://0.0.0.0:4000', undefined],
    ['http://10.0.0.1', undefined],
    ['ftp://graphql.buildkite.com', undefined],
    ['file:///etc/passwd', undefined],
    ['https://me:secret@graphql.buildkite.com', undefined],
    ['https://graphql.buildkite.com@evil.example', undefined],
    ['graphql.buildkite.com', undefined],
    ['', undefined],
  ])('to %s (trusting %s)', (text, trusted) => {
    let refusal: unknown
    try {
      endpoint('rest', text, trusted)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toBeInstanceOf(Refusal)
    expect(refusal).toMatchObject({ reason: 'untrusted-endpoint', call: 'the REST endpoint' })
    expect(String(refusal)).not.toContain('secret')
  })
})

test('a connection checks both before anything is sent', () => {
  const fetch = () => Promise.reject(new Error('sent'))
  expect(() => connect(means({ fetch, graphqlUrl: 'https://evil.example' }))).toThrow(/evil\.example/)
  expect(() => connect(means({ fetch, restUrl: 'https://evil.example' }))).toThrow(/evil\.example/)
})

test.each([
  ['', 'there is no token'],
  ['bkua_abc\n', 'characters'],
  ['bkua_abc def', 'characters'],
  ['bkua_ünïcode', 'characters'],
])('a token like %j is refused, and not shown', (token, what) => {
  let refusal: unknown
  try {
    connect(means({ token }))
  } catch (error) {
    refusal = error
  }
  expect(refusal).toMatchObject({ reason: 'unauthenticated' })
  expect(String(refusal)).toContain(what)
  expect(String(refusal)).not.toContain('bkua_')
})

test.each([
  ['https://api.buildkite.com', 'https://api.buildkite.com/v2'],
  ['https://api.buildkite.com/', 'https://api.buildkite.com/v2'],
  ['https://api.buildkite.com/v2', 'https://api.buildkite.com/v2'],
  ['https://api.buildkite.com/v2/', 'https://api.buildkite.com/v2'],
  ['http://localhost:4000/buildkite', 'http://localhost:4000/buildkite/v2'],
])('REST at %s hangs under %s', (text, base) => {
  expect(restBase(new URL(text))).toBe(base)
})
