import fc from 'fast-check'
import { afterAll, expect } from 'vitest'
import { law } from '../support/law.js'
import { declarations } from './declarations.js'
import { errorsIn, fresh, planOf, token, type Ground } from '../support/ground.js'

/** What can befall a call: it never arrives, its answer never comes, Buildkite has a bad minute, or says no. */
const harms = fc.constantFrom(
  { fault: 'network' } as const,
  { fault: 'lost' } as const,
  { fault: 'answer', status: 502 } as const,
  { fault: 'error', message: 'Something went wrong' } as const,
  { fault: 'limited', seconds: 30 } as const,
)
const writes = fc.constantFrom('mutation', 'PATCH /v2/organizations/acme/pipelines/*')

const accidents = fc.record({
  on: writes,
  after: fc.nat(25),
  times: fc.integer({ min: 1, max: 12 }),
  harm: harms,
})

/** What a pipeline that was never anybody's before must not do, unless the files ask for it. */
const buildsForStrangers = async (ground: Ground, declaration: object): Promise<string[]> => {
  const { pipelines } = declaration as { pipelines: Record<string, { provider_settings?: object }> }
  const answer = await ground.sandbox.fetch(
    'https://api.buildkite.com/v2/organizations/acme/pipelines?per_page=100',
    {
      headers: { authorization: `Bearer ${token}` },
    },
  )
  const rows = (await answer.json()) as { slug: string; provider: { settings: Record<string, unknown> } }[]
  return rows
    .filter(({ slug, provider: { settings } }) => {
      const wanted = pipelines[slug]
      const written = wanted?.provider_settings as { build_pull_requests?: boolean } | undefined
      return (
        wanted !== undefined &&
        settings['build_pull_requests'] === true &&
        written?.build_pull_requests !== true
      )
    })
    .map(({ slug }) => slug)
}

let befell = 0

law(
  'whatever befalls an apply, the next one finishes the work',
  fc.tuple(declarations, declarations, fc.array(accidents, { minLength: 1, maxLength: 3 })),
  async ([first, second, befalling]) => {
    const ground = fresh()
    await ground.apply(first)
    ground.sandbox.faults.push(
      ...befalling.map(({ on, after, times, harm }) => ({ on, after, times, ...harm })),
    )
    const broken = await ground.apply(second)
    if (broken.outcomes.some(({ state }) => state !== 'done')) befell += 1
    ground.sandbox.faults.length = 0
    const rest = await ground.apply(second)
    if (errorsIn(rest).length > 0) {
      expect(errorsIn(rest)).toEqual(errorsIn(broken))
      return
    }
    expect(rest.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    expect(planOf(await ground.plan(second)).changes).toEqual([])
  },
)

let stopped = 0

law(
  'stopped after any number of calls, the next apply finishes the work',
  fc.tuple(declarations, fc.nat(30)),
  async ([declaration, calls]) => {
    const ground = fresh()
    const stop = new AbortController()
    let sent = 0
    const fetch: typeof globalThis.fetch = async (input, init) => {
      const answer = await ground.sandbox.fetch(input, init)
      if (ground.sandbox.calls.at(-1)?.kind === 'mutation') sent += 1
      if (sent === calls) stop.abort()
      return answer
    }
    const first = await ground.apply(declaration, { signal: stop.signal, fetch })
    if (first.interrupted) stopped += 1
    // What was under way is finished and reported: nothing is failed or unclear.
    expect(first.outcomes.filter(({ state }) => state !== 'done' && state !== 'interrupted')).toEqual([])
    const rest = await ground.apply(declaration)
    expect(rest.outcomes.filter(({ state }) => state !== 'done')).toEqual([])
    if (errorsIn(rest).length === 0) expect(planOf(await ground.plan(declaration)).changes).toEqual([])
    expect(await buildsForStrangers(ground, declaration)).toEqual([])
  },
)

afterAll(() => {
  expect(befell, 'some accidents leave work undone').toBeGreaterThan(5)
  expect(stopped, 'some applies are stopped on the way').toBeGreaterThan(5)
})
