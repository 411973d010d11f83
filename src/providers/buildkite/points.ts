import { shapeOf, type Field, type Shape } from './shape.js'

/** How many rows a connection is taken to have, in each of the rows around it. */
export type Rows = (connection: Field) => number

/**
 * Every field with a selection costs 1, and what is under `edges` costs its sum once for each row. An object has one
 * type, so of what is asked of several types the dearest counts.
 *
 * @source Buildkite docs, "GraphQL resource limits"; the totals published there are in the tests
 */
const costOf = (shape: Shape, connection: Field | undefined, rows: Rows): number => {
  const ofField = (field: Field): number =>
    field.name === 'edges' && connection !== undefined
      ? 1 + rows(connection) * costOf(field, undefined, rows)
      : 1 + costOf(field, field, rows)
  const points = shape.fields.reduce((sum, field) => sum + ofField(field), 0)
  return points + Math.max(0, ...shape.only.map((one) => costOf(one, connection, rows)))
}

/** What a document costs where connections have the given numbers of rows. */
export const pointsOf = (text: string, rows: Rows): number =>
  Math.ceil(costOf(shapeOf(text), undefined, rows))

/** What is checked against the most that one query may ask for: every page full. */
export const requestedPoints = (text: string): number => pointsOf(text, ({ first }) => first)

/** What is charged, if connections have so many rows in each row around them; a path not given is a full page. */
export const expectedPoints = (text: string, rowsAt: (path: string) => number | undefined): number =>
  pointsOf(text, ({ path, first }) => Math.min(first, rowsAt(path) ?? first))

/** The connections of a document whose rows it asks for, outermost first. */
export const connectionsIn = (text: string): Field[] => {
  const found: Field[] = []
  pointsOf(text, (connection) => {
    found.push(connection)
    return connection.first
  })
  return found
}
