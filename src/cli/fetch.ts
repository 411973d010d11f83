import { Agent, request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http'
import { promisify } from 'node:util'

/** Less than the five seconds after which Node's own servers drop an idle connection. */
const IDLE_MS = 4_000

const keepAlive = { keepAlive: true, timeout: IDLE_MS }

interface Outgoing {
  readonly url: URL
  readonly method: string
  readonly headers: Headers
  readonly body: Buffer | undefined
  readonly signal: AbortSignal | undefined
}

/** From whatever `fetch` takes to the few things that a connection needs. */
const outgoing = async (input: string | URL | Request, init: RequestInit = {}): Promise<Outgoing> => {
  const { body = null } = init
  if (input instanceof Request || (body !== null && typeof body !== 'string')) {
    const request = new Request(input, init)
    return {
      url: new URL(request.url),
      method: request.method,
      headers: request.headers,
      body: request.body ? Buffer.from(await request.arrayBuffer()) : undefined,
      signal: request.signal,
    }
  }
  const url = new URL(input)
  if (url.username || url.password) throw new TypeError('fetch failed: the address holds credentials')
  const headers = new Headers(init.headers)
  if (body !== null && !headers.has('content-type')) headers.set('content-type', 'text/plain;charset=UTF-8')
  return {
    url,
    method: init.method?.toUpperCase() ?? 'GET',
    headers,
    body: body === null ? undefined : Buffer.from(body),
    signal: init.signal ?? undefined,
  }
}

const failed = (cause: unknown) => new TypeError('fetch failed', { cause })

const read = (answer: IncomingMessage): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    answer.on('data', (chunk: Buffer) => chunks.push(chunk))
    answer.on('end', () => resolve(Buffer.concat(chunks)))
    answer.on('error', (cause) => reject(new TypeError('terminated', { cause })))
  })

const unzipped = async (body: Buffer): Promise<Buffer> => {
  const { gunzip } = await import('node:zlib')
  return promisify<Buffer, Buffer>(gunzip)(body)
}

const answered = async (answer: IncomingMessage): Promise<Response> => {
  const headers = new Headers()
  const raw = answer.rawHeaders
  for (let at = 0; at + 1 < raw.length; at += 2) headers.append(raw[at] ?? '', raw[at + 1] ?? '')
  let body = await read(answer)
  if (headers.get('content-encoding') === 'gzip') {
    body = await unzipped(body).catch((cause: unknown) => {
      throw new TypeError('terminated', { cause })
    })
    headers.delete('content-encoding')
    headers.delete('content-length')
  }
  const status = answer.statusCode ?? 0
  const bodyless = status === 204 || status === 205 || status === 304
  return new Response(bodyless ? null : body, { status, statusText: answer.statusMessage ?? '', headers })
}

/**
 * A `fetch` over Node's own client, which starts in a tenth of the time that the built-in one needs on Node 20.
 *
 * It keeps connections, follows no redirect (a token goes where it was sent, or nowhere), and reads an answer whole
 * before it gives it. It fails as `fetch` does: a TypeError, whose cause has the code; or the reason of the signal.
 */
export const openFetch = (): typeof fetch => {
  const agents = new Map<string, { agent: Agent; request: typeof requestHttp }>()

  const connectionTo = async (protocol: string) => {
    const known = agents.get(protocol)
    if (known) return known
    if (protocol !== 'http:' && protocol !== 'https:') throw failed(new Error(`unknown scheme ${protocol}`))
    const https = protocol === 'https:' ? await import('node:https') : undefined
    const opened = https
      ? { agent: new https.Agent(keepAlive), request: https.request }
      : { agent: new Agent(keepAlive), request: requestHttp }
    agents.set(protocol, opened)
    return opened
  }

  const send = async (outgoing: Outgoing): Promise<IncomingMessage> => {
    const { url, method, headers, body, signal } = outgoing
    const { agent, request } = await connectionTo(url.protocol)
    if (!headers.has('accept-encoding')) headers.set('accept-encoding', 'gzip')
    if (body) headers.set('content-length', String(body.byteLength))
    return await new Promise((resolve, reject) => {
      const options = { agent, method, headers: Object.fromEntries(headers), ...(signal ? { signal } : {}) }
      const connection: ClientRequest = request(url, options, resolve)
      connection.on('error', (cause) => reject(failed(cause)))
      connection.end(body)
    })
  }

  return async (input, init) => {
    const asked = await outgoing(input, init)
    asked.signal?.throwIfAborted()
    try {
      return await answered(await send(asked))
    } catch (error) {
      asked.signal?.throwIfAborted()
      throw error instanceof TypeError ? error : failed(error)
    }
  }
}
