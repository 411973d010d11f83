import { createHash } from 'node:crypto'
import { rows, type RowOf, type TableName } from './rows.js'
import type { Switches } from './switches.js'
import { forkTable, tableOf, type Table } from './table.js'

export type Tables = { readonly [Name in TableName]: Table<RowOf<Name>> }

/** Everything that a make-believe Buildkite knows. Data: it can be printed, read back, and forked for next to nothing. */
export interface State {
  /** What its uuids are made from: two states with one seed and one history are the same to the byte. */
  readonly seed: string
  /** How many rows were ever made. */
  serial: number
  switches: Partial<Switches>
  readonly tables: Tables
}

export const tableNames = Object.keys(rows) as TableName[]

type AnyTables = Record<TableName, Table<RowOf<TableName>>>

export const emptyState = (seed = 'bridle'): State => ({
  seed,
  serial: 0,
  switches: {},
  tables: Object.fromEntries(tableNames.map((name) => [name, tableOf([])])) as unknown as Tables,
})

/** Another state, the same for now. Rows are shared until one of the two writes. */
export const fork = (state: State): State => ({
  ...state,
  tables: Object.fromEntries(
    tableNames.map((name) => [name, forkTable((state.tables as unknown as AnyTables)[name])]),
  ) as unknown as Tables,
})

/** The uuid that the next row will have. No randomness: the same history makes the same ids. */
export const uuidAt = (seed: string, serial: number): string => {
  const hex = createHash('sha256').update(`${seed}/${serial}`).digest('hex')
  const variant = '89ab'.charAt(parseInt(hex.charAt(16), 16) % 4)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-')
}
