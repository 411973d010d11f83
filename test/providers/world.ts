import * as api from '../../graphql/api.js'
import { TypedDocumentString } from '../../graphql/generated/documents.js'
import type { List, Mutation, Question } from '../../graphql/operation.js'
import type { ReadyCall } from '../../src/model/call.js'
import type { Clock } from '../../src/model/clock.js'
import { Refusal } from '../../src/model/refusal.js'
import { connect, type Means } from '../../src/providers/buildkite/connect.js'
import { connectToWrite } from '../../src/providers/buildkite/connect-to-write.js'

export const token = 'bkua_0123456789abcdef0123456789abcdef01234567'
export const graphqlUrl = 'https://graphql.buildkite.com/v1'
const restUrl = 'https://api.buildkite.com'

/** A clock that jumps over every sleep, and remembers them. Not for requests with a time limit. */
export const jumping = (): Clock & { readonly slept: number[] } => {
  let now = Date.UTC(2026, 0, 1)
  const slept: number[] = []
  return {
    slept,
    now: () => now,
    sleep: async (ms, signal) => {
      if (signal?.aborted) return
      slept.push(ms)
      now += ms
    },
  }
}

/** A clock that stands still until it is moved. */
export const standing = () => {
  let now = Date.UTC(2026, 0, 1)
  const sleepers: { at: number; wake: () => void }[] = []
  const clock: Clock = {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        sleepers.push({ at: now + ms, wake: resolve })
        signal?.addEventListener('abort', () => resolve())
      }),
  }
  return {
    clock,
    move: (ms: number) => {
      now += ms
      for (const { at, wake } of sleepers) if (at <= now) wake()
    },
  }
}

/** Lets everything happen that needs no clock. */
export const settle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve))
}

export const means = (more: Partial<Means> = {}): Means => ({
  fetch: (url, init) => fetch(url, init),
  clock: jumping(),
  random: () => 0.5,
  token,
  organization: 'acme',
  graphqlUrl,
  restUrl,
  userAgent: 'bridle/test',
  timeoutSeconds: Infinity,
  ...more,
})

export const reading = (more: Partial<Means> = {}) => connect(means(more)).reader()
export const writing = (more: Partial<Means> & { only?: readonly string[] } = {}) =>
  connectToWrite(means(more)).writer

const document = (text: string) => new TypedDocumentString<never, never>(text)

/** Operations of our own, so that these tests say what they are about. */
export const question = (name: string, text: string) =>
  ({ shape: 'question', name, document: document(text) }) as unknown as Question<any, any> // eslint-disable-line @typescript-eslint/no-explicit-any
export const list = (name: string, text: string) =>
  ({ shape: 'list', name, document: document(text) }) as unknown as List<any, any> // eslint-disable-line @typescript-eslint/no-explicit-any
export const mutation = (name: string, text: string, repeatable: boolean) =>
  ({ shape: 'mutation', name, document: document(text), repeatable }) as unknown as Mutation<any, any> // eslint-disable-line @typescript-eslint/no-explicit-any

/** Any operation of ours. */
export interface Operation {
  readonly name: string
  readonly shape: 'list' | 'question' | 'mutation'
  readonly document: TypedDocumentString<unknown, unknown>
}

/** All the operations that bridle ships. */
export const shipped: Operation[] = Object.values(api).filter(
  (one): one is typeof one & Operation => typeof one === 'object' && 'document' in one,
)

/** A list of two rows a page. */
export const Things = list(
  'Things',
  `query Things($organization: ID!, $after: String) {
    organization(slug: $organization) {
      page: pipelines(first: 2, after: $after) {
        count pageInfo { hasNextPage endCursor } edges { node { id slug } }
      }
    }
  }`,
)

/** A question with an answer of three points. */
export const Name = question(
  'Name',
  `query Name($organization: ID!) { organization(slug: $organization) { name permissions { teamView { allowed } } } }`,
)

/** Where a request without a network of its own gets its answer: a function. */
export const answering =
  (
    answer: (asked: {
      url: URL
      body: { query: string; variables: Record<string, unknown> } | undefined
      init: RequestInit
    }) => Response | Promise<Response>,
  ) =>
  async (url: string, init: RequestInit) =>
    answer({
      url: new URL(url),
      body: typeof init.body === 'string' ? JSON.parse(init.body) : undefined,
      init,
    })

export const json = (body: unknown, headers: Record<string, string> = {}, status = 200) =>
  new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json', ...headers } })

/** All that an async iterable has. */
export const all = async <Row>(rows: AsyncIterable<Row>): Promise<Row[]> => {
  const found: Row[] = []
  for await (const row of rows) found.push(row)
  return found
}

/** The refusal that something ends with. */
export const refusalOf = async (saying: Promise<unknown>): Promise<Refusal> => {
  const error: unknown = await saying.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof Refusal) return error
  throw new Error('not refused', { cause: error })
}

/** An answer to `Name`. */
export const named = {
  data: { organization: { name: 'Acme', permissions: { teamView: { allowed: true } } } },
}
export const created: ReadyCall = {
  via: 'graphql',
  operation: 'ClusterCreate',
  repeatable: false,
  input: { organizationId: 'o', name: 'ios' },
}
export const updated: ReadyCall = {
  via: 'graphql',
  operation: 'ClusterUpdate',
  repeatable: true,
  input: { organizationId: 'o', id: 'c', name: 'ios' },
}
export const patched: ReadyCall = {
  via: 'rest',
  method: 'PATCH',
  path: ['pipelines', 'web'],
  repeatable: true,
  body: { slug: 'web' },
}
export const posted: ReadyCall = {
  via: 'rest',
  method: 'POST',
  path: ['clusters', 'u', 'maintainers'],
  repeatable: false,
  body: { user: 'u' },
}
export const made = (uuid = 'c') => ({
  data: { clusterCreate: { made: { id: 'C', uuid } }, clusterUpdate: { made: { id: 'C', uuid } } },
})
