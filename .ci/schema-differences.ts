import {
  buildASTSchema,
  concatAST,
  getLocation,
  GraphQLError,
  Kind,
  OperationTypeNode,
  parse,
  print,
  Source,
  validate,
  validateSchema,
  visit,
  type ASTNode,
  type DefinitionNode,
  type DocumentNode,
  type EnumTypeDefinitionNode,
  type FieldDefinitionNode,
  type GraphQLSchema,
  type InputValueDefinitionNode,
  type NamedTypeNode,
  type OperationDefinitionNode,
} from 'graphql'

export interface SchemaFile {
  readonly file: string
  readonly text: string
}

/** One thing that our SDL or an operation says, and the official SDL does not. */
export interface Difference {
  /** `file:line` of ours. */
  readonly at: string
  readonly what: string
  readonly ours: string
  readonly theirs: string
}

export interface Compared {
  readonly slice: readonly SchemaFile[]
  readonly extension: readonly SchemaFile[]
  readonly operations: readonly SchemaFile[]
  readonly official: SchemaFile
  /** Files of the extension with types that no official SDL lists: read, but not compared. */
  readonly unpublished?: readonly string[]
}

/** A type, put together from its definition and all that extends it. */
interface Whole {
  readonly kind: string
  readonly node: ASTNode
  readonly fields: ReadonlyMap<string, FieldDefinitionNode | InputValueDefinitionNode>
  readonly interfaces: readonly NamedTypeNode[]
  /** Values of an enum, or members of a union. */
  readonly members: ReadonlyMap<string, ASTNode>
}

const kinds: Readonly<Record<string, string>> = {
  ObjectType: 'type',
  InterfaceType: 'interface',
  InputObjectType: 'input',
  EnumType: 'enum',
  UnionType: 'union',
  ScalarType: 'scalar',
}

const read = ({ file, text }: SchemaFile) => parse(new Source(text, file))

const placeOf = (node: ASTNode | undefined) =>
  node?.loc ? `${node.loc.source.name}:${getLocation(node.loc.source, node.loc.start).line}` : '(nowhere)'

const named = <Node extends { readonly name: { readonly value: string } }>(
  nodes: readonly Node[] | undefined,
) => (nodes ?? []).map((node) => [node.name.value, node] as const)

const wholes = (documents: readonly DocumentNode[]): ReadonlyMap<string, Whole> => {
  const all = new Map<string, Whole>()
  for (const node of concatAST(documents).definitions) {
    const kind = kinds[node.kind.replace(/(Definition|Extension)$/, '')]
    if (kind === undefined || !('name' in node)) continue
    const before = all.get(node.name.value)
    all.set(node.name.value, {
      kind,
      node: before?.node ?? node,
      fields: new Map([...(before?.fields ?? []), ...named(fieldsOf(node))]),
      interfaces: [...(before?.interfaces ?? []), ...('interfaces' in node ? (node.interfaces ?? []) : [])],
      members: new Map([...(before?.members ?? []), ...membersOf(node)]),
    })
  }
  return all
}

const fieldsOf = (node: DefinitionNode): readonly (FieldDefinitionNode | InputValueDefinitionNode)[] =>
  'fields' in node ? (node.fields ?? []) : []

const membersOf = (node: DefinitionNode): readonly (readonly [string, ASTNode])[] =>
  'values' in node ? named((node as EnumTypeDefinitionNode).values) : 'types' in node ? named(node.types) : []

const isRequired = (node: FieldDefinitionNode | InputValueDefinitionNode) =>
  node.kind === Kind.INPUT_VALUE_DEFINITION &&
  node.type.kind === Kind.NON_NULL_TYPE &&
  node.defaultValue === undefined

const defaultOf = (node: FieldDefinitionNode | InputValueDefinitionNode) =>
  node.kind === Kind.INPUT_VALUE_DEFINITION && node.defaultValue ? print(node.defaultValue) : 'no default'

const difference = (node: ASTNode | undefined, what: string, ours: string, theirs: string): Difference => ({
  at: placeOf(node),
  what,
  ours,
  theirs,
})

/** Fields of a type, or arguments of a field: ours may be fewer, but never other, and never without what is required. */
function* fieldDifferences(
  owner: string,
  word: string,
  at: ASTNode,
  ours: ReadonlyMap<string, FieldDefinitionNode | InputValueDefinitionNode>,
  theirs: ReadonlyMap<string, FieldDefinitionNode | InputValueDefinitionNode>,
): Generator<Difference> {
  for (const [name, our] of ours) {
    const label = `${word} ${owner}${word === 'argument' ? `(${name}:)` : `.${name}`}`
    const their = theirs.get(name)
    if (!their) {
      yield difference(our, `${label} does not exist`, print(our), 'nothing of that name')
      continue
    }
    if (print(our.type) !== print(their.type))
      yield difference(our, `${label} has another type`, print(our.type), print(their.type))
    if (defaultOf(our) !== defaultOf(their))
      yield difference(our, `${label} has another default`, defaultOf(our), defaultOf(their))
    if (our.kind === Kind.FIELD_DEFINITION && their.kind === Kind.FIELD_DEFINITION)
      yield* fieldDifferences(
        `${owner}.${name}`,
        'argument',
        our,
        new Map(named(our.arguments)),
        new Map(named(their.arguments)),
      )
  }
  for (const [name, their] of theirs)
    if (isRequired(their) && !ours.has(name))
      yield difference(at, `${word} ${name} of ${owner} is required, and missing`, 'nothing', print(their))
}

/** Lists whose every member matters: a value that we do not know is one that we would misread. */
function* setDifferences(
  what: string,
  at: ASTNode,
  ours: ReadonlyMap<string, ASTNode>,
  theirs: ReadonlyMap<string, ASTNode>,
): Generator<Difference> {
  for (const [name, node] of ours)
    if (!theirs.has(name)) yield difference(node, `${what} ${name} does not exist`, name, list(theirs))
  for (const name of theirs.keys())
    if (!ours.has(name)) yield difference(at, `${what} ${name} is missing`, list(ours), name)
}

const list = (names: ReadonlyMap<string, unknown>) => [...names.keys()].sort().join(', ') || 'none'

function* typeDifferences(name: string, our: Whole, their: Whole | undefined): Generator<Difference> {
  if (!their) {
    yield difference(
      our.node,
      `${our.kind} ${name} does not exist`,
      `${our.kind} ${name}`,
      'nothing of that name',
    )
    return
  }
  if (our.kind !== their.kind) {
    yield difference(our.node, `${name} is of another kind`, our.kind, their.kind)
    return
  }
  yield* fieldDifferences(
    name,
    our.kind === 'input' ? 'input field' : 'field',
    our.node,
    our.fields,
    their.fields,
  )
  yield* setDifferences(
    `interface of ${name}:`,
    our.node,
    new Map(named(our.interfaces)),
    new Map(named(their.interfaces)),
  )
  yield* setDifferences(`${our.kind} ${name}:`, our.node, our.members, their.members)
}

/** A file that is no GraphQL at all: nothing else can be said before that is mended. */
function* unreadable(files: readonly SchemaFile[]): Generator<Difference> {
  for (const source of files)
    try {
      read(source)
    } catch (error) {
      if (!(error instanceof GraphQLError)) throw error
      const at = `${source.file}:${error.locations?.[0]?.line ?? 1}`
      yield { at, what: 'this cannot be read', ours: error.message, theirs: 'GraphQL' }
    }
}

/** What the definitions cannot show one by one: a name said twice, a type that nobody defines, an interface half kept. */
function* brokenSchema(what: string, files: readonly SchemaFile[]): Generator<Difference> {
  const wrong = (message: string, node?: ASTNode): Difference => ({
    at: node ? placeOf(node) : (files[0]?.file ?? '(nowhere)'),
    what: `the ${what} is no schema`,
    ours: message,
    theirs: 'a schema that stands by itself',
  })
  try {
    const errors = validateSchema(buildASTSchema(concatAST(files.map(read))))
    yield* errors.map((error) => wrong(error.message, error.nodes?.[0]))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    yield wrong(error.message)
  }
}

/** Only the answer that makes a secret may show it, since no later one does. */
const secrets = { never: ['webhookURL', 'webhookUrl'], atCreation: ['token', 'tokenValue'] }

function* secretsSelected(documents: readonly DocumentNode[]): Generator<Difference> {
  for (const definition of documents.flatMap((document) => document.definitions)) {
    const found: Difference[] = []
    const creates = definition.kind === Kind.OPERATION_DEFINITION && isCreate(definition)
    visit(definition, {
      Field: (field) => {
        const name = field.name.value
        if (secrets.never.includes(name) || (secrets.atCreation.includes(name) && !creates))
          found.push(
            difference(field, `${name} is a secret`, `selects ${name}`, 'no stored operation selects it'),
          )
      },
    })
    yield* found
  }
}

const isCreate = (operation: OperationDefinitionNode) =>
  operation.operation === OperationTypeNode.MUTATION &&
  operation.selectionSet.selections.every(
    (one) => one.kind === Kind.FIELD && one.name.value.endsWith('Create'),
  )

const misfit = (error: GraphQLError, official: string): Difference =>
  difference(error.nodes?.[0], 'an operation does not fit', error.message, `what ${official} allows`)

/** Everything that ours says and the official SDL does not, in the order of the files. */
export function* schemaDifferences(compared: Compared): Generator<Difference> {
  const { slice, extension, operations, official, unpublished = [] } = compared
  const illegible = [...unreadable([official, ...slice, ...extension, ...operations])]
  yield* illegible
  if (illegible.length > 0) return

  const theirs = read(official)
  const published = extension.filter(({ file }) => !unpublished.includes(file))

  yield* brokenSchema('slice', slice)
  yield* brokenSchema('slice with its extension', [...slice, ...extension])

  const theirTypes = wholes([theirs])
  const ours = [wholes(slice.map(read)), wholes([...slice, ...published].map(read))]
  for (const types of ours)
    for (const [name, type] of types) yield* typeDifferences(name, type, theirTypes.get(name))

  const documents = operations.map(read)
  const schema: GraphQLSchema = buildASTSchema(theirs)
  for (const error of validate(schema, concatAST(documents))) yield misfit(error, official.file)
  yield* secretsSelected(documents)
}

/** How much was compared, in one line. */
export const schemaCounts = ({ slice, extension, operations }: Compared): string => {
  const count = (files: readonly SchemaFile[]) => {
    const types = [...wholes(files.map(read)).values()]
    return `${types.length} types, ${types.reduce((sum, { fields }) => sum + fields.size, 0)} fields`
  }
  const sent = operations
    .flatMap((file) => read(file).definitions)
    .filter(({ kind }) => kind === Kind.OPERATION_DEFINITION)
  return `slice ${count(slice)}; with its extension ${count([...slice, ...extension])}; ${sent.length} operations`
}
