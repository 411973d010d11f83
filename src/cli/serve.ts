import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Whatever a client of ours says fits in this many times over. */
const BODY_BYTES_AT_MOST = 16 * 1024 * 1024

export interface Served {
  /** `http://127.0.0.1:4711`, without a slash at its end. */
  readonly url: string
  /** Drops every connection. */
  close(): Promise<void>
}

export interface ServeOptions {
  /** 0 takes one that is free. */
  readonly port?: number
  /** Is told of what the handler throws: a bug, since all that a client can do wrong has an answer. */
  readonly failed?: (error: unknown) => void
}

const bodyOf = async (incoming: IncomingMessage): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > BODY_BYTES_AT_MOST) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const requestOf = (incoming: IncomingMessage, origin: string, body: Buffer, signal: AbortSignal): Request => {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one)
  }
  const method = incoming.method ?? 'GET'
  const bodyless = method === 'GET' || method === 'HEAD' || body.byteLength === 0
  // Not relative to the origin: `//v2/organizations` would be another host.
  return new Request(origin + (incoming.url ?? '/'), {
    method,
    headers,
    signal,
    ...(bodyless ? {} : { body }),
  })
}

const write = async (response: Response, outgoing: ServerResponse): Promise<void> => {
  const body = Buffer.from(await response.arrayBuffer())
  for (const [name, value] of response.headers) outgoing.appendHeader(name, value)
  outgoing.writeHead(response.status)
  outgoing.end(body)
}

const refuse = (outgoing: ServerResponse, status: number, message: string) => {
  outgoing.writeHead(status, { 'content-type': 'application/json', connection: 'close' })
  outgoing.end(JSON.stringify({ message }))
}

/**
 * Puts a socket in front of a function from requests to responses. Only this machine reaches it.
 *
 * A function that throws what `fetch` throws for a dead network kills the connection: so a client sees one.
 */
export const serve = async (
  handle: (request: Request) => Promise<Response>,
  { port = 0, failed = () => undefined }: ServeOptions = {},
): Promise<Served> => {
  let origin = 'http://127.0.0.1'

  const converse = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const gone = new AbortController()
    outgoing.once('close', () => gone.abort())
    try {
      const body = await bodyOf(incoming)
      if (body) await write(await handle(requestOf(incoming, origin, body, gone.signal)), outgoing)
      else refuse(outgoing, 413, 'Request body too large')
    } catch (error) {
      if (gone.signal.aborted) return
      if (error instanceof TypeError && error.message === 'fetch failed') {
        outgoing.destroy()
        return
      }
      failed(error)
      refuse(outgoing, 500, 'Internal Server Error')
    }
  }

  const server = createServer((incoming, outgoing) => void converse(incoming, outgoing))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: origin,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
