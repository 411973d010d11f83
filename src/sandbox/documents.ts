import {
  GraphQLError,
  getNamedType,
  Kind,
  parse,
  specifiedRules,
  validate,
  type ASTVisitor,
  type DocumentNode,
  type GraphQLSchema,
  type ValidationContext,
} from 'graphql'

/** A document that can be executed, or why it cannot. */
export type Prepared =
  | { readonly document: DocumentNode; readonly errors?: undefined }
  | { readonly errors: readonly GraphQLError[] }

/** Buildkite's words for a field that is not there: graphql-ruby's, not those of graphql-js. */
const fieldsExist = (context: ValidationContext): ASTVisitor => ({
  [Kind.FIELD]: (node) => {
    const type = context.getParentType()
    if (!type || context.getFieldDef()) return
    const typeName = getNamedType(type).name
    const fieldName = node.name.value
    context.reportError(
      new GraphQLError(`Field '${fieldName}' doesn't exist on type '${typeName}'`, {
        nodes: node,
        extensions: { code: 'undefinedField', typeName, fieldName },
      }),
    )
  },
})

const rules = [...specifiedRules.filter(({ name }) => name !== 'FieldsOnCorrectTypeRule'), fieldsExist]

const prepare = (schema: GraphQLSchema, source: string): Prepared => {
  try {
    const document = parse(source, { maxTokens: 50_000 })
    const errors = validate(schema, document, rules)
    return errors.length > 0 ? { errors } : { document }
  } catch (error) {
    if (error instanceof GraphQLError) return { errors: [error] }
    throw error
  }
}

const KEPT = 200
const kept = new WeakMap<GraphQLSchema, Map<string, Prepared>>()

/** Parses and validates. A client sends few documents many times, so each is looked at once. */
export const prepared = (schema: GraphQLSchema, source: string): Prepared => {
  const known = kept.get(schema) ?? new Map<string, Prepared>()
  kept.set(schema, known)
  const have = known.get(source)
  if (have) return have
  const made = prepare(schema, source)
  if (known.size >= KEPT) known.clear()
  known.set(source, made)
  return made
}
