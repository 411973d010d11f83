import { describe, expect, test } from 'vitest'
import { ask, call } from './acme.js'
import { begun, denied, edited, id, mutate, opened, row, world, type Json } from './world.js'

type World = ReturnType<typeof world>

const fields = `pipeline {
  id uuid name slug description emoji color defaultBranch branchConfiguration allowRebuilds visibility archived
  skipIntermediateBuilds skipIntermediateBuildsBranchFilter cancelIntermediateBuilds
  cancelIntermediateBuildsBranchFilter defaultTimeoutInMinutes maximumTimeoutInMinutes nextBuildNumber
  repository { url } steps { yaml } tags { label } cluster { name } pipelineTemplate { id }
}`

const wanted = {
  name: 'The App',
  repository: { url: 'git@github.com:acme/app.git' },
  steps: { yaml: 'steps: []' },
}

const create = (buildkite: World, input: object = {}, token?: string, selection = fields) =>
  mutate(
    buildkite,
    'pipelineCreate',
    { organizationId: id(buildkite, 'organizations', 'acme'), ...wanted, ...input },
    selection,
    token,
  )

const update = (buildkite: World, slug: string, input: object, token?: string) =>
  mutate(buildkite, 'pipelineUpdate', { id: id(buildkite, 'pipelines', slug), ...input }, fields, token)

const rest = '/v2/organizations/acme/pipelines'

describe('a new pipeline', () => {
  test('is private, in the default cluster, and builds main', async () => {
    expect((await create(world())).pipeline).toMatchObject({
      slug: 'the-app',
      visibility: 'PRIVATE',
      defaultBranch: 'main',
      allowRebuilds: true,
      description: null,
      skipIntermediateBuilds: false,
      cancelIntermediateBuilds: false,
      branchConfiguration: null,
      defaultTimeoutInMinutes: null,
      nextBuildNumber: 1,
      tags: [],
      archived: false,
      cluster: { name: 'Default cluster' },
      steps: { yaml: 'steps: []' },
    })
  })

  test('goes into a cluster that is named by id, or by uuid', async () => {
    const buildkite = world('create cluster:ios')
    const { uuid } = row(buildkite, 'clusters', 'ios')
    for (const clusterId of [id(buildkite, 'clusters', 'ios'), uuid])
      expect((await create(buildkite, { name: clusterId, clusterId })).pipeline.cluster).toEqual({
        name: 'ios',
      })
    expect(await create(buildkite, { clusterId: 'nowhere' })).toBe('No cluster found')
  })

  test('is in no cluster where there is no default, or is refused', async () => {
    const state = begun('set organization default_cluster=null')
    expect((await create(opened(state))).pipeline.cluster).toBeNull()
    expect(await create(opened(state, { pipelineWithoutCluster: 'refuse' }))).toMatch("can't be blank")
  })

  test.each([
    ['TesT --- PipeLine - X', 'test-pipeline-x'],
    ['Hello    There Friend', 'hello-there-friend'],
    ['-_- é 1', '1'],
  ])('called %j has the slug %j', async (name, slug) => {
    expect((await create(world(), { name })).pipeline.slug).toBe(slug)
  })

  test.each([
    ['a name that is taken', { name: 'the   app' }, 'name has already been taken'],
    ['no name', { name: ' ' }, "name can't be blank"],
    ['no letter in its name', { name: '!!!' }, 'must contain a letter'],
    ['no steps', { name: 'x', steps: null }, 'Step configuration is missing'],
    ['blank steps', { name: 'x', steps: { yaml: '' } }, 'Step configuration is missing'],
    ['eleven tags', { name: 'x', tags: Array(11).fill({ label: 'a' }) }, 'at most 10 labels'],
    [
      'a mirror with credentials',
      { name: 'x', cloneMirrorUrl: 'https://a:b@x.test/y' },
      'must not carry credentials',
    ],
  ])('is refused with %s', async (_, input, message) => {
    expect(await create(world('create pipeline:the-app'), input)).toMatch(message)
  })

  test('over REST says which field was wrong', async () => {
    const buildkite = world('create pipeline:app')
    const body = { name: 'App', repository: 'git@github.com:acme/app.git', configuration: 'steps: []' }
    const { status, body: said } = await call(buildkite, `POST ${rest}`, { body })
    expect([status, said]).toEqual([
      422,
      {
        message: 'Validation Failed',
        errors: [{ field: 'name', code: 'has already been taken', value: 'App' }],
      },
    ])
    const blank = await call(buildkite, `POST ${rest}`, { body: { ...body, name: 'b', configuration: '' } })
    expect(blank.body.errors[0]).toMatchObject({
      field: 'configuration',
      code: 'Step configuration is missing, expected `steps: { yaml: "..." }`',
    })
  })
})

describe('who may make one', () => {
  const teamless = 'Please ensure at least one team is added to this pipeline'

  test('is an admin, with teams or without', async () => {
    const { pipeline } = await create(world(), {}, 'ada', 'pipeline { teams { count } }')
    expect(pipeline.teams.count).toBe(0)
  })

  test('is a maintainer of a team, whatever its flag; it goes to their only team', async () => {
    const buildkite = world()
    expect(await create(buildkite, {}, 'cat')).toBe(denied)
    const { pipeline } = await create(
      buildkite,
      {},
      'bob',
      'pipeline { teams { edges { node { accessLevel team { slug } } } } }',
    )
    expect(pipeline.teams.edges).toEqual([
      { node: { accessLevel: 'MANAGE_BUILD_AND_READ', team: { slug: 'web' } } },
    ])
  })

  test('is a member of a team with the flag; with several teams they say which', async () => {
    const buildkite = world('set team:web members_can_create_pipelines=true', 'join team:ops cat@acme.test')
    expect(await create(buildkite, {}, 'cat')).toBe(teamless)
    const teams = [{ id: id(buildkite, 'teams', 'ops'), accessLevel: 'READ_ONLY' }]
    expect(await create(buildkite, { teams }, 'cat')).toHaveProperty('pipeline')
    const { body } = await call(buildkite, `POST ${rest}`, {
      token: 'cat',
      body: { name: 'b', repository: 'x', configuration: 'steps: []' },
    })
    expect(body).toEqual({
      message: 'Validation Failed',
      errors: [{ field: 'teams', code: teamless, value: [] }],
    })
  })

  test('may give it to teams that they are not in, as far as anybody knows', async () => {
    const state = begun('set team:web members_can_create_pipelines=true')
    const named = (buildkite: World) =>
      create(buildkite, { teams: [{ id: id(buildkite, 'teams', 'ops') }] }, 'cat')
    expect(await named(opened(state))).toHaveProperty('pipeline')
    expect(await named(opened(state, { creatorNamesAnyTeam: false }))).toBe(denied)
  })

  test('makes it in the default cluster, and elsewhere only as a maintainer there', async () => {
    const state = begun('create cluster:ios')
    const inIos = (buildkite: World) =>
      create(buildkite, { clusterId: id(buildkite, 'clusters', 'ios') }, 'bob')
    expect(await inIos(opened(state))).toBe(denied)
    expect(await inIos(opened(edited(state, 'maintain cluster:ios bob@acme.test')))).toHaveProperty(
      'pipeline',
    )
    expect(await inIos(opened(edited(state, 'set organization default_cluster=ios')))).toHaveProperty(
      'pipeline',
    )
  })

  test('keeps Full Access after their team has lost it, as far as anybody knows', async () => {
    for (const creatorKeepsFullAccess of [true, false]) {
      const buildkite = opened(begun(), { creatorKeepsFullAccess })
      await create(buildkite, {}, 'bob')
      const after = opened(edited(buildkite.state, 'revoke team:web pipeline:the-app'), {
        creatorKeepsFullAccess,
      })
      const sent = await update(after, 'the-app', { description: 'mine' }, 'bob')
      expect(sent).toEqual(creatorKeepsFullAccess ? expect.objectContaining({}) : 'No Pipeline found')
    }
  })

  test('is everybody where teams are off and members may', async () => {
    const state = begun()
    const [organization] = state.tables.organizations.rows.values()
    const without = { ...organization!, isTeamsEnabled: false }
    state.tables.organizations.rows.set(without.uuid, without)
    expect(await create(opened(state), {}, 'eve')).toHaveProperty('pipeline')
    const memberPermissions = { ...without.memberPermissions, createPipelines: false }
    state.tables.organizations.rows.set(without.uuid, { ...without, memberPermissions })
    expect(await create(opened(state), {}, 'eve')).toBe(denied)
  })
})

describe('an update', () => {
  test('keeps what it leaves out, except that rebuilds come back', async () => {
    const buildkite = world('create pipeline:app description=x allow_rebuilds=false tags=[a,b]')
    expect((await update(buildkite, 'app', { emoji: ':ok:' })).pipeline).toMatchObject({
      description: 'x',
      emoji: ':ok:',
      tags: [{ label: 'a' }, { label: 'b' }],
      allowRebuilds: true,
    })
    await update(buildkite, 'app', { allowRebuilds: false, tags: [] })
    expect(row(buildkite, 'pipelines', 'app')).toMatchObject({ allowRebuilds: false, tags: [] })
  })

  test('over REST leaves rebuilds alone', async () => {
    const buildkite = world('create pipeline:app allow_rebuilds=false')
    const { body } = await call(buildkite, `PATCH ${rest}/app`, { body: { description: 'x' } })
    expect(body).toMatchObject({ description: 'x', allow_rebuilds: false })
  })

  test('clears with null, and reads blanks back as they were, or as null', async () => {
    const state = begun('create pipeline:app')
    const filled = {
      description: 'x',
      branchConfiguration: 'main',
      defaultTimeoutInMinutes: 5,
      maximumTimeoutInMinutes: 9,
      cloneMirrorUrl: 'https://git.test/x',
    }
    const buildkite = opened(state)
    expect((await update(buildkite, 'app', filled)).pipeline).toMatchObject({ defaultTimeoutInMinutes: 5 })
    const nothing = Object.fromEntries(Object.keys(filled).map((field) => [field, null]))
    expect((await update(buildkite, 'app', nothing)).pipeline).toMatchObject({
      description: null,
      branchConfiguration: null,
      defaultTimeoutInMinutes: null,
      maximumTimeoutInMinutes: null,
    })
    const blank = { description: '', defaultBranch: '', skipIntermediateBuildsBranchFilter: '' }
    expect((await update(buildkite, 'app', blank)).pipeline).toMatchObject(blank)
    const nulled = opened(state, { blankText: 'null' })
    expect((await update(nulled, 'app', blank)).pipeline).toMatchObject({
      description: null,
      defaultBranch: null,
      skipIntermediateBuildsBranchFilter: null,
    })
  })

  test('never lets the next build have a lower number', async () => {
    const buildkite = world('create pipeline:app')
    expect((await update(buildkite, 'app', { nextBuildNumber: 40 })).pipeline.nextBuildNumber).toBe(40)
    expect(await update(buildkite, 'app', { nextBuildNumber: 39 })).toMatch('must be at least 40')
  })

  test('is for Full Access', async () => {
    const state = begun('create pipeline:app', 'grant team:web pipeline:app build_and_read')
    expect(await update(opened(state), 'app', { description: 'x' }, 'cat')).toBe(denied)
    expect(await update(opened(state), 'app', { description: 'x' }, 'eve')).toBe('No Pipeline found')
    const full = opened(edited(state, 'grant team:web pipeline:app manage_build_and_read'))
    expect(await update(full, 'app', { description: 'x' }, 'cat')).toHaveProperty('pipeline')
  })
})

describe('a slug', () => {
  const named = async () => {
    const buildkite = world('create pipeline:app')
    await call(buildkite, `PATCH ${rest}/app`, { body: { slug: 'mine' } })
    return buildkite
  }

  test('of its own comes over REST only, and moves the pipeline there', async () => {
    const buildkite = await named()
    const query =
      '{ old: pipeline(slug: "acme/app") { slug } new: pipeline(slug: "acme/mine") { slug name } }'
    expect((await ask(buildkite, query)).body).toEqual({
      data: { old: null, new: { slug: 'mine', name: 'app' } },
    })
    const gone = await call(buildkite, `GET ${rest}/app`)
    expect([gone.status, gone.body]).toEqual([404, { message: 'No pipeline found' }])
  })

  test('is made from the name again by an update that has the name in it, even the same', async () => {
    expect((await update(await named(), 'mine', { name: 'app' })).pipeline.slug).toBe('app')
    expect((await update(await named(), 'mine', { description: 'x' })).pipeline.slug).toBe('mine')
  })

  test('over REST is made again by a name without a slug, or by null', async () => {
    const patch = async (body: object) =>
      (await call(await named(), `PATCH ${rest}/mine`, { body })).body.slug
    expect(await patch({ name: 'Other App' })).toBe('other-app')
    expect(await patch({ name: 'Other App', slug: 'mine' })).toBe('mine')
    expect(await patch({ slug: null })).toBe('app')
    expect(await patch({ description: 'x' })).toBe('mine')
  })

  test.each([
    ['is taken', 'web', 'has already been taken'],
    ['begins with a dash', '-x', 'is invalid'],
    ['has a dot', 'a.b', 'is invalid'],
  ])('is refused if it %s', async (_, slug, code) => {
    const buildkite = world('create pipeline:app', 'create pipeline:web')
    const { status, body } = await call(buildkite, `PATCH ${rest}/app`, { body: { slug } })
    expect([status, body.errors]).toEqual([422, [{ field: 'slug', code, value: slug }]])
  })
})

describe('an archived pipeline', () => {
  test('refuses updates until it is unarchived', async () => {
    const buildkite = world('create pipeline:app', 'archive pipeline:app')
    expect(await update(buildkite, 'app', { description: 'x' })).toBe('Cannot update an archived pipeline')
    const { status, body } = await call(buildkite, `PATCH ${rest}/app`, { body: { description: 'x' } })
    expect([status, body]).toEqual([422, { message: 'Cannot update an archived pipeline' }])
    const again = await call(buildkite, `POST ${rest}/app/archive`)
    expect([again.status, again.body]).toEqual([422, { message: 'Pipeline could not be archived.' }])
    expect((await call(buildkite, `POST ${rest}/app/unarchive`)).body.archived_at).toBeNull()
    expect((await call(buildkite, `POST ${rest}/app/unarchive`)).body.message).toBe(
      'Pipeline could not be unarchived.',
    )
    expect(await update(buildkite, 'app', { description: 'x' })).toHaveProperty('pipeline')
  })

  test('stays in the list unless it is filtered out', async () => {
    const buildkite = world('create pipeline:app', 'create pipeline:web', 'archive pipeline:app')
    const count = async (args: string) =>
      (await ask(buildkite, `{ organization(slug: "acme") { pipelines${args} { count } } }`)).body.data
        .organization.pipelines.count
    expect([await count(''), await count('(archived: false)'), await count('(archived: true)')]).toEqual([
      2, 1, 1,
    ])
  })

  test('is archived and unarchived by the deprecated field too', async () => {
    const buildkite = world('create pipeline:app')
    expect((await update(buildkite, 'app', { archived: true })).pipeline.archived).toBe(true)
    expect((await update(buildkite, 'app', { archived: false, description: 'x' })).pipeline).toMatchObject({
      archived: false,
      description: 'x',
    })
  })
})

describe('moving to a cluster', () => {
  const state = begun(
    'create cluster:ios',
    'create pipeline:app',
    'grant team:web pipeline:app manage_build_and_read',
    'maintain cluster:ios dan@acme.test',
    'maintain cluster:ios cat@acme.test',
  )
  const move = (
    buildkite: World,
    token: string,
    clusterId: string | null = id(buildkite, 'clusters', 'ios'),
  ) => update(buildkite, 'app', { clusterId }, token)

  test.each([
    ['maintainer', { eve: false, bob: false, cat: true, ada: true }],
    ['maintainer_with_full_access', { eve: false, bob: false, cat: true, ada: true }],
    ['admin', { eve: false, bob: false, cat: false, ada: true }],
  ] as const)('is for a %s', async (moveIntoCluster, may) => {
    for (const [token, allowed] of Object.entries(may)) {
      const sent = await move(opened(state, { moveIntoCluster }), token)
      expect([token, typeof sent === 'object']).toEqual([token, allowed])
    }
  })

  test('needs nothing but the target, as far as anybody knows', async () => {
    const seen = edited(state, 'grant team:ops pipeline:app read_only')
    expect(await move(opened(seen), 'dan')).toMatchObject({ pipeline: { cluster: { name: 'ios' } } })
    expect(await move(opened(seen, { moveIntoCluster: 'maintainer_with_full_access' }), 'dan')).toBe(denied)
    const more = await update(
      opened(seen),
      'app',
      { clusterId: id(opened(seen), 'clusters', 'ios'), description: 'x' },
      'dan',
    )
    expect(more).toBe(denied)
  })

  test('out of it, or into the default, is for Full Access, unless it is not', async () => {
    const inIos = edited(state, 'move pipeline:app cluster:ios')
    const home = (buildkite: World) => id(buildkite, 'clusters', 'Default cluster')
    const open = opened(inIos)
    expect(await move(open, 'bob', home(open))).toHaveProperty('pipeline')
    expect((await move(opened(inIos), 'bob', null)).pipeline.cluster).toBeNull()
    const strict = opened(inIos, { fullAccessMovesToDefault: false })
    expect(await move(strict, 'bob', home(strict))).toBe(denied)
  })
})

describe('a pipeline that everybody sees', () => {
  test('is made so by admins, where the organization allows it', async () => {
    const state = begun('create pipeline:app', 'grant team:web pipeline:app manage_build_and_read')
    expect(await update(opened(state), 'app', { visibility: 'PUBLIC' }, 'bob')).toBe(denied)
    expect(await update(opened(state), 'app', { visibility: 'PRIVATE' }, 'bob')).toHaveProperty('pipeline')
    expect(
      await update(opened(state, { visibilityNeedsAdmin: false }), 'app', { visibility: 'PUBLIC' }, 'bob'),
    ).toHaveProperty('pipeline')
    const closed = opened(edited(state, 'set organization public_pipelines=false'))
    expect(await update(closed, 'app', { visibility: 'PUBLIC' })).toMatch('cannot be public')
  })

  test('is read by members of no team', async () => {
    const buildkite = world('create pipeline:app visibility=public')
    const { body } = await ask(buildkite, '{ pipeline(slug: "acme/app") { slug webhookURL } }', {
      token: 'eve',
    })
    expect(body.data.pipeline).toEqual({ slug: 'app', webhookURL: null })
  })
})

describe('deleting', () => {
  test('waits until nothing runs, and takes schedules, links and rules with it', async () => {
    const state = begun('create pipeline:app', 'create pipeline:web', 'grant team:web pipeline:app read_only')
    const buildkite = opened(state)
    const value = JSON.stringify({ source_pipeline: 'app', target_pipeline: 'web' })
    const rule = {
      organizationId: id(buildkite, 'organizations', 'acme'),
      type: 'pipeline.trigger_build.pipeline',
      value,
    }
    await mutate(buildkite, 'ruleCreate', rule, 'rule { id }')
    await mutate(
      buildkite,
      'pipelineScheduleCreate',
      { pipelineID: id(buildkite, 'pipelines', 'app'), cronline: '@daily' },
      'pipeline { id }',
    )
    const input = { id: id(buildkite, 'pipelines', 'app') }
    await mutate(buildkite, 'buildCreate', { pipelineID: input.id }, 'build { id }')
    const remove = () => mutate(buildkite, 'pipelineDelete', input, 'deletedPipelineID organization { slug }')
    expect(await remove()).toBe('Cannot delete pipeline with active builds')
    const after = opened(edited(buildkite.state, 'finish pipeline:app'))
    expect(await mutate(after, 'pipelineDelete', input, 'deletedPipelineID')).toEqual({
      deletedPipelineID: input.id,
    })
    const { grants, schedules, rules, builds, jobs, pipelines } = after.state.tables
    expect([grants, schedules, rules, builds, jobs, pipelines].map((table) => table.rows.size)).toEqual([
      0, 0, 0, 0, 0, 1,
    ])
    expect(await mutate(after, 'pipelineDelete', input, 'deletedPipelineID')).toBe('No Pipeline found')
  })

  test('is for Full Access, where members may delete', async () => {
    const state = begun('create pipeline:app', 'grant team:web pipeline:app manage_build_and_read')
    const remove = (buildkite: World) => call(buildkite, `DELETE ${rest}/app`, { token: 'cat' })
    expect((await remove(opened(state))).status).toBe(204)
    const forbidden = edited(state, 'set organization members_can_delete_pipelines=false')
    expect((await remove(opened(forbidden))).status).toBe(403)
    expect((await remove(opened(forbidden, { teamFlagDeletesPipelines: true }))).status).toBe(204)
  })
})

describe('lists of pipelines', () => {
  const state = begun(
    'create cluster:ios',
    'create pipeline:b tags=[x]',
    'create pipeline:a cluster=ios',
    'create pipeline:c',
    'move pipeline:c nowhere',
    'grant team:web pipeline:a read_only',
  )
  const slugs = async (buildkite: World, args: string, token = 'ada') => {
    const { body } = await ask(
      buildkite,
      `{ organization(slug: "acme") { pipelines${args} { edges { node { slug } } } } }`,
      { token },
    )
    return body.data.organization.pipelines.edges.map(({ node }: Json) => node.slug).join('')
  }

  test('are newest first, or by name', async () => {
    expect(await slugs(opened(state), '')).toBe('cab')
    expect(await slugs(opened(state), '(order: NAME)')).toBe('abc')
  })

  test('are filtered', async () => {
    const buildkite = opened(state)
    expect(await slugs(buildkite, `(cluster: "${id(buildkite, 'clusters', 'ios')}")`)).toBe('a')
    expect(await slugs(buildkite, '(clustered: false)')).toBe('c')
    expect(await slugs(buildkite, '(clustered: true, order: NAME)')).toBe('abc')
    expect(await slugs(opened(state, { clusteredHidesUnclustered: true }), '(order: NAME)')).toBe('ab')
    expect(await slugs(buildkite, '(tags: ["x"])')).toBe('b')
    expect(await slugs(buildkite, '(team: "web")')).toBe('a')
    expect(await slugs(buildkite, '(team: "!web", order: NAME)')).toBe('bc')
    expect(await slugs(buildkite, '(repository: { url: "git@github.com:acme/b.git" })')).toBe('b')
    expect(await slugs(buildkite, '(search: "C")')).toBe('c')
  })

  test('put favorites first for who has any', async () => {
    const buildkite = opened(state)
    await mutate(
      buildkite,
      'pipelineFavorite',
      { id: id(buildkite, 'pipelines', 'c'), favorite: true },
      'pipeline { favorite }',
    )
    expect(await slugs(buildkite, '(order: NAME_WITH_FAVORITES_FIRST)')).toBe('cab')
    expect(await slugs(buildkite, '(favorite: true)')).toBe('c')
    await mutate(
      buildkite,
      'pipelineFavorite',
      { id: id(buildkite, 'pipelines', 'c'), favorite: false },
      'pipeline { favorite }',
    )
    expect(await slugs(buildkite, '(favorite: true)')).toBe('')
  })

  test('show what who asks may see, at once', async () => {
    const buildkite = opened(state)
    expect(await slugs(buildkite, '', 'cat')).toBe('a')
    expect(
      (await call(buildkite, `GET ${rest}`, { token: 'cat' })).body.map((one: Json) => one.slug),
    ).toEqual(['a'])
    expect(await slugs(buildkite, '', 'eve')).toBe('')
  })

  test('of what a member reaches do not say how far', async () => {
    const buildkite = opened(state)
    const { body } = await ask(
      buildkite,
      '{ organization(slug: "acme") { members(email: "cat@acme.test") { edges { node { pipelines(first: 9) { edges { node { pipeline { slug } } } } } } } } }',
    )
    expect(body.data.organization.members.edges[0].node.pipelines.edges).toEqual([
      { node: { pipeline: { slug: 'a' } } },
    ])
  })
})
