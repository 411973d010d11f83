import { describe, expect, test } from 'vitest'
import { addToken } from '../../src/sandbox/seed.js'
import { ask, call } from './acme.js'
import { begun, denied, id, mutate, opened, row, world, type Json } from './world.js'

const api = '/v2/organizations/acme/api-settings'
const pipelines = '/v2/organizations/acme/pipeline-settings'

describe('pipeline settings', () => {
  test('are read and changed by admins alone', async () => {
    const buildkite = world()
    expect((await call(buildkite, `GET ${pipelines}`, { token: 'bob' })).body).toEqual({ message: denied })
    const { status, body } = await call(buildkite, `GET ${pipelines}`)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      default_cluster_id: row(buildkite, 'clusters', 'Default cluster').uuid,
      default_branch: null,
      public_pipeline_creation: { enabled: true },
      hosted_agents_terminal_access: { enabled: true },
      advanced_queue_metrics: { enabled: false, disable_supported: false },
      build_exports: { available: true, enabled: false },
    })
    expect((await call(buildkite, `PATCH ${pipelines}`, { token: 'bob', body: {} })).status).toBe(403)
  })

  test('hold the default cluster, which is one of the organization, or none', async () => {
    const buildkite = world('create cluster:ios')
    const set = (default_cluster_id: unknown) =>
      call(buildkite, `PATCH ${pipelines}`, { body: { default_cluster_id } })
    const { uuid } = row(buildkite, 'clusters', 'ios')
    expect((await set(uuid)).body.default_cluster_id).toBe(uuid)
    expect((await set('nowhere')).status).toBe(422)
    expect((await set(null)).body.default_cluster_id).toBeNull()
    expect(
      (await call(buildkite, `PATCH ${pipelines}`, { body: { default_timeout_in_minutes: 9 } })).body,
    ).toMatchObject({
      default_timeout_in_minutes: 9,
      default_cluster_id: null,
    })
    expect(
      (await call(buildkite, `PATCH ${pipelines}`, { body: { default_timeout_in_minutes: 'x' } })).status,
    ).toBe(422)
  })

  test.each([
    ['public-pipelines', 'public_pipeline_creation'],
    ['hosted-agents-ssh', 'hosted_agents_terminal_access'],
  ])('have %s, on while something is there', async (path, key) => {
    const buildkite = world()
    expect((await call(buildkite, `DELETE ${pipelines}/${path}`)).status).toBe(204)
    expect((await call(buildkite, `GET ${pipelines}`)).body[key]).toEqual({
      enabled: false,
      enabled_at: null,
      enabled_by: null,
    })
    expect((await call(buildkite, `PUT ${pipelines}/${path}`)).body[key]).toMatchObject({
      enabled: true,
      enabled_at: '2026-11-02T09:00:00.000Z',
      enabled_by: { email: 'ada@acme.test' },
    })
  })

  test('have metrics that stay on, and exports with a place to go', async () => {
    const buildkite = world()
    expect(
      (await call(buildkite, `PUT ${pipelines}/advanced-queue-metrics`)).body.advanced_queue_metrics.enabled,
    ).toBe(true)
    expect((await call(buildkite, `DELETE ${pipelines}/advanced-queue-metrics`)).status).toBe(404)
    const body = { location: 'bucket', strategy_id: 's3' }
    expect(
      (await call(buildkite, `PUT ${pipelines}/build-export`, { body })).body.build_exports,
    ).toMatchObject({
      enabled: true,
      ...body,
    })
    expect((await call(buildkite, `DELETE ${pipelines}/build-export`)).status).toBe(204)
  })
})

describe('API settings', () => {
  test('are the same over REST and in GraphQL', async () => {
    const buildkite = world()
    const organizationId = id(buildkite, 'organizations', 'acme')
    await mutate(
      buildkite,
      'organizationApiIpAllowlistUpdate',
      { organizationID: organizationId, ipAddresses: '10.0.0.0/8' },
      'organization { allowedApiIpAddresses }',
    )
    await mutate(
      buildkite,
      'organizationRevokeInactiveTokensAfterUpdate',
      { organizationId, revokeInactiveTokensAfter: 'DAYS_90' },
      'organization { id }',
    )
    await mutate(
      buildkite,
      'organizationEnforceTwoFactorAuthenticationForMembersUpdate',
      { organizationId, membersRequireTwoFactorAuthentication: true },
      'organization { id }',
    )
    expect((await call(buildkite, `GET ${api}`)).body).toMatchObject({
      allowed_ip_addresses: '10.0.0.0/8',
      revoke_inactive_tokens_after_days: 90,
      restrict_user_api_token_creation: false,
      features: { api_ip_allow_list: true, inactive_api_token_revocation: true },
    })
    const { body } = await call(buildkite, `PATCH ${api}`, {
      body: { revoke_inactive_tokens_after_days: null, restrict_user_api_token_creation: true },
    })
    expect(body).toMatchObject({
      allowed_ip_addresses: '10.0.0.0/8',
      revoke_inactive_tokens_after_days: null,
      restrict_user_api_token_creation: true,
    })
    const query =
      '{ organization(slug: "acme") { revokeInactiveTokensAfter membersRequireTwoFactorAuthentication } }'
    expect((await ask(buildkite, query)).body.data.organization).toEqual({
      revokeInactiveTokensAfter: 'NEVER',
      membersRequireTwoFactorAuthentication: true,
    })
    expect(
      (await call(buildkite, `PATCH ${api}`, { body: { revoke_inactive_tokens_after_days: 7 } })).status,
    ).toBe(422)
  })

  test('are for admins', async () => {
    const buildkite = world()
    const input = { organizationID: id(buildkite, 'organizations', 'acme'), ipAddresses: '' }
    expect(
      await mutate(buildkite, 'organizationApiIpAllowlistUpdate', input, 'organization { id }', 'bob'),
    ).toBe(denied)
    expect((await call(buildkite, `GET ${api}`, { token: 'bob' })).status).toBe(403)
  })
})

describe('the organization', () => {
  test('is the same over REST and in GraphQL, by slug and by uuid', async () => {
    const buildkite = world()
    const { body } = await call(buildkite, 'GET /v2/organizations/acme')
    expect(body).toMatchObject({ slug: 'acme', url: 'https://api.buildkite.com/v2/organizations/acme' })
    expect((await call(buildkite, 'GET /v2/organizations')).body).toEqual([body])
    expect((await call(buildkite, 'GET /v2/organizations/acme/network_ranges')).body).toEqual([])
    const query = `{ organization(uuid: "${body.id}") { id slug } viewer { organizations { edges { node { slug } } } } }`
    expect((await ask(buildkite, query)).body.data).toEqual({
      organization: { id: body.graphql_id, slug: 'acme' },
      viewer: { organizations: { edges: [{ node: { slug: 'acme' } }] } },
    })
  })

  test('tells who asks what they may do', async () => {
    const buildkite = world('set team:ops members_can_create_pipelines=true')
    const names = [
      'pipelineCreate',
      'pipelineCreateWithoutTeams',
      'teamCreate',
      'organizationUpdate',
      'auditEventsView',
      'pipelineView',
    ]
    const query = `{ organization(slug: "acme") { permissions { ${names.map((name) => `${name} { allowed code message }`).join(' ')} } } }`
    const may = async (token: string) => {
      const { permissions } = (await ask(buildkite, query, { token })).body.data.organization
      return names.filter((name) => permissions[name].allowed)
    }
    expect(await may('ada')).toEqual(names)
    expect(await may('bob')).toEqual(['pipelineCreate', 'pipelineView'])
    expect(await may('cat')).toEqual(['pipelineView'])
    expect(await may('dan')).toEqual(['pipelineCreate', 'pipelineView'])
  })

  test('has one banner at a time', async () => {
    const buildkite = world()
    const organizationId = id(buildkite, 'organizations', 'acme')
    const upsert = (message: string) =>
      mutate(buildkite, 'organizationBannerUpsert', { organizationId, message }, 'banner { id message }')
    const first = await upsert('hello')
    expect(await upsert('bye')).toEqual({ banner: { id: first.banner.id, message: 'bye' } })
    const query =
      '{ organization(slug: "acme") { banners(first: 1) { edges { node { message } } nodes { message } } } }'
    expect((await ask(buildkite, query)).body.data.organization.banners).toEqual({
      edges: [{ node: { message: 'bye' } }],
      nodes: [{ message: 'bye' }],
    })
    const remove = () => mutate(buildkite, 'organizationBannerDelete', { organizationId }, 'deletedBannerId')
    expect(await remove()).toEqual({ deletedBannerId: first.banner.id })
    expect(await remove()).toBe('No Banner found')
  })

  test('has test suites elsewhere', async () => {
    const buildkite = world()
    expect(
      (await ask(buildkite, '{ team(slug: "acme/web") { suites { count } } }')).body.data.team.suites.count,
    ).toBe(0)
    const input = { teamID: id(buildkite, 'teams', 'web'), suiteID: 'x' }
    expect(await mutate(buildkite, 'teamSuiteCreate', input, 'teamSuite { id }')).toBe('No Suite found')
  })
})

describe('who asks', () => {
  test('is told about their token, whatever its scopes', async () => {
    const state = begun()
    const [organization] = state.tables.organizations.rows.values()
    addToken(state, organization!, {
      email: 'cat@acme.test',
      token: 'bare',
      scopes: [],
      description: 'ci',
      expiresAt: '2027-01-01T00:00:00.000Z',
    })
    const { status, body } = await call(opened(state), 'GET /v2/access-token', { token: 'bare' })
    expect([status, body]).toEqual([
      200,
      {
        uuid: expect.any(String),
        scopes: [],
        description: 'ci',
        created_at: '2026-01-01T00:00:00.000Z',
        expires_at: '2027-01-01T00:00:00.000Z',
        user: { name: 'cat', email: 'cat@acme.test' },
      },
    ])
    expect((await call(opened(state), 'GET /v2/user', { token: 'bare' })).status).toBe(403)
    expect((await call(opened(state), 'GET /v2/user', { token: 'cat' })).body.email).toBe('cat@acme.test')
    expect((await call(opened(state), 'GET /v2/meta', { token: 'cat' })).body).toHaveProperty('webhook_ips')
  })

  test('can give their token up', async () => {
    const buildkite = world()
    expect((await call(buildkite, 'DELETE /v2/access-token', { token: 'cat' })).status).toBe(204)
    expect((await call(buildkite, 'GET /v2/access-token', { token: 'cat' })).status).toBe(401)
  })

  test('is seen in the list of tokens by admins, who can take the organization away from it', async () => {
    const buildkite = world()
    const query =
      '{ organization(slug: "acme") { apiAccessTokens(first: 9) { nodes { id uuid scopes owner { email } } } } }'
    const { nodes } = (await ask(buildkite, query)).body.data.organization.apiAccessTokens
    expect(nodes).toHaveLength(5)
    expect(nodes[0].scopes).toContain('GRAPHQL')
    expect((await ask(buildkite, query, { token: 'cat' })).body.errors[0].message).toBe(denied)
    const eve = nodes.find((one: Json) => one.owner.email === 'eve@acme.test')
    const input = { organizationId: id(buildkite, 'organizations', 'acme'), apiAccessTokenId: eve.id }
    expect(
      await mutate(buildkite, 'organizationApiAccessTokenRevoke', input, 'revokedApiAccessTokenId'),
    ).toEqual({ revokedApiAccessTokenId: eve.id })
    expect((await call(buildkite, 'GET /v2/access-token', { token: 'eve' })).status).toBe(401)
  })
})
