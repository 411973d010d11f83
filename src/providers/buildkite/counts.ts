import { shapeOf, type Shape } from './shape.js'

/** How many rows there are at a connection's path, in each row around it; a fraction where it differs between them. */
export type Census = Readonly<Record<string, number>>

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface Tally {
  parents: number
  counted: number
  came: number
}

/**
 * How many rows there are, as far as an answer says, and how many of them came with it: one `Census` for each. A
 * connection that has rows but no count has as many as came.
 */
export const countIn = (
  text: string,
  answer: unknown,
): { readonly counted: Census; readonly came: Census } => {
  const found = new Map<string, Tally>()

  const note = (path: string, count: unknown, edges: unknown) => {
    if (typeof count !== 'number' && !Array.isArray(edges)) return
    const tally = found.get(path) ?? { parents: 0, counted: 0, came: 0 }
    const came = Array.isArray(edges) ? edges.length : 0
    tally.parents += 1
    tally.counted += typeof count === 'number' ? count : came
    tally.came += came
    found.set(path, tally)
  }

  const visit = (shape: Shape, value: unknown): void => {
    if (Array.isArray(value)) for (const one of value) visit(shape, one)
    if (!isObject(value)) return
    for (const field of shape.fields) {
      const below = value[field.alias]
      if (isObject(below)) note(field.path, below['count'], below['edges'])
      visit(field, below)
    }
    for (const one of shape.only) visit(one, value)
  }

  visit(shapeOf(text), answer)
  const each = (sum: (tally: Tally) => number): Census =>
    Object.fromEntries([...found].map(([path, tally]) => [path, sum(tally) / tally.parents]))
  return { counted: each((it) => it.counted), came: each((it) => it.came) }
}
