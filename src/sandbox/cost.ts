import {
  getArgumentValues,
  getDirectiveValues,
  getNamedType,
  getNullableType,
  getVariableValues,
  GraphQLIncludeDirective,
  GraphQLSkipDirective,
  isAbstractType,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  typeFromAST,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { PageArguments } from './pages.js'

/** What Buildkite leaves unsaid about its prices. */
export interface CostRules {
  /** What is asked of an interface or a union: all fragments together, or the dearest type. */
  readonly fragments: 'sum' | 'dearest'
  /** An object that turns out to be null. */
  readonly nulls: 'free' | 'charged'
  /** The objects of a list that is no connection: one price for the list, or one for each. */
  readonly elements: 'one' | 'each'
}

export const usualCost: CostRules = { fragments: 'sum', nulls: 'free', elements: 'one' }

const ROWS = 500
const rowsOf: Readonly<Record<string, number>> = { 'Build.metaData': 10_000 }

/** A selected field, and how to charge it. */
interface Charge {
  readonly key: string
  readonly shape: 'object' | 'list' | 'edges' | 'nodes'
  /** The type that the object must have for this to be asked, and all it was asked of. */
  readonly on: GraphQLCompositeType
  readonly type: GraphQLCompositeType
  /** Of `edges` and `nodes`: how many the page asks for. */
  readonly rows: number
  /** Levels below this one, scalars included. */
  readonly depth: number
  readonly below: readonly Charge[]
}

export interface Charges {
  readonly root: GraphQLCompositeType
  readonly charges: readonly Charge[]
  /** Levels of the deepest field. Questions about the schema itself are free, however deep. */
  readonly depth: number
}

const isConnection = (type: GraphQLCompositeType) =>
  isObjectType(type) && type.name.endsWith('Connection') && 'pageInfo' in type.getFields()

/**
 * What an operation asks for, with its page sizes filled in: what both of its prices are computed from.
 *
 * @param atMost  rows of a page, where larger ones are clamped and not refused
 * @returns nothing if the variables do not fit: executing it will say so
 */
export const chargesOf = (
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
  atMost = Infinity,
): Charges | undefined => {
  const values = getVariableValues(schema, operation.variableDefinitions ?? [], given)
  const root = schema.getRootType(operation.operation)
  if (!values.coerced || !root) return undefined
  const variables = values.coerced
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }

  const pageOf = ({ first, last }: PageArguments, otherwise: number) =>
    Math.min(Math.max(0, first ?? last ?? otherwise), atMost)

  const skipped = (node: SelectionNode) =>
    getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true ||
    getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] === false

  /** Fields by the type they are asked of and the name they are answered under: each is asked once. */
  const collect = (
    on: GraphQLCompositeType,
    set: SelectionSetNode,
    found: Map<string, { on: GraphQLCompositeType; nodes: FieldNode[] }>,
  ) => {
    for (const node of set.selections) {
      if (skipped(node)) continue
      if (node.kind === Kind.FIELD) {
        const key = `${on.name} ${node.alias?.value ?? node.name.value}`
        const same = found.get(key)
        if (same) same.nodes.push(node)
        else found.set(key, { on, nodes: [node] })
      } else {
        const fragment = node.kind === Kind.FRAGMENT_SPREAD ? fragments.get(node.name.value) : node
        const type = fragment?.typeCondition && typeFromAST(schema, fragment.typeCondition)
        if (fragment) collect(isCompositeType(type) ? type : on, fragment.selectionSet, found)
      }
    }
    return found
  }

  const charge = (
    on: GraphQLCompositeType,
    nodes: readonly FieldNode[],
    rowsAround: number | null,
  ): Charge | 'scalar' | 'free' => {
    const [node] = nodes
    const name = node?.name.value ?? ''
    if (!node || name.startsWith('__')) return 'free'
    const field = 'getFields' in on ? on.getFields()[name] : undefined
    const type = field && getNamedType(field.type)
    if (!field || !isCompositeType(type)) return 'scalar'
    const args = getArgumentValues(field, node, variables) as PageArguments
    const paged = isConnection(type)
    const rows = paged ? pageOf(args, rowsOf[`${on.name}.${name}`] ?? ROWS) : (rowsAround ?? 1)
    const shape =
      rowsAround !== null && (name === 'edges' || name === 'nodes')
        ? name
        : isListType(getNullableType(field.type))
          ? 'list'
          : 'object'
    const inside = levels(type, nodes, paged ? rows : null)
    const alias = node.alias?.value ?? name
    return { key: alias, shape, on, type, rows, depth: inside.depth, below: inside.charges }
  }

  const levels = (on: GraphQLCompositeType, nodes: readonly FieldNode[], rows: number | null) => {
    const found: Parameters<typeof collect>[2] = new Map()
    for (const { selectionSet } of nodes) if (selectionSet) collect(on, selectionSet, found)
    return levelsOf(found, rows)
  }

  const levelsOf = (found: Parameters<typeof collect>[2], rows: number | null) => {
    const charges: Charge[] = []
    let depth = 0
    for (const { on, nodes } of found.values()) {
      const one = charge(on, nodes, rows)
      if (one === 'free') continue
      depth = Math.max(depth, 1 + (one === 'scalar' ? 0 : one.depth))
      if (one !== 'scalar') charges.push(one)
    }
    return { charges, depth }
  }

  return { root, ...levelsOf(collect(root, operation.selectionSet, new Map()), null) }
}

/**
 * What an operation may cost at most: the price of every page being full.
 *
 * @returns points; scalars are free, everything else costs one, as often as the pages around it have rows
 * @source buildkite docs, "GraphQL resource limits"
 */
export const requestedPoints = (
  schema: GraphQLSchema,
  asked: Charges,
  rules: CostRules = usualCost,
): number => {
  const price = ({ shape, rows, type, below }: Charge, times: number): number => {
    const inside = shape === 'edges' || shape === 'nodes' ? times * rows : times
    return (shape === 'nodes' ? inside : times) + sum(type, below, inside)
  }
  const sum = (parent: GraphQLCompositeType, charges: readonly Charge[], times: number): number => {
    if (rules.fragments === 'sum' || !isAbstractType(parent)) {
      return charges.reduce((points, one) => points + price(one, times), 0)
    }
    const prices = schema
      .getPossibleTypes(parent)
      .map((type) =>
        charges
          .filter(({ on }) => on === type || (isAbstractType(on) && schema.isSubType(on, type)))
          .reduce((points, one) => points + price(one, times), 0),
      )
    return Math.max(0, ...prices)
  }
  return sum(asked.root, asked.charges, 1)
}

/** Charges by the name they are answered under, whatever type they were asked of. */
interface Tally {
  readonly key: string
  readonly shape: Charge['shape']
  readonly below: readonly Tally[]
}

const tallies = (charges: readonly Charge[]): readonly Tally[] => {
  const byKey = new Map<string, Charge[]>()
  for (const one of charges) byKey.set(one.key, [...(byKey.get(one.key) ?? []), one])
  return [...byKey.values()].map((same) => ({
    key: same[0]?.key ?? '',
    shape: same[0]?.shape ?? 'object',
    below: tallies(same.flatMap(({ below }) => below)),
  }))
}

type Answer = Readonly<Record<string, unknown>>
const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an answer did cost: the same price, for the rows that came back. */
export const actualPoints = (asked: Charges, data: unknown, rules: CostRules = usualCost): number => {
  const price = ({ shape, below }: Tally, value: unknown): number => {
    if (value === undefined) return 0
    if (value === null) return rules.nulls === 'charged' ? 1 : 0
    if (!Array.isArray(value)) return 1 + sum(below, value)
    const each = shape === 'nodes' || (shape === 'list' && rules.elements === 'each')
    return value.reduce(
      (points: number, row: unknown) => points + (each ? 1 : 0) + sum(below, row),
      each ? 0 : 1,
    )
  }
  const sum = (below: readonly Tally[], value: unknown): number => {
    if (!isAnswer(value)) return 0
    let points = 0
    for (const one of below) points += price(one, value[one.key])
    return points
  }
  return sum(tallies(asked.charges), data)
}
