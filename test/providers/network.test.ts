import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { beforeEach, describe, expect, test } from 'vitest'
import { connectToWrite } from '../../src/providers/buildkite/connect-to-write.js'
import type { Means } from '../../src/providers/buildkite/connect.js'
import { created, jumping, made, means, Name, named, posted, refusalOf, updated } from './world.js'

let clock = jumping()
const open = (more: Partial<Means> = {}) => connectToWrite(means({ clock, ...more }))
beforeEach(() => {
  clock = jumping()
})

/** A server of our own on this machine, for what nock can't do. */
const serve = async (listener: RequestListener) => {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.closeAllConnections()
      server.close(() => resolve())
    })
  return { url: `http://127.0.0.1:${port}`, close }
}

describe('the network', () => {
  test('a dead port is unreachable, and nothing was carried out', async () => {
    const { url, close } = await serve(() => undefined)
    await close()
    const dead = { graphqlUrl: `${url}/v1`, restUrl: url }
    const refusals = [
      await refusalOf(open(dead).reader().ask(Name, {})),
      await refusalOf(open(dead).writer.send(created)),
      await refusalOf(open(dead).writer.send(posted)),
    ]
    for (const refusal of refusals) {
      expect(refusal).toMatchObject({ reason: 'unreachable', perhapsDone: false })
      expect(refusal.message).toContain(`(${new URL(url).host}, ECONNREFUSED)`)
    }
    expect(clock.slept).toHaveLength(12)
  })

  test('an answer that breaks off is asked for again, but a mutation’s only where it may be', async () => {
    let asked = 0
    const { url, close } = await serve((request, response) => {
      asked += 1
      const body = JSON.stringify(
        asked % 2 === 1 ? named : { ...named, data: { ...named.data, ...made().data } },
      )
      response.writeHead(200, {
        'content-type': 'application/json',
        'content-length': body.length,
        'x-request-id': 'req-6',
      })
      request.resume()
      if (asked % 2 === 0) response.end(body)
      else response.write(body.slice(0, 20), () => response.destroy())
    })
    const here = { graphqlUrl: `${url}/v1`, restUrl: url }
    expect(await open(here).reader().ask(Name, {})).toMatchObject(named.data)
    expect(await open(here).writer.send(updated)).toEqual({ id: 'C', uuid: 'c' })
    expect(asked).toBe(4)
    const refusal = await refusalOf(open(here).writer.send(created))
    expect(refusal).toMatchObject({
      reason: 'unreadable',
      perhapsDone: true,
      status: 200,
      requestId: 'req-6',
    })
    await close()
  })

  test('a connection that breaks before any answer', async () => {
    let asked = 0
    const { url, close } = await serve((request) => {
      asked += 1
      request.socket.destroy()
    })
    const here = { graphqlUrl: `${url}/v1`, restUrl: url }
    expect(await refusalOf(open(here).writer.send(created))).toMatchObject({
      reason: 'unreachable',
      perhapsDone: true,
    })
    expect(asked).toBe(1)
    expect(await refusalOf(open(here).reader().ask(Name, {}))).toMatchObject({
      reason: 'unreachable',
      perhapsDone: false,
    })
    expect(asked).toBe(6)
    await close()
  })

  test.each([301, 302, 303, 307, 308])('a redirect (%i) is not followed', async (status) => {
    const seen: string[] = []
    const elsewhere = await serve((request, response) => {
      seen.push(String(request.headers.authorization))
      response.end('{}')
    })
    const { url, close } = await serve((_, response) => {
      response.writeHead(status, { location: `${elsewhere.url}/v1` }).end()
    })
    const here = { graphqlUrl: `${url}/v1`, restUrl: url }
    const sayings = [
      () => open(here).reader().ask(Name, {}),
      () => open(here).reader().rest('/access-token'),
      () => open(here).writer.send(created),
    ]
    for (const saying of sayings)
      expect(await refusalOf(saying())).toMatchObject({
        reason: 'untrusted-endpoint',
        status,
        perhapsDone: false,
      })
    expect(seen).toEqual([])
    await close()
    await elsewhere.close()
  })

  test('a fetch that followed one all the same is not believed', async () => {
    const followed = async () => Object.defineProperty(Response.json(named), 'redirected', { value: true })
    expect(await refusalOf(open({ fetch: followed }).reader().ask(Name, {}))).toMatchObject({
      reason: 'untrusted-endpoint',
    })
  })

  test('a certificate that is not theirs is not tried again', async () => {
    const fetch = () =>
      Promise.reject(
        new TypeError('fetch failed', {
          cause: Object.assign(new Error('x'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
        }),
      )
    const refusal = await refusalOf(open({ fetch }).reader().ask(Name, {}))
    expect(refusal).toMatchObject({ reason: 'unreachable' })
    expect(refusal.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT')
    expect(clock.slept).toEqual([])
  })

  test.each([
    [{ code: 'ENOTFOUND', syscall: 'getaddrinfo' }, false],
    [{ code: 'ETIMEDOUT', syscall: 'connect' }, false],
    [{ code: 'ETIMEDOUT', syscall: 'read' }, true],
    [{ code: 'ECONNRESET' }, true],
    [{ code: 'UND_ERR_SOCKET' }, true],
    [{ code: 'UND_ERR_CONNECT_TIMEOUT' }, false],
    [{ errors: [{ code: 'ECONNREFUSED' }, { code: 'ENETUNREACH' }] }, false],
    [{ errors: [{ code: 'ECONNREFUSED' }, { code: 'ECONNRESET' }] }, true],
    [{}, true],
  ])('a failure with %j may have been carried out: %s', async (cause, perhapsDone) => {
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause }))
    expect(await refusalOf(open({ fetch }).writer.send(created))).toMatchObject({
      reason: 'unreachable',
      perhapsDone,
    })
  })
})
