import nock from 'nock'
import { afterEach, describe, expect, test } from 'vitest'
import { connectToWrite } from '../../src/providers/buildkite/connect-to-write.js'
import { connect, type Means } from '../../src/providers/buildkite/connect.js'
import { created, made, means, Name, named, refusalOf, settle, standing, updated } from './world.js'

const graphql = () => nock('https://graphql.buildkite.com').post('/v1')
const open = (more: Partial<Means> = {}) => connectToWrite(means(more))
afterEach(() => nock.cleanAll())

describe('the time limit', () => {
  const silent = () => {
    const aborted: boolean[] = []
    const fetch: Means['fetch'] = (_, init) =>
      new Promise((_resolve, reject) =>
        init.signal?.addEventListener('abort', () => {
          aborted.push(true)
          reject(new Error('aborted'))
        }),
      )
    return { fetch, aborted }
  }

  test('ends a question, once more tried, and the request with it', async () => {
    const { clock: still, move } = standing()
    const { fetch, aborted } = silent()
    const asking = refusalOf(
      connect(means({ clock: still, fetch, timeoutSeconds: 30 }))
        .reader()
        .ask(Name, {}),
    )
    for (const ms of [29_999, 1, 300, 29_999, 1]) {
      await settle()
      move(ms)
    }
    expect(await asking).toMatchObject({ reason: 'unreachable', call: 'Name', perhapsDone: false })
    expect(aborted).toEqual([true, true])
  })

  test('is not reached a moment earlier', async () => {
    const { clock: still, move } = standing()
    let answer: (response: Response) => void = () => undefined
    const fetch: Means['fetch'] = () => new Promise((resolve) => (answer = resolve))
    const asking = connect(means({ clock: still, fetch, timeoutSeconds: 30 }))
      .reader()
      .ask(Name, {})
    await settle()
    move(29_999)
    await settle()
    answer(Response.json(named))
    expect(await asking).toEqual(named.data)
    move(60_000)
  })

  test('covers the body, too', async () => {
    const { clock: still, move } = standing()
    const body = new ReadableStream({ pull: () => new Promise(() => undefined) })
    const fetch: Means['fetch'] = async () => new Response(body, { status: 200 })
    const telling = refusalOf(
      connectToWrite(means({ clock: still, fetch, timeoutSeconds: 30 })).writer.send(created),
    )
    await settle()
    move(30_000)
    expect(await telling).toMatchObject({ reason: 'unreachable', perhapsDone: true })
  })

  test('leaves a mutation that may not be repeated in doubt', async () => {
    const { clock: still, move } = standing()
    const { fetch } = silent()
    const telling = refusalOf(
      connectToWrite(means({ clock: still, fetch, timeoutSeconds: 30 })).writer.send(created),
    )
    await settle()
    move(30_000)
    expect(await telling).toMatchObject({ reason: 'unreachable', perhapsDone: true })
  })
})

describe('asked to stop', () => {
  test('nothing new is sent', async () => {
    const stop = new AbortController()
    stop.abort()
    const fetch = () => Promise.reject(new Error('sent'))
    const connection = open({ fetch, signal: stop.signal })
    expect(await refusalOf(connection.reader().ask(Name, {}))).toMatchObject({
      reason: 'interrupted',
      call: 'Name',
    })
    expect(await refusalOf(connection.writer.send(created))).toMatchObject({
      reason: 'interrupted',
      perhapsDone: false,
    })
  })

  test('what takes back what would be left half done is sent all the same, unless it has to wait', async () => {
    const stop = new AbortController()
    stop.abort()
    let sent = 0
    const answers = [() => Response.json(made()), () => new Response('{}', { status: 429 })]
    const fetch: Means['fetch'] = async () => answers[sent++]!()
    const { writer } = open({ fetch, signal: stop.signal })
    expect(await writer.send(created, undefined, { evenStopping: true })).toEqual({ id: 'C', uuid: 'c' })
    expect(await refusalOf(writer.send(created, undefined, { evenStopping: true }))).toMatchObject({
      reason: 'interrupted',
      perhapsDone: false,
    })
    expect(sent).toBe(2)
  })

  test('a wait for the window ends', async () => {
    const stop = new AbortController()
    graphql().reply(429, { errors: [{ message: 'Please try again in 187 seconds.' }] })
    const { clock: still } = standing()
    const asking = open({
      clock: still,
      signal: stop.signal,
      onWait: () => queueMicrotask(() => stop.abort()),
    })
      .reader()
      .ask(Name, {})
    expect(await refusalOf(asking)).toMatchObject({ reason: 'interrupted' })
  })

  test('a wait that has only just been told of ends, too', async () => {
    const stop = new AbortController()
    graphql().reply(429, { errors: [{ message: 'Please try again in 187 seconds.' }] })
    const { clock: still } = standing()
    const asking = open({ clock: still, signal: stop.signal, onWait: () => stop.abort() })
      .reader()
      .ask(Name, {})
    expect(await refusalOf(asking)).toMatchObject({ reason: 'interrupted' })
  })

  test('a wait for another try ends, and says that the first may have worked', async () => {
    const stop = new AbortController()
    graphql().reply(502, '')
    const { clock: still } = standing()
    const telling = open({
      clock: still,
      signal: stop.signal,
      onWait: () => queueMicrotask(() => stop.abort()),
    }).writer.send(updated)
    expect(await refusalOf(telling)).toMatchObject({
      reason: 'interrupted',
      perhapsDone: true,
      call: 'ClusterUpdate',
    })
  })

  test('a question under way is broken off, a mutation is heard out', async () => {
    const stop = new AbortController()
    const answers: ((response: Response) => void)[] = []
    const fetch: Means['fetch'] = () => new Promise((resolve) => answers.push(resolve))
    const connection = open({ fetch, signal: stop.signal })
    const asking = refusalOf(connection.reader().ask(Name, {}))
    const telling = connection.writer.send(created)
    await settle()
    expect(answers).toHaveLength(2)
    stop.abort()
    expect(await asking).toMatchObject({ reason: 'interrupted' })
    for (const answer of answers) answer(Response.json(made()))
    expect(await telling).toEqual({ id: 'C', uuid: 'c' })
  })
})
