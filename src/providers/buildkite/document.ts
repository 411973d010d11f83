import { Kind, parse, type DocumentNode, type OperationDefinitionNode } from 'graphql'

const known = new Map<string, DocumentNode>()

/** A document of ours, parsed once however often it is sent. */
export const parsed = (text: string): DocumentNode => {
  const before = known.get(text)
  if (before !== undefined) return before
  const document = parse(text, { noLocation: true })
  known.set(text, document)
  return document
}

const operationsIn = (text: string): OperationDefinitionNode[] =>
  parsed(text).definitions.filter((one) => one.kind === Kind.OPERATION_DEFINITION)

/** Whether nothing in a document can change anything. */
export const isQuery = (text: string): boolean => {
  const operations = operationsIn(text)
  return operations.length > 0 && operations.every(({ operation }) => (operation as string) === 'query')
}

/** The names of the variables that a document declares: it is sent no others. */
export const variablesOf = (text: string): Set<string> =>
  new Set(
    operationsIn(text).flatMap((one) => one.variableDefinitions?.map((it) => it.variable.name.value) ?? []),
  )
