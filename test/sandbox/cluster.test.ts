import { describe, expect, test } from 'vitest'
import { ask, call } from './acme.js'
import { begun, denied, id, mutate, opened, row, world, type Json } from './world.js'

const fields = 'cluster { id uuid name description emoji color defaultQueue { key } queues { count } }'

describe('a cluster', () => {
  test('begins with no queue and no default one', async () => {
    const buildkite = world()
    const organizationId = id(buildkite, 'organizations', 'acme')
    const input = { organizationId, name: 'ios', description: 'Macs', clientMutationId: 'c1' }
    const sent = await mutate(buildkite, 'clusterCreate', input, `clientMutationId ${fields}`)
    expect(sent).toMatchObject({
      clientMutationId: 'c1',
      cluster: {
        name: 'ios',
        description: 'Macs',
        emoji: null,
        color: null,
        defaultQueue: null,
        queues: { count: 0 },
      },
    })
    expect(atob(sent.cluster.id)).toBe(`Cluster---${sent.cluster.uuid}`)
  })

  test('begins with a default queue where clusters do', async () => {
    const buildkite = opened(begun(), { newClusterQueues: 'default' })
    const organizationId = id(buildkite, 'organizations', 'acme')
    const sent = await mutate(buildkite, 'clusterCreate', { organizationId, name: 'ios' }, fields)
    expect(sent.cluster).toMatchObject({ defaultQueue: { key: 'default' }, queues: { count: 1 } })
  })

  test('keeps what an update leaves out, and loses what it makes null', async () => {
    const buildkite = world(
      'create cluster:ios description=Macs emoji=:apple: color=#fff',
      'create queue:ios/m2',
    )
    const input = {
      organizationId: id(buildkite, 'organizations', 'acme'),
      id: id(buildkite, 'clusters', 'ios'),
    }
    const withQueue = { ...input, defaultQueueId: id(buildkite, 'queues', 'm2') }
    expect((await mutate(buildkite, 'clusterUpdate', withQueue, fields)).cluster).toMatchObject({
      description: 'Macs',
      emoji: ':apple:',
      color: '#fff',
      defaultQueue: { key: 'm2' },
    })
    const cleared = { ...input, description: null, emoji: null, color: null, defaultQueueId: null }
    expect((await mutate(buildkite, 'clusterUpdate', cleared, fields)).cluster).toMatchObject({
      name: 'ios',
      description: null,
      emoji: null,
      color: null,
      defaultQueue: null,
    })
  })

  test("cannot have another cluster's queue as its default", async () => {
    const buildkite = world('create cluster:ios', 'create cluster:web', 'create queue:web/linux')
    const input = {
      organizationId: id(buildkite, 'organizations', 'acme'),
      id: id(buildkite, 'clusters', 'ios'),
      defaultQueueId: id(buildkite, 'queues', 'linux'),
    }
    expect(await mutate(buildkite, 'clusterUpdate', input, fields)).toBe('No Cluster Queue found')
  })

  test('may share its name, unless names are unique', async () => {
    const state = begun('create cluster:ios')
    const again = (buildkite: ReturnType<typeof opened>) =>
      mutate(
        buildkite,
        'clusterCreate',
        { organizationId: id(buildkite, 'organizations', 'acme'), name: 'ios' },
        'cluster { name }',
      )
    expect(await again(opened(state))).toEqual({ cluster: { name: 'ios' } })
    expect(await again(opened(state, { clusterNamesUnique: true }))).toBe(
      'Validation failed: Name has already been taken',
    )
  })

  test('takes its queues, tokens, maintainers and secrets with it', async () => {
    const buildkite = world('create cluster:ios', 'create queue:ios/m2', 'maintain cluster:ios team:web')
    const uuid = row(buildkite, 'clusters', 'ios').uuid
    const base = `/v2/organizations/acme/clusters/${uuid}`
    await call(buildkite, `POST ${base}/secrets`, { body: { key: 'KEY', value: 'x' } })
    await call(buildkite, `POST ${base}/tokens`, { body: { description: 'mac' } })
    const { queues, agentTokens, secrets, maintainers } = buildkite.state.tables
    const rows = () => [queues, agentTokens, secrets, maintainers].map((table) => table.rows.size)
    expect(rows()).toEqual([2, 1, 1, 1])
    expect((await call(buildkite, `DELETE ${base}`)).status).toBe(204)
    expect(rows()).toEqual([1, 0, 0, 0])
    expect((await call(buildkite, `GET ${base}`)).body).toEqual({ message: 'No cluster found' })
  })

  test('stays while it is the default, or has pipelines', async () => {
    const state = begun('create cluster:ios', 'create pipeline:app cluster=ios')
    const remove = (buildkite: ReturnType<typeof opened>, name: string) =>
      mutate(
        buildkite,
        'clusterDelete',
        { organizationId: id(buildkite, 'organizations', 'acme'), id: id(buildkite, 'clusters', name) },
        'deletedClusterId',
      )
    expect(await remove(opened(state), 'Default cluster')).toMatch('default cluster')
    expect(await remove(opened(state), 'ios')).toMatch('while it has pipelines')
    const lenient = opened(state, { deleteClusterWithPipelines: 'uncluster' })
    expect(await remove(lenient, 'ios')).toHaveProperty('deletedClusterId')
    expect(row(lenient, 'pipelines', 'app').cluster).toBeNull()
  })

  test('is made by admins, changed by its maintainers too, and seen by all', async () => {
    const buildkite = world('create cluster:ios', 'create cluster:web', 'maintain cluster:ios team:web')
    const organizationId = id(buildkite, 'organizations', 'acme')
    expect(await mutate(buildkite, 'clusterCreate', { organizationId, name: 'x' }, fields, 'cat')).toBe(
      denied,
    )
    const update = (name: string, token: string) =>
      mutate(
        buildkite,
        'clusterUpdate',
        { organizationId, id: id(buildkite, 'clusters', name), description: token },
        'cluster { description }',
        token,
      )
    expect(await update('ios', 'cat')).toEqual({ cluster: { description: 'cat' } })
    expect(await update('web', 'cat')).toBe(denied)
    expect(await update('ios', 'eve')).toBe(denied)
    const { body } = await ask(buildkite, '{ organization(slug: "acme") { clusters { count } } }', {
      token: 'eve',
    })
    expect(body.data.organization.clusters.count).toBe(3)
  })

  test('is found by uuid in its organization, and by id as a node', async () => {
    const buildkite = world('create cluster:ios')
    const { uuid } = row(buildkite, 'clusters', 'ios')
    const query = `query ($id: ID!, $uuid: ID!) {
      organization(slug: "acme") { cluster(id: $uuid) { name } }
      node(id: $id) { __typename id }
    }`
    const nodeId = id(buildkite, 'clusters', 'ios')
    const { body } = await ask(buildkite, query, { variables: { id: nodeId, uuid } })
    expect(body.data).toEqual({
      organization: { cluster: { name: 'ios' } },
      node: { __typename: 'Cluster', id: nodeId },
    })
    const nowhere = { id: btoa('Cluster---00000000-0000-4000-8000-000000000000'), uuid: 'x' }
    expect((await ask(buildkite, query, { variables: nowhere })).body).toEqual({
      data: { organization: { cluster: null }, node: null },
    })
  })

  test('is made over REST together with its maintainers, who are listed with it', async () => {
    const buildkite = world()
    const user = row(buildkite, 'users', 'eve').uuid
    const team = row(buildkite, 'teams', 'web').uuid
    const { status, body } = await call(buildkite, 'POST /v2/organizations/acme/clusters', {
      body: { name: 'ios', maintainers: [{ user }, { team }] },
    })
    expect(status).toBe(201)
    expect(body).toMatchObject({
      name: 'ios',
      default_queue_id: null,
      maintainers: {
        users: [{ actor: { id: user, type: 'user', email: 'eve@acme.test' } }],
        teams: [{ actor: { id: team, type: 'team', slug: 'web' } }],
      },
      hosted_git_mirror_enabled: false,
      created_by: { email: 'ada@acme.test' },
    })
    const seen = await call(buildkite, 'GET /v2/organizations/acme/clusters', { token: 'dan' })
    expect(seen.body.map((one: Json) => [one.name, 'hosted_git_mirror_enabled' in one])).toEqual([
      ['Default cluster', false],
      ['ios', false],
    ])
  })

  test.each(['PUT', 'PATCH'])('is changed over REST by %s', async (verb) => {
    const buildkite = world('create cluster:ios description=Macs', 'create queue:ios/m2')
    const { uuid } = row(buildkite, 'clusters', 'ios')
    const queue = row(buildkite, 'queues', 'm2').uuid
    const { body } = await call(buildkite, `${verb} /v2/organizations/acme/clusters/${uuid}`, {
      body: { name: 'mac', default_queue_id: queue, hosted_git_mirror_enabled: true },
    })
    expect(body).toMatchObject({
      name: 'mac',
      description: 'Macs',
      default_queue_id: queue,
      hosted_git_mirror_enabled: true,
    })
  })

  test('is not to be had where clusters are not activated', async () => {
    const state = begun()
    const [organization] = state.tables.organizations.rows.values()
    const features = { ...organization!.features, clusters: false }
    state.tables.organizations.rows.set(organization!.uuid, { ...organization!, features })
    const buildkite = opened(state)
    const input = { organizationId: id(buildkite, 'organizations', 'acme'), name: 'ios' }
    expect(await mutate(buildkite, 'clusterCreate', input, fields)).toBe(
      'Clusters has not been activated for your organization',
    )
  })
})
