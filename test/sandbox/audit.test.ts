import { describe, expect, test } from 'vitest'
import { ask, call } from './acme.js'
import { begun, id, mutate, opened, row, world, type Json } from './world.js'

type World = ReturnType<typeof world>

const query = `query ($type: [AuditEventType!], $subjectUUID: [ID!], $actor: [ID!]) {
  organization(slug: "acme") { auditEvents(first: 50, type: $type, subjectUUID: $subjectUUID, actor: $actor) { count edges { node {
    uuid type occurredAt data
    actor { type uuid name node { ... on User { email } } }
    subject { id uuid type name }
    context { __typename
      ... on AuditAPIContext { requestApiAccessTokenUuid requestUserAgent }
      ... on AuditWebContext { sessionUser { email } } }
  } } } }
}`

const events = async (buildkite: World, variables: object = {}) => {
  const { body } = await ask(buildkite, query, { variables })
  return body.data.organization.auditEvents.edges.map(({ node }: Json) => node)
}

describe('the audit log', () => {
  test('says who did what to what, with which token', async () => {
    const buildkite = world()
    const name = 'ios'
    const made = await mutate(
      buildkite,
      'clusterCreate',
      { organizationId: id(buildkite, 'organizations', 'acme'), name },
      'cluster { id uuid }',
    )
    const [event] = await events(buildkite)
    const token = (await call(buildkite, 'GET /v2/access-token')).body.uuid
    expect(event).toMatchObject({
      type: 'CLUSTER_CREATED',
      occurredAt: '2026-11-02T09:00:00.000Z',
      actor: { type: 'USER', name: 'ada', node: { email: 'ada@acme.test' } },
      subject: { id: made.cluster.id, uuid: made.cluster.uuid, type: 'CLUSTER', name },
      context: { __typename: 'AuditAPIContext', requestApiAccessTokenUuid: token },
    })
  })

  test('has what was done by hand, in the browser', async () => {
    const [event] = await events(world('create cluster:ios', 'set cluster:ios description=Macs'))
    expect(event).toMatchObject({
      type: 'CLUSTER_UPDATED',
      context: { __typename: 'AuditWebContext', sessionUser: { email: 'ada@acme.test' } },
    })
    expect(JSON.parse(event.data)).toEqual({ description: 'Macs' })
  })

  test('has an event for each change of each kind', async () => {
    const buildkite = world(
      'create cluster:ios',
      'create queue:ios/m2',
      'pause queue:ios/m2',
      'delete queue:ios/m2',
      'maintain cluster:ios cat@acme.test',
      'dismiss cluster:ios cat@acme.test',
      'create pipeline:app',
      'grant team:web pipeline:app read_only',
      'grant team:web pipeline:app build_and_read',
      'revoke team:web pipeline:app',
      'join team:web eve@acme.test',
      'leave team:web eve@acme.test',
      'set pipeline:app visibility=public',
      'invite person fay@acme.test',
      'accept fay@acme.test',
      'delete team:ops',
      'delete pipeline:app',
      'delete cluster:ios',
      'set organization public_pipelines=false members_can_stop_agents=false',
    )
    const types = (await events(buildkite)).map((event: Json) => event.type)
    for (const type of [
      'CLUSTER_CREATED',
      'CLUSTER_DELETED',
      'CLUSTER_QUEUE_CREATED',
      'CLUSTER_QUEUE_UPDATED',
      'CLUSTER_QUEUE_DELETED',
      'CLUSTER_PERMISSION_CREATED',
      'CLUSTER_PERMISSION_DELETED',
      'PIPELINE_CREATED',
      'PIPELINE_VISIBILITY_CHANGED',
      'PIPELINE_DELETED',
      'TEAM_PIPELINE_CREATED',
      'TEAM_PIPELINE_UPDATED',
      'TEAM_PIPELINE_DELETED',
      'TEAM_MEMBER_CREATED',
      'TEAM_MEMBER_DELETED',
      'TEAM_DELETED',
      'ORGANIZATION_INVITATION_CREATED',
      'ORGANIZATION_INVITATION_ACCEPTED',
      'ORGANIZATION_MEMBER_CREATED',
      'ORGANIZATION_UPDATED',
      'ORGANIZATION_SECURITY_SETTINGS_UPDATED',
    ])
      expect(types).toContain(type)
  })

  test('is searched by type, subject and actor', async () => {
    const buildkite = world('create cluster:ios', 'create cluster:web')
    const subjectUUID = [row(buildkite, 'clusters', 'ios').uuid]
    expect(await events(buildkite, { subjectUUID })).toHaveLength(1)
    expect(await events(buildkite, { type: ['CLUSTER_CREATED'] })).toHaveLength(2)
    expect(await events(buildkite, { actor: [id(buildkite, 'users', 'eve@acme.test')] })).toEqual([])
  })

  test('is read by admins, where there is one', async () => {
    const buildkite = world('create cluster:ios')
    expect((await ask(buildkite, query, { token: 'bob' })).body.data.organization.auditEvents).toBeNull()
    const path = 'GET /v2/organizations/acme/audit_events'
    expect((await call(buildkite, path, { token: 'bob' })).status).toBe(403)
    const { items } = (await call(buildkite, `${path}?per_page=1`)).body
    expect(items).toEqual([
      expect.objectContaining({
        type: 'ClusterCreatedEvent',
        subject: expect.objectContaining({ name: 'ios' }),
      }),
    ])
    expect((await call(buildkite, `${path}/${items[0].uuid}`)).body).toEqual(items[0])
    const state = begun('create cluster:ios')
    const [organization] = state.tables.organizations.rows.values()
    const features = { ...organization!.features, auditLog: false }
    state.tables.organizations.rows.set(organization!.uuid, { ...organization!, features })
    expect((await call(opened(state), path)).status).toBe(403)
  })

  test('says nothing of what was refused', async () => {
    const buildkite = world()
    const before = (await events(buildkite)).length
    await mutate(
      buildkite,
      'clusterDelete',
      {
        organizationId: id(buildkite, 'organizations', 'acme'),
        id: id(buildkite, 'clusters', 'Default cluster'),
      },
      'deletedClusterId',
    )
    expect(await events(buildkite)).toHaveLength(before)
  })
})
