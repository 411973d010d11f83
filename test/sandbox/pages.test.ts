import { describe, expect, test } from 'vitest'
import { connection, restCursorPage, restPage, type PageArguments } from '../../src/sandbox/pages.js'

const rowsTo = (count: number) => Array.from({ length: count }, (_, index) => ({ uuid: `row-${index + 1}` }))
const ids = (rows: readonly { uuid: string }[]) => rows.map((row) => row.uuid)
const shown = (rows: readonly { uuid: string }[], args: PageArguments = {}) =>
  ids(connection(rows, args).nodes())

describe('a connection', () => {
  test('counts every row, whatever the page', () => {
    const page = connection(rowsTo(12), { first: 5 })
    expect(page.count).toBe(12)
    expect(page.edges()).toHaveLength(5)
  })

  test('is walked to its end, each row once', () => {
    const rows = rowsTo(12)
    const seen: string[] = []
    let after: string | null | undefined
    do {
      const { nodes, pageInfo } = connection(rows, { first: 5, after })
      seen.push(...ids(nodes()))
      after = pageInfo().hasNextPage ? pageInfo().endCursor : undefined
    } while (after)
    expect(seen).toEqual(ids(rows))
  })

  test('is walked backwards too', () => {
    const rows = rowsTo(5)
    const last = connection(rows, { last: 2 })
    expect(ids(last.nodes())).toEqual(['row-4', 'row-5'])
    expect(last.pageInfo()).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
    expect(shown(rows, { last: 2, before: last.pageInfo().startCursor })).toEqual(['row-2', 'row-3'])
  })

  test('gives 500 rows where nothing is asked, and where null is', () => {
    expect(shown(rowsTo(501))).toHaveLength(500)
    expect(shown(rowsTo(501), { first: null, last: null })).toHaveLength(500)
  })

  test('refuses pages over the cap, or clamps them', () => {
    expect(() => connection(rowsTo(1), { first: 501 })).toThrow(
      'first is 501, and a page holds 500 rows at most',
    )
    expect(() => connection(rowsTo(1), { last: -1 })).toThrow('last must not be negative')
    expect(connection(rowsTo(600), { first: 501 }, { oversize: 'clamp' }).nodes()).toHaveLength(500)
    expect(connection(rowsTo(600), { first: 600 }, { atMost: 10_000 }).nodes()).toHaveLength(600)
  })

  test('takes a blank cursor for the start', () => {
    expect(shown(rowsTo(3), { first: 1, after: '' })).toEqual(['row-1'])
  })

  test('refuses a cursor of somebody else', () => {
    expect(() => connection(rowsTo(3), { after: 'Mg==' })).toThrow('not one that this connection gave')
    expect(() => connection(rowsTo(3), { after: '%%%' })).toThrow('not one that this connection gave')
  })

  test('finds its place again when rows come and go', () => {
    const rows = rowsTo(6)
    const after = connection(rows, { first: 3 }).pageInfo().endCursor
    expect(shown([{ uuid: 'new' }, ...rows], { after })).toEqual(['row-4', 'row-5', 'row-6'])
    expect(shown(rows.slice(1), { after })).toEqual(['row-4', 'row-5', 'row-6'])
    expect(
      shown(
        rows.filter((row) => row.uuid !== 'row-3'),
        { after },
      ),
    ).toEqual(['row-4', 'row-5', 'row-6'])
  })

  test('of nothing has no cursors', () => {
    expect(connection([]).pageInfo()).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    })
  })

  test('has an end that its edges agree with', () => {
    const page = connection(rowsTo(4), { first: 2 })
    expect(page.edges().map(({ cursor }) => cursor())).toEqual([
      page.pageInfo().startCursor,
      page.pageInfo().endCursor,
    ])
  })
})

describe('a REST list', () => {
  const at = (query: string) => new URL(`https://api.test/v2/organizations/acme/pipelines?${query}`)
  const list = (query: string, count = 95) => restPage(rowsTo(count), at(query), (row) => row.uuid)

  test('has 30 rows where nothing is asked, and 100 at most', () => {
    expect(list('').body).toHaveLength(30)
    expect(list('per_page=1000', 300).body).toHaveLength(100)
    expect(list('per_page=nonsense&page=-2').body).toHaveLength(30)
  })

  test('names the pages around it, and keeps what else was asked', () => {
    const middle = list('page=2&archived=false').headers['Link']
    const url = (page: number) => at(`page=${page}&archived=false&per_page=30`).href
    expect(middle).toBe(
      `<${url(3)}>; rel="next", <${url(4)}>; rel="last", <${url(1)}>; rel="first", <${url(1)}>; rel="prev"`,
    )
  })

  test('ends', () => {
    expect(list('page=4').body).toHaveLength(5)
    expect(list('page=4').headers['Link']).not.toContain('rel="next"')
    expect(list('page=9').body).toEqual([])
    expect(list('per_page=100').headers).toEqual({})
  })

  test('by cursor has its links in the body', () => {
    const walk = (url: URL) =>
      restCursorPage(rowsTo(5), url, (row) => row.uuid).body as {
        items: string[]
        links: Record<'self' | 'first' | 'prev' | 'next', string | null>
      }
    const first = walk(at('per_page=2'))
    expect(first.items).toEqual(['row-1', 'row-2'])
    expect(first.links.prev).toBeNull()
    const second = walk(new URL(first.links.next!))
    expect(second.items).toEqual(['row-3', 'row-4'])
    const third = walk(new URL(second.links.next!))
    expect(third.items).toEqual(['row-5'])
    expect(third.links.next).toBeNull()
    expect(walk(new URL(second.links.prev!)).items).toEqual(['row-1', 'row-2'])
  })
})
