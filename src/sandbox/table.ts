/** What every row has: who it is, and how many things were made before it. */
export interface Row {
  readonly uuid: string
  readonly serial: number
}

type Buckets<R> = Map<unknown, Map<string, R>>

/**
 * Rows by uuid, in the order in which they were made. A row is never changed, only replaced; so a fork shares
 * everything until one side writes, and costs the same however many rows there are.
 */
export interface Table<R extends Row> {
  rows: Map<string, R>
  shared: boolean
  /** How often it was written to. */
  version: number
  indexes: Map<keyof R, Buckets<R>>
}

export const tableOf = <R extends Row>(rows: readonly R[]): Table<R> => ({
  rows: new Map(rows.map((row) => [row.uuid, row])),
  shared: false,
  version: 0,
  indexes: new Map(),
})

/** Another table with the same rows; what one does from here on, the other does not see. */
export const forkTable = <R extends Row>(table: Table<R>): Table<R> => {
  table.shared = true
  return { ...table }
}

export const all = <R extends Row>(table: Table<R>): R[] => [...table.rows.values()]

export const get = <R extends Row>(table: Table<R>, uuid: string | null | undefined): R | undefined =>
  uuid === null || uuid === undefined ? undefined : table.rows.get(uuid)

const place = <R extends Row>(buckets: Buckets<R>, value: unknown, row: R) => {
  const bucket = buckets.get(value)
  if (bucket) bucket.set(row.uuid, row)
  else buckets.set(value, new Map([[row.uuid, row]]))
}

/** The rows whose field has this value. The index is built on the first question and kept from then on. */
export const where = <R extends Row, F extends keyof R>(table: Table<R>, field: F, value: R[F]): R[] => {
  let buckets = table.indexes.get(field)
  if (!buckets) {
    buckets = new Map()
    for (const row of table.rows.values()) place(buckets, row[field], row)
    table.indexes.set(field, buckets)
  }
  return [...(buckets.get(value)?.values() ?? [])]
}

export const first = <R extends Row, F extends keyof R>(
  table: Table<R>,
  field: F,
  value: R[F],
): R | undefined => where(table, field, value)[0]

const own = <R extends Row>(table: Table<R>) => {
  table.version += 1
  if (!table.shared) return
  table.rows = new Map(table.rows)
  table.indexes = new Map()
  table.shared = false
}

/** Adds a row, or puts it in the place of the one with its uuid. */
export const put = <R extends Row>(table: Table<R>, row: R): R => {
  own(table)
  const had = table.rows.get(row.uuid)
  table.rows.set(row.uuid, row)
  for (const [field, buckets] of table.indexes) {
    if (had && had[field] !== row[field]) buckets.get(had[field])?.delete(row.uuid)
    place(buckets, row[field], row)
  }
  return row
}

export const drop = <R extends Row>(table: Table<R>, row: R): void => {
  own(table)
  table.rows.delete(row.uuid)
  for (const [field, buckets] of table.indexes) buckets.get(row[field])?.delete(row.uuid)
}
