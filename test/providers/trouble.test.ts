import { describe, expect, test } from 'vitest'
import type { RefusalReason } from '../../src/model/refusal.js'
import { troubleIn, troubleInErrors, type Trouble } from '../../src/providers/buildkite/trouble.js'
import type { Heard, Silence } from '../../src/providers/exchange.js'

const heard = (status: number, body: string, headers: Record<string, string> = {}): Heard => ({
  status,
  body,
  headers: new Headers({ 'x-request-id': 'req-1', ...headers }),
})
const message = (text: string) => JSON.stringify({ message: text })
const errors = (...texts: string[]) => JSON.stringify({ errors: texts.map((text) => ({ message: text })) })

type Row = [string, number, string, RefusalReason, Trouble['again'], Trouble['done'], RegExp]

describe('by status', () => {
  test.each<Row>([
    [
      '401 of GraphQL',
      401,
      errors('Authentication required. Please supply a valid API Access Token'),
      'unauthenticated',
      'never',
      'no',
      /Authentication required/,
    ],
    ['401 of REST', 401, message('Authentication required.'), 'unauthenticated', 'never', 'no', /token/],
    [
      '403 without the scope',
      403,
      message("Your access token doesn't have the read_builds scope"),
      'missing-scope',
      'never',
      'no',
      /lacks the scope read_builds/,
    ],
    [
      '403 without GraphQL',
      403,
      errors('Your access token doesn’t have the graphql scope'),
      'missing-scope',
      'never',
      'no',
      /scope graphql/,
    ],
    ['403', 403, message('Forbidden'), 'forbidden', 'never', 'no', /"Forbidden"/],
    ['403 of a firewall', 403, '<html>blocked</html>', 'forbidden', 'never', 'no', /may not/],
    ['404', 404, message('No pipeline found'), 'not-found', 'never', 'no', /No pipeline found/],
    [
      '404 of the organization',
      404,
      message('No organization found'),
      'not-found',
      'never',
      'no',
      /not enabled for it/,
    ],
    ['422', 422, message('Validation failed: too long'), 'invalid', 'never', 'no', /too long/],
    [
      '422 by field',
      422,
      JSON.stringify({
        message: 'Validation Failed',
        errors: [{ field: 'teams', code: 'Please ensure at least one team', value: ['s3cret'] }],
      }),
      'invalid',
      'never',
      'no',
      /Validation Failed; teams: Please ensure at least one team/,
    ],
    ['409', 409, message('in use'), 'invalid', 'never', 'no', /in use/],
    ['400', 400, '', 'invalid', 'never', 'no', /refused/],
    ['408', 408, '', 'unavailable', 'soon', 'perhaps', /408/],
    [
      '429',
      429,
      message('You have exceeded your API rate limit.'),
      'rate-limited',
      'reset',
      'no',
      /rate limit/,
    ],
    ['500', 500, '<html>', 'unavailable', 'soon', 'perhaps', /500/],
    ['502', 502, '', 'unavailable', 'soon', 'perhaps', /502/],
    [
      '503 with words',
      503,
      message('Hosted agents are down'),
      'unavailable',
      'soon',
      'perhaps',
      /Hosted agents are down/,
    ],
    ['504', 504, '<html>', 'unavailable', 'soon', 'perhaps', /504/],
    ['302', 302, '', 'untrusted-endpoint', 'never', 'no', /another address/],
    ['304', 304, '', 'unreadable', 'never', 'perhaps', /304/],
  ])('%s', (_, status, body, reason, again, done, what) => {
    const trouble = troubleIn(heard(status, body))
    expect(trouble).toMatchObject({ reason, again, done, status, requestId: 'req-1' })
    expect(trouble?.what).toMatch(what)
    expect(trouble?.what).not.toContain('s3cret')
    expect(trouble?.what).not.toContain('<html>')
  })

  test('the scope is kept apart', () => {
    expect(
      troubleIn(heard(403, message("Your access token doesn't have the write_clusters scope")))?.scope,
    ).toBe('write_clusters')
  })

  test('a redirect names the host and nothing more', () => {
    const what = troubleIn(heard(302, '', { location: 'https://evil.example/login?next=bkua_abc' }))?.what
    expect(what).toContain('evil.example,')
    expect(what).not.toContain('login')
  })

  test.each([200, 201, 204])('%i is no trouble', (status) => {
    expect(troubleIn(heard(status, ''))).toBeUndefined()
  })

  test('strange words become one line of bearable length', () => {
    const what = troubleIn(heard(422, message(`a\r\n\u001b[31mb\u0000c${'x'.repeat(5_000)}`)))?.what ?? ''
    expect(what).toContain('"a [31mb cxxx')
    expect(what.length).toBeLessThan(400)
  })
})

describe('by silence', () => {
  test.each<[Silence['silence'], RefusalReason, Trouble['again'], Trouble['done']]>([
    ['unsent', 'unreachable', 'soon', 'no'],
    ['distrusted', 'unreachable', 'never', 'no'],
    ['late', 'unreachable', 'late', 'perhaps'],
    ['lost', 'unreachable', 'soon', 'perhaps'],
    ['stopped', 'interrupted', 'never', 'no'],
  ])('%s', (silence, reason, again, done) => {
    expect(troubleIn({ silence, code: 'ECODE' })).toMatchObject({ reason, again, done })
    const what = troubleIn({ silence, code: 'ECODE', host: 'api.buildkite.com' })?.what
    if (silence === 'stopped') expect(what).not.toContain('(')
    else expect(what).toContain('(api.buildkite.com, ECODE)')
  })

  test('an answer that broke off can’t be read', () => {
    expect(troubleIn({ silence: 'lost', status: 200, requestId: 'r' })).toMatchObject({
      reason: 'unreadable',
      again: 'soon',
      done: 'perhaps',
      status: 200,
      requestId: 'r',
    })
  })
})

describe('by the errors of a success', () => {
  test.each<[string, RefusalReason, Trouble['again'], RegExp]>([
    [
      'Query has complexity of 251503, which exceeds max complexity of 50000',
      'invalid',
      'never',
      /asks for 251503 points at once and this organization allows 50000/,
    ],
    ['Cluster creation is currently busy, please try again.', 'unavailable', 'soon', /busy/],
    ["Your access token doesn't have the graphql scope", 'missing-scope', 'never', /graphql/],
    [
      "Field 'skipBuildsForClosedPullRequests' doesn't exist on type 'Settings'",
      'invalid',
      'never',
      /no field Settings\.skipBuildsForClosedPullRequests/,
    ],
    [
      'Cannot query field "emoji" on type "Cluster". Did you mean "color"?',
      'invalid',
      'never',
      /no field Cluster\.emoji/,
    ],
    ['No Pipeline found', 'not-found', 'never', /No Pipeline found/],
    ['No cluster found', 'not-found', 'never', /No cluster found/],
    ['This resource no longer exists', 'not-found', 'never', /no longer exists/],
    ["You're not allowed to do that", 'forbidden', 'never', /not allowed/],
    ['This pipeline has already been added to this team', 'invalid', 'never', /already been added/],
    ['Rule type is unknown', 'invalid', 'never', /Rule type/],
    ['Something nobody has seen', 'invalid', 'never', /Something nobody/],
  ])('%s', (text, reason, again, what) => {
    const trouble = troubleInErrors(heard(200, ''), [{ message: text }], null)
    expect(trouble).toMatchObject({ reason, again, done: 'no', status: 200, requestId: 'req-1' })
    expect(trouble.what).toMatch(what)
  })

  test.each([[[{}]], [['text']], [{}], ['text'], [[{ message: 7 }]]])(
    'errors like %j are errors',
    (strange) => {
      expect(troubleInErrors(heard(200, ''), strange, null)).toMatchObject({ reason: 'invalid' })
    },
  )

  test('data beside them says that something was done', () => {
    const some = [{ message: 'x' }]
    expect(troubleInErrors(heard(200, ''), some, { teamCreate: { team: null } }).done).toBe('perhaps')
    expect(troubleInErrors(heard(200, ''), some, { teamCreate: null }).done).toBe('no')
    expect(troubleInErrors(heard(200, ''), some, undefined).done).toBe('no')
  })
})
