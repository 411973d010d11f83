import { describe, expect, test } from 'vitest'
import { idOf } from '../../src/sandbox/ids.js'
import { ask, call } from './acme.js'
import { begun, denied, edited, id, mutate, opened, row, world, type Json } from './world.js'

type World = ReturnType<typeof world>

const memberId = (buildkite: World, email: string) => {
  const user = row(buildkite, 'users', email).uuid
  const [member] = [...buildkite.state.tables.members.rows.values()].filter((one) => one.user === user)
  return idOf('OrganizationMember', member!.uuid)
}

const update = (buildkite: World, email: string, input: object, token = 'ada') =>
  mutate(
    buildkite,
    'organizationMemberUpdate',
    { id: memberId(buildkite, email), ...input },
    'organizationMember { role sso { mode } }',
    token,
  )

const remove = (buildkite: World, email: string, token = 'ada') =>
  mutate(
    buildkite,
    'organizationMemberDelete',
    { id: memberId(buildkite, email) },
    'deletedOrganizationMemberID organization { slug } user { email }',
    token,
  )

const emails = async (buildkite: World, args: string) => {
  const { body } = await ask(
    buildkite,
    `{ organization(slug: "acme") { members${args} { edges { node { user { email } } } } } }`,
  )
  return body.data.organization.members.edges.map(({ node }: Json) => node.user.email.split('@')[0]).join(' ')
}

describe('members', () => {
  test('are found by email, exactly, and otherwise', async () => {
    const buildkite = world('promote dan@acme.test')
    expect(await emails(buildkite, '(first: 1, email: "cat@acme.test")')).toBe('cat')
    expect(await emails(buildkite, '(first: 1, email: "cat@acme")')).toBe('')
    expect(await emails(buildkite, '(search: "AT@", order: NAME)')).toBe('cat')
    expect(await emails(buildkite, '(role: [ADMIN], order: NAME)')).toBe('ada dan')
    expect(await emails(buildkite, '(team: "web", order: NAME)')).toBe('bob cat')
    expect(await emails(buildkite, '(team: "!web", order: NAME)')).toBe('ada dan eve')
    expect(await emails(buildkite, '(sso: { mode: REQUIRED })')).toBe('')
    expect(await emails(buildkite, '')).toBe('eve dan cat bob ada')
  })

  test('are found by slug and as nodes, by who is one', async () => {
    const buildkite = world()
    const nodeId = memberId(buildkite, 'cat@acme.test')
    const query = `query ($id: ID!, $slug: ID!) {
      node(id: $id) { ... on OrganizationMember { role user { email } security { twoFactorEnabled passwordProtected } } }
      organizationMember(slug: $slug) { uuid teams { edges { node { team { slug } } } } }
    }`
    const slug = `acme/${atob(nodeId).split('---')[1]}`
    const { body } = await ask(buildkite, query, { variables: { id: nodeId, slug }, token: 'eve' })
    expect(body.data).toMatchObject({
      node: { role: 'MEMBER', user: { email: 'cat@acme.test' }, security: { twoFactorEnabled: true } },
      organizationMember: { teams: { edges: [{ node: { team: { slug: 'web' } } }] } },
    })
  })

  test('are changed by admins, who leave their own membership and the last admin alone', async () => {
    const buildkite = world()
    expect(await update(buildkite, 'cat@acme.test', { role: 'ADMIN' }, 'bob')).toBe(denied)
    expect(await update(buildkite, 'ada@acme.test', { role: 'MEMBER' })).toMatch('last administrator')
    expect(await update(buildkite, 'cat@acme.test', { role: 'ADMIN', sso: { mode: 'REQUIRED' } })).toEqual({
      organizationMember: { role: 'ADMIN', sso: { mode: 'REQUIRED' } },
    })
    expect(await update(buildkite, 'ada@acme.test', { role: 'MEMBER' })).toBe(
      'You cannot change your own membership',
    )
    expect(await update(buildkite, 'ada@acme.test', { role: 'MEMBER' }, 'cat')).toHaveProperty(
      'organizationMember',
    )
  })

  test('that are deleted are in no team, maintain nothing, and see nothing', async () => {
    const buildkite = world('create cluster:ios', 'maintain cluster:ios cat@acme.test')
    expect(await remove(buildkite, 'cat@acme.test', 'bob')).toBe(denied)
    expect(await remove(buildkite, 'ada@acme.test')).toMatch('last administrator')
    expect(await remove(buildkite, 'cat@acme.test')).toMatchObject({
      organization: { slug: 'acme' },
      user: { email: 'cat@acme.test' },
    })
    expect(buildkite.state.tables.maintainers.rows.size).toBe(0)
    const { body } = await ask(
      buildkite,
      '{ organization(slug: "acme") { name } viewer { user { email } } }',
      {
        token: 'cat',
      },
    )
    expect(body.data).toEqual({ organization: null, viewer: { user: { email: 'cat@acme.test' } } })
    expect((await call(buildkite, 'GET /v2/organizations/acme/teams', { token: 'cat' })).status).toBe(404)
  })

  test('over REST are users with a role, and a way to sign in that admins see', async () => {
    const buildkite = world()
    const cat = row(buildkite, 'users', 'cat@acme.test').uuid
    const path = `/v2/organizations/acme/members/${cat}`
    expect((await call(buildkite, `GET ${path}`)).body).toEqual({
      id: cat,
      name: 'cat',
      email: 'cat@acme.test',
      role: 'member',
      sso_mode: 'optional',
    })
    expect((await call(buildkite, `GET ${path}`, { token: 'dan' })).body).not.toHaveProperty('sso_mode')
    expect((await call(buildkite, `GET ${path}`, { token: 'cat' })).body).toHaveProperty('sso_mode')
    expect((await call(buildkite, `PATCH ${path}`, { body: {} })).status).toBe(422)
    expect((await call(buildkite, `PATCH ${path}`, { body: { role: 'admin' } })).body.role).toBe('admin')
    expect((await call(buildkite, `DELETE ${path}`, { token: 'cat' })).status).toBe(403)
    expect((await call(buildkite, `DELETE ${path}`)).status).toBe(204)
    expect((await call(buildkite, 'GET /v2/organizations/acme/members')).body).toHaveLength(4)
  })
})

describe('an invitation', () => {
  const create = (buildkite: World, emails: readonly string[], input: object = {}, token = 'ada') =>
    mutate(
      buildkite,
      'organizationInvitationCreate',
      { organizationID: id(buildkite, 'organizations', 'acme'), emails, ...input },
      'invitationEdges { node { id email role state slug teams(first: 5) { count edges { node { role team { slug } } } } } } organization { slug }',
      token,
    )

  test('waits, with a role and teams', async () => {
    const buildkite = world()
    const teams = [{ id: id(buildkite, 'teams', 'web'), role: 'MAINTAINER' }]
    const { invitationEdges } = await create(buildkite, ['fay@acme.test'], { teams, role: 'ADMIN' })
    expect(invitationEdges[0].node).toMatchObject({
      email: 'fay@acme.test',
      role: 'ADMIN',
      state: 'PENDING',
      teams: { count: 1, edges: [{ node: { role: 'MAINTAINER', team: { slug: 'web' } } }] },
    })
  })

  test.each([
    ['no address', ['fay'], 'Email is invalid'],
    ['a member', ['fay@acme.test', 'cat@acme.test'], 'already a member'],
    ['somebody invited', ['gil@acme.test'], 'already been invited'],
  ])('of %s refuses all of them', async (_, addresses, message) => {
    const buildkite = world('invite person gil@acme.test')
    expect(await create(buildkite, addresses)).toMatch(message)
    expect(buildkite.state.tables.invitations.rows.size).toBe(1)
  })

  test('is one of twenty at most', async () => {
    const buildkite = world()
    const many = Array.from({ length: 20 }, (_, n) => `p${n}@acme.test`)
    expect(await create(buildkite, many)).toHaveProperty('invitationEdges')
    expect(await create(buildkite, ['fay@acme.test'])).toMatch('at most 20')
  })

  test('is made, seen and revoked by admins', async () => {
    const buildkite = world()
    expect(await create(buildkite, ['fay@acme.test'], {}, 'bob')).toBe(denied)
    const [{ node }] = (await create(buildkite, ['fay@acme.test'])).invitationEdges
    const query = '{ organization(slug: "acme") { invitations(state: [PENDING]) { count } } }'
    expect((await ask(buildkite, query)).body.data.organization.invitations.count).toBe(1)
    expect((await ask(buildkite, query, { token: 'bob' })).body.data.organization.invitations).toBeNull()
    const revoke = (token: string) =>
      mutate(
        buildkite,
        'organizationInvitationRevoke',
        { id: node.id },
        'organizationInvitation { state revokedBy { email } } organizationInvitationEdge { cursor } organization { slug }',
        token,
      )
    expect(await revoke('bob')).toBe('No Organization Invitation found')
    expect(await revoke('ada')).toMatchObject({
      organizationInvitation: { state: 'REVOKED', revokedBy: { email: 'ada@acme.test' } },
    })
    expect(await revoke('ada')).toMatch('Only pending')
    expect(
      await mutate(
        buildkite,
        'organizationInvitationResend',
        { id: node.id },
        'organizationInvitation { id }',
      ),
    ).toMatch('Only pending')
  })

  test('that is accepted makes a member, of its teams and of those that take in everybody', async () => {
    const state = edited(
      begun('set team:ops is_default_team=true'),
      'invite person fay@acme.test admin',
      'accept fay@acme.test',
    )
    const buildkite = opened(state)
    const { body } = await ask(
      buildkite,
      '{ organization(slug: "acme") { members(first: 1, email: "fay@acme.test") { edges { node { role teams { edges { node { team { slug } } } } } } } } }',
    )
    const [{ node }] = body.data.organization.members.edges
    expect(node.role).toBe('ADMIN')
    expect(node.teams.edges.map((one: Json) => one.node.team.slug).sort()).toEqual(['everyone', 'ops'])
  })

  test('over REST comes in a list, and goes out of the list of those that wait', async () => {
    const buildkite = world()
    const path = '/v2/organizations/acme/invitations'
    const made = await call(buildkite, `POST ${path}`, { body: { emails: ['fay@acme.test'], role: 'admin' } })
    expect([made.status, made.body[0].email, made.body[0].state, made.body[0].role]).toEqual([
      201,
      'fay@acme.test',
      'pending',
      'admin',
    ])
    expect((await call(buildkite, `GET ${path}`)).body.items).toHaveLength(1)
    expect((await call(buildkite, `GET ${path}`, { token: 'bob' })).status).toBe(403)
    expect((await call(buildkite, `DELETE ${path}/${made.body[0].id}`)).status).toBe(204)
    expect((await call(buildkite, `GET ${path}`)).body.items).toEqual([])
  })
})
