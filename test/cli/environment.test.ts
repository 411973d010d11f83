import { expect, test } from 'vitest'
import { sandbox } from '../../src/sandbox/index.js'
import { freshState, stoppedClock, token } from '../support/ground.js'
import { worldOf } from '../support/world.js'

const planWith = (env: Record<string, string>) => {
  const buildkite = sandbox({ state: freshState(), clock: stoppedClock() })
  const world = worldOf({
    files: { 'bridle.yaml': 'organization: acme\n' },
    env: { BUILDKITE_API_TOKEN: token, ...env },
    fetch: buildkite.fetch,
  })
  return world.run('plan')
}

test.each(['BUILDKITE_ORGANIZATION_SLUG', 'BUILDKITE_GRAPHQL_URL', 'BUILDKITE_REST_URL'])(
  'an empty %s is none',
  async (name) => {
    expect(await planWith({ [name]: '' })).toMatchObject({ code: 0 })
  },
)

test('an empty token is none', async () => {
  const { code, output } = await planWith({ BUILDKITE_API_TOKEN: '' })
  expect(code).toBe(4)
  expect(output).toContain('error[no-token]')
})

test.each([['validate'], ['schema'], ['explain'], ['explain', 'unknown-key']])(
  'bridle %s %s takes --sandbox like every command, and asks nobody',
  async (...argv) => {
    const files = { 'bridle.yaml': 'organization: acme\n' }
    const world = worldOf({ files })
    const sandboxed = await world.run(...argv, '--sandbox')
    expect(sandboxed).toEqual(await world.run(...argv))
    expect(sandboxed.code).toBe(0)
    expect(Object.keys(world.files)).toEqual(['bridle.yaml'])
  },
)
