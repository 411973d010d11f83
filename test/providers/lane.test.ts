import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Fetch } from '../../src/providers/exchange.js'
import { connect } from '../../src/providers/buildkite/connect.js'
import { law } from '../support/law.js'
import { answering, json, jumping, list, means, question, settle, standing } from './world.js'

const asking = (name: string) =>
  question(name, `query ${name}($organization: ID!) { organization(slug: $organization) { name } }`)

/** A server that answers when told to. */
const holding = () => {
  const waiting: ((response: Response) => void)[] = []
  const fetch: Fetch = () => new Promise((resolve) => waiting.push(resolve))
  return { fetch, waiting }
}

test('no more than eight are under way at once, and all come through', async () => {
  const { fetch, waiting } = holding()
  const reader = connect(means({ fetch })).reader()
  const all = Promise.all(Array.from({ length: 20 }, (_, n) => reader.rest(`/thing-${n}`)))
  const seen: number[] = []
  for (let answered = 0; answered < 20;) {
    await settle()
    seen.push(waiting.length)
    for (const answer of waiting.splice(0)) {
      answer(json({}))
      answered += 1
    }
  }
  expect(await all).toHaveLength(20)
  expect(seen).toEqual([8, 8, 4])
})

test('one that fails makes room', async () => {
  const fetch = answering(() => json({ message: 'no' }, {}, 422))
  const reader = connect(means({ fetch })).reader()
  const all = await Promise.allSettled(Array.from({ length: 30 }, (_, n) => reader.rest(`/thing-${n}`)))
  expect(all.map(({ status }) => status)).toEqual(Array(30).fill('rejected'))
})

test('what is under way is counted against what is left', async () => {
  const Dear = (name: string) =>
    list(
      name,
      `query ${name}($organization: ID!) { organization(slug: $organization) { page: pipelines(first: 500) { count edges { node { id } } } } }`,
    )
  const { fetch, waiting } = holding()
  const waits: number[] = []
  const { clock } = standing()
  const reader = connect(means({ fetch, clock, onWait: ({ seconds }) => waits.push(seconds) })).reader()
  const left = (user: number) => ({
    'RateLimit-User-Limit': '5000',
    'RateLimit-User-Remaining': String(user),
    'RateLimit-User-Reset': '100',
  })
  const census = reader.ask(
    question('Count', '{ organization(slug: "acme") { pipelines(first: 1) { count } } }'),
    {},
  )
  await settle()
  waiting.pop()?.(json({ data: { organization: { pipelines: { count: 400 } } } }, left(900)))
  await census

  const rows = Array.from({ length: 400 }, (_, n) => ({ node: { id: String(n) } }))
  const page = () => json({ data: { organization: { page: { count: 400, edges: rows } } } }, left(4_000))
  const walks = ['A', 'B', 'C'].map(async (name) => {
    for await (const row of reader.pages(Dear(name), {})) expect(row).toBeDefined()
  })
  await settle()
  expect(waiting).toHaveLength(2) // 403 points each, and 900 are left
  expect(waits).toEqual([101])
  waiting.shift()?.(page())
  await settle()
  expect(waiting).toHaveLength(2) // an answer says that there is more again
  for (const answer of waiting) answer(page())
  await Promise.all(walks)
})

/** A server with a fixed window, that says no when it is empty. */
const limited = (
  clock: { now(): number },
  limit: number,
  seconds: number,
  cost: (text: string) => number,
) => {
  let since = clock.now()
  let used = 0
  let refused = 0
  const fetch = answering(async ({ body, url }) => {
    await settle()
    if (clock.now() >= since + seconds * 1_000) {
      since = clock.now()
      used = 0
    }
    const reset = Math.ceil((since + seconds * 1_000 - clock.now()) / 1_000)
    const points = body === undefined ? 1 : cost(body.query)
    const isFull = used >= limit
    if (isFull) refused += 1
    else used += points
    const headers = {
      'RateLimit-User-Limit': String(limit),
      'RateLimit-User-Remaining': String(limit - used),
      'RateLimit-User-Reset': String(reset),
      'RateLimit-Complexity-Actual': String(points),
    }
    if (isFull) return json({ message: 'slow down' }, headers, 429)
    return json(url.hostname.startsWith('api') ? {} : { data: { organization: { name: 'Acme' } } }, headers)
  })
  return { fetch, refusals: () => refused }
}

describe('within the limits', () => {
  law(
    'a client that guesses too low is refused at most once a window, and comes to its end',
    fc.record({
      limit: fc.integer({ min: 10, max: 400 }),
      requests: fc.integer({ min: 1, max: 60 }),
      cost: fc.integer({ min: 1, max: 8 }),
    }),
    async ({ limit, requests, cost }) => {
      const clock = jumping()
      const { fetch, refusals } = limited(clock, limit, 300, () => cost)
      const reader = connect(means({ fetch, clock })).reader()
      await reader.ask(asking('First'), {})
      const names = Array.from({ length: requests }, (_, n) => `Ask${n}`)
      const answers = []
      for (const name of names) answers.push(await reader.ask(asking(name), {}))
      expect(answers).toHaveLength(requests)
      // Each operation is new, so each is taken to cost one point.
      const windows = Math.ceil(((requests + 1) * cost) / limit)
      expect(refusals()).toBeLessThanOrEqual(windows)
    },
    100,
  )

  law(
    'what costs what it should is never refused, side by side',
    fc.record({ limit: fc.integer({ min: 8, max: 120 }), requests: fc.integer({ min: 1, max: 300 }) }),
    async ({ limit, requests }) => {
      const clock = jumping()
      const { fetch, refusals } = limited(clock, limit, 60, () => 1)
      const reader = connect(means({ fetch, clock })).reader()
      const all = await Promise.all(Array.from({ length: requests }, (_, n) => reader.rest(`/thing-${n}`)))
      expect(all).toHaveLength(requests)
      expect(refusals()).toBe(0)
      expect(clock.slept.length).toBeLessThanOrEqual(requests)
    },
    100,
  )
})
