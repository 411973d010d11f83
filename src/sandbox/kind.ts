import type { Context } from './context.js'
import type { Route } from './route.js'
import type { Row } from './table.js'

/** `never` takes whatever arguments a field has: the SDL has checked them before anybody is asked. */
type Field<Source> = (source: Source, args: never, context: Context) => unknown
type Mutation = (input: never, context: Context) => Record<string, unknown>

export type Fields = Readonly<Record<string, Field<never>>>

/** Fields that are more than a property of their row. */
export const fields = <Source>(all: Readonly<Record<string, Field<Source>>>): Fields => all

/** All that the sandbox knows about one kind of thing. */
export interface SandboxKind {
  /** By GraphQL type, then field. A field that is not here is the row's property of the same name. */
  readonly types?: Readonly<Record<string, Fields>>
  /** By name: from the input to the payload, less `clientMutationId`. */
  readonly mutations?: Readonly<Record<string, Mutation>>
  /** By GraphQL type: the row with this uuid if the viewer may see it. */
  readonly nodes?: Readonly<Record<string, (context: Context, uuid: string) => Row | undefined>>
  readonly routes?: readonly Route[]
}

/** A row that says its GraphQL type, for where the SDL leaves a choice. */
export const typed = <R extends object>(type: string, row: R): R & { readonly __typename: string } => ({
  ...row,
  __typename: type,
})
