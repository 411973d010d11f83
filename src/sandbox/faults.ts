import type { Asked } from './asked.js'

/** Which requests a fault befalls. */
interface When {
  /**
   * An operation's name, one of its root fields, `query`, `mutation`, `rest` or `aws`, a service of AWS (`iam`), or a REST
   * method and path in which a `*` stands for one segment: `PATCH /v2/organizations/acme/pipelines/*`. Left out: every
   * request.
   */
  readonly on?: string
  /** How many of these go well first. */
  readonly after?: number
  /** How many it befalls then. Where nothing is said: one, and all for `skew`, `missing` and `unsettled`. */
  readonly times?: number | 'always'
}

/** What goes wrong. */
type Harm =
  /** The answer takes its time. */
  | { readonly fault: 'slow'; readonly ms: number }
  /** No answer, and nothing done: what `fetch` throws then has this code. */
  | { readonly fault: 'network'; readonly code?: string }
  /** Done, but the answer is lost: a dead connection, or a gateway that gave up with this status. */
  | { readonly fault: 'lost'; readonly code?: string; readonly status?: number }
  /** Another answer, and nothing done. A gateway's HTML, where no body is given. */
  | {
      readonly fault: 'answer'
      readonly status: number
      readonly body?: string
      readonly headers?: Readonly<Record<string, string>>
    }
  /** 429, whatever is left in the window; what AWS calls throttling. */
  | { readonly fault: 'limited'; readonly whose?: 'organization' | 'user'; readonly seconds?: number }
  /** An error of GraphQL with status 200, or of AWS with a code and a status, and nothing done. */
  | { readonly fault: 'error'; readonly message: string; readonly code?: string; readonly status?: number }
  /** The same, as clusterCreate says it when it has too much to do. */
  | { readonly fault: 'busy' }
  /** A list with rows missing, which says that this was all. `connection` is the name it is answered under. */
  | { readonly fault: 'truncated'; readonly connection?: string; readonly keep?: number }
  /** A row of a list that is null. */
  | { readonly fault: 'null-node'; readonly connection?: string; readonly row?: number }
  /** A part of the answer is null, and an error says so: `organization.pipelines.edges.0.node.repository`. */
  | { readonly fault: 'partial'; readonly path: string; readonly message?: string }
  /** The body ends in the middle. */
  | { readonly fault: 'cut' }
  /** A clock that is off: every `Reset` says this many seconds more, and AWS compares by it when a request was signed. */
  | { readonly fault: 'skew'; readonly seconds: number }
  /** An old defect: updating a cluster's default queue takes away its being the default. */
  | { readonly fault: 'default-queue-lost' }
  /** Types, fields, arguments or enum values that this organization's schema lacks: `Pipeline.tags`. */
  | { readonly fault: 'missing'; readonly fields: readonly string[] }
  /** To AWS, credentials that have had their time. */
  | { readonly fault: 'expired' }
  /** To AWS, an action that no policy allows. */
  | { readonly fault: 'denied' }
  /** To AWS, something new is not there yet: a role, a profile, a provider, for this many requests after it was made. */
  | { readonly fault: 'unsettled'; readonly requests: number }
  /** Somebody changes something by hand just before: `['pause', 'queue:ios/m2', 'flaky']`. */
  | { readonly fault: 'edit'; readonly words: readonly string[] }

export type Fault = When & Harm

/** How often each fault's requests were seen, by its place in the list. Data, so a fork can take it along. */
export type Sightings = Record<number, number>

const pathMatches = (pattern: string, name: string): boolean => {
  const wanted = pattern.split(/[ /]+/)
  const had = name.split(/[ /]+/)
  return wanted.length === had.length && wanted.every((part, index) => part === '*' || part === had[index])
}

const concerns = ({ on }: When, { kind, name, fields }: Asked): boolean =>
  on === undefined || on === kind || fields.includes(on) || pathMatches(on, name)

/** What is as it is, and not an accident. */
const lasting: ReadonlySet<Fault['fault']> = new Set(['skew', 'missing', 'unsettled'])

/** The faults that befall this request. Counts it for all that concern it. */
export const befalling = (faults: readonly Fault[], sightings: Sightings, asked: Asked): readonly Fault[] =>
  faults.filter((fault, index) => {
    if (!concerns(fault, asked)) return false
    const seen = (sightings[index] = (sightings[index] ?? 0) + 1)
    const after = fault.after ?? 0
    const times = fault.times ?? (lasting.has(fault.fault) ? 'always' : 1)
    return seen > after && (times === 'always' || seen <= after + times)
  })

/** The first of this sort. */
export const one = <Name extends Fault['fault']>(
  faults: readonly Fault[],
  name: Name,
): Extract<Fault, { fault: Name }> | undefined =>
  faults.find((fault): fault is Extract<Fault, { fault: Name }> => fault.fault === name)

/** What a dead network makes `fetch` throw. */
export const networkFailure = (code = 'ECONNRESET'): TypeError =>
  new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) })

export const gatewayPage = (status: number) =>
  `<html>\n<head><title>${status}</title></head>\n<body><h1>${status}</h1><p>The server could not answer.</p></body>\n</html>\n`

/** @source terraform-provider-buildkite, which retries on it */
export const busy = 'Cluster creation is currently busy, please try again.'

interface Connection {
  edges?: (null | { node?: unknown })[]
  nodes?: unknown[]
  pageInfo?: { hasNextPage?: boolean }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The outermost connection of an answer, or of those with this name. */
const connectionIn = (data: unknown, name: string | undefined): Connection | undefined => {
  for (let level: readonly (readonly [string, unknown])[] = [['', data]]; level.length > 0;) {
    for (const [key, value] of level) {
      if (!isObject(value) || !(Array.isArray(value['edges']) || Array.isArray(value['nodes']))) continue
      if (name === undefined || name === key) return value
    }
    level = level.flatMap(([key, value]) =>
      Array.isArray(value)
        ? value.map((part): [string, unknown] => [key, part])
        : isObject(value)
          ? Object.entries(value)
          : [],
    )
  }
  return undefined
}

const truncate = (connection: Connection, keep: number | undefined) => {
  for (const list of [connection.edges, connection.nodes]) list?.splice(keep ?? Math.max(0, list.length - 1))
  if (connection.pageInfo) connection.pageInfo.hasNextPage = false
}

const loseNode = ({ edges, nodes }: Connection, row = 0) => {
  const edge = edges?.[row]
  if (edge) edge.node = null
  if (nodes && row in nodes) nodes[row] = null
}

/** Makes null what is at a path; false if nothing is there. */
const lose = (data: unknown, path: readonly string[]): boolean => {
  const [key = '', ...rest] = path
  if (!Array.isArray(data) && !isObject(data)) return false
  const parts = data as Record<string, unknown>
  if (!(key in parts)) return false
  if (rest.length > 0) return lose(parts[key], rest)
  parts[key] = null
  return true
}

export interface Answered {
  data?: unknown
  errors?: unknown[]
}

/** Spoils an answer of GraphQL before it is sent. The answer is a copy that nobody else holds. */
export const spoil = (answer: Answered, faults: readonly Fault[]): void => {
  for (const fault of faults) {
    if (fault.fault === 'truncated' || fault.fault === 'null-node') {
      const connection = connectionIn(answer.data, fault.connection)
      if (!connection) continue
      if (fault.fault === 'truncated') truncate(connection, fault.keep)
      else loseNode(connection, fault.row)
    } else if (fault.fault === 'partial' && lose(answer.data, fault.path.split('.'))) {
      const path = fault.path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
      answer.errors = [...(answer.errors ?? []), { message: fault.message ?? 'Something went wrong', path }]
    }
  }
}

/** The same for a list of REST: a short page, which names no next one, or a row that is null. */
export const spoilList = <Reply extends { body: unknown; headers?: Readonly<Record<string, string>> }>(
  reply: Reply,
  faults: readonly Fault[],
): Reply => {
  if (!Array.isArray(reply.body)) return reply
  const truncated = one(faults, 'truncated')
  const nulled = one(faults, 'null-node')
  let rows: readonly unknown[] = reply.body
  if (nulled) rows = rows.map((row, index) => (index === (nulled.row ?? 0) ? null : row))
  if (!truncated) return { ...reply, body: rows }
  const headers = Object.fromEntries(Object.entries(reply.headers ?? {}).filter(([name]) => name !== 'Link'))
  return { ...reply, body: rows.slice(0, truncated.keep ?? Math.max(0, rows.length - 1)), headers }
}
