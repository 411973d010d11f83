import type { Asked } from './asked.js'
import { answerAws } from './aws/http.js'
import { targetOf } from './aws/wire/target.js'
import { authenticate, type Context } from './context.js'
import { gatewayPage, networkFailure, one } from './faults.js'
import { answerQuery, nameQuery, queryIn } from './query.js'
import { no, unauthenticated, type Desk, type Incoming, type Reply } from './reply.js'
import { answerRest } from './rest.js'
import type { Api } from './limits.js'

/** Any other path that ends so is GraphQL: clients are given whole addresses, and each has its own idea of one. */
const apiOf = ({ pathname }: URL): Api | undefined =>
  /^\/+v2(\/|$)/.test(pathname) ? 'rest' : /\/(v1|graphql)\/?$/.test(pathname) ? 'graphql' : undefined

/** What a request asks for, before anybody has looked at who is asking. */
export const name = (incoming: Incoming): Omit<Asked, 'n'> => {
  const { method, url, body } = incoming
  const target = targetOf(incoming)
  if (target) return { kind: 'aws', name: target.operation, fields: [target.service] }
  const query = apiOf(url) === 'graphql' && method === 'POST' ? queryIn(body) : undefined
  return query
    ? nameQuery(query)
    : { kind: 'rest', name: `${method} ${url.pathname.replace(/\/+/g, '/')}`, fields: [] }
}

const tokenIn = (headers: Headers): string | undefined =>
  /^Bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]

/** An answer of AWS's or Buildkite's own: the way in, then the API that the path belongs to. */
const served = (desk: Desk, incoming: Incoming): Reply => {
  const target = targetOf(incoming)
  if (target) return answerAws(desk, target, incoming)
  const { url, method, headers } = incoming
  const api = apiOf(url)
  if (!api || (api === 'graphql' && method !== 'POST')) return no('rest', 404, 'Not Found')
  const now = new Date(desk.now).toISOString()
  const token = tokenIn(headers)
  const viewer = token === undefined ? undefined : authenticate(desk.state, token, now)
  if (!viewer) return unauthenticated(api)
  const { state, switches, faults } = desk
  const context: Context = {
    state,
    viewer,
    now,
    switches: one(faults, 'default-queue-lost') ? { ...switches, queueUpdateLosesDefault: true } : switches,
    userAgent: headers.get('user-agent'),
    ipAddress: '127.0.0.1',
  }
  return api === 'graphql'
    ? answerQuery(desk, incoming, queryIn(incoming.body), context)
    : answerRest(desk, incoming, context)
}

/**
 * An answer, or what stands between it and who asked: a gateway, a dead network, a connection lost too late.
 *
 * @throws TypeError, as `fetch` does, where no answer comes
 */
export const answer = (desk: Desk, incoming: Incoming): Reply => {
  const network = one(desk.faults, 'network')
  if (network) throw networkFailure(network.code)
  const other = one(desk.faults, 'answer')
  if (other) {
    const { status, body, headers } = other
    return { status, body: body ?? gatewayPage(status), headers: { 'Content-Type': 'text/html', ...headers } }
  }
  const reply = served(desk, incoming)
  const lost = one(desk.faults, 'lost')
  if (!lost) return reply
  if (lost.status === undefined) throw networkFailure(lost.code)
  const { status } = lost
  return { ...reply, status, body: gatewayPage(status), headers: { 'Content-Type': 'text/html' } }
}

/** A reply as it goes over the wire. */
export const written = ({ status, body, headers }: Reply, requestId: string, cut: boolean): Response => {
  const text = body === undefined ? null : typeof body === 'string' ? body : JSON.stringify(body)
  return new Response(cut && text !== null ? text.slice(0, Math.ceil(text.length / 2)) : text, {
    status,
    headers: {
      ...(text === null ? {} : { 'Content-Type': 'application/json; charset=utf-8' }),
      'X-Request-Id': requestId,
      ...headers,
    },
  })
}
