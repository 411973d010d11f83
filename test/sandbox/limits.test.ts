import { describe, expect, test } from 'vitest'
import { ask, call, open, stopped } from './acme.js'

const one = '{ organization(slug: "acme") { name } }'
const seven = '{ organization(slug: "acme") { teams(first: 4) { edges { node { id } } } } }'
const limits = 'GET /v2/organizations/acme/rate_limit'

const allow = (user: number, organization: number) => ({
  graphql: { user, organization, windowSeconds: 300 },
  rest: { user, organization, windowSeconds: 60 },
})
const headersOf = (headers: Headers) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith('ratelimit')))

describe('the windows of GraphQL', () => {
  test('are counted in points of what came back, on every answer, for organization and user', async () => {
    const buildkite = open()
    await ask(buildkite, seven)
    expect(headersOf((await ask(buildkite, one)).headers)).toEqual({
      'ratelimit-limit': '20000',
      'ratelimit-remaining': '19992',
      'ratelimit-reset': '300',
      'ratelimit-scope': 'graphql',
      'ratelimit-user-limit': '5000',
      'ratelimit-user-remaining': '4992',
      'ratelimit-user-reset': '300',
      'ratelimit-user-scope': 'graphql_user',
      'ratelimit-complexity-requested': '1',
      'ratelimit-complexity-actual': '1',
    })
    const invalid = await ask(buildkite, '{ nonsense }')
    expect(invalid.headers.get('RateLimit-Remaining')).toBe('19992')
  })

  test('may be overdrawn once', async () => {
    const buildkite = open({ limits: allow(10, 1000) })
    await ask(buildkite, seven)
    const last = await ask(buildkite, seven)
    expect([last.status, last.headers.get('RateLimit-User-Remaining')]).toEqual([200, '-4'])
    const refused = await ask(buildkite, one)
    expect([refused.status, refused.body]).toEqual([
      429,
      {
        errors: [
          {
            message:
              'You have exceeded your per-user limit of 10 complexity points. Please try again in 300 seconds.',
          },
        ],
      },
    ])
    expect(refused.headers.get('RateLimit-User-Remaining')).toBe('-4')
  })

  test('belong to each user, and to all of them together', async () => {
    const buildkite = open({ limits: allow(10, 16) })
    await ask(buildkite, seven)
    await ask(buildkite, seven)
    expect((await ask(buildkite, one, { token: 'ada' })).status).toBe(429)
    expect((await ask(buildkite, seven, { token: 'bob' })).status).toBe(200)
    const refused = await ask(buildkite, one, { token: 'bob' })
    expect(refused.body.errors[0].message).toBe(
      'Your organization has exceeded the limit of 16 complexity points. Please try again in 300 seconds.',
    )
  })

  test('are fixed: they turn after so many seconds, all at once', async () => {
    const clock = stopped()
    const buildkite = open({ clock, limits: allow(7, 1000) })
    await ask(buildkite, seven)
    await clock.sleep(299_500)
    const refused = await ask(buildkite, one)
    expect([refused.status, refused.headers.get('RateLimit-User-Reset')]).toEqual([429, '1'])
    await clock.sleep(500)
    const { status, headers } = await ask(buildkite, one)
    expect([status, headers.get('RateLimit-User-Remaining'), headers.get('RateLimit-User-Reset')]).toEqual([
      200,
      '6',
      '300',
    ])
  })

  test('are taken along by a fork', async () => {
    const buildkite = open({ limits: allow(7, 1000) })
    await ask(buildkite, seven)
    const other = buildkite.fork()
    expect((await ask(other, one)).status).toBe(429)
    expect((await ask(buildkite.fork({ limits: 'off' }), one)).status).toBe(200)
  })

  test('can be off, and then nobody speaks of them; one query still cannot ask for everything', async () => {
    const buildkite = open({ limits: 'off' })
    const { headers } = await ask(buildkite, one)
    expect(headersOf(headers)).toEqual({
      'ratelimit-complexity-requested': '1',
      'ratelimit-complexity-actual': '1',
    })
    expect(headersOf((await call(buildkite, limits)).headers)).toEqual({})
    const all =
      '{ organization(slug: "acme") { teams { edges { node { members { edges { node { id } } } } } } } }'
    expect((await ask(buildkite, all)).body.errors[0].message).toContain('exceeds max complexity of 50000')
  })

  test('stand where they are told to, and so does the price of one query', async () => {
    const { body } = await ask(open({ limits: { complexity: 5, depth: 3 } }), seven)
    expect(body.errors[0].message).toBe('Query has depth of 5, which exceeds max depth of 3')
    const { body: dear } = await ask(open({ limits: { complexity: 5 } }), seven)
    expect(dear.errors[0].message).toBe('Query has complexity of 7, which exceeds max complexity of 5')
  })
})

describe('the windows of REST', () => {
  test('are counted in requests', async () => {
    const buildkite = open()
    await ask(buildkite, seven)
    await call(buildkite, limits)
    expect(headersOf((await call(buildkite, 'GET /v2/nowhere')).headers)).toEqual({
      'ratelimit-limit': '200',
      'ratelimit-remaining': '198',
      'ratelimit-reset': '60',
      'ratelimit-scope': 'rest',
      'ratelimit-user-limit': '50',
      'ratelimit-user-remaining': '48',
      'ratelimit-user-reset': '60',
      'ratelimit-user-scope': 'rest_user',
    })
  })

  test('refuse the request after the last one, and count it', async () => {
    const buildkite = open({ limits: allow(1, 10) })
    expect((await call(buildkite, limits)).status).toBe(200)
    const { status, headers, body } = await call(buildkite, limits)
    expect([status, body]).toEqual([
      429,
      {
        message: 'You have exceeded your API rate limit. Please wait 60 seconds before making more requests.',
        scope: 'rest_user',
        limit: 1,
        current: 2,
        reset: 60,
      },
    ])
    expect(headers.get('RateLimit-User-Warning')).toBe('You have exceeded your API rate limit.')
    expect(headers.get('RateLimit-Warning')).toBeNull()
  })

  test('name the organization where it is the one that is spent', async () => {
    const buildkite = open({ limits: allow(5, 1) })
    await call(buildkite, limits)
    expect((await call(buildkite, limits, { token: 'bob' })).body).toMatchObject({ scope: 'rest', limit: 1 })
  })

  test('are told by the rate limit endpoint, for the organization', async () => {
    const buildkite = open()
    await ask(buildkite, seven)
    expect((await call(buildkite, limits)).body).toEqual({
      scopes: {
        rest: { limit: 200, current: 1, reset: 60, reset_at: '2026-11-02T09:01:00.000Z', enforced: true },
        graphql: {
          limit: 20000,
          current: 7,
          reset: 300,
          reset_at: '2026-11-02T09:05:00.000Z',
          enforced: true,
        },
      },
    })
    expect((await call(open({ limits: 'off' }), limits)).body.scopes.rest).toMatchObject({ enforced: false })
  })
})
