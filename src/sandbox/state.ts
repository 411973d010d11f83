import { createHash } from 'node:crypto'
import { rows, type RowOf, type TableName } from './rows.js'
import type { Switches } from './switches.js'
import { forkTable, put, tableOf, type Row, type Table } from './table.js'

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

export const emptyState = (seed = 'bridle'): State => ({
  seed,
  serial: 0,
  switches: {},
  tables: Object.fromEntries(tableNames.map((name) => [name, tableOf([])])) as unknown as Tables,
})

/** Another state, the same for now. Rows are shared until one of the two writes. */
export const fork = (state: State): State => {
  const tables: Record<string, Table<Row>> = {}
  for (const name of tableNames) tables[name] = forkTable(tableIn(state, name))
  return { ...state, tables: tables as unknown as Tables }
}

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

/** A table as one of many, for code that treats them all alike. */
export const tableIn = (state: State, name: TableName): Table<Row> =>
  state.tables[name] as unknown as Table<Row>

type Made = 'uuid' | 'serial' | 'createdAt' | 'createdBy'
export type FieldsOf<Name extends TableName> = Omit<RowOf<Name>, Made>

/** Adds a row: the next uuid, the next place in the order of making. */
export const insert = <Name extends TableName>(
  state: State,
  name: Name,
  made: { readonly createdAt: string; readonly createdBy: string | null },
  fields: FieldsOf<Name>,
): RowOf<Name> => {
  state.serial += 1
  const row = { ...fields, ...made, serial: state.serial, uuid: uuidAt(state.seed, state.serial) }
  return put(tableIn(state, name), row) as unknown as RowOf<Name>
}
