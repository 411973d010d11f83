import { describe, expect, test } from 'vitest'
import { ask, call } from './acme.js'
import { begun, denied, edited, id, mutate, opened, row, world, type Json } from './world.js'

const fields = `name slug description privacy isDefaultTeam defaultMemberRole membersCanCreatePipelines
  membersCanCreateSuites membersCanCreateRegistries membersCanDestroyRegistries membersCanDestroyPackages
  membersCanDeletePipelines members { count } pipelines { count }`

const wanted = { name: 'iOS & Mac', privacy: 'VISIBLE', isDefaultTeam: false, defaultMemberRole: 'MEMBER' }

const create = (buildkite: ReturnType<typeof world>, input: object = {}, token?: string) =>
  mutate(
    buildkite,
    'teamCreate',
    { organizationID: id(buildkite, 'organizations', 'acme'), ...wanted, ...input },
    `teamEdge { cursor node { id uuid ${fields} } } organization { slug }`,
    token,
  )

const slugs = async (buildkite: ReturnType<typeof world>, token: string, args = '') => {
  const { body } = await ask(
    buildkite,
    `{ organization(slug: "acme") { teams${args} { edges { node { slug } } } } }`,
    {
      token,
    },
  )
  return body.data.organization.teams.edges.map(({ node }: Json) => node.slug)
}

describe('a team', () => {
  test('that leaves flags out lets its members create', async () => {
    const { teamEdge, organization } = await create(world())
    expect(organization.slug).toBe('acme')
    expect(teamEdge.cursor).toBeTruthy()
    expect(teamEdge.node).toMatchObject({
      slug: 'ios-mac',
      description: null,
      membersCanCreatePipelines: true,
      membersCanCreateSuites: true,
      membersCanCreateRegistries: true,
      membersCanDestroyRegistries: false,
      membersCanDestroyPackages: false,
      membersCanDeletePipelines: true,
      members: { count: 0 },
      pipelines: { count: 0 },
    })
  })

  test('has its maker for a maintainer only where that is so', async () => {
    const buildkite = opened(begun(), { teamCreatorJoins: true })
    expect((await create(buildkite)).teamEdge.node.members.count).toBe(1)
  })

  test('changes its slug with its name', async () => {
    const buildkite = world()
    const input = { id: id(buildkite, 'teams', 'web'), isDefaultTeam: false, defaultMemberRole: 'MEMBER' }
    const sent = await mutate(buildkite, 'teamUpdate', { ...input, name: 'The Web' }, `team { ${fields} }`)
    expect(sent.team).toMatchObject({ slug: 'the-web', membersCanCreatePipelines: false })
    const { body } = await ask(
      buildkite,
      '{ old: team(slug: "acme/web") { slug } new: team(slug: "acme/the-web") { slug } }',
    )
    expect(body).toEqual({ data: { old: null, new: { slug: 'the-web' } } })
  })

  test('cannot have the slug of another', async () => {
    expect(await create(world(), { name: 'WEB!' })).toBe('Validation failed: Name has already been taken')
    expect(await create(world(), { name: '!!!' })).toMatch('must contain')
  })

  test('that is secret is seen by its members and by admins', async () => {
    const buildkite = world('set team:web privacy=secret')
    expect(await slugs(buildkite, 'ada')).toEqual(['everyone', 'ops', 'web'])
    expect(await slugs(buildkite, 'cat')).toContain('web')
    expect(await slugs(buildkite, 'eve')).not.toContain('web')
    const query = '{ team(slug: "acme/web") { slug } }'
    expect((await ask(buildkite, query, { token: 'eve' })).body).toEqual({ data: { team: null } })
    const path = `GET /v2/organizations/acme/teams/${row(buildkite, 'teams', 'web').uuid}`
    expect((await call(buildkite, path, { token: 'eve' })).body).toEqual({ message: 'No team found' })
  })

  test('is found by search, privacy, person and pipeline', async () => {
    const buildkite = world('create pipeline:app', 'grant team:web pipeline:app read_only')
    const cat = row(buildkite, 'users', 'cat@acme.test').uuid
    expect(await slugs(buildkite, 'ada', '(search: "OP")')).toEqual(['ops'])
    expect(await slugs(buildkite, 'ada', '(privacy: [SECRET])')).toEqual([])
    expect(await slugs(buildkite, 'ada', `(user: "${cat}")`)).toEqual(['web'])
    expect(await slugs(buildkite, 'ada', `(user: "!${cat}")`)).toEqual(['everyone', 'ops'])
    expect(await slugs(buildkite, 'ada', '(pipeline: "app")')).toEqual(['web'])
  })

  test('is made by admins, and changed and deleted by its maintainers too', async () => {
    const buildkite = world()
    expect(await create(buildkite, {}, 'bob')).toBe(denied)
    const input = {
      id: id(buildkite, 'teams', 'web'),
      name: 'web',
      isDefaultTeam: true,
      defaultMemberRole: 'MEMBER',
      membersCanCreatePipelines: true,
    }
    expect(await mutate(buildkite, 'teamUpdate', input, 'team { slug }', 'cat')).toBe(denied)
    expect(await mutate(buildkite, 'teamUpdate', input, 'team { isDefaultTeam }', 'bob')).toEqual({
      team: { isDefaultTeam: true },
    })
    const remove = (token: string) =>
      mutate(buildkite, 'teamDelete', { id: input.id }, 'deletedTeamID organization { slug }', token)
    expect(await remove('cat')).toBe(denied)
    expect(await remove('bob')).toEqual({ deletedTeamID: input.id, organization: { slug: 'acme' } })
  })

  test('takes what it gave with it, and leaves pipelines and people', async () => {
    const buildkite = world(
      'create pipeline:app',
      'grant team:web pipeline:app read_only',
      'create cluster:ios',
      'maintain cluster:ios team:web',
    )
    await mutate(buildkite, 'teamDelete', { id: id(buildkite, 'teams', 'web') }, 'deletedTeamID')
    const { grants, teamMembers, maintainers, pipelines, members } = buildkite.state.tables
    expect([grants, maintainers, pipelines, members].map((table) => table.rows.size)).toEqual([0, 0, 1, 5])
    expect([...teamMembers.rows.values()].some(({ role }) => role === 'MAINTAINER')).toBe(false)
    expect(await mutate(buildkite, 'teamDelete', { id: btoa('Team---gone') }, 'deletedTeamID')).toBe(
      'No Team found',
    )
  })

  test('may be one of several that take in new people, unless only one may', async () => {
    expect(await create(world(), { isDefaultTeam: true })).toHaveProperty('teamEdge')
    const strict = opened(begun(), { singleDefaultTeam: true })
    expect(await create(strict, { isDefaultTeam: true })).toMatch('Only one team')
  })

  test('keeps its flag on plans that have none', async () => {
    const state = begun()
    const [organization] = state.tables.organizations.rows.values()
    const features = { ...organization!.features, membersCanCreatePipelines: false }
    state.tables.organizations.rows.set(organization!.uuid, { ...organization!, features })
    const message = 'You cannot modify members_can_create_pipelines on your current plan'
    expect(await create(opened(state), { membersCanCreatePipelines: false })).toBe(message)
    expect(await create(opened(state), { membersCanCreatePipelines: true })).toHaveProperty('teamEdge')
  })
})

describe('over REST a team', () => {
  test('says its flags when it is written, and never when it is read', async () => {
    const buildkite = world()
    const made = await call(buildkite, 'POST /v2/organizations/acme/teams', {
      body: {
        name: 'QA',
        privacy: 'secret',
        members_can_create_pipelines: false,
        default_member_role: 'maintainer',
      },
    })
    expect(made.status).toBe(201)
    expect(made.body).toMatchObject({
      slug: 'qa',
      privacy: 'secret',
      default: false,
      members_can_create_pipelines: false,
      default_member_role: 'maintainer',
    })
    const read = await call(buildkite, `GET /v2/organizations/acme/teams/${made.body.id}`)
    expect(Object.keys(read.body)).toEqual([
      'id',
      'graphql_id',
      'name',
      'slug',
      'description',
      'created_at',
      'privacy',
      'default',
      'created_by',
    ])
    const changed = await call(buildkite, `PATCH /v2/organizations/acme/teams/${made.body.id}`, {
      body: { description: 'Quality' },
    })
    expect(changed.body).toMatchObject({
      name: 'QA',
      description: 'Quality',
      members_can_create_pipelines: false,
    })
  })

  test('is listed by person', async () => {
    const buildkite = world()
    const cat = row(buildkite, 'users', 'cat@acme.test').uuid
    const { body } = await call(buildkite, `GET /v2/organizations/acme/teams?user_id=${cat}`)
    expect(body.map((one: Json) => one.slug)).toEqual(['web'])
  })
})

describe('teams', () => {
  const off = () => {
    const state = begun('delete team:web', 'delete team:ops', 'delete team:everyone', 'create pipeline:app')
    const [organization] = state.tables.organizations.rows.values()
    state.tables.organizations.rows.set(organization!.uuid, { ...organization!, isTeamsEnabled: false })
    return state
  }

  test('are enabled once, with a team that holds everybody and everything', async () => {
    const buildkite = opened(off())
    expect((await call(buildkite, 'POST /v2/organizations/acme/teams/enable', { token: 'eve' })).status).toBe(
      403,
    )
    const enable = async () => (await call(buildkite, 'POST /v2/organizations/acme/teams/enable')).status
    expect([await enable(), await enable()]).toEqual([204, 204])
    const { body } = await ask(
      buildkite,
      `{ organization(slug: "acme") { isTeamsEnabled teams(first: 5) { edges { node {
        slug isDefaultTeam members { count } pipelines { edges { node { accessLevel } } } } } } } }`,
    )
    expect(body.data.organization).toEqual({
      isTeamsEnabled: true,
      teams: {
        edges: [
          {
            node: {
              slug: 'everyone',
              isDefaultTeam: true,
              members: { count: 5 },
              pipelines: { edges: [{ node: { accessLevel: 'MANAGE_BUILD_AND_READ' } }] },
            },
          },
        ],
      },
    })
  })

  test('that are off let everybody do everything to pipelines', async () => {
    const buildkite = opened(off())
    const input = { id: id(buildkite, 'pipelines', 'app'), description: 'mine' }
    expect(await mutate(buildkite, 'pipelineUpdate', input, 'pipeline { description }', 'eve')).toEqual({
      pipeline: { description: 'mine' },
    })
    expect(await create(buildkite)).toMatch('Teams have not been enabled')
  })

  test('cannot be enabled where the plan has none', async () => {
    const state = off()
    const [organization] = state.tables.organizations.rows.values()
    const features = { ...organization!.features, teams: false }
    state.tables.organizations.rows.set(organization!.uuid, { ...organization!, features })
    const { status, body } = await call(opened(state), 'POST /v2/organizations/acme/teams/enable')
    expect([status, body.message]).toEqual([
      403,
      "Your plan doesn't include team permissions. Upgrade your plan to enable teams.",
    ])
  })
})

describe('a member of a team', () => {
  const add = (
    buildkite: ReturnType<typeof world>,
    team: string,
    email: string,
    input: object = {},
    token = 'ada',
  ) =>
    mutate(
      buildkite,
      'teamMemberCreate',
      { teamID: id(buildkite, 'teams', team), userID: id(buildkite, 'users', email), ...input },
      'teamMemberEdge { node { id uuid role user { email } team { slug } organizationMember { role } } }',
      token,
    )

  test('has the role that the team gives', async () => {
    const buildkite = world('set team:ops default_member_role=maintainer')
    expect(await add(buildkite, 'ops', 'eve@acme.test')).toMatchObject({
      teamMemberEdge: {
        node: {
          role: 'MAINTAINER',
          user: { email: 'eve@acme.test' },
          team: { slug: 'ops' },
          organizationMember: { role: 'MEMBER' },
        },
      },
    })
    expect(await add(buildkite, 'ops', 'eve@acme.test')).toMatch('already been added')
  })

  test('is added, changed and removed by maintainers and admins', async () => {
    const buildkite = world()
    expect(await add(buildkite, 'web', 'eve@acme.test', {}, 'cat')).toBe(denied)
    const { teamMemberEdge } = await add(buildkite, 'web', 'eve@acme.test', { role: 'MEMBER' }, 'bob')
    const change = (token: string) =>
      mutate(
        buildkite,
        'teamMemberUpdate',
        { id: teamMemberEdge.node.id, role: 'MAINTAINER' },
        'teamMember { role permissions { teamMemberDelete { allowed } } }',
        token,
      )
    expect(await change('cat')).toBe(denied)
    expect(await change('bob')).toEqual({
      teamMember: { role: 'MAINTAINER', permissions: { teamMemberDelete: { allowed: true } } },
    })
    const remove = () =>
      mutate(
        buildkite,
        'teamMemberDelete',
        { id: teamMemberEdge.node.id },
        'deletedTeamMemberID team { slug }',
        'bob',
      )
    expect(await remove()).toEqual({ deletedTeamMemberID: teamMemberEdge.node.id, team: { slug: 'web' } })
    expect(await remove()).toBe('No Team Member found')
  })

  test('is in the organization first', async () => {
    const state = edited(begun(), 'delete person eve@acme.test')
    expect(await add(opened(state), 'web', 'eve@acme.test')).toBe('No User found')
  })

  test('is a row of its own over REST', async () => {
    const buildkite = world()
    const team = row(buildkite, 'teams', 'web').uuid
    const eve = row(buildkite, 'users', 'eve@acme.test').uuid
    const base = `/v2/organizations/acme/teams/${team}/members`
    const made = await call(buildkite, `POST ${base}`, { body: { user_id: eve, role: 'maintainer' } })
    expect([made.status, made.body]).toEqual([
      201,
      { role: 'maintainer', created_at: '2026-11-02T09:00:00.000Z', user_id: eve, user_name: 'eve' },
    ])
    expect((await call(buildkite, `PATCH ${base}/${eve}`, { body: { role: 'member' } })).body.role).toBe(
      'member',
    )
    expect((await call(buildkite, `GET ${base}`)).body).toHaveLength(3)
    expect((await call(buildkite, `DELETE ${base}/${eve}`)).status).toBe(204)
    expect((await call(buildkite, `GET ${base}/${eve}`)).status).toBe(404)
  })
})
