import { createServer, type Server } from 'node:http'
import { syncBuiltinESMExports } from 'node:module'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import nock from 'nock'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openFetch } from '../../src/cli/fetch.js'
import { open } from '../sandbox/acme.js'
import { serve, type Served, type ServeOptions } from '../../src/cli/serve.js'

// Real sockets, here: nock would stand between the two and open a new one for every request.
beforeAll(() => {
  nock.restore()
  syncBuiltinESMExports()
})
afterAll(() => nock.activate())

const opened: { close: () => unknown }[] = []
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

const serving = async (handle: (request: Request) => Promise<Response>, options?: ServeOptions) => {
  const served: Served = await serve(handle, options)
  opened.push(served)
  return served.url
}

/** A server that does on the wire what no `Response` can say. */
const rawly = async (listener: Parameters<typeof createServer>[1]) => {
  const server: Server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  opened.push({
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(resolve))
    },
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const echo = async (request: Request) =>
  Response.json({
    method: request.method,
    path: new URL(request.url).pathname,
    headers: Object.fromEntries(request.headers),
    body: await request.text(),
  })

describe('a socket in front of a function, and a fetch to talk to it', () => {
  test('carry method, path, headers and body there, and the answer back', async () => {
    const url = await serving(async (request) => {
      const answer = await echo(request)
      return new Response(answer.body, {
        status: 201,
        headers: { 'x-request-id': 'r1', link: '<a>; rel="next"' },
      })
    })
    const body = JSON.stringify({ name: 'prøve' })
    const answer = await openFetch()(`${url}//v2/things`, { method: 'post', headers: { 'X-One': '1' }, body })
    expect(answer).toBeInstanceOf(Response)
    expect(answer.status).toBe(201)
    expect(answer.headers.get('X-Request-Id')).toBe('r1')
    const heard = (await answer.json()) as { headers: Record<string, string> }
    expect(heard).toMatchObject({ method: 'POST', path: '//v2/things', body })
    expect(heard.headers['x-one']).toBe('1')
  })

  test('take a Request as well', async () => {
    const request = new Request(`${await serving(echo)}/v1`, {
      method: 'PUT',
      body: new URLSearchParams({ a: 'b' }),
    })
    expect(await (await openFetch()(request)).json()).toMatchObject({
      method: 'PUT',
      path: '/v1',
      body: 'a=b',
    })
  })

  test('keep the connection', async () => {
    const ports = new Set<number | undefined>()
    const url = await rawly((incoming, outgoing) => {
      ports.add(incoming.socket.remotePort)
      outgoing.end('{}')
    })
    const fetch = openFetch()
    for (let turn = 0; turn < 3; turn += 1) await (await fetch(url)).text()
    expect(ports.size).toBe(1)
  })

  test('carry a 204 without a body', async () => {
    const answer = await openFetch()(await serving(async () => new Response(null, { status: 204 })), {
      method: 'DELETE',
    })
    expect(answer.status).toBe(204)
    expect(answer.body).toBeNull()
  })

  test('follow no redirect', async () => {
    const url = await serving(
      async () => new Response(null, { status: 302, headers: { location: 'http://elsewhere.test' } }),
    )
    const answer = await openFetch()(url, { headers: { authorization: 'Bearer of-nobody' } })
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')).toBe('http://elsewhere.test')
  })

  test('kill the connection where the function finds the network dead', async () => {
    const url = await serving(async () => {
      throw new TypeError('fetch failed')
    })
    const error = await openFetch()(url).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNRESET' } })
  })

  test('answer 500 to a bug, and tell who asked to know', async () => {
    const bugs: unknown[] = []
    const bug = new Error('broken')
    const url = await serving(
      async () => {
        throw bug
      },
      { failed: (error) => bugs.push(error) },
    )
    const answer = await openFetch()(url)
    expect([answer.status, await answer.json()]).toEqual([500, { message: 'Internal Server Error' }])
    expect(bugs).toEqual([bug])
  })

  test('refuse a body that nobody would send', async () => {
    const url = await serving(echo)
    const answer = await openFetch()(url, { method: 'POST', body: 'x'.repeat(16 * 1024 * 1024 + 1) }).catch(
      (error: unknown) => error,
    )
    // Whether the refusal is read or the connection dies first is the network's to decide.
    if (answer instanceof Response) expect(answer.status).toBe(413)
    else expect(answer).toBeInstanceOf(TypeError)
  })
})

describe('the sandbox behind a socket', () => {
  const at = (url: string) => ({ method: 'POST', headers: { authorization: 'Bearer ada' }, body: url })

  test('answers as it does in the hand', async () => {
    const buildkite = open()
    const url = await serving(buildkite.fetch)
    const query = JSON.stringify({ query: '{ organization(slug: "acme") { name } }' })
    const far = await openFetch()(`${url}/v1`, at(query))
    const near = await buildkite.fork().fetch('https://graphql.buildkite.com/v1', at(query))
    expect(await far.json()).toEqual(await near.json())
    expect(far.headers.get('ratelimit-user-remaining')).toBe('4999')
  })

  test('names its pages by the address that it was reached at', async () => {
    const url = await serving(open().fetch)
    const list = `${url}/v2/organizations/acme/teams?per_page=3`
    const answer = await openFetch()(list, { headers: { authorization: 'Bearer ada' } })
    expect(answer.headers.get('link')).toContain(`<${list}&page=2>; rel="next"`)
  })

  test('loses answers as a network does, and spoils them as a gateway does', async () => {
    const url = await serving(
      open({
        faults: [{ fault: 'lost' }, { fault: 'cut', after: 1 }, { fault: 'answer', status: 502, after: 2 }],
      }).fetch,
    )
    const ask = () => openFetch()(`${url}/v1`, at('{"query":"{ viewer { id } }"}'))
    await expect(ask()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    await expect((await ask()).json()).rejects.toBeInstanceOf(SyntaxError)
    expect(await (await ask()).text()).toContain('<h1>502</h1>')
  })
})

describe('fetch', () => {
  test('unpacks gzip', async () => {
    const url = await rawly((incoming, outgoing) => {
      outgoing.setHeader('content-encoding', String(incoming.headers['accept-encoding']))
      outgoing.end(gzipSync('{"packed":true}'))
    })
    const answer = await openFetch()(url)
    expect(await answer.json()).toEqual({ packed: true })
    expect(answer.headers.has('content-encoding')).toBe(false)
  })

  test('says what it could not reach', async () => {
    const url = await rawly(() => undefined)
    await opened.pop()?.close()
    const error = await openFetch()(url).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: 'fetch failed', cause: { code: 'ECONNREFUSED' } })
  })

  test('says that an answer broke off', async () => {
    const url = await rawly((_, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '100' })
      outgoing.write('{"half":', () => outgoing.destroy())
    })
    const error = await openFetch()(url).catch((error: unknown) => error)
    expect(error).toBeInstanceOf(TypeError)
    expect(error).toMatchObject({ message: 'terminated', cause: { code: 'ECONNRESET' } })
  })

  test('stops when it is told to: before, while it waits, and while it reads', async () => {
    const reason = new Error('enough')
    const fetch = openFetch()
    await expect(fetch('http://127.0.0.1:9', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    for (const begin of [false, true]) {
      const stop = new AbortController()
      const url = await rawly((_, outgoing) => {
        if (begin) outgoing.write('half')
        setImmediate(() => stop.abort(reason))
      })
      await expect(fetch(url, { signal: stop.signal })).rejects.toBe(reason)
    }
  })

  test('sends no credentials that stand in an address, and speaks http only', async () => {
    await expect(openFetch()('http://ada:pass@127.0.0.1:9')).rejects.toThrow('the address holds credentials')
    await expect(openFetch()('ftp://127.0.0.1:9')).rejects.toThrow('fetch failed')
    await expect(openFetch()('nonsense')).rejects.toBeInstanceOf(TypeError)
  })
})
