import {
  buildASTSchema,
  execute as run,
  isObjectType,
  parse,
  visit,
  type DocumentNode,
  type ExecutionResult,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
} from 'graphql'
import type { Context } from './context.js'
import { idOf, readId } from './ids.js'
import { typed, type SandboxKind } from './kind.js'
import { kinds } from './kinds/index.js'
import { sdl } from './schema/sdl.js'
import type { Row } from './table.js'

type Resolver = GraphQLFieldResolver<unknown, Context>
type Input = { readonly clientMutationId?: string | null }
type Mutation = (input: object, context: Context) => object

/** Every payload repeats what the client called its mutation, and nothing makes sense of it. */
const payloadOf =
  (mutation: Mutation): Resolver =>
  (_, args, context) => {
    const { clientMutationId = null, ...input } = (args as { readonly input: Input }).input
    return { ...mutation(input, context), clientMutationId }
  }

const idField =
  (type: string): Resolver =>
  (row) =>
    idOf(type, (row as Row).uuid)

const give = (type: GraphQLObjectType, name: string, resolve: Resolver) => {
  const field = type.getFields()[name]
  if (field) field.resolve = resolve
}

/** The types and fields that a kind answers for, as `Type.field`. */
export const answered = ({ types = {}, mutations = {} }: SandboxKind): string[] => [
  ...Object.entries(types).flatMap(([type, fields]) =>
    Object.keys(fields).map((field) => `${type}.${field}`),
  ),
  ...Object.keys(mutations).map((name) => `Mutation.${name}`),
]

/** Any object that has an id, by that id; nothing if the viewer may not see it, exactly as if it were not there. */
const node: Resolver = (_root, { id }: { readonly id: string }, context) => {
  const read = readId(id)
  const find = read && kinds.find(({ nodes }) => nodes?.[read.type])?.nodes?.[read.type]
  const row = find?.(context, read?.uuid ?? '')
  return read && row ? typed(read.type, row) : null
}

const attach = (schema: GraphQLSchema): GraphQLSchema => {
  const query = schema.getQueryType()
  if (query) give(query, 'node', node)
  const objects = Object.values(schema.getTypeMap()).filter(isObjectType)
  for (const type of objects)
    if (type.getInterfaces().some(({ name }) => name === 'Node')) give(type, 'id', idField(type.name))
  for (const { types = {}, mutations = {} } of kinds) {
    for (const [name, fields] of Object.entries(types)) {
      const type = schema.getType(name)
      if (isObjectType(type))
        for (const [field, resolve] of Object.entries(fields))
          give(type, field, (source, args, context) =>
            (resolve as (...all: unknown[]) => unknown)(source, args, context),
          )
    }
    const root = schema.getMutationType()
    if (root)
      for (const [name, mutation] of Object.entries(mutations))
        give(root, name, payloadOf(mutation as Mutation))
  }
  return schema
}

/** The SDL without some of its fields, as an organization sees it that has not been given them. */
const without = (document: DocumentNode, hidden: readonly string[]): DocumentNode => {
  if (hidden.length === 0) return document
  let type = ''
  const enter = ({ name }: { readonly name: { readonly value: string } }) => {
    type = name.value
  }
  return visit(document, {
    ObjectTypeDefinition: enter,
    ObjectTypeExtension: enter,
    InterfaceTypeDefinition: enter,
    InputObjectTypeDefinition: enter,
    InputObjectTypeExtension: enter,
    FieldDefinition: ({ name }) => (hidden.includes(`${type}.${name.value}`) ? null : undefined),
    InputValueDefinition: ({ name }, _key, _parent, _path, ancestors) =>
      hidden.includes(`${type}.${name.value}`) && !inField(ancestors) ? null : undefined,
  })
}

/** Whether what is visited is an argument of a field, which is not the field of an input. */
const inField = (ancestors: readonly unknown[]) =>
  ancestors.some((node) => (node as { readonly kind?: string }).kind === 'FieldDefinition')

const built = new Map<string, GraphQLSchema>()

/**
 * What can be asked, with the answers attached. Built once for each set of hidden fields.
 *
 * @param hidden  `Type.field` that this organization does not have
 */
export const schemaWithout = (hidden: readonly string[] = []): GraphQLSchema => {
  const key = [...hidden].sort().join()
  const have = built.get(key)
  if (have) return have
  const schema = attach(buildASTSchema(without(parse(sdl), hidden)))
  built.set(key, schema)
  return schema
}

/** A document that was found valid, and what it is asked with. */
export interface Question {
  readonly document: DocumentNode
  readonly variables?: Readonly<Record<string, unknown>> | null
  readonly operationName?: string | null
  readonly schema?: GraphQLSchema
}

/** Answers at once: nothing that it asks has to wait. A refusal is the `originalError` of an error in the result. */
export const execute = (
  { document, variables, operationName, schema = schemaWithout() }: Question,
  context: Context,
): ExecutionResult =>
  run({
    schema,
    document,
    variableValues: variables ?? {},
    operationName: operationName ?? null,
    contextValue: context,
  }) as ExecutionResult
