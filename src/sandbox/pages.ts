import { GraphQLError } from 'graphql'

/** @source buildkite docs, "GraphQL resource limits": 500 rows where nothing is asked, and 500 at most */
const ROWS_AT_MOST = 500

/** @source buildkite docs, "REST API, pagination": 30 rows where nothing is asked, and 100 at most */
const REST_ROWS = 30
const REST_ROWS_AT_MOST = 100

/** What a connection may be asked for. Some take only half of these; then the SDL refuses the rest. */
export interface PageArguments {
  readonly first?: number | null | undefined
  readonly last?: number | null | undefined
  readonly after?: string | null | undefined
  readonly before?: string | null | undefined
}

export interface PageOptions {
  /** The most rows that one page may hold. */
  readonly atMost?: number
  /** What becomes of a page that asks for more. Nobody has published it, so it is a switch. */
  readonly oversize?: 'reject' | 'clamp'
}

/** Rows have a uuid that outlives their place, so a cursor finds its place again when rows around it come and go. */
export interface Identified {
  readonly uuid: string
}

/** A connection with every part ready to be computed, and nothing computed that nobody selects. */
export interface Page<Node> {
  readonly count: number
  readonly pageInfo: () => {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly edges: () => readonly { readonly cursor: () => string; readonly node: Node }[]
  readonly nodes: () => readonly Node[]
}

/** How many rows a page asks for. */
const pageSize = (
  { first, last }: PageArguments,
  { atMost = ROWS_AT_MOST, oversize = 'reject' }: PageOptions = {},
): number => {
  for (const [name, rows] of Object.entries({ first, last })) {
    if (rows == null) continue
    if (rows < 0) throw new GraphQLError(`${name} must not be negative`)
    if (rows > atMost && oversize === 'reject') {
      throw new GraphQLError(`${name} is ${rows}, and a page holds ${atMost} rows at most`)
    }
  }
  return Math.min(first ?? last ?? atMost, atMost)
}

// The position is for a row that is gone: whatever followed it has moved up to where it was.
const cursorOf = (row: Identified, position: number) => btoa(JSON.stringify([row.uuid, position]))

const placeOf = (cursor: string): readonly [uuid: string, position: number] => {
  try {
    const place: unknown = JSON.parse(atob(cursor))
    if (Array.isArray(place) && typeof place[0] === 'string' && Number.isSafeInteger(place[1])) {
      return [place[0], place[1] as number]
    }
  } catch {
    // said below
  }
  throw new GraphQLError('The cursor is not one that this connection gave')
}

/** The first row after a cursor. A blank cursor is the start: terraform sends one for the first page. */
const startOf = (rows: readonly Identified[], after: string | null | undefined): number => {
  if (!after) return 0
  const [uuid, position] = placeOf(after)
  const found = rows[position]?.uuid === uuid ? position : rows.findIndex((row) => row.uuid === uuid)
  return found === -1 ? Math.min(position, rows.length) : found + 1
}

/** One past the last row before a cursor. */
const endOf = (rows: readonly Identified[], before: string | null | undefined): number => {
  if (!before) return rows.length
  const [uuid, position] = placeOf(before)
  const found = rows.findIndex((row) => row.uuid === uuid)
  return found === -1 ? Math.min(position, rows.length) : found
}

/**
 * One page of rows that are already in order, as Relay has it.
 *
 * `count` is of all rows, whatever the page: that is how a reader learns that it was shown too few.
 */
export const connection = <Node extends Identified>(
  rows: readonly Node[],
  args: PageArguments = {},
  options: PageOptions = {},
): Page<Node> => {
  const size = pageSize(args, options)
  let start = startOf(rows, args.after)
  let end = Math.max(start, endOf(rows, args.before))
  if (args.first != null || args.last == null) end = Math.min(end, start + size)
  if (args.last != null) start = Math.max(start, end - Math.min(args.last, options.atMost ?? ROWS_AT_MOST))
  const page = rows.slice(start, end)
  const cursorAt = (index: number) => {
    const row = page.at(index)
    return row ? cursorOf(row, index < 0 ? end + index : start + index) : null
  }
  return {
    count: rows.length,
    pageInfo: () => ({
      hasNextPage: end < rows.length,
      hasPreviousPage: start > 0,
      startCursor: cursorAt(0),
      endCursor: cursorAt(-1),
    }),
    edges: () => page.map((node, index) => ({ cursor: () => cursorOf(node, start + index), node })),
    nodes: () => page,
  }
}

/** An answer of the REST API that holds a list. */
export interface RestPage {
  readonly status: 200
  readonly body: unknown
  readonly headers: Readonly<Record<string, string>>
}

const positive = (text: string | null, otherwise: number) => {
  const number = Number(text ?? otherwise)
  return Number.isSafeInteger(number) && number > 0 ? number : otherwise
}

const rowsPerPage = (url: URL) =>
  Math.min(positive(url.searchParams.get('per_page'), REST_ROWS), REST_ROWS_AT_MOST)

const withParameters = (url: URL, parameters: Readonly<Record<string, string | null>>) => {
  const other = new URL(url)
  for (const [name, value] of Object.entries(parameters)) {
    if (value === null) other.searchParams.delete(name)
    else other.searchParams.set(name, value)
  }
  return other.href
}

/** A page by number, with the other pages in the `Link` header. Only the rows of the page are shaped. */
export const restPage = <Row>(rows: readonly Row[], url: URL, shape: (row: Row) => unknown): RestPage => {
  const size = rowsPerPage(url)
  const page = positive(url.searchParams.get('page'), 1)
  const last = Math.max(1, Math.ceil(rows.length / size))
  const links = [
    ...(page < last ? [['next', page + 1] as const, ['last', last] as const] : []),
    ...(page > 1 ? [['first', 1] as const, ['prev', Math.min(page - 1, last)] as const] : []),
  ].map(
    ([rel, number]) =>
      `<${withParameters(url, { page: String(number), per_page: String(size) })}>; rel="${rel}"`,
  )
  return {
    status: 200,
    body: rows.slice((page - 1) * size, page * size).map(shape),
    headers: links.length > 0 ? { Link: links.join(', ') } : {},
  }
}

/** A page by cursor, as `/invitations` and `/audit_events` have it: the links are in the body. */
export const restCursorPage = <Row extends Identified>(
  rows: readonly Row[],
  url: URL,
  shape: (row: Row) => unknown,
): RestPage => {
  const size = rowsPerPage(url)
  const after = url.searchParams.get('after')
  const before = after ? null : url.searchParams.get('before')
  const page = connection(rows, before ? { last: size, before } : { first: size, after })
  const { hasNextPage, hasPreviousPage, startCursor, endCursor } = page.pageInfo()
  const link = (parameters: Readonly<Record<string, string | null>>) =>
    withParameters(url, { after: null, before: null, per_page: String(size), ...parameters })
  return {
    status: 200,
    body: {
      items: page.nodes().map(shape),
      links: {
        self: url.href,
        first: link({}),
        prev: hasPreviousPage ? link({ before: startCursor }) : null,
        next: hasNextPage ? link({ after: endCursor }) : null,
      },
    },
    headers: {},
  }
}
