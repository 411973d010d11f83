import { describe, expect, test } from 'vitest'
import type { Fault } from '../../src/sandbox/faults.js'
import { idOf } from '../../src/sandbox/ids.js'
import { acme, ask, call, open, stopped } from './acme.js'

const one = 'query Name { organization(slug: "acme") { name } }'
const teams = `query Teams { organization(slug: "acme") {
  page: teams(first: 10) { count pageInfo { hasNextPage } edges { node { name } } }
} }`
const clusters = 'GET /v2/organizations/acme/clusters'

const organizationId = (() => {
  const [organization] = [...acme().tables.organizations.rows.values()]
  return idOf('Organization', organization!.uuid)
})()
const create = {
  query:
    'mutation Make($o: ID!) { made: clusterCreate(input: { organizationId: $o, name: "ios" }) { cluster { name } } }',
  variables: { o: organizationId },
}
const make = (buildkite: ReturnType<typeof open>) => ask(buildkite, create.query, create)
const clustersOf = async (buildkite: ReturnType<typeof open>) =>
  (await ask(buildkite, '{ organization(slug: "acme") { clusters { count } } }')).body.data.organization
    .clusters.count
const withFaults = (...faults: Fault[]) => open({ faults })
const thrown = (promise: Promise<unknown>) => promise.catch((error: unknown) => error)

describe('a fault befalls', () => {
  const statuses = async (fault: object, asks: readonly string[]) => {
    const buildkite = withFaults({ fault: 'answer', status: 502, ...fault })
    const seen: number[] = []
    for (const request of asks) {
      seen.push(
        (await (request.startsWith('GET') ? call(buildkite, request) : askRaw(buildkite, request))).status,
      )
    }
    return seen
  }
  const askRaw = (buildkite: ReturnType<typeof open>, query: string) =>
    buildkite.fetch('http://sandbox/v1', {
      method: 'POST',
      headers: { authorization: 'Bearer ada' },
      body: JSON.stringify({ query, variables: create.variables }),
    })

  test.each([
    ['one request, where nothing is said', {}, [one, one], [502, 200]],
    ['as many as it is told', { times: 2 }, [one, one, one], [502, 502, 200]],
    ['all of them', { times: 'always' }, [one, clusters, one], [502, 502, 502]],
    ['those after the first few', { after: 1 }, [one, one, one], [200, 502, 200]],
    ['an operation by its name', { on: 'Teams' }, [one, teams, teams], [200, 502, 200]],
    ['an operation by what it begins with', { on: 'clusterCreate' }, [one, create.query], [200, 502]],
    ['mutations', { on: 'mutation' }, [one, create.query], [200, 502]],
    ['REST', { on: 'rest' }, [one, clusters], [200, 502]],
    ['a path', { on: 'GET /v2/organizations/*/clusters' }, [`${clusters}/x`, one, clusters], [404, 200, 502]],
  ] as const)('%s', async (_, fault, asks, expected) => {
    expect(await statuses(fault, asks)).toEqual(expected)
  })

  test('what a fork had left', async () => {
    const buildkite = withFaults({ fault: 'answer', status: 502, times: 2 })
    await call(buildkite, clusters)
    const other = buildkite.fork()
    expect([(await call(other, clusters)).status, (await call(other, clusters)).status]).toEqual([502, 200])
    expect((await call(buildkite, clusters)).status).toBe(502)
  })

  test('what is asked after it was added', async () => {
    const buildkite = open()
    expect((await call(buildkite, clusters)).status).toBe(200)
    buildkite.faults.push({ fault: 'answer', status: 503 })
    expect((await call(buildkite, clusters)).status).toBe(503)
  })
})

describe('on the way there', () => {
  test('an answer takes its time', async () => {
    const clock = stopped()
    const before = clock.now()
    await ask(open({ clock, faults: [{ fault: 'slow', ms: 7_000 }] }), one)
    expect(clock.now() - before).toBe(7_000)
  })

  test('the network is dead, and nothing is done', async () => {
    const buildkite = withFaults({ fault: 'network' }, { fault: 'network', code: 'ENOTFOUND', after: 1 })
    const error = await thrown(make(buildkite))
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } })
    expect(await thrown(make(buildkite))).toMatchObject({ cause: { code: 'ENOTFOUND' } })
    expect(await clustersOf(buildkite)).toBe(1)
    expect(buildkite.calls.map(({ status }) => status)).toEqual([null, null, 200])
  })

  test('a gateway answers with its own page', async () => {
    const { status, headers, body } = await call(withFaults({ fault: 'answer', status: 500 }), clusters)
    expect([status, headers.get('content-type')]).toEqual([500, 'text/html'])
    expect(body).toContain('<h1>500</h1>')
  })

  test('somebody answers something else', async () => {
    const { status, headers } = await call(
      withFaults({ fault: 'answer', status: 302, body: '', headers: { Location: 'https://elsewhere.test' } }),
      clusters,
    )
    expect([status, headers.get('location')]).toEqual([302, 'https://elsewhere.test'])
  })
})

describe('Buildkite says no', () => {
  test('to one who has asked enough', async () => {
    const buildkite = withFaults({ fault: 'limited', seconds: 42 })
    const { status, headers, body } = await ask(buildkite, one)
    expect([status, headers.get('RateLimit-User-Remaining'), headers.get('RateLimit-User-Reset')]).toEqual([
      429,
      '0',
      '42',
    ])
    expect(body.errors[0].message).toContain('Please try again in 42 seconds.')
    expect((await ask(buildkite, one)).status).toBe(200)
  })

  test('to a whole organization, and in REST', async () => {
    const buildkite = withFaults({ fault: 'limited', whose: 'organization', times: 2 })
    const { status, body } = await call(buildkite, clusters)
    expect([status, body.scope]).toEqual([429, 'rest'])
    expect((await ask(buildkite, one)).body.errors[0].message).toMatch(/^Your organization has exceeded/)
  })

  test('to a cluster, being busy', async () => {
    const buildkite = withFaults({ fault: 'busy', on: 'clusterCreate' })
    const { status, body } = await make(buildkite)
    expect(status).toBe(200)
    expect(body.data).toEqual({ made: null })
    expect(body.errors[0]).toMatchObject({
      message: 'Cluster creation is currently busy, please try again.',
      path: ['made'],
    })
    expect(await clustersOf(buildkite)).toBe(1)
    expect((await make(buildkite)).body.errors).toBeUndefined()
  })

  test('in words of a test', async () => {
    const buildkite = withFaults({ fault: 'error', message: 'Not today', times: 2 })
    expect((await ask(buildkite, one)).body).toMatchObject({
      data: { organization: null },
      errors: [{ message: 'Not today' }],
    })
    const rest = await call(buildkite, clusters)
    expect([rest.status, rest.body]).toEqual([422, { message: 'Not today' }])
  })

  test('to fields that this organization does not have', async () => {
    const buildkite = withFaults({
      fault: 'missing',
      fields: ['Organization.name', 'ClusterCreateInput.emoji'],
    })
    expect((await ask(buildkite, one)).body).toMatchObject({
      errors: [{ message: "Field 'name' doesn't exist on type 'Organization'" }],
    })
    const { body } = await ask(
      buildkite,
      '{ a: __type(name: "Organization") { fields { name } } b: __type(name: "ClusterCreateInput") { inputFields { name } } }',
    )
    expect(body.data.a.fields).not.toContainEqual({ name: 'name' })
    expect(body.data.a.fields).toContainEqual({ name: 'slug' })
    expect(body.data.b.inputFields).not.toContainEqual({ name: 'emoji' })
    expect(
      (await ask(buildkite, '{ organization(slug: "acme") { slug } }')).body.data.organization.slug,
    ).toBe('acme')
  })
})

describe('an answer is', () => {
  test('lost, though all was done', async () => {
    const buildkite = withFaults({ fault: 'lost', on: 'mutation' })
    expect(await thrown(make(buildkite))).toMatchObject({ message: 'fetch failed' })
    expect(await clustersOf(buildkite)).toBe(2)
    expect(buildkite.calls[0]).toMatchObject({ kind: 'mutation', status: null })
  })

  test('given up on by a gateway, though all was done', async () => {
    const buildkite = withFaults({ fault: 'lost', status: 504, on: 'rest' })
    const { status, body } = await call(buildkite, 'POST /v2/organizations/acme/clusters', {
      body: { name: 'ios' },
    })
    expect([status, body]).toEqual([504, expect.stringContaining('<html>')])
    expect(await clustersOf(buildkite)).toBe(2)
  })

  test('cut in the middle', async () => {
    const response = await withFaults({ fault: 'cut' }).fetch('http://sandbox/v1', {
      method: 'POST',
      headers: { authorization: 'Bearer ada' },
      body: JSON.stringify({ query: one }),
    })
    expect(response.status).toBe(200)
    await expect(response.json()).rejects.toBeInstanceOf(SyntaxError)
  })

  test('short of rows, and says that this was all', async () => {
    const { page } = (await ask(withFaults({ fault: 'truncated' }), teams)).body.data.organization
    expect([page.count, page.edges.length, page.pageInfo.hasNextPage]).toEqual([5, 4, false])
    const kept = await ask(withFaults({ fault: 'truncated', connection: 'page', keep: 0 }), teams)
    expect(kept.body.data.organization.page.edges).toEqual([])
  })

  test('short of rows in REST, and names no next page', async () => {
    const buildkite = withFaults({ fault: 'truncated', on: 'rest' })
    const { headers, body } = await call(buildkite, 'GET /v2/organizations/acme/teams?per_page=3')
    expect([body.length, headers.get('link')]).toEqual([2, null])
  })

  test('a list with a hole in it', async () => {
    const { page } = (await ask(withFaults({ fault: 'null-node', row: 1 }), teams)).body.data.organization
    expect(page.edges.map(({ node }: { node: unknown }) => node === null)).toEqual([
      false,
      true,
      false,
      false,
      false,
    ])
    const { body } = await call(withFaults({ fault: 'null-node' }), 'GET /v2/organizations/acme/teams')
    expect(body[0]).toBeNull()
  })

  test('partly missing, with an error that says so', async () => {
    const path = 'organization.page.edges.2.node'
    const { status, body } = await ask(withFaults({ fault: 'partial', path, message: 'Broken' }), teams)
    expect(status).toBe(200)
    expect(body.data.organization.page.edges[2]).toEqual({ node: null })
    expect(body.errors).toEqual([{ message: 'Broken', path: ['organization', 'page', 'edges', 2, 'node'] }])
  })

  test('stamped by a clock that is off', async () => {
    const { headers } = await ask(withFaults({ fault: 'skew', seconds: -20 }), one)
    expect(headers.get('RateLimit-User-Reset')).toBe('280')
  })
})

describe('meanwhile', () => {
  const walk = async (buildkite: ReturnType<typeof open>) => {
    const page =
      'query Page($after: String) { organization(slug: "acme") { teams(first: 3, after: $after) { count pageInfo { hasNextPage endCursor } edges { node { slug } } } } }'
    const seen: string[] = []
    const counts: number[] = []
    for (let after: string | null = ''; after !== null;) {
      const { body } = await ask(buildkite, page, { variables: { after } })
      const { count, pageInfo, edges } = body.data.organization.teams
      counts.push(count)
      seen.push(...edges.map(({ node }: { node: { slug: string } }) => node.slug))
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null
    }
    return { seen, counts }
  }

  test('somebody adds a row between two pages, and takes one away', async () => {
    expect(
      await walk(withFaults({ fault: 'edit', words: ['create', 'team:aaa'], on: 'Page', after: 1 })),
    ).toEqual({
      seen: ['team-1', 'team-2', 'team-3', 'team-4', 'team-5'],
      counts: [5, 6],
    })
    expect(
      await walk(withFaults({ fault: 'edit', words: ['delete', 'team:team-3'], on: 'Page', after: 1 })),
    ).toEqual({
      seen: ['team-1', 'team-2', 'team-3', 'team-4', 'team-5'],
      counts: [5, 4],
    })
  })

  test('an edit that nobody understands is no fault but a mistake', async () => {
    await expect(ask(withFaults({ fault: 'edit', words: ['fly'] }), one)).rejects.toThrow(
      '"fly" is nothing that can be done',
    )
  })

  test('a queue stops being the default because it was updated', async () => {
    const lists = `{ organization(slug: "acme") { id clusters(first: 5) { edges { node {
      defaultQueue { id } queues(first: 5) { count }
    } } } } }`
    const update =
      'mutation ($o: ID!, $q: ID!) { clusterQueueUpdate(input: { organizationId: $o, id: $q, description: "d" }) { clusterQueue { id } } }'
    const after = async (buildkite: ReturnType<typeof open>) => {
      const { organization } = (await ask(buildkite, lists)).body.data
      const [{ node }] = organization.clusters.edges
      await ask(buildkite, update, { variables: { o: organization.id, q: node.defaultQueue.id } })
      return (await ask(buildkite, lists)).body.data.organization.clusters.edges[0].node.defaultQueue
    }
    expect(await after(withFaults({ fault: 'default-queue-lost', on: 'clusterQueueUpdate' }))).toBeNull()
    expect(await after(open())).toHaveProperty('id')
  })
})
