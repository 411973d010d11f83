/** One page of a connection, read whole. */
export interface Page {
  /** How many rows there are in all; none of a list that the API does not count. */
  readonly count?: number
  readonly rows: readonly unknown[]
  /** Where the next page begins; none on the last. */
  readonly next?: string
}

/** What is missing from a page: never taken for "there is nothing". */
export interface Gap {
  readonly gap: string
}

export const isGap = (value: object): value is Gap => 'gap' in value

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an answer calls `page`, however deep; undefined where a null on the way hides it. */
export const pageIn = (answer: unknown): unknown => {
  if (!isObject(answer)) return undefined
  if ('page' in answer) return answer['page']
  for (const value of Object.values(answer)) {
    const found = pageIn(value)
    if (found !== undefined) return found
  }
  return undefined
}

const next = (pageInfo: unknown): Gap | Pick<Page, 'next'> => {
  if (pageInfo === undefined) return {} // not asked for: the count alone says whether it is all
  if (!isObject(pageInfo) || typeof pageInfo['hasNextPage'] !== 'boolean')
    return { gap: 'a page does not say whether it is the last' }
  if (!pageInfo['hasNextPage']) return {}
  const cursor = pageInfo['endCursor']
  return typeof cursor === 'string' && cursor !== ''
    ? { next: cursor }
    : { gap: 'a page does not say where the next one begins' }
}

/**
 * Reads a connection, and notices whatever of it is missing.
 *
 * @param uncounted  true for a list that the API does not count, so that only its last page says that it ends
 */
export const readPage = (connection: unknown, uncounted = false): Page | Gap => {
  if (!isObject(connection)) return { gap: 'the list is missing' }
  const { count, edges, pageInfo } = connection
  if (!uncounted && typeof count !== 'number') return { gap: 'the list does not say how long it is' }
  if (uncounted && !isObject(pageInfo)) return { gap: 'a page does not say whether it is the last' }
  if (!Array.isArray(edges)) return { gap: 'a page has no rows' }
  const rows: unknown[] = edges.map((edge: unknown) => (isObject(edge) ? edge['node'] : undefined))
  if (!rows.every(isObject)) return { gap: 'a row is missing' }
  const onwards = next(pageInfo)
  if (isGap(onwards)) return onwards
  if (onwards.next !== undefined && rows.length === 0)
    return { gap: 'a page has no rows and is not the last' }
  return { rows, ...(typeof count === 'number' && !uncounted ? { count } : {}), ...onwards }
}

const nameOf = (row: unknown): string | undefined => {
  if (!isObject(row)) return undefined
  const name = row['id'] ?? row['uuid']
  return typeof name === 'string' ? name : undefined
}

/** Rows that move between pages come twice. What has no id can't be told apart, and stays. */
export const distinct = <Row>(rows: readonly Row[]): Row[] => {
  const seen = new Set<string>()
  return rows.filter((row) => {
    const name = nameOf(row)
    if (name === undefined) return true
    const isNew = !seen.has(name)
    seen.add(name)
    return isNew
  })
}

/**
 * Walks a connection to its end.
 *
 * @param ask    the connection as it goes on after a cursor; null for its beginning
 * @param first  a page that came with its parent
 * @param uncounted  true for a list that the API does not count
 * @returns the rows, or what is missing; `again` where rows came and went meanwhile, so that another walk may do better
 */
export const walk = async (
  ask: (after: string | null) => Promise<unknown>,
  first?: Page,
  uncounted = false,
): Promise<{ readonly rows: readonly unknown[] } | (Gap & { readonly again: boolean })> => {
  let page: Page | Gap = first ?? readPage(await ask(null), uncounted)
  const cursors = new Set<string>()
  let rows: unknown[] = []
  for (;;) {
    if (isGap(page)) return { ...page, again: false }
    rows = rows.concat(page.rows)
    if (page.next === undefined) break
    if (cursors.has(page.next)) return { gap: 'its pages go round in a circle', again: false }
    cursors.add(page.next)
    page = readPage(await ask(page.next), uncounted)
  }
  const all = distinct(rows)
  if (uncounted || all.length === page.count) return { rows: all }
  return { gap: `${all.length} of ${page.count} rows came`, again: true }
}
