import * as z from 'zod'
import { rows, type TableName } from './rows.js'
import { emptyState, tableIn, tableNames, type State } from './state.js'
import { switchesSchema, type Switches } from './switches.js'
import { all, get, put, type Row } from './table.js'

const VERSION = 1

/** Keys in one order, whatever order they were written in. */
const sorted = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]))
}

const line = (value: unknown) => JSON.stringify(sorted(value))

/** A row's line. All rows of a table have the same keys, so these are sorted once. */
const lineFor = (name: TableName) => {
  const keys = Object.keys(rows[name].unwrap().shape).sort()
  return (row: Row) => {
    const fields = row as unknown as Readonly<Record<string, unknown>>
    return JSON.stringify(Object.fromEntries(keys.map((key) => [key, sorted(fields[key])])))
  }
}

/** The state as JSON, one row a line, oldest first. The same state is the same bytes. */
export const printState = (state: State): string => {
  const tables = tableNames.flatMap((name) => {
    const oldestFirst = all(tableIn(state, name)).sort((a, b) => a.serial - b.serial)
    return oldestFirst.length === 0
      ? []
      : [`${line(name)}: [\n${oldestFirst.map(lineFor(name)).join(',\n')}\n]`]
  })
  const head = [
    `"sandbox": ${VERSION}`,
    `"seed": ${line(state.seed)}`,
    `"serial": ${state.serial}`,
    `"switches": ${line(state.switches)}`,
  ]
  return `{\n${[...head, ...tables].join(',\n')}\n}\n`
}

/** The state that a text describes, or what is wrong with the text: the worst few things, not all. */
export type Parsed = { readonly state: State } | { readonly problems: readonly string[] }

const head = z.looseObject({
  sandbox: z.literal(VERSION, `this file is of another version; this bridle reads version ${VERSION}`),
  seed: z.string(),
  serial: z.int().nonnegative(),
  switches: switchesSchema.default({}),
})

const PROBLEMS_AT_MOST = 10

const saidOf = (where: string, error: z.ZodError) =>
  error.issues.map(
    ({ path, message }) => `${[where, ...path].filter((part) => part !== '').join('.')}: ${message}`,
  )

/** Which table a field points into, by the field's name. */
const targets: Readonly<Record<string, TableName>> = {
  organization: 'organizations',
  user: 'users',
  team: 'teams',
  pipeline: 'pipelines',
  cluster: 'clusters',
  queue: 'queues',
  build: 'builds',
  agent: 'agents',
  defaultCluster: 'clusters',
  defaultQueue: 'queues',
  pipelineTemplate: 'templates',
}

const dangling = (state: State): string[] =>
  tableNames.flatMap((name) =>
    all(tableIn(state, name)).flatMap((row) =>
      Object.entries(targets).flatMap(([field, target]) => {
        const uuid = (row as unknown as Readonly<Record<string, string | null | undefined>>)[field]
        return uuid == null || get(tableIn(state, target), uuid)
          ? []
          : [`${name}: ${row.uuid} names as its ${field} ${uuid}, which is not among the ${target}`]
      }),
    ),
  )

const fill = (state: State, name: TableName, given: unknown): string[] => {
  if (given === undefined) return []
  if (!Array.isArray(given)) return [`${name}: must be a list`]
  return given.flatMap((value, index) => {
    const parsed = rows[name].safeParse(value)
    if (!parsed.success) return saidOf(`${name}.${index}`, parsed.error)
    const row: Row = parsed.data
    if (get(tableIn(state, name), row.uuid)) return [`${name}.${index}: ${row.uuid} is there twice`]
    if (row.serial > state.serial) return [`${name}.${index}: serial is beyond the file's own`]
    put(tableIn(state, name), row)
    return []
  })
}

const withoutUndefined = (given: z.infer<typeof switchesSchema>): Partial<Switches> =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))

export const parseState = (text: string): Parsed => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { problems: [`not JSON: ${error instanceof Error ? error.message : String(error)}`] }
  }
  const parsed = head.safeParse(value)
  if (!parsed.success) return { problems: saidOf('', parsed.error) }
  const { seed, serial, switches } = parsed.data
  const state: State = { ...emptyState(seed), serial, switches: withoutUndefined(switches) }
  const strangers = Object.keys(parsed.data).filter((name) => !(name in rows) && !(name in head.shape))
  const problems = [
    ...strangers.map((name) => `${name}: no such table; there are ${tableNames.join(', ')}`),
    ...tableNames.flatMap((name) => fill(state, name, parsed.data[name])),
  ]
  const found = problems.length > 0 ? problems : dangling(state)
  return found.length > 0 ? { problems: found.slice(0, PROBLEMS_AT_MOST) } : { state }
}
