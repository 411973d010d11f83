import { describe, expect, test } from 'vitest'
import { parseState } from '../../src/sandbox/saved.js'
import { acme, ask, call, open, stopped } from './acme.js'

const organization = '{ organization(slug: "acme") { name } }'
const clusters = 'GET /v2/organizations/acme/clusters'
const unauthenticated = (api: string) =>
  `Authentication required. Please supply a valid API Access Token: https://buildkite.com/docs/apis/${api}-api#authentication`

describe('who is asking', () => {
  test.each([
    ['no token', null],
    ['an unknown token', 'eve'],
  ])('with %s is not let in', async (_, token) => {
    const graphql = await ask(open(), organization, { token })
    expect([graphql.status, graphql.body]).toEqual([
      401,
      { errors: [{ message: unauthenticated('graphql') }] },
    ])
    const rest = await call(open(), clusters, { token })
    expect([rest.status, rest.body]).toEqual([401, { message: unauthenticated('rest') }])
  })

  test('is let in until the token expires', async () => {
    const clock = stopped()
    const expiresAt = new Date(clock.now() + 60_000).toISOString()
    const buildkite = open({ state: acme({ expiresAt }), clock })
    expect((await ask(buildkite, organization)).status).toBe(200)
    await clock.sleep(60_000)
    expect((await ask(buildkite, organization)).status).toBe(401)
  })

  test('needs the graphql scope for GraphQL', async () => {
    const buildkite = open({ state: acme({ scopes: ['read_clusters'] }) })
    const { status, body } = await ask(buildkite, organization)
    expect(status).toBe(403)
    expect(body).toEqual({ errors: [{ message: "Your access token doesn't have the graphql scope" }] })
  })

  test('needs the scope of a REST endpoint, in either spelling', async () => {
    const without = open({ state: acme({ scopes: ['graphql'] }) })
    const { status, body } = await call(without, clusters)
    expect([status, body]).toEqual([
      403,
      { message: "Your access token doesn't have the read_clusters scope" },
    ])
    const limits = 'GET /v2/organizations/acme/rate_limit'
    expect((await call(open({ state: acme({ scopes: ['read_accounts'] }) }), limits)).status).toBe(200)
    expect((await call(open({ state: acme({ scopes: ['read_organizations'] }) }), limits)).status).toBe(200)
  })

  test('sees nothing of an organization that the token is not for', async () => {
    const { body } = await ask(open(), '{ organization(slug: "other") { name } }')
    expect(body).toEqual({ data: { organization: null } })
    const { status, body: refused } = await call(open(), 'GET /v2/organizations/other/rate_limit')
    expect([status, refused]).toEqual([404, { message: 'No organization found' }])
  })
})

describe('GraphQL', () => {
  test('answers at any address that ends in graphql, for clients that are given whole addresses', async () => {
    for (const url of [
      'http://127.0.0.1:1/v1',
      'http://127.0.0.1:1/graphql',
      'http://127.0.0.1:1/v1/graphql',
    ]) {
      const response = await open().fetch(url, {
        method: 'POST',
        headers: { authorization: 'Bearer ada' },
        body: JSON.stringify({ query: organization }),
      })
      expect(await response.json()).toEqual({ data: { organization: { name: 'acme' } } })
    }
  })

  test('takes a Request too', async () => {
    const request = new Request('https://graphql.buildkite.com/v1', {
      method: 'POST',
      headers: { authorization: 'bearer ada' },
      body: JSON.stringify({ query: organization }),
    })
    expect((await open().fetch(request)).status).toBe(200)
  })

  test('names each request, the same in every run', async () => {
    const ids = async () => {
      const buildkite = open()
      return [await ask(buildkite, organization), await ask(buildkite, organization)].map(({ headers }) =>
        headers.get('X-Request-Id'),
      )
    }
    const [first, second] = await ids()
    expect(first).toMatch(/^[0-9a-f]{8}-/)
    expect(second).not.toBe(first)
    expect(await ids()).toEqual([first, second])
  })

  test('refuses a body that is no JSON object', async () => {
    const response = await open().fetch('https://graphql.buildkite.com/v1', {
      method: 'POST',
      headers: { authorization: 'Bearer ada' },
      body: '{"query":',
    })
    expect([response.status, await response.json()]).toEqual([
      400,
      { errors: [{ message: 'The request body is not a JSON object' }] },
    ])
  })

  test.each([
    ['nothing', '', 'No query string was present'],
    ['no GraphQL', '{ organization(', 'Syntax Error: Expected Name, found <EOF>.'],
    [
      'a field that is not there',
      '{ viewer { shoeSize } }',
      "Field 'shoeSize' doesn't exist on type 'Viewer'",
    ],
    [
      'one operation of two',
      'query A { viewer { id } } query B { viewer { id } }',
      'Must provide operation name',
    ],
  ])('answers %s with status 200, errors and no data', async (_, query, message) => {
    const { status, body } = await ask(open(), query)
    expect(status).toBe(200)
    expect(body.errors[0].message).toContain(message)
    expect(body).not.toHaveProperty('data')
  })

  test('says when a variable does not fit', async () => {
    const { status, body } = await ask(open(), 'query ($s: ID!) { organization(slug: $s) { id } }')
    expect(status).toBe(200)
    expect(body.errors[0].message).toContain('$s')
  })

  test('refuses what could cost too much before doing any of it', async () => {
    const query = `{ organization(slug: "acme") {
      pipelines(first: 500) { edges { node { teams(first: 500) { edges { node { id } } } } } }
    } }`
    const { status, body, headers } = await ask(open(), query)
    expect(status).toBe(200)
    expect(body).toEqual({
      errors: [{ message: 'Query has complexity of 251503, which exceeds max complexity of 50000' }],
    })
    expect(headers.get('RateLimit-Complexity-Requested')).toBe('251503')
    expect(headers.get('RateLimit-Complexity-Actual')).toBe('0')
  })

  test('takes fifteen levels and no more', async () => {
    const again = (inside: string) => `organization { teams(first: 1) { edges { node { ${inside} } } } }`
    const query = (inside: string) =>
      `{ organization(slug: "acme") { teams(first: 1) { edges { node { ${again(again(inside))} } } } } }`
    expect((await ask(open(), query('organization { teams { count } }'))).body.errors).toBeUndefined()
    const { status, body } = await ask(open(), query('organization { teams { pageInfo { hasNextPage } } }'))
    expect(status).toBe(200)
    expect(body).toEqual({ errors: [{ message: 'Query has depth of 16, which exceeds max depth of 15' }] })
  })

  test('adds its price to the body for those who ask', async () => {
    const query = '{ organization(slug: "acme") { teams(first: 100) { count edges { node { id } } } } }'
    const { body, headers } = await ask(open(), query, {
      headers: { 'Buildkite-Include-Query-Stats': 'true' },
    })
    expect(body.stats).toEqual({ requestedComplexity: 103, actualComplexity: 8 })
    expect(headers.get('RateLimit-Complexity-Requested')).toBe('103')
    expect(headers.get('RateLimit-Complexity-Actual')).toBe('8')
    expect((await ask(open(), query)).body).not.toHaveProperty('stats')
  })

  test('can be asked about its schema', async () => {
    const { body } = await ask(open(), '{ __type(name: "Cluster") { fields { name } } }')
    expect(body.data.__type.fields).toContainEqual({ name: 'defaultQueue' })
  })

  test('refuses pages over the cap, or clamps them', async () => {
    const query = '{ organization(slug: "acme") { teams(first: 501) { edges { node { id } } } } }'
    const { status, body } = await ask(open(), query)
    expect(status).toBe(200)
    expect(body.errors[0]).toMatchObject({ path: ['organization', 'teams'] })
    const clamped = await ask(open({ switches: { oversizePage: 'clamp' } }), query)
    expect(clamped.body.data.organization.teams.edges).toHaveLength(5)
    expect(clamped.headers.get('RateLimit-Complexity-Requested')).toBe('503')
  })
})

describe('REST', () => {
  test('does not know every path, nor every method', async () => {
    for (const request of [
      'GET /v2/nowhere',
      'DELETE /v2/organizations',
      'GET /v3',
      'GET /v1',
      'GET /v2/%zz',
    ]) {
      const { status, body } = await call(open(), request)
      expect([request, status, body]).toEqual([request, 404, { message: 'Not Found' }])
    }
  })

  test('knows its own paths, whatever they end in', async () => {
    const { status, body } = await call(open(), 'GET /v2/organizations/acme/pipelines/graphql')
    expect([status, body]).toEqual([404, { message: 'No pipeline found' }])
  })

  test('does not mind slashes that a client puts between its base and a path', async () => {
    expect((await call(open(), 'GET //v2/organizations/acme/rate_limit')).status).toBe(200)
  })

  test('refuses a body that is no JSON object', async () => {
    for (const body of ['{"name":', '[1]', 'null']) {
      const { status, body: refused } = await call(open(), 'POST /v2/organizations/acme/clusters', { body })
      expect([status, refused]).toEqual([400, { message: 'The request body is not a JSON object' }])
    }
  })

  test('creates with 201, and deletes with 204 and nothing else', async () => {
    const buildkite = open()
    const made = await call(buildkite, 'POST /v2/organizations/acme/clusters', { body: { name: 'ios' } })
    expect(made.status).toBe(201)
    const gone = await call(buildkite, `DELETE /v2/organizations/acme/clusters/${made.body.id}`)
    expect([gone.status, gone.body, gone.headers.get('content-type')]).toEqual([204, '', null])
  })
})

describe('a sandbox', () => {
  const create =
    'mutation M($o: ID!) { clusterCreate(input: { organizationId: $o, name: "ios" }) { cluster { name } } }'
  const names = '{ organization(slug: "acme") { id clusters { edges { node { name } } } } }'
  const createIn = async (buildkite: ReturnType<typeof open>) => {
    const { body } = await ask(buildkite, names)
    return await ask(buildkite, create, { variables: { o: body.data.organization.id } })
  }

  test('logs what was asked, and not a word of what was said', async () => {
    const buildkite = open()
    await createIn(buildkite)
    await call(buildkite, `${clusters}?per_page=1`)
    expect(buildkite.calls).toEqual([
      {
        n: 1,
        kind: 'query',
        name: '',
        fields: ['organization'],
        status: 200,
        requestedPoints: 503,
        points: 4,
      },
      {
        n: 2,
        kind: 'mutation',
        name: 'M',
        fields: ['clusterCreate'],
        status: 200,
        requestedPoints: 2,
        points: 2,
      },
      { n: 3, kind: 'rest', name: clusters, fields: [], status: 200, requestedPoints: 0, points: 0 },
    ])
    expect(JSON.stringify(buildkite.calls)).not.toMatch(/ios|Bearer|ada/)
  })

  test('leaves the state that it was given as it was, and forks into two that go their own ways', async () => {
    const state = acme()
    const one = open({ state })
    const two = one.fork()
    await createIn(two)
    const seen = async (buildkite: ReturnType<typeof open>) =>
      (await ask(buildkite, names)).body.data.organization.clusters.edges.length
    expect(await Promise.all([seen(one), seen(two), seen(two.fork()), seen(open({ state }))])).toEqual([
      1, 2, 2, 1,
    ])
  })

  test('is saved as text that another one begins from', async () => {
    const buildkite = open()
    await createIn(buildkite)
    const text = buildkite.saved()
    const parsed = parseState(text)
    if (!('state' in parsed)) throw new Error(parsed.problems.join())
    const again = open({ state: parsed.state })
    expect(again.saved()).toBe(text)
    expect((await ask(again, names)).body).toEqual((await ask(buildkite, names)).body)
  })

  test('can be changed by hand', async () => {
    const buildkite = open()
    const before = buildkite.state
    expect(buildkite.edit('create', 'team:Night Watch')).toBe('team:Night Watch: created')
    const found = await ask(buildkite, '{ team(slug: "acme/night-watch") { name } }')
    expect(found.body.data.team).toEqual({ name: 'Night Watch' })
    expect(
      (await ask(open({ state: before }), '{ team(slug: "acme/night-watch") { name } }')).body.data.team,
    ).toBeNull()
    expect(() => buildkite.edit('delete', 'team:day-watch')).toThrow()
    expect(buildkite.calls).toHaveLength(1)
  })

  test('lets a test stop a client after so many calls', async () => {
    const buildkite = open({
      before: ({ n }) => {
        if (n > 1) throw new Error('enough')
      },
    })
    await expect(createIn(buildkite)).rejects.toThrow('enough')
    expect(buildkite.calls.map(({ n }) => n)).toEqual([1])
  })

  test('tells a test when a call is over', async () => {
    const seen: (number | null)[] = []
    await createIn(open({ after: ({ status }) => void seen.push(status) }))
    expect(seen).toEqual([200, 200])
  })

  test('heeds an abort', async () => {
    const reason = new Error('enough')
    const buildkite = open()
    await expect(buildkite.fetch('http://sandbox/v1', { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    )
    expect(buildkite.calls).toEqual([])
  })
})
