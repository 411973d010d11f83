import { describe, expect, test } from 'vitest'
import { call } from './acme.js'
import { world } from './world.js'

const path = '/v2/organizations/acme/portals'
const deploy = {
  name: 'Deploy it',
  query: '{ viewer { id } }',
  user_invokable: true,
  allowed_ip_addresses: '10.0.0.0/8',
}

describe('a portal', () => {
  test('is made, read, changed and removed by admins', async () => {
    const buildkite = world()
    const made = await call(buildkite, `POST ${path}`, { body: deploy })
    expect([made.status, made.body]).toMatchObject([201, { slug: 'deploy-it', ...deploy }])
    expect((await call(buildkite, `GET ${path}`)).body).toEqual([made.body])
    expect((await call(buildkite, `GET ${path}/deploy-it`)).body).toEqual(made.body)
    const changed = await call(buildkite, `PATCH ${path}/deploy-it`, {
      body: { query: '{ viewer { user { id } } }' },
    })
    expect(changed.body).toMatchObject({ query: '{ viewer { user { id } } }', user_invokable: true })
    expect((await call(buildkite, `DELETE ${path}/deploy-it`)).status).toBe(204)
    expect((await call(buildkite, `GET ${path}/deploy-it`)).status).toBe(404)
  })

  test('is for nobody else', async () => {
    const buildkite = world()
    await call(buildkite, `POST ${path}`, { body: deploy })
    const status = async (request: string) =>
      (await call(buildkite, request, { token: 'cat', body: deploy })).status
    expect([await status(`POST ${path}`), await status(`PATCH ${path}/deploy-it`)]).toEqual([403, 403])
    expect((await call(buildkite, `GET ${path}`, { token: 'cat' })).status).toBe(403)
  })

  test.each([
    [{ ...deploy, slug: 'not a slug' }, 'Slug is invalid'],
    [{ name: 'x' }, 'query'],
    [deploy, 'Slug has already been taken'],
  ])('%j is refused: %s', async (body, said) => {
    const buildkite = world()
    await call(buildkite, `POST ${path}`, { body: deploy })
    const refused = await call(buildkite, `POST ${path}`, { body })
    expect([refused.status, refused.body.message]).toEqual([422, expect.stringContaining(said)])
  })
})
