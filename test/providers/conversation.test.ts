import nock from 'nock'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ReadyCall } from '../../src/model/call.js'
import { connectToWrite } from '../../src/providers/buildkite/connect-to-write.js'
import type { Means } from '../../src/providers/buildkite/connect.js'
import type { Wait } from '../../src/providers/buildkite/lane.js'
import {
  created,
  jumping,
  made,
  means,
  Name,
  named,
  patched,
  posted,
  refusalOf,
  token,
  updated,
} from './world.js'

const graphql = () => nock('https://graphql.buildkite.com').post('/v1')
const rest = () => nock('https://api.buildkite.com')

let clock = jumping()
let waits: Wait[] = []
const open = (more: Partial<Means> = {}) =>
  connectToWrite(means({ clock, onWait: (wait) => waits.push(wait), ...more }))

beforeEach(() => {
  clock = jumping()
  waits = []
})
afterEach(() => {
  const pending = nock.pendingMocks()
  nock.cleanAll()
  expect(pending).toEqual([])
})

describe('a question', () => {
  test('is sent with the token, the name of the operation and what it declares', async () => {
    nock('https://graphql.buildkite.com', {
      reqheaders: {
        authorization: `Bearer ${token}`,
        'user-agent': 'bridle/test',
        'content-type': 'application/json',
      },
    })
      .post('/v1', (body: Record<string, unknown>) => body['operationName'] === 'Name')
      .reply(200, (_, body) => {
        expect((body as { variables: unknown }).variables).toEqual({ organization: 'acme' })
        return named
      })
    expect(await open().reader().ask(Name, { other: 1 })).toEqual(named.data)
  })

  test('to REST is a GET with the token', async () => {
    nock('https://api.buildkite.com', {
      reqheaders: { authorization: `Bearer ${token}`, accept: 'application/json' },
    })
      .get('/v2/access-token')
      .reply(200, { uuid: 'u', scopes: ['graphql'] })
    expect(await open().reader().rest('/access-token')).toEqual({ uuid: 'u', scopes: ['graphql'] })
  })

  test('tells what it cost', async () => {
    graphql().reply(200, named, { 'RateLimit-Complexity-Actual': '7' })
    graphql().reply(200, { data: { organization: { name: 'Acme', permissions: null } } })
    rest().get('/v2/access-token').reply(200, {})
    const connection = open()
    await connection.reader().ask(Name, {})
    await connection.reader().ask(Name, {})
    await connection.reader().rest('/access-token')
    expect(connection.spent).toEqual({ points: 7 + 3, graphqlRequests: 2, restRequests: 1, waitedSeconds: 0 })
  })
})

describe('the rate limit', () => {
  const organization =
    'Your organization has exceeded the limit of 20000 complexity points. Please try again in 187 seconds.'
  const person =
    'You have exceeded your per-user limit of 5000 complexity points. Please try again in 187 seconds.'
  const left = (user: number, all: number) => ({
    'RateLimit-User-Limit': '5000',
    'RateLimit-User-Remaining': String(user),
    'RateLimit-User-Reset': '40',
    'RateLimit-Limit': '20000',
    'RateLimit-Remaining': String(all),
    'RateLimit-Reset': '90',
  })

  test.each<[string, string, Record<string, string>, number]>([
    ['of the user, by headers', person, left(-14, 12_000), 41],
    ['of the organization, by headers', organization, left(700, 0), 91],
    ['of both', organization, left(0, 0), 91],
    ['of the user, by words', person, {}, 188],
    ['of the organization, by words', organization, {}, 188],
  ])('%s is waited out', async (_, words, headers, seconds) => {
    graphql().reply(429, { errors: [{ message: words }] }, headers)
    graphql().reply(200, named)
    const connection = open()
    expect(await connection.reader().ask(Name, {})).toEqual(named.data)
    expect(clock.slept).toEqual([seconds * 1_000])
    expect(waits).toEqual([{ api: 'graphql', seconds, why: 'limit' }])
    expect(connection.spent).toMatchObject({ graphqlRequests: 2, waitedSeconds: seconds })
  })

  test('of REST is waited out, and holds GraphQL up in nothing', async () => {
    const body = {
      message: 'You have exceeded your API rate limit. Please wait 42 seconds before making more requests.',
      scope: 'rest_user',
      limit: 50,
      current: 55,
      reset: 42,
    }
    rest().get('/v2/access-token').reply(429, body)
    rest().get('/v2/access-token').reply(200, { uuid: 'u' })
    graphql().reply(200, named)
    const reader = open().reader()
    await Promise.all([reader.rest('/access-token'), reader.ask(Name, {})])
    expect(waits).toEqual([{ api: 'rest', seconds: 43, why: 'limit' }])
  })

  test('is waited out for a mutation, too: nothing was carried out', async () => {
    graphql().reply(429, { errors: [{ message: person }] })
    graphql().reply(200, made())
    expect(await open().writer.send(created)).toEqual({ id: 'C', uuid: 'c' })
  })

  test('that never ends is a refusal', async () => {
    graphql()
      .times(9)
      .reply(429, { errors: [{ message: person }] }, { 'x-request-id': 'req-1' })
    const refusal = await refusalOf(open().reader().ask(Name, {}))
    expect(refusal).toMatchObject({
      reason: 'rate-limited',
      call: 'Name',
      status: 429,
      requestId: 'req-1',
      perhapsDone: false,
    })
    expect(clock.slept).toHaveLength(8)
  })

  test('is kept before it is hit: the next request waits for the window', async () => {
    graphql().reply(200, named, left(2, 12_000))
    graphql().reply(200, named, left(4_990, 12_000))
    const connection = open()
    await connection.reader().ask(Name, {})
    expect(clock.slept).toEqual([])
    await connection.reader().ask(Name, {})
    expect(clock.slept).toEqual([41_000])
    expect(connection.limits.graphql.user).toMatchObject({ limit: 5_000, remaining: 4_990 })
  })

  test('a rest below zero waits, too', async () => {
    rest()
      .get('/v2/a')
      .reply(
        200,
        {},
        { 'RateLimit-User-Limit': '50', 'RateLimit-User-Remaining': '-3', 'RateLimit-User-Reset': '12' },
      )
    rest().get('/v2/b').reply(200, {})
    const reader = open().reader()
    await reader.rest('/a')
    await reader.rest('/b')
    expect(clock.slept).toEqual([13_000])
  })

  test('what costs less than is left goes at once', async () => {
    graphql().times(2).reply(200, named, left(3, 12_000))
    const connection = open()
    await connection.reader().ask(Name, {})
    await connection.reader().ask(Name, {})
    expect(clock.slept).toEqual([])
  })
})

describe('a passing fault', () => {
  test('502 twice is forgiven', async () => {
    graphql().times(2).reply(502, '<html>Bad gateway</html>')
    graphql().reply(200, named)
    expect(await open().reader().ask(Name, {})).toEqual(named.data)
    expect(clock.slept).toEqual([225, 450])
    expect(waits.map(({ why }) => why)).toEqual(['fault'])
  })

  test('for ever is a refusal, after a few seconds', async () => {
    rest().get('/v2/access-token').times(5).reply(503, { message: 'down' }, { 'x-request-id': 'req-5' })
    const refusal = await refusalOf(open().reader().rest('/access-token'))
    expect(refusal).toMatchObject({
      reason: 'unavailable',
      call: 'GET /access-token',
      status: 503,
      requestId: 'req-5',
      perhapsDone: false,
    })
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(5_000)
  })

  test.each([0, 0.999])('is never waited for longer than five seconds in all (random %d)', async (drawn) => {
    graphql().times(5).reply(500, '')
    await refusalOf(
      open({ random: () => drawn })
        .reader()
        .ask(Name, {}),
    )
    const all = clock.slept.reduce((sum, ms) => sum + ms, 0)
    expect(all).toBeGreaterThan(2_000)
    expect(all).toBeLessThan(5_000)
  })

  test('is forgiven a mutation that may be repeated', async () => {
    graphql().reply(504, '<html>')
    graphql().reply(200, made())
    expect(await open().writer.send(updated)).toEqual({ id: 'C', uuid: 'c' })
    rest().patch('/v2/organizations/acme/pipelines/web', { slug: 'web' }).reply(500, '')
    rest().patch('/v2/organizations/acme/pipelines/web').reply(200, { id: 'u', graphql_id: 'P', slug: 'web' })
    expect(await open().writer.send(patched)).toEqual({ id: 'P', uuid: 'u', slug: 'web' })
  })

  test('is not forgiven one that may not: it may have been carried out', async () => {
    graphql().reply(502, '', { 'x-request-id': 'req-7' })
    expect(await refusalOf(open().writer.send(created, 'cluster:ios'))).toMatchObject({
      reason: 'unavailable',
      call: 'ClusterCreate',
      address: 'cluster:ios',
      requestId: 'req-7',
      status: 502,
      perhapsDone: true,
    })
    rest().post('/v2/organizations/acme/clusters/u/maintainers').reply(500, '')
    expect(await refusalOf(open().writer.send(posted))).toMatchObject({
      call: 'POST clusters/u/maintainers',
      perhapsDone: true,
    })
    expect(clock.slept).toEqual([])
  })

  test('a repeatable one that never gets through may have been carried out, too', async () => {
    graphql().times(5).reply(500, '')
    expect(await refusalOf(open().writer.send(updated))).toMatchObject({
      reason: 'unavailable',
      perhapsDone: true,
    })
  })

  test('busy is tried again, because nothing was carried out', async () => {
    const busy = {
      data: null,
      errors: [{ message: 'Cluster creation is currently busy, please try again.' }],
    }
    graphql().times(2).reply(200, busy)
    graphql().reply(200, made())
    expect(await open().writer.send(created)).toEqual({ id: 'C', uuid: 'c' })
    graphql().times(5).reply(200, busy)
    expect(await refusalOf(open().writer.send(created))).toMatchObject({
      reason: 'unavailable',
      perhapsDone: false,
    })
  })

  test('what was already added is not tried again', async () => {
    graphql().reply(200, {
      data: { clusterCreate: null },
      errors: [{ message: 'This pipeline has already been added to this team' }],
    })
    expect(await refusalOf(open().writer.send(created))).toMatchObject({
      reason: 'invalid',
      perhapsDone: false,
    })
  })
})

describe('an answer that is none', () => {
  test.each<[string, string, Record<string, string>]>([
    ['a web page', '<!doctype html><title>Log in</title>', { 'content-type': 'text/html' }],
    ['a web page that says it is JSON', '<html>', { 'content-type': 'application/json' }],
    ['JSON that stops', '{"data":{"organization":{"na', { 'content-type': 'application/json' }],
    ['nothing', '', { 'content-type': 'application/json' }],
    ['another shape', '[]', { 'content-type': 'application/json' }],
    ['a text', '"hello"', { 'content-type': 'application/json' }],
    ['no data', '{}', { 'content-type': 'application/json' }],
    ['null data', '{"data":null}', { 'content-type': 'application/json' }],
  ])('%s is unreadable', async (_, body, headers) => {
    graphql().reply(200, body, { 'x-request-id': 'req-3', ...headers })
    const refusal = await refusalOf(open().reader().ask(Name, {}))
    expect(refusal).toMatchObject({
      reason: 'unreadable',
      call: 'Name',
      status: 200,
      requestId: 'req-3',
      perhapsDone: false,
    })
    expect(refusal.message).not.toContain('<')
    graphql().reply(200, body, headers)
    expect(await refusalOf(open().writer.send(created))).toMatchObject({
      reason: 'unreadable',
      perhapsDone: true,
    })
  })

  test.each(['<html>', '{"id":', ''])('of REST, %j is unreadable', async (body) => {
    rest().get('/v2/access-token').reply(200, body, { 'x-request-id': 'req-3' })
    expect(await refusalOf(open().reader().rest('/access-token'))).toMatchObject({
      reason: 'unreadable',
      call: 'GET /access-token',
      requestId: 'req-3',
    })
  })

  test('errors beside data refuse the whole question', async () => {
    graphql().reply(200, { ...named, errors: [{ message: 'No permissions for you' }] })
    expect((await refusalOf(open().reader().ask(Name, {}))).message).toBe(
      'Name: it was refused; Buildkite says "No permissions for you"',
    )
  })

  test('no errors are no errors', async () => {
    graphql().reply(200, { ...named, errors: [] })
    expect(await open().reader().ask(Name, {})).toEqual(named.data)
  })

  test('a deletion is answered by nothing, and that is well', async () => {
    rest().delete('/v2/organizations/acme/clusters/u/maintainers/m').reply(204)
    const call: ReadyCall = {
      via: 'rest',
      method: 'DELETE',
      path: ['clusters', 'u', 'maintainers', 'm'],
      repeatable: false,
      body: {},
    }
    expect(await open().writer.send(call)).toEqual({})
  })
})

describe('a no', () => {
  test('without the scope names it', async () => {
    graphql().reply(
      403,
      { errors: [{ message: "Your access token doesn't have the graphql scope" }] },
      { 'x-request-id': 'req-4' },
    )
    expect(await refusalOf(open().reader().ask(Name, {}))).toMatchObject({
      reason: 'missing-scope',
      scope: 'graphql',
      status: 403,
      requestId: 'req-4',
      call: 'Name',
    })
  })

  test('of an unknown token', async () => {
    rest().get('/v2/access-token').reply(401, { message: 'Authentication required.' })
    expect(await refusalOf(open().reader().rest('/access-token'))).toMatchObject({
      reason: 'unauthenticated',
      status: 401,
    })
  })

  test('of a rule carries the API’s words', async () => {
    rest()
      .patch('/v2/organizations/acme/pipelines/web')
      .reply(422, { message: 'Cannot update an archived pipeline' })
    expect((await refusalOf(open().writer.send(patched, 'pipeline:web'))).message).toBe(
      'PATCH pipelines/web: it was refused; Buildkite says "Cannot update an archived pipeline"',
    )
  })

  test('never shows the token, whatever echoes it', async () => {
    const echo = `Bearer ${token} and bkct_other at https://webhook.buildkite.com/deliver/abc`
    graphql().reply(401, { errors: [{ message: echo }] }, { 'x-request-id': token })
    graphql().reply(200, { data: null, errors: [{ message: echo }] })
    rest()
      .patch('/v2/organizations/acme/pipelines/web')
      .reply(422, { message: 'no', errors: [{ field: token, code: echo }] })
    const refusals = [
      await refusalOf(open().reader().ask(Name, {})),
      await refusalOf(open().writer.send(created)),
      await refusalOf(open().writer.send(patched)),
    ]
    for (const refusal of refusals) {
      const everything = `${refusal.message} ${refusal.stack ?? ''} ${Object.values(refusal).join(' ')} ${String(refusal.cause)}`
      expect(everything).not.toContain(token.slice(5, 20))
      expect(everything).not.toContain('other at')
      expect(everything).not.toContain('deliver/abc')
    }
    expect(refusals[0]?.message).toContain('bkua_…redacted')
  })

  test('never shows a token of another form', async () => {
    const strange = 'eyJhbGciOi.J9.x+y/z=='
    graphql().reply(401, { errors: [{ message: `bad: ${strange}!` }] })
    const refusal = await refusalOf(open({ token: strange }).reader().ask(Name, {}))
    expect(refusal.message).toContain('bad: …redacted!')
  })

  test('never shows the variables', async () => {
    graphql().reply(200, { data: null, errors: [{ message: 'Name is too long' }] })
    const input = { organizationId: 'o', name: 's3cret-name' }
    const call: ReadyCall = { via: 'graphql', operation: 'ClusterCreate', repeatable: false, input }
    const refusal = await refusalOf(open().writer.send(call))
    expect(`${refusal.message}${refusal.stack ?? ''}${String(refusal.cause)}`).not.toContain('s3cret-name')
  })
})
