import { describe, expect, test } from 'vitest'
import { ask, call } from './acme.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { put } from '../../src/sandbox/table.js'
import { begun, denied, edited, id, mutate, opened, row, world } from './world.js'

type World = ReturnType<typeof world>

const base = (buildkite: World, name = 'ios') =>
  `/v2/organizations/acme/clusters/${row(buildkite, 'clusters', name).uuid}`

const ios = (...lines: readonly string[]) => world('create cluster:ios', ...lines)

describe('a token for agents', () => {
  const create = (buildkite: World, input: object = {}, token = 'ada') =>
    mutate(
      buildkite,
      'clusterAgentTokenCreate',
      {
        organizationId: id(buildkite, 'organizations', 'acme'),
        clusterId: id(buildkite, 'clusters', 'ios'),
        description: 'mac',
        ...input,
      },
      'tokenValue clusterAgentToken { id uuid description allowedIpAddresses expiresAt token cluster { name } }',
      token,
    )

  test('says its value once', async () => {
    const buildkite = ios()
    const { tokenValue, clusterAgentToken } = await create(buildkite, { allowedIpAddresses: '' })
    expect(tokenValue).toMatch(/^bkct_[0-9a-f]{40}$/)
    expect(clusterAgentToken).toMatchObject({
      description: 'mac',
      expiresAt: null,
      token: '',
      cluster: { name: 'ios' },
    })
    const query =
      '{ organization(slug: "acme") { clusters { edges { node { agentTokens(first: 50) { count edges { node { id token description } } } } } } } }'
    const answer = JSON.stringify(
      (await ask(buildkite, query.replace('clusters', 'clusters(first: 5)'))).body,
    )
    expect(answer).toContain(clusterAgentToken.id)
    expect(answer + buildkite.saved()).not.toContain(tokenValue)
  })

  test.each([
    ['everywhere', '0.0.0.0/0'],
    ['blank', ''],
    ['null', null],
  ] as const)('for any address reads back as %s', async (unrestrictedAddresses, read) => {
    const buildkite = opened(begun('create cluster:ios'), { unrestrictedAddresses })
    expect((await create(buildkite)).clusterAgentToken.allowedIpAddresses).toBe(read)
    const some = await create(buildkite, { allowedIpAddresses: '10.0.0.0/8 192.0.2.1' })
    expect(some.clusterAgentToken.allowedIpAddresses).toBe('10.0.0.0/8 192.0.2.1')
  })

  test.each([
    ['an address that is none', { allowedIpAddresses: '10.0.0.0/33' }],
    ['a name for an address', { allowedIpAddresses: 'example.test' }],
    ['25 addresses', { allowedIpAddresses: Array(25).fill('10.0.0.1').join(' ') }],
    ['an end in nine minutes', { expiresAt: '2026-11-02T09:09:00Z' }],
    ['an end that is no time', { expiresAt: 'soon' }],
  ])('is refused with %s', async (_, input) => {
    expect(await create(ios(), input)).toMatch('Validation failed')
  })

  test('ends when it was made to, and never otherwise', async () => {
    const buildkite = ios()
    const { clusterAgentToken } = await create(buildkite, { expiresAt: '2026-11-02T09:10:00Z' })
    expect(clusterAgentToken.expiresAt).toBe('2026-11-02T09:10:00.000Z')
    const path = `${base(buildkite)}/tokens/${clusterAgentToken.uuid}`
    const moved = await call(buildkite, `PUT ${path}`, { body: { expires_at: '2027-01-01T00:00:00Z' } })
    expect(moved.status).toBe(422)
    const named = await call(buildkite, `PATCH ${path}`, { body: { description: 'mini' } })
    expect(named.body).toMatchObject({ description: 'mini', expires_at: '2026-11-02T09:10:00.000Z' })
  })

  test('is changed and revoked', async () => {
    const buildkite = ios()
    const { clusterAgentToken } = await create(buildkite)
    const input = { organizationId: id(buildkite, 'organizations', 'acme'), id: clusterAgentToken.id }
    const changed = await mutate(
      buildkite,
      'clusterAgentTokenUpdate',
      { ...input, description: 'mini', allowedIpAddresses: '10.0.0.0/8' },
      'clusterAgentToken { description allowedIpAddresses }',
    )
    expect(changed.clusterAgentToken).toEqual({ description: 'mini', allowedIpAddresses: '10.0.0.0/8' })
    const revoke = () => mutate(buildkite, 'clusterAgentTokenRevoke', input, 'deletedClusterAgentTokenId')
    expect(await revoke()).toEqual({ deletedClusterAgentTokenId: input.id })
    expect(await revoke()).toBe('No Cluster Token found')
  })

  test('is the business of maintainers, and of members who may, as far as anybody knows', async () => {
    const buildkite = ios()
    expect(await create(buildkite, {}, 'cat')).toBe(denied)
    const query =
      '{ organization(slug: "acme") { clusters(first: 5) { edges { node { agentTokens(first: 5) { count } } } } } }'
    const seen = await ask(buildkite, query, { token: 'cat' })
    expect(seen.body.data.organization.clusters.edges[0].node.agentTokens).toBeNull()
    const state = begun('create cluster:ios', 'set organization members_can_manage_agent_tokens=true')
    expect(await create(opened(state), {}, 'cat')).toHaveProperty('tokenValue')
    expect(await create(opened(state, { memberTokensCoverClusters: false }), {}, 'cat')).toBe(denied)
  })

  test('over REST has its value in the first answer only', async () => {
    const buildkite = ios()
    const path = `${base(buildkite)}/tokens`
    const made = await call(buildkite, `POST ${path}`, { body: { description: 'mac' } })
    expect([made.status, made.body.token]).toEqual([201, expect.stringMatching(/^bkct_/)])
    expect((await call(buildkite, `GET ${path}/${made.body.id}`)).body).not.toHaveProperty('token')
    expect((await call(buildkite, `GET ${path}`)).body).toHaveLength(1)
    expect((await call(buildkite, `DELETE ${path}/${made.body.id}`)).status).toBe(204)
    expect((await call(buildkite, `GET ${path}`, { token: 'cat' })).status).toBe(403)
  })

  test('of an organization from before clusters is listed apart', async () => {
    const buildkite = ios()
    const organizationID = id(buildkite, 'organizations', 'acme')
    const made = await mutate(
      buildkite,
      'agentTokenCreate',
      { organizationID, description: 'old' },
      'tokenValue agentTokenEdge { node { id uuid description token } }',
    )
    expect(made.tokenValue).toMatch(/^bkar_/)
    const { node } = made.agentTokenEdge
    const query = `query ($revoked: Boolean) { organization(slug: "acme") { agentTokens(revoked: $revoked) { count } } agentToken(slug: "acme/${node.uuid}") { description revokedReason } }`
    const count = async (revoked: boolean) =>
      (await ask(buildkite, query, { variables: { revoked } })).body.data.organization.agentTokens.count
    expect([await count(false), await count(true)]).toEqual([1, 0])
    await mutate(buildkite, 'agentTokenRevoke', { id: node.id, reason: 'gone' }, 'agentToken { revokedAt }')
    expect([await count(false), await count(true)]).toEqual([0, 1])
    expect(await mutate(buildkite, 'agentTokenCreate', { organizationID }, 'tokenValue', 'cat')).toBe(denied)
  })
})

describe('a maintainer', () => {
  test('is a user or a team, once, and appointed by admins', async () => {
    const buildkite = ios('maintain cluster:ios bob@acme.test')
    const path = `${base(buildkite)}/maintainers`
    const user = row(buildkite, 'users', 'cat@acme.test').uuid
    const team = row(buildkite, 'teams', 'web').uuid
    expect((await call(buildkite, `POST ${path}`, { body: { user }, token: 'bob' })).status).toBe(403)
    const made = await call(buildkite, `POST ${path}`, { body: { user } })
    expect([made.status, made.body]).toEqual([
      201,
      {
        id: made.body.id,
        actor: {
          id: user,
          graphql_id: btoa(`User---${user}`),
          type: 'user',
          name: 'cat',
          email: 'cat@acme.test',
        },
      },
    ])
    expect((await call(buildkite, `POST ${path}`, { body: { user } })).status).toBe(422)
    expect((await call(buildkite, `POST ${path}`, { body: { user, team } })).status).toBe(422)
    expect((await call(buildkite, `POST ${path}`, { body: {} })).status).toBe(422)
    expect((await call(buildkite, `POST ${path}`, { body: { user: team } })).status).toBe(404)
    expect((await call(buildkite, `POST ${path}`, { body: { team } })).body.actor).toEqual({
      id: team,
      graphql_id: btoa(`Team---${team}`),
      type: 'team',
      slug: 'web',
    })
    expect((await call(buildkite, `GET ${path}`)).body).toHaveLength(3)
    expect((await call(buildkite, `GET ${path}/${made.body.id}`)).body.actor.email).toBe('cat@acme.test')
    expect((await call(buildkite, `DELETE ${path}/${made.body.id}`)).status).toBe(204)
    expect((await call(buildkite, `GET ${path}/${made.body.id}`)).status).toBe(404)
  })

  test('that is a secret team is not named to others', async () => {
    const buildkite = ios('set team:web privacy=secret', 'maintain cluster:ios team:web')
    const path = `GET ${base(buildkite)}/maintainers`
    expect((await call(buildkite, path)).body).toHaveLength(1)
    expect((await call(buildkite, path, { token: 'eve' })).body).toEqual([])
  })
})

describe('who may only add pipelines to a cluster', () => {
  const narrow = () => {
    const state = begun('create cluster:ios', 'maintain cluster:ios dan@acme.test', 'create pipeline:app')
    const [maintainer] = [...state.tables.maintainers.rows.values()]
    put(state.tables.maintainers, { ...maintainer!, manages: false })
    return state
  }

  test('is in no list, and runs nothing', async () => {
    const buildkite = opened(narrow())
    const cluster = `/v2/organizations/acme/clusters/${row(buildkite, 'clusters', 'ios').uuid}`
    expect((await call(buildkite, `GET ${cluster}/maintainers`)).body).toEqual([])
    expect((await call(buildkite, `GET ${cluster}/tokens`, { token: 'dan' })).status).toBe(403)
  })

  test('moves pipelines in, or does not (narrowMaintainersAdd)', async () => {
    const move = async (switches: Partial<Switches>) => {
      const buildkite = opened(edited(narrow(), 'grant team:ops pipeline:app read_only'), switches)
      const body = { cluster_id: row(buildkite, 'clusters', 'ios').uuid }
      return (await call(buildkite, 'PATCH /v2/organizations/acme/pipelines/app', { body, token: 'dan' }))
        .status
    }
    expect([await move({}), await move({ narrowMaintainersAdd: false })]).toEqual([200, 403])
  })
})

describe('a secret', () => {
  const secrets = (buildkite: World) => `${base(buildkite)}/secrets`
  const make = (buildkite: World, body: object = {}, token = 'ada') =>
    call(buildkite, `POST ${secrets(buildkite)}`, {
      body: { key: 'NPM', value: 'hush-hush', ...body },
      token,
    })

  test('goes in and does not come out', async () => {
    const buildkite = ios()
    const policy = '- pipeline_slug: app\n  build_branch: [main, "release/*"]\n'
    const { status, body } = await make(buildkite, { description: 'npm', policy })
    expect(status).toBe(201)
    expect(body).toMatchObject({ key: 'NPM', description: 'npm', policy, last_read_at: null })
    const seen = await call(buildkite, `GET ${secrets(buildkite)}`)
    expect(JSON.stringify(seen.body) + buildkite.saved()).not.toContain('hush-hush')
    const query = `{ secret(uuid: "${body.id}") { key cluster { name } organization { slug } } }`
    expect((await ask(buildkite, query)).body.data.secret).toMatchObject({
      key: 'NPM',
      cluster: { name: 'ios' },
    })
    expect((await ask(buildkite, query, { token: 'cat' })).body.data.secret).toBeNull()
  })

  test.each([
    ['a key that begins with a digit', { key: '1A' }],
    ['a key that begins with bk', { key: 'bkX' }],
    ['a key that begins with Buildkite', { key: 'Buildkite_X' }],
    ['a key that is taken', { key: 'TAKEN' }],
    ['a blank value', { value: ' ' }],
    ['9 KiB', { value: 'x'.repeat(9 * 1024) }],
    ['a policy of unknown claims', { policy: '- person: cat' }],
    ['a policy that is no YAML', { policy: '{' }],
  ])('is refused with %s', async (_, body) => {
    const buildkite = ios()
    await make(buildkite, { key: 'TAKEN' })
    expect((await make(buildkite, body)).status).toBe(422)
  })

  test('may be as large as the other page says', async () => {
    const buildkite = opened(begun('create cluster:ios'), { secretKibAtMost: '32' })
    expect((await make(buildkite, { value: 'x'.repeat(9 * 1024) })).status).toBe(201)
  })

  test('keeps its key, and changes its value elsewhere', async () => {
    const buildkite = ios()
    const path = `${secrets(buildkite)}/${(await make(buildkite)).body.id}`
    expect((await call(buildkite, `PUT ${path}`, { body: { key: 'X' } })).body.message).toBe(
      'The key parameter cannot be updated.',
    )
    expect((await call(buildkite, `PUT ${path}`, { body: { value: 'x' } })).body.message).toBe(
      'The value parameter cannot be updated on this endpoint.',
    )
    expect((await call(buildkite, `PUT ${path}`, { body: { description: 'x' } })).body.description).toBe('x')
    expect((await call(buildkite, `PUT ${path}/value`, { body: { value: 'y' } })).status).toBe(200)
    expect((await call(buildkite, `DELETE ${path}`)).status).toBe(204)
  })

  test('is for maintainers, with a scope of either spelling', async () => {
    const buildkite = ios('maintain cluster:ios dan@acme.test')
    expect((await make(buildkite, {}, 'cat')).status).toBe(403)
    expect((await make(buildkite, {}, 'dan')).status).toBe(201)
    expect((await call(buildkite, `GET ${secrets(buildkite)}`, { token: 'cat' })).status).toBe(403)
  })
})
