import {
  getOperationAST,
  GraphQLError,
  Kind,
  OperationTypeNode,
  type DocumentNode,
  type FieldNode,
} from 'graphql'
import type { Context } from './context.js'
import { actualPoints, chargesOf, requestedPoints } from './cost.js'
import { prepared, type Prepared } from './documents.js'
import { busy, one, spoil, type Answered } from './faults.js'
import { execute, schemaWithout } from './graphql.js'
import { metered } from './meter.js'
import { Refused } from './refused.js'
import { no, partiesOf, scopeMissing, type Desk, type Incoming, type Reply } from './reply.js'

/** The body of a request to GraphQL, or nothing if it is no JSON object. */
export interface Query {
  readonly source: string
  readonly variables: Readonly<Record<string, unknown>>
  readonly operationName: string | null
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const queryIn = (body: string): Query | undefined => {
  let sent: unknown
  try {
    sent = JSON.parse(body)
  } catch {
    return undefined
  }
  if (!isObject(sent)) return undefined
  const { query, variables, operationName } = sent
  return {
    source: typeof query === 'string' ? query : '',
    variables: isObject(variables) ? variables : {},
    operationName: typeof operationName === 'string' && operationName !== '' ? operationName : null,
  }
}

/** What a query asks for, as far as it can be read. */
export const nameQuery = ({ source, operationName }: Query) => {
  const ready = prepared(schemaWithout(), source)
  const operation = operationIn(ready, operationName)
  return {
    kind: operation?.operation === OperationTypeNode.MUTATION ? ('mutation' as const) : ('query' as const),
    name: operation?.name?.value ?? operationName ?? '',
    fields: (operation?.selectionSet.selections ?? []).flatMap((node) =>
      node.kind === Kind.FIELD ? [node.name.value] : [],
    ),
  }
}

const operationIn = (ready: Prepared, name: string | null) =>
  ready.errors ? undefined : (getOperationAST(ready.document, name) ?? undefined)

/** An error as it is sent. Some of the real ones come without a place, and no client may count on one. */
const printed = (error: GraphQLError) => {
  const { originalError } = error
  if (originalError instanceof Refused && !originalError.located) return { message: error.message }
  if (!originalError || originalError instanceof Refused || originalError instanceof GraphQLError) {
    return error.toJSON()
  }
  throw originalError // no answer of Buildkite's, but a bug of the sandbox's
}

const errors = (all: readonly GraphQLError[]): Reply => ({ status: 200, body: { errors: all.map(printed) } })

/** What is checked before anything is done: points that could be asked for, and levels. */
const tooMuch = (points: number, depth: number, { limits }: Desk): Reply | undefined =>
  depth > limits.depth
    ? no('graphql', 200, `Query has depth of ${depth}, which exceeds max depth of ${limits.depth}`)
    : points > limits.complexity
      ? no(
          'graphql',
          200,
          `Query has complexity of ${points}, which exceeds max complexity of ${limits.complexity}`,
        )
      : undefined

/** An error that a fault asks for, where the first field would have given its own. */
const faulty = (document: DocumentNode, operationName: string | null, message: string): Reply => {
  const field = getOperationAST(document, operationName)?.selectionSet.selections.find(
    (node): node is FieldNode => node.kind === Kind.FIELD,
  )
  const key = field ? (field.alias ?? field.name).value : ''
  const error = new GraphQLError(message, { nodes: field ?? null, path: [key] })
  return { status: 200, body: { data: { [key]: null }, errors: [error.toJSON()] } }
}

const run = (desk: Desk, query: Query, context: Context): Reply => {
  const { limits, faults, switches } = desk
  const hidden = faults.flatMap((fault) => (fault.fault === 'missing' ? fault.fields : []))
  const schema = schemaWithout(hidden)
  if (query.source === '') return no('graphql', 200, 'No query string was present')
  const ready = prepared(schema, query.source)
  if (ready.errors) return errors(ready.errors)
  const { document } = ready
  const { variables, operationName } = query

  const failure = one(faults, 'busy') ? busy : one(faults, 'error')?.message
  if (failure !== undefined) return faulty(document, operationName, failure)

  const operation = operationIn(ready, operationName)
  const atMost = switches.oversizePage === 'clamp' ? 500 : undefined
  const asked = operation && chargesOf(schema, document, operation, variables, atMost)
  const requested = asked ? requestedPoints(schema, asked, limits.cost) : 0
  const refused = asked && tooMuch(requested, asked.depth, desk)
  if (refused) return { ...refused, requestedPoints: requested }

  const result = execute({ document, variables, operationName, schema }, context)
  const points = asked ? actualPoints(asked, result.data, limits.cost) : 0
  const answer: Answered = {
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(result.errors ? { errors: result.errors.map(printed) } : {}),
  }
  spoil(answer, faults)
  return { status: 200, body: answer, requestedPoints: requested, points }
}

/** `POST /v1`: one switch for all of GraphQL, and then whatever the token's user may do. */
export const answerQuery = (
  desk: Desk,
  incoming: Incoming,
  query: Query | undefined,
  context: Context,
): Reply =>
  metered('graphql', desk, partiesOf(context.viewer), () => {
    if (!context.viewer.token.scopes.includes('graphql')) return scopeMissing('graphql', 'graphql')
    if (!query) return no('graphql', 400, 'The request body is not a JSON object')
    const reply = run(desk, query, context)
    if (reply.requestedPoints === undefined) return reply
    const { requestedPoints: requestedComplexity, points: actualComplexity = 0 } = reply
    const stats = incoming.headers.get('Buildkite-Include-Query-Stats') === 'true'
    return {
      ...reply,
      body: stats
        ? { ...(reply.body as object), stats: { requestedComplexity, actualComplexity } }
        : reply.body,
      headers: {
        'RateLimit-Complexity-Requested': String(requestedComplexity),
        'RateLimit-Complexity-Actual': String(actualComplexity),
      },
    }
  })
