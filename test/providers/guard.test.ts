import { describe, expect, test } from 'vitest'
import type { List, Reader } from '../../graphql/operation.js'
import * as api from '../../graphql/api.js'
import { connect } from '../../src/providers/buildkite/connect.js'
import { connectToWrite } from '../../src/providers/buildkite/connect-to-write.js'
import { readingOnly } from '../../src/providers/buildkite/guard.js'
import type { Spoken } from '../../src/providers/exchange.js'
import { all, graphqlUrl, json, means, mutation, shipped } from './world.js'

const said: Spoken[] = []
const guarded = readingOnly((spoken) => {
  said.push(spoken)
  return Promise.resolve({ silence: 'lost' })
}, graphqlUrl)
const post = (query: unknown, more: Partial<Spoken> = {}): Spoken => ({
  method: 'POST',
  url: graphqlUrl,
  headers: {},
  body: JSON.stringify({ query }),
  ...more,
})

describe('the wire of a reader', () => {
  test.each<[string, Spoken]>([
    ['a query', post('query A { viewer { id } }')],
    ['a query in short', post('{ viewer { id } }')],
    ['a query with fragments', post('query A { viewer { ...V } } fragment V on Viewer { id }')],
    ['a GET', { method: 'GET', url: 'https://api.buildkite.com/v2/access-token', headers: {} }],
  ])('carries %s', async (_, spoken) => {
    said.length = 0
    await guarded(spoken)
    expect(said).toEqual([spoken])
  })

  test.each<[string, Spoken]>([
    ['a mutation', post('mutation A { a { b } }')],
    ['a mutation beside a query', post('query A { viewer { id } } mutation B { a { b } }')],
    ['a mutation in another case of spelling', post('\uFEFF  # query\n mutation{a{b}}')],
    ['a subscription', post('subscription A { a { b } }')],
    ['fragments alone', post('fragment V on Viewer { id }')],
    ['no document', post(undefined)],
    ['what is no document', post('mutation {')],
    ['several at once', { ...post(''), body: JSON.stringify([{ query: 'mutation A { a { b } }' }]) }],
    ['a body that is no JSON', { ...post(''), body: 'mutation A { a { b } }' }],
    [
      'a POST to REST',
      post('{ viewer { id } }', { url: 'https://api.buildkite.com/v2/organizations/acme/pipelines' }),
    ],
    ['a query elsewhere on the host', post('{ viewer { id } }', { url: `${graphqlUrl}/stored` })],
    ['a GET with a body', { method: 'GET', url: 'https://api.buildkite.com/v2', headers: {}, body: '{}' }],
    ...['PUT', 'PATCH', 'DELETE', 'POST', 'get', 'HEAD', 'QUERY'].map((method): [string, Spoken] => [
      method,
      { method, url: 'https://api.buildkite.com/v2/access-token', headers: {} },
    ]),
  ])('does not carry %s', (_, spoken) => {
    said.length = 0
    expect(() => void guarded(spoken)).toThrow()
    expect(said).toEqual([])
  })

  test('carries every question of ours, and no mutation of ours', () => {
    expect(shipped.length).toBeGreaterThan(20)
    for (const { shape, document } of shipped) {
      const say = () => void guarded(post(document.toString()))
      if (shape === 'mutation') expect(say).toThrow()
      else expect(say).not.toThrow()
    }
  })
})

describe('a reader', () => {
  const sent: unknown[] = []
  const fetch = (url: string, init: RequestInit) => {
    sent.push([url, init])
    return Promise.resolve(json({ data: {} }))
  }
  const disguised = {
    ...mutation(
      'Pause',
      'mutation Pause($input: Input!) { pause(input: $input) { made: queue { id } } }',
      true,
    ),
    shape: 'list',
  } as unknown as List<unknown, object>

  test.each([
    ['of a connection that asks', () => connect(means({ fetch })).reader()],
    ['of a connection that writes', () => connectToWrite(means({ fetch })).reader()],
  ])('%s sends no mutation, whatever it is told it is', async (_, readerOf) => {
    sent.length = 0
    const reader: Reader = readerOf()
    await expect(reader.ask(disguised as never, {})).rejects.toThrow(/bug|something other than a question/)
    await expect(all(reader.pages(disguised, {}))).rejects.toThrow(/something other than a question/)
    await expect(all(reader.more({ count: 2, edges: [] }, disguised, {}))).rejects.toThrow(
      /something other than a question/,
    )
    expect(sent).toEqual([])
  })

  test('has no words to change anything with', () => {
    const connection = connect(means({ fetch }))
    const reader = connection.reader()
    expect(Object.keys(reader).sort()).toEqual(['ask', 'more', 'organization', 'pages', 'rest', 'restPages'])
    expect(Object.keys(connection)).not.toContain('writer')
    const never = () => {
      // @ts-expect-error a mutation is no question
      void reader.ask(api.ClusterCreate, { input: { name: 'x', organizationId: 'x' } })
      // @ts-expect-error nor a list
      void reader.pages(api.QueuePause, { input: { id: 'x' } })
      // @ts-expect-error and there is no writer here
      expect(connection.writer).toBeUndefined()
    }
    expect(never).toBeInstanceOf(Function)
  })
})
