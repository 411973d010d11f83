import {
  Kind,
  print,
  type FieldNode,
  type FragmentDefinitionNode,
  type SelectionNode,
  type ValueNode,
} from 'graphql'
import { parsed } from './document.js'

/** What a document asks for beyond scalars: the part that costs. */
export interface Shape {
  readonly fields: readonly Field[]
  /** What is asked for only of objects of one type; one entry for each type. */
  readonly only: readonly Shape[]
}

/** A field that holds objects. */
export interface Field extends Shape {
  readonly name: string
  /** What the answer calls it. */
  readonly alias: string
  /**
   * Field names from the root, without `edges` and `node`: `organization.teams.members`. A list of some is another list
   * than that of all: `organization.pipelines(clustered: false)`.
   */
  readonly path: string
  /** The rows that one page of it may have, if it is a connection. */
  readonly first: number
}

/** Where no page size is asked for. @source Buildkite docs, "GraphQL resource limits" */
const pageWithoutFirst = 500

interface Around {
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>
  /** Page sizes by the name of the variable that has them as its default. */
  readonly defaults: ReadonlyMap<string, ValueNode | undefined>
}

const pageOf = (field: FieldNode, { defaults }: Around): number => {
  const given = (name: string) => field.arguments?.find((one) => one.name.value === name)?.value
  const size = given('first') ?? given('last')
  const value = size?.kind === Kind.VARIABLE ? defaults.get(size.name.value) : size
  return value?.kind === Kind.INT ? Number(value.value) : pageWithoutFirst
}

/** What says which page of a list comes, and not which rows it has. */
const pageArguments: ReadonlySet<string> = new Set(['first', 'last', 'after', 'before', 'order'])

/** What a connection's arguments leave out of it, in one order; nothing where they leave out nothing. */
const filterOf = ({ arguments: given = [] }: FieldNode): string => {
  if (!given.some(({ name }) => name.value === 'first' || name.value === 'last')) return ''
  const some = given.filter(({ name }) => !pageArguments.has(name.value)).map((one) => print(one))
  return some.length === 0 ? '' : `(${some.sort().join(', ')})`
}

/** A row is no step of a path: only what it is a row of. */
const stepInto = (path: string, name: string): string =>
  path === '' ? name : name === 'node' || name === 'edges' ? path : `${path}.${name}`

const shapeFrom = (selections: readonly SelectionNode[], path: string, around: Around): Shape => {
  const fields = new Map<string, FieldNode[]>()
  const only = new Map<string, SelectionNode[]>()
  const add = (some: readonly SelectionNode[]) => {
    for (const one of some) {
      if (one.kind === Kind.FIELD) {
        const alias = one.alias?.value ?? one.name.value
        fields.set(alias, [...(fields.get(alias) ?? []), one])
        continue
      }
      const fragment = one.kind === Kind.INLINE_FRAGMENT ? one : around.fragments.get(one.name.value)
      const below = fragment?.selectionSet.selections ?? []
      const type = fragment?.typeCondition?.name.value
      if (type === undefined) add(below)
      else only.set(type, [...(only.get(type) ?? []), ...below])
    }
  }
  add(selections)
  return {
    fields: [...fields].flatMap(([alias, same]) => fieldFrom(alias, same, path, around)),
    only: [...only.values()].map((some) => shapeFrom(some, path, around)),
  }
}

const fieldFrom = (alias: string, same: readonly FieldNode[], around: string, world: Around): Field[] => {
  const below = same.flatMap((field) => field.selectionSet?.selections ?? [])
  const [field] = same
  if (field === undefined || below.length === 0) return []
  const name = field.name.value
  const path = `${stepInto(around, name)}${filterOf(field)}`
  const first = pageOf(field, world)
  return [{ name, alias, path, first, ...shapeFrom(below, path, world) }]
}

const known = new Map<string, Shape>()

/** The shape of a document's one operation. */
export const shapeOf = (text: string): Shape => {
  const before = known.get(text)
  if (before !== undefined) return before
  const { definitions } = parsed(text)
  const operation = definitions.find((one) => one.kind === Kind.OPERATION_DEFINITION)
  const fragments = definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION)
  const shape = shapeFrom(operation?.selectionSet.selections ?? [], '', {
    fragments: new Map(fragments.map((one) => [one.name.value, one])),
    defaults: new Map(
      operation?.variableDefinitions?.map((one) => [one.variable.name.value, one.defaultValue]) ?? [],
    ),
  })
  known.set(text, shape)
  return shape
}
