import { connection, type Page, type PageArguments } from './pages.js'
import type { Context } from './context.js'
import { tableNames, type State } from './state.js'
import type { Row } from './table.js'

const sortedBy = <R>(rows: readonly R[], key: (row: R) => string | number): R[] =>
  rows
    .map((row) => ({ row, key: key(row) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ row }) => row)

/** The newest first: what most connections do unless asked. */
export const newestFirst = <R extends Row>(rows: readonly R[]): R[] => sortedBy(rows, ({ serial }) => -serial)

/** By name, however it is capitalized; what has the same name, in the order of making. */
export const byName = <R extends Row>(rows: readonly R[], nameOf: (row: R) => string): R[] =>
  sortedBy(
    sortedBy(rows, ({ serial }) => serial),
    (row) => nameOf(row).toLowerCase(),
  )

/** In the order that a connection was asked for: by time if that is what it says, else by name. */
export const inOrder = <R extends Row>(
  rows: readonly R[],
  order: string | null | undefined,
  nameOf: (row: R) => string,
): R[] => (order?.startsWith('RECENTLY') ? newestFirst(rows) : byName(rows, nameOf))

/** Whether a text that a person typed into a search box finds one of these. */
export const finds = (search: string | null | undefined, ...texts: readonly (string | null)[]): boolean =>
  !search || texts.some((text) => text?.toLowerCase().includes(search.toLowerCase()))

const LISTS_AT_MOST = 500
const kept = new WeakMap<
  State,
  { readonly version: number; readonly lists: Map<string, readonly unknown[]> }
>()

/**
 * The rows of a list, as long as nothing is written: who walks a list asks for all of it again with every page.
 *
 * @param name  what it is a list of, with all that it depends on besides the state and who asks
 */
export const listed = <R>(
  { state, viewer, switches }: Context,
  name: string,
  rows: () => readonly R[],
): readonly R[] => {
  const version = tableNames.reduce((sum, table) => sum + state.tables[table].version, 0)
  const have = kept.get(state)
  const current =
    have?.version === version && have.lists.size < LISTS_AT_MOST ? have : { version, lists: new Map() }
  kept.set(state, current)
  const key = JSON.stringify([name, viewer.user.uuid, viewer.organization.uuid, switches])
  const list = (current.lists.get(key) as readonly R[] | undefined) ?? rows()
  current.lists.set(key, list)
  return list
}

/** One page of rows that are in order already. */
export const pageOf = <R extends { readonly uuid: string }>(
  context: Context,
  rows: readonly R[],
  args: PageArguments,
): Page<R> => connection(rows, args, { oversize: context.switches.oversizePage })

/** The edge of a row that was just made: a payload has one without a connection around it. */
export const edgeOf = <R extends { readonly uuid: string }>(row: R) => connection([row]).edges()[0]
