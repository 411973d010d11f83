import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type ValueNode,
} from 'graphql'
import { parsed } from './document.js'

/** A connection of a document whose rows it asks for. */
export interface Asked {
  /** Field names from the root, without `edges` and `node`: `organization.teams.members`. */
  readonly path: string
  /** What the answer calls it. */
  readonly alias: string
  /** The rows that one page of it may have. */
  readonly first: number
}

/** How many rows a connection is taken to have, in each of the rows around it. */
export type Rows = (connection: Asked) => number

/** Where no page size is asked for. @source Buildkite docs, "GraphQL resource limits" */
const pageWithoutFirst = 500

interface Around {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  readonly variables: Readonly<Record<string, unknown>>
  readonly rows: Rows
}

const numberIn = (value: ValueNode | undefined, variables: Around['variables']): number | undefined => {
  if (value?.kind === Kind.INT) return Number(value.value)
  const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined
  return typeof given === 'number' ? given : undefined
}

const pageOf = (field: FieldNode, variables: Around['variables']): number => {
  const argument = (name: string) => field.arguments?.find((one) => one.name.value === name)?.value
  return numberIn(argument('first') ?? argument('last'), variables) ?? pageWithoutFirst
}

/** The fields of a selection under the names that the answer gives them, and what only some types of object have. */
export const spread = (
  selections: readonly SelectionNode[],
  fragments: Around['fragments'],
): { fields: Map<string, FieldNode[]>; only: Map<string, SelectionNode[]> } => {
  const fields = new Map<string, FieldNode[]>()
  const only = new Map<string, SelectionNode[]>()
  const add = (some: readonly SelectionNode[]) => {
    for (const one of some) {
      if (one.kind === Kind.FIELD) {
        const name = one.alias?.value ?? one.name.value
        fields.set(name, [...(fields.get(name) ?? []), one])
        continue
      }
      const fragment = one.kind === Kind.INLINE_FRAGMENT ? one : fragments.get(one.name.value)
      const type = fragment?.typeCondition?.name.value
      if (type === undefined) add(fragment?.selectionSet.selections ?? [])
      else only.set(type, [...(only.get(type) ?? []), ...(fragment?.selectionSet.selections ?? [])])
    }
  }
  add(selections)
  return { fields, only }
}

/** The selections of all the fields that an answer shows under one name. */
export const inside = (fields: readonly FieldNode[]): SelectionNode[] =>
  fields.flatMap((field) => field.selectionSet?.selections ?? [])

export const fragmentsIn = (document: DocumentNode): ReadonlyMap<string, FragmentDefinitionNode> =>
  new Map(
    document.definitions.flatMap((one) =>
      one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one] as const] : [],
    ),
  )

/**
 * Every field with a selection costs 1, and what is under `edges` costs its sum once for each row. An object has one
 * type, so of fragments on several types the dearest counts.
 *
 * @source Buildkite docs, "GraphQL resource limits"; the totals published there are in the tests
 */
const costOf = (
  selections: readonly SelectionNode[],
  path: string,
  connection: Asked | undefined,
  around: Around,
): number => {
  const { fields, only } = spread(selections, around.fragments)
  let points = 0
  for (const [alias, same] of fields) {
    const [field] = same
    const below = inside(same)
    if (field === undefined || below.length === 0) continue
    const name = field.name.value
    if (name === 'edges' && connection !== undefined) {
      points += 1 + around.rows(connection) * costOf(below, path, undefined, around)
    } else {
      const here = stepInto(path, name)
      points += 1 + costOf(below, here, { path: here, alias, first: pageOf(field, around.variables) }, around)
    }
  }
  const alternatives = [...only.values()].map((some) => costOf(some, path, connection, around))
  return points + Math.max(0, ...alternatives)
}

/** A row is not a step of a path: only what it is a row of. */
export const stepInto = (path: string, field: string): string =>
  path === '' ? field : field === 'node' || field === 'edges' ? path : `${path}.${field}`

/** What a document costs where connections have the given numbers of rows. */
export const pointsOf = (
  text: string,
  rows: Rows,
  variables: Readonly<Record<string, unknown>> = {},
): number => {
  const document = parsed(text)
  const operation = document.definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)
  const defaults = Object.fromEntries(
    (operation?.variableDefinitions ?? []).map((one) => [
      one.variable.name.value,
      numberIn(one.defaultValue, {}),
    ]),
  )
  const around = { fragments: fragmentsIn(document), variables: { ...defaults, ...variables }, rows }
  return Math.ceil(costOf(operation?.selectionSet.selections ?? [], '', undefined, around))
}

/** What is checked against the most that one query may ask for: every page full. */
export const requestedPoints = (text: string, variables?: Readonly<Record<string, unknown>>): number =>
  pointsOf(text, ({ first }) => first, variables)

/** What is charged, if connections have so many rows in each row around them; a path not given is a full page. */
export const expectedPoints = (text: string, rowsAt: (path: string) => number | undefined): number =>
  pointsOf(text, ({ path, first }) => Math.min(first, rowsAt(path) ?? first))

/** The connections of a document whose rows it asks for, outermost first. */
export const connectionsIn = (text: string): Asked[] => {
  const found: Asked[] = []
  pointsOf(text, (connection) => {
    found.push(connection)
    return connection.first
  })
  return found
}
