import { Kind, type SelectionNode } from 'graphql'
import { parsed } from './document.js'
import { fragmentsIn, inside, spread, stepInto } from './points.js'

/** How many rows there are at a connection's path, in each row around it; a fraction where it differs between them. */
export type Census = Readonly<Record<string, number>>

interface Tally {
  parents: number
  counted: number
  came: number
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const tallies = (text: string, answer: unknown): Map<string, Tally> => {
  const document = parsed(text)
  const fragments = fragmentsIn(document)
  const found = new Map<string, Tally>()
  const note = (path: string, count: number, rows: number) => {
    const { parents, counted, came } = found.get(path) ?? { parents: 0, counted: 0, came: 0 }
    found.set(path, { parents: parents + 1, counted: counted + count, came: came + rows })
  }
  const visit = (selections: readonly SelectionNode[], value: unknown, path: string): void => {
    if (Array.isArray(value)) for (const one of value) visit(selections, one, path)
    if (!isObject(value)) return
    const rows = Array.isArray(value['edges']) ? value['edges'].length : 0
    if (typeof value['count'] === 'number') note(path, value['count'], rows)
    else if (rows > 0) note(path, rows, rows)
    const { fields, only } = spread(selections, fragments)
    for (const some of only.values()) visit(some, { ...value, count: undefined, edges: undefined }, path)
    for (const [alias, same] of fields) {
      const name = same[0]?.name.value ?? alias
      visit(inside(same), value[alias], stepInto(path, name))
    }
  }
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)
  visit(operation?.selectionSet.selections ?? [], answer, '')
  return found
}

const each = (found: ReadonlyMap<string, Tally>, sum: (tally: Tally) => number): Census =>
  Object.fromEntries([...found].map(([path, tally]) => [path, sum(tally) / tally.parents]))

/** How many rows there are, as far as an answer says. */
export const countsIn = (text: string, answer: unknown): Census =>
  each(tallies(text, answer), (it) => it.counted)

/** How many rows came with an answer. */
export const rowsIn = (text: string, answer: unknown): Census => each(tallies(text, answer), (it) => it.came)
