import { describe, expect, test } from 'vitest'
import { connect } from '../../src/providers/buildkite/connect.js'
import { all, answering, json, list, means, Name, question, reading, refusalOf, Things } from './world.js'

interface Page {
  count?: unknown
  pageInfo?: unknown
  edges?: unknown
}
type Pages = Record<string, Page | null>

const row = (id: string) => ({ node: { id, slug: `slug-${id}` } })

/** Five things on three pages, by the cursor that asks for them. */
const threePages = (): Pages => ({
  start: { count: 5, pageInfo: { hasNextPage: true, endCursor: 'one' }, edges: [row('a'), row('b')] },
  one: { count: 5, pageInfo: { hasNextPage: true, endCursor: 'two' }, edges: [row('c'), row('d')] },
  two: { count: 5, pageInfo: { hasNextPage: false, endCursor: 'end' }, edges: [row('e')] },
})

/** A server that has each of these worlds for one walk, and the last for good; it counts the requests. */
const serving = (...worlds: Pages[]) => {
  const asked: (string | null)[] = []
  const fetch = answering(({ body }) => {
    const after = body?.variables['after'] as string | null
    if (after === null && asked.length > 0 && worlds.length > 1) worlds.shift()
    asked.push(after)
    return json(
      { data: { organization: { page: worlds[0]?.[after ?? 'start'] } } },
      { 'x-request-id': 'req-9' },
    )
  })
  return { fetch, asked }
}

const ids = async (rows: AsyncIterable<unknown>) =>
  (await all(rows as AsyncIterable<{ id: string }>)).map(({ id }) => id)

test('a list is walked to its end, in order', async () => {
  const { fetch, asked } = serving(threePages())
  expect(await ids(reading({ fetch }).pages(Things, {}))).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(asked).toEqual([null, 'one', 'two'])
})

test('an empty list is empty', async () => {
  const { fetch } = serving({
    start: { count: 0, pageInfo: { hasNextPage: false, endCursor: null }, edges: [] },
  })
  expect(await ids(reading({ fetch }).pages(Things, {}))).toEqual([])
})

test('a list without pageInfo is whole if it has as many rows as it counts', async () => {
  const { fetch } = serving({ start: { count: 1, edges: [row('a')] } })
  expect(await ids(reading({ fetch }).pages(Things, {}))).toEqual(['a'])
})

describe('a list that the API does not count', () => {
  const Uncounted = {
    ...list(
      'Uncounted',
      `query Uncounted($organization: ID!, $after: String) {
        organization(slug: $organization) {
          page: apiAccessTokens(first: 2, after: $after) { pageInfo { hasNextPage endCursor } edges { node { id } } }
        }
      }`,
    ),
    uncounted: true as const,
  }
  const uncounted = (): Pages =>
    Object.fromEntries(Object.entries(threePages()).map(([at, page]) => [at, { ...page, count: undefined }]))

  test('is whole where its last page says so', async () => {
    const { fetch, asked } = serving(uncounted())
    expect(await ids(reading({ fetch }).pages(Uncounted, {}))).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(asked).toEqual([null, 'one', 'two'])
  })

  test.each<[string, Page]>([
    ['no pageInfo', { edges: [row('e')] }],
    ['pageInfo: null', { pageInfo: null, edges: [row('e')] }],
    ['a cursor that goes back', { pageInfo: { hasNextPage: true, endCursor: 'one' }, edges: [row('e')] }],
    ['node: null', { pageInfo: { hasNextPage: false, endCursor: null }, edges: [{ node: null }] }],
  ])('is refused with %s on its last page', async (_, last) => {
    const { fetch, asked } = serving({ ...uncounted(), two: last })
    expect(await refusalOf(all(reading({ fetch }).pages(Uncounted, {})))).toMatchObject({
      reason: 'incomplete',
      call: 'Uncounted',
    })
    expect(asked.length).toBeLessThan(10)
  })
})

describe('of three pages', () => {
  const pages = ['start', 'one', 'two'] as const
  const breaks: [string, (page: Page) => unknown][] = [
    ['page: null', () => null],
    ['no page', () => undefined],
    ['edges: null', (page) => ({ ...page, edges: null })],
    ['no edges', ({ count, pageInfo }) => ({ count, pageInfo })],
    ['edge: null', (page) => ({ ...page, edges: [null] })],
    ['node: null', (page) => ({ ...page, edges: [{ node: null }] })],
    ['no node', (page) => ({ ...page, edges: [{}] })],
    ['pageInfo: null', (page) => ({ ...page, pageInfo: null })],
    ['pageInfo: {}', (page) => ({ ...page, pageInfo: {} })],
    [
      'another page, but no cursor',
      (page) => ({ ...page, pageInfo: { hasNextPage: true, endCursor: null } }),
    ],
    [
      'another page, but an empty cursor',
      (page) => ({ ...page, pageInfo: { hasNextPage: true, endCursor: '' } }),
    ],
    ['a cursor that goes back', (page) => ({ ...page, pageInfo: { hasNextPage: true, endCursor: 'one' } })],
    [
      'a row too few',
      (page) => ({
        ...page,
        edges: (page.edges as unknown[]).slice(1),
        pageInfo: { hasNextPage: false, endCursor: 'x' },
      }),
    ],
    [
      'no rows and no end',
      (page) => ({ ...page, edges: [], pageInfo: { hasNextPage: true, endCursor: 'far' } }),
    ],
    ['no count', ({ edges, pageInfo }) => ({ edges, pageInfo })],
    [
      'an end too early',
      (page) => ({ ...page, count: 50, pageInfo: { hasNextPage: false, endCursor: 'x' } }),
    ],
  ]
  const cases = breaks.flatMap(([what, broken]) => pages.map((at) => [what, at, broken] as const))

  // The last page's own cursor pointing at page one is a circle; the first page pointing there is how it should be.
  const harmless = (what: string, at: string) => what === 'a cursor that goes back' && at === 'start'

  test.each(cases.filter(([what, at]) => !harmless(what, at)))('%s on page %s', async (_, at, broken) => {
    const world = threePages()
    world[at] = broken(world[at] ?? {}) as Page
    const { fetch, asked } = serving(world)
    const seen: unknown[] = []
    const walking = async () => {
      for await (const one of reading({ fetch }).pages(Things, {})) seen.push(one)
    }
    const refusal = await refusalOf(walking())
    expect(refusal).toMatchObject({ reason: 'incomplete', call: 'Things', requestId: 'req-9', status: 200 })
    expect(refusal.message).toMatch(/^Things: the list could not be read whole, because /)
    expect(seen).toEqual([]) // not even the rows before the gap
    expect(asked.length).toBeLessThan(10)
  })

  test('a list that changes while it is read is read once more', async () => {
    const changing = threePages()
    changing['two'] = { count: 6, pageInfo: { hasNextPage: false, endCursor: 'x' }, edges: [row('e')] }
    const { fetch, asked } = serving(changing, threePages())
    expect(await ids(reading({ fetch }).pages(Things, {}))).toEqual(['a', 'b', 'c', 'd', 'e'])
    expect(asked).toEqual([null, 'one', 'two', null, 'one', 'two'])
  })

  test('and refused if it still does', async () => {
    const changing = threePages()
    changing['two'] = { count: 6, pageInfo: { hasNextPage: false, endCursor: 'x' }, edges: [row('e')] }
    const { fetch, asked } = serving(changing)
    const refusal = await refusalOf(ids(reading({ fetch }).pages(Things, {})))
    expect(refusal.message).toContain('5 of 6 rows came')
    expect(asked).toHaveLength(6)
  })

  test('a row that moved to the next page counts once', async () => {
    const moved = threePages()
    moved['one'] = {
      count: 5,
      pageInfo: { hasNextPage: true, endCursor: 'two' },
      edges: [row('b'), row('c'), row('d')],
    }
    const { fetch } = serving(moved)
    expect(await ids(reading({ fetch }).pages(Things, {}))).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  test('errors beside data spoil the whole list', async () => {
    const { fetch } = serving(threePages())
    const spoilt = answering(async ({ url, init, body }) => {
      const whole = (await (await fetch(url.href, init)).json()) as object
      return json(
        body?.variables['after'] === 'two' ? { ...whole, errors: [{ message: 'something broke' }] } : whole,
      )
    })
    const refusal = await refusalOf(all(reading({ fetch: spoilt }).pages(Things, {})))
    expect(refusal).toMatchObject({ reason: 'invalid', call: 'Things' })
    expect(refusal.message).toContain('something broke')
  })
})

describe('what is nested', () => {
  const Rest = list(
    'Rest',
    'query Rest($team: ID!, $after: String) { team(slug: $team) { page: pipelines(first: 2, after: $after) { count pageInfo { hasNextPage endCursor } edges { node { id } } } } }',
  )
  const first = (count: number, next: string | null, ...rows: string[]) => ({
    count,
    pageInfo: { hasNextPage: next !== null, endCursor: next },
    edges: rows.map(row),
  })
  const asTeam = (pages: Pages) => {
    const asked: unknown[] = []
    const fetch = answering(({ body }) => {
      asked.push(body?.variables)
      return json({ data: { team: { page: pages[(body?.variables['after'] as string | null) ?? 'start'] } } })
    })
    return { fetch, asked }
  }

  test('and fits is not asked for again', async () => {
    const { fetch, asked } = asTeam(threePages())
    expect(await ids(reading({ fetch }).more(first(2, null, 'a', 'b'), Rest, { team: 'acme/web' }))).toEqual([
      'a',
      'b',
    ])
    expect(asked).toEqual([])
  })

  test('and does not fit goes on where it stopped, with the variables that the document declares', async () => {
    const { fetch, asked } = asTeam(threePages())
    const given = { team: 'acme/web', stranger: 1 }
    expect(await ids(reading({ fetch }).more(first(5, 'one', 'a', 'b'), Rest, given))).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ])
    expect(asked).toEqual([
      { team: 'acme/web', after: 'one' },
      { team: 'acme/web', after: 'two' },
    ])
  })

  test('and can’t go on is read from its beginning', async () => {
    const { fetch, asked } = asTeam(threePages())
    const some = { count: 5, edges: [row('a'), row('b')] }
    expect(await ids(reading({ fetch }).more(some, Rest, { team: 'acme/web' }))).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ])
    expect(asked).toHaveLength(3)
  })

  test('and does not add up is read from its beginning', async () => {
    const { fetch, asked } = asTeam(threePages())
    expect(await ids(reading({ fetch }).more(first(5, 'two', 'a', 'b'), Rest, { team: 't' }))).toEqual([
      'a',
      'b',
      'c',
      'd',
      'e',
    ])
    expect(asked).toHaveLength(4)
  })

  test.each([
    null,
    { count: 2, edges: null },
    { count: 1, edges: [{ node: null }] },
    { count: 1, edges: [null], pageInfo: null },
  ])('and is %j is refused', async (broken) => {
    const { fetch } = asTeam(threePages())
    expect(await refusalOf(ids(reading({ fetch }).more(broken, Rest, {})))).toMatchObject({
      reason: 'incomplete',
      call: 'Rest',
    })
  })

  test('a parent that is gone makes it incomplete, not empty', async () => {
    const fetch = answering(() => json({ data: { team: null } }))
    expect(
      await refusalOf(ids(reading({ fetch }).more(first(5, 'one', 'a'), Rest, { team: 't' }))),
    ).toMatchObject({ reason: 'incomplete' })
  })
})

describe('memory', () => {
  test('the same list is walked once, however many ask at once', async () => {
    const { fetch, asked } = serving(threePages())
    const reader = reading({ fetch })
    const several = await Promise.all([1, 2, 3].map(() => ids(reader.pages(Things, {}))))
    expect(several).toEqual([1, 2, 3].map(() => ['a', 'b', 'c', 'd', 'e']))
    expect(await ids(reader.pages(Things, {}))).toHaveLength(5)
    expect(asked).toHaveLength(3)
  })

  test('other variables are another reading, in whatever order they are written', async () => {
    const asked: unknown[] = []
    const fetch = answering(({ body }) => {
      asked.push(body?.variables)
      return json({ data: { organization: { name: 'Acme' } } })
    })
    const Two = question(
      'Two',
      'query Two($organization: ID!, $a: Int, $b: Int) { organization(slug: $organization) { x(a: $a, b: $b) } }',
    )
    const reader = reading({ fetch })
    await reader.ask(Two, { a: 1, b: 2 })
    await reader.ask(Two, { b: 2, a: 1 })
    await reader.ask(Two, { a: 2, b: 1 })
    expect(asked).toEqual([
      { organization: 'acme', a: 1, b: 2 },
      { organization: 'acme', a: 2, b: 1 },
    ])
  })

  test('a new reader has none', async () => {
    const { fetch, asked } = serving(threePages())
    const connection = connect(means({ fetch }))
    await all(connection.reader().pages(Things, {}))
    await all(connection.reader().pages(Things, {}))
    expect(asked).toHaveLength(6)
  })

  test('a list that failed stays failed', async () => {
    const { fetch, asked } = serving({ start: null })
    const reader = reading({ fetch })
    const both = await Promise.all([1, 2].map(() => refusalOf(all(reader.pages(Things, {})))))
    expect(both[0]).toBe(both[1])
    expect(asked).toHaveLength(1)
  })
})

test('an organization that is null may be one that the token may not see', async () => {
  const fetch = answering(() => json({ data: { organization: null } }, { 'x-request-id': 'req-2' }))
  for (const asking of [reading({ fetch }).ask(Name, {}), all(reading({ fetch }).pages(Things, {}))]) {
    const refusal = await refusalOf(asking)
    expect(refusal).toMatchObject({ reason: 'not-found', requestId: 'req-2', status: 200 })
    expect(refusal.message).toContain('the token is not enabled for it')
  }
})

describe('REST', () => {
  const pagesOf = (pages: Record<string, { rows: unknown; next?: string }>) => {
    const asked: string[] = []
    const fetch = answering(({ url }) => {
      asked.push(`${url.pathname}${url.search}`)
      const { rows, next } = pages[url.searchParams.get('page') ?? '1']!
      return json(rows, next === undefined ? {} : { link: `<${next}>; rel="next"` })
    })
    return { fetch, asked }
  }
  const page = (n: number) =>
    `https://api.buildkite.com/v2/organizations/acme/pipelines?page=${n}&per_page=100`

  test('lists are followed to their end, a hundred rows at a time, each row once', async () => {
    const { fetch, asked } = pagesOf({
      1: { rows: [{ id: 'a' }, { id: 'b' }], next: page(2) },
      2: { rows: [{ id: 'b' }, { id: 'c' }], next: page(3) },
      3: { rows: [{ nameless: 1 }, { nameless: 1 }] },
    })
    const reader = reading({ fetch })
    const rows = await Promise.all([all(reader.restPages('pipelines')), all(reader.restPages('pipelines'))])
    expect(rows[0]).toEqual([{ id: 'a' }, { id: 'b' }, { id: 'c' }, { nameless: 1 }, { nameless: 1 }])
    expect(rows[1]).toEqual(rows[0])
    expect(asked).toEqual([
      '/v2/organizations/acme/pipelines?per_page=100',
      '/v2/organizations/acme/pipelines?page=2&per_page=100',
      '/v2/organizations/acme/pipelines?page=3&per_page=100',
    ])
  })

  test.each([
    ['another host', 'https://evil.example/v2/organizations/acme/pipelines?page=2'],
    ['another list', 'https://api.buildkite.com/v2/organizations/other/pipelines?page=2'],
    ['a circle', 'https://api.buildkite.com/v2/organizations/acme/pipelines?per_page=100'],
  ])('a next page at %s is not followed', async (_, next) => {
    const { fetch, asked } = pagesOf({ 1: { rows: [{ id: 'a' }], next } })
    expect(await refusalOf(all(reading({ fetch }).restPages('pipelines')))).toMatchObject({
      reason: 'incomplete',
      call: 'GET pipelines',
    })
    expect(asked).toHaveLength(1)
  })

  test.each([[{}], [null], ['text'], [[1]], [[null]], [[[]]]])(
    'a page that is %j is no list',
    async (rows) => {
      const { fetch } = pagesOf({ 1: { rows } })
      expect(await refusalOf(all(reading({ fetch }).restPages('pipelines')))).toMatchObject({
        reason: 'unreadable',
        call: 'GET pipelines',
      })
    },
  )

  test.each([[[]], [null], ['text'], [1]])('an object that is %j is none', async (body) => {
    const fetch = answering(() => json(body))
    expect(await refusalOf(reading({ fetch }).rest('pipelines/web'))).toMatchObject({
      reason: 'unreadable',
      call: 'GET pipelines/web',
    })
  })

  test.each([
    ['pipelines/web', '/v2/organizations/acme/pipelines/web'],
    ['/access-token', '/v2/access-token'],
    ['pipelines?archived=true', '/v2/organizations/acme/pipelines?archived=true'],
  ])('%s is at %s, and asked for once', async (path, at) => {
    const asked: string[] = []
    const fetch = answering(({ url }) => {
      asked.push(`${url.pathname}${url.search}`)
      return json({ id: 1 })
    })
    const reader = reading({ fetch })
    expect(await Promise.all([reader.rest(path), reader.rest(path)])).toEqual([{ id: 1 }, { id: 1 }])
    expect(asked).toEqual([at])
  })

  test.each(['../other/pipelines', '/../v3/x', 'pipelines/../../..'])(
    '%s leaves its root, which is a bug',
    async (path) => {
      const fetch = () => Promise.reject(new Error('sent'))
      await expect(reading({ fetch }).rest(path)).rejects.toThrow(/leaves its root/)
    },
  )
})
