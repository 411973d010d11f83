import type { TypedDocumentString } from './generated/documents.js'

/** A query that walks the one connection that its document calls `page`. */
export interface List<Result, Variables> {
  readonly shape: 'list'
  readonly name: string
  readonly document: TypedDocumentString<Result, Variables>
  /** True for a connection that has no `count`: its last page alone says that it is whole. */
  readonly uncounted?: true
}

/** A query with one answer and nothing to walk. */
export interface Question<Result, Variables> {
  readonly shape: 'question'
  readonly name: string
  readonly document: TypedDocumentString<Result, Variables>
}

/** A mutation with one `$input`; its document calls what later calls may name `made`. */
export interface Mutation<Result, Variables> {
  readonly shape: 'mutation'
  readonly name: string
  readonly document: TypedDocumentString<Result, Variables>
  /** True if sending it twice leaves what sending it once leaves. */
  readonly repeatable: boolean
}

/** A connection as Buildkite's SDL has it: every part may be null, and a null part is never an empty one. */
export interface Connection<Node> {
  readonly count: number
  readonly pageInfo?: { readonly hasNextPage: boolean; readonly endCursor: string | null } | null
  readonly edges: readonly ({ readonly node: Node | null } | null)[] | null
}

/** The connection that a result calls `page`, however deep. */
export type PageOf<Result> = Result extends { readonly page: infer Page }
  ? NonNullable<Page>
  : Result extends object
    ? { [Key in keyof Result]: PageOf<NonNullable<Result[Key]>> }[keyof Result]
    : never

/** What a connection is a list of. */
export type NodeOf<Page> = Page extends { readonly edges: readonly (infer Edge)[] | null }
  ? NonNullable<Edge> extends { readonly node: infer Node }
    ? NonNullable<Node>
    : never
  : never

/** The variables that a caller gives: the reader knows the organization, and where it has got to. */
export type Given<Variables> = Omit<Variables, 'organization' | 'after'>

/** One row of a REST list, or one REST object. */
export type RestObject = Readonly<Record<string, unknown>>

/**
 * All the ways there are to ask Buildkite something. There is none here to tell it something: who holds a Reader can
 * change nothing.
 *
 * It remembers: the same list with the same variables is walked once, however many ask. A list that ends early, has a
 * null where a row should be, or holds another number of rows than it counts, throws a `Refusal` (`incomplete`).
 */
export interface Reader {
  /** The organization's slug, as the URLs have it. */
  readonly organization: string
  ask<Result, Variables>(question: Question<Result, Variables>, variables: Given<Variables>): Promise<Result>
  pages<Result, Variables>(
    list: List<Result, Variables>,
    variables: Given<Variables>,
  ): AsyncIterable<NodeOf<PageOf<Result>>>
  /** A connection nested in a row: the nodes that came with it, then those that did not fit. */
  more<Node, Result, Variables>(
    first: Connection<Node> | null,
    list: List<Result, Variables>,
    variables: Given<Variables>,
  ): AsyncIterable<Node>
  /** `GET` of one object; the path is under `/v2/organizations/{organization}/`, or absolute under `/v2` if it begins with a slash. */
  rest(path: string): Promise<RestObject>
  /** `GET` of a list, page by page to its end, 100 rows at a time. */
  restPages(path: string): AsyncIterable<RestObject>
}
