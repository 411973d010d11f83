import { organizationSeen, type Context } from './context.js'
import { one, spoilList } from './faults.js'
import { kinds } from './kinds/index.js'
import { standings, usualLimits, type Allowance, type Api } from './limits.js'
import { metered } from './meter.js'
import { Refused, refusedBody } from './refused.js'
import { no, partiesOf, scopeMissing, type Desk, type Incoming, type Reply } from './reply.js'
import type { RestAnswer, RestRequest, Route } from './route.js'
import { there } from './write.js'

type Handle = (request: RestRequest, desk: Desk) => RestAnswer

interface Endpoint {
  readonly method: string
  readonly segments: readonly string[]
  readonly scopes: readonly string[]
  readonly handle: Handle
}

const segmentsOf = (path: string) => path.split('/').filter((segment) => segment !== '')

/** What is left of the organization's allowances. The one endpoint that tells no rows. */
const rateLimit: Handle = ({ context, params }, { windows, limits, now }) => {
  there(
    organizationSeen(context, ({ slug }) => slug === params['org']),
    'organization',
  )
  const scope = (api: Api) => {
    const allowance = limits[api] === 'off' ? (usualLimits[api] as Allowance) : limits[api]
    const { limit, used, resetSeconds } = standings(
      windows,
      api,
      allowance,
      partiesOf(context.viewer),
      now,
    ).organization
    return {
      limit,
      current: used,
      reset: resetSeconds,
      reset_at: new Date(now + resetSeconds * 1000).toISOString(),
      enforced: limits[api] !== 'off',
    }
  }
  return { status: 200, body: { scopes: { rest: scope('rest'), graphql: scope('graphql') } } }
}

const endpoint = ({ method, path, scopes }: Omit<Route, 'handle'>, handle: Handle): Endpoint => ({
  method,
  segments: segmentsOf(path),
  scopes,
  handle,
})

/** Those with fewer names left open come first: `/pipelines/archived` would be no slug. */
const endpoints: readonly Endpoint[] = [
  endpoint(
    {
      method: 'GET',
      path: '/v2/organizations/:org/rate_limit',
      scopes: ['read_organizations', 'read_accounts'],
    },
    rateLimit,
  ),
  ...kinds.flatMap(({ routes = [] }) =>
    routes.map((route) => endpoint(route, (request) => route.handle(request))),
  ),
].sort((a, b) => open(a) - open(b))

function open({ segments }: Endpoint): number {
  return segments.filter((segment) => segment.startsWith(':')).length
}

const paramsOf = (endpoint: Endpoint, segments: readonly string[]): Record<string, string> | undefined => {
  if (endpoint.segments.length !== segments.length) return undefined
  const params: Record<string, string> = {}
  for (const [index, segment] of endpoint.segments.entries()) {
    const given = segments[index] ?? ''
    if (segment.startsWith(':')) params[segment.slice(1)] = given
    else if (segment !== given) return undefined
  }
  return params
}

const decoded = (segments: readonly string[]): readonly string[] => {
  try {
    return segments.map(decodeURIComponent)
  } catch {
    return []
  }
}

const find = (method: string, path: string) => {
  const segments = decoded(segmentsOf(path))
  for (const endpoint of endpoints) {
    const params = endpoint.method === method ? paramsOf(endpoint, segments) : undefined
    if (params) return { endpoint, params }
  }
  return undefined
}

/** The body as an object; nothing if it is something else. */
const objectIn = (body: string): Readonly<Record<string, unknown>> | undefined => {
  if (body === '') return {}
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined
  } catch {
    return undefined
  }
}

const handled = (handle: () => RestAnswer): Reply => {
  try {
    return { body: undefined, ...handle() }
  } catch (error) {
    if (error instanceof Refused) return { status: error.status, body: refusedBody(error) }
    throw error
  }
}

/** `/v2/…`: the scope that the endpoint wants, and then the endpoint. */
export const answerRest = (desk: Desk, { method, url, body }: Incoming, context: Context): Reply =>
  metered('rest', desk, partiesOf(context.viewer), () => {
    const found = find(method, url.pathname)
    if (!found) return no('rest', 404, 'Not Found')
    const { scopes, handle } = found.endpoint
    const [scope] = scopes
    if (scope !== undefined && !scopes.some((any) => context.viewer.token.scopes.includes(any))) {
      return scopeMissing('rest', scope)
    }
    const failure = one(desk.faults, 'error')
    if (failure) return no('rest', 422, failure.message)
    const sent = method === 'GET' ? {} : objectIn(body)
    if (!sent) return no('rest', 400, 'The request body is not a JSON object')
    const reply = handled(() => handle({ context, params: found.params, body: sent, url }, desk))
    return spoilList(reply, desk.faults)
  })
