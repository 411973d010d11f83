import { expect, test } from 'vitest'
import { wireTo } from '../../src/providers/buildkite/wire.js'
import type { Spoken } from '../../src/providers/exchange.js'
import { jumping, token } from './world.js'

const sent: string[] = []
const wire = (stop?: AbortSignal) =>
  wireTo({
    fetch: (url) => {
      sent.push(url)
      return Promise.resolve(new Response('{}'))
    },
    clock: jumping(),
    token,
    userAgent: 'bridle/test',
    origins: new Set(['https://api.buildkite.com']),
    timeoutSeconds: Infinity,
    ...(stop === undefined ? {} : { stop }),
  })
const get = (url: string): Spoken => ({ method: 'GET', url, headers: {} })

test('the token goes to the origins that it was given for, and nowhere else', async () => {
  sent.length = 0
  expect(await wire()(get('https://api.buildkite.com/v2'))).toMatchObject({ status: 200, body: '{}' })
  for (const url of [
    'https://evil.example/v2',
    'http://api.buildkite.com/v2',
    'https://api.buildkite.com:444/v2',
  ])
    expect(() => void wire()(get(url))).toThrow(/origin/)
  expect(sent).toEqual(['https://api.buildkite.com/v2'])
})

test('a wire that was told to stop carries nothing', async () => {
  sent.length = 0
  expect(await wire(AbortSignal.abort())(get('https://api.buildkite.com/v2'))).toMatchObject({
    silence: 'stopped',
  })
  expect(sent).toEqual([])
})
