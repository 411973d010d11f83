import type { Context } from './context.js'

export interface RestAnswer {
  readonly status: number
  /** Absent for 204. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export interface RestRequest {
  readonly context: Context
  /** What stood where the path has `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>
  /** The parsed JSON body; an empty object where there was none. */
  readonly body: Readonly<Record<string, unknown>>
  readonly url: URL
}

/** One REST endpoint. A no is thrown as `Refused`, which knows its status. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `/v2/organizations/:org/clusters/:cluster` */
  readonly path: string
  /** The token needs one of these; the documentation spells some scopes in two ways. Empty: any token will do. */
  readonly scopes: readonly string[]
  handle(request: RestRequest): RestAnswer
}
