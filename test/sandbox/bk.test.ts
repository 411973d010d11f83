import { describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.js'
import { ask, call } from './acme.js'
import { begun, id, opened, row, type Json } from './world.js'

// What Buildkite's own command line says, in documents of our own. @source bk 3

const state = begun(
  'create cluster:ios',
  'create queue:ios/m2',
  'set cluster:ios default_queue=m2',
  'connect queue:ios/m2 mac-1',
  'create pipeline:app cluster=ios',
  'start pipeline:app',
)

const send = async (buildkite: Sandbox, query: string, variables: object = {}): Promise<Json> => {
  const { body } = await ask(buildkite, query, { variables })
  expect(body.errors).toBeUndefined()
  return body.data
}

describe('bk', () => {
  test('finds clusters, their queues, and the agents of a queue', async () => {
    const buildkite = opened(state)
    const clusters = await send(
      buildkite,
      'query FindClusters($org: ID!, $cursor: String) { organization(slug: $org) { clusters(first: 100, after: $cursor) { edges { node { id name } } pageInfo { endCursor hasNextPage } } } }',
      { org: 'acme', cursor: null },
    )
    const [, ios] = clusters.organization.clusters.edges
    const queues = await send(
      buildkite,
      'query FindQueuesForCluster($clusterId: ID!, $cursor: String) { node(id: $clusterId) { ... on Cluster { id name queues(first: 100, after: $cursor) { edges { node { id key } } pageInfo { endCursor hasNextPage } } } } }',
      { clusterId: ios.node.id, cursor: null },
    )
    const [{ node }] = queues.node.queues.edges
    expect(node.key).toBe('m2')
    const agents = await send(
      buildkite,
      'query GetClusterQueueAgent($orgSlug: ID!, $queueId: [ID!]) { organization(slug: $orgSlug) { agents(first: 10, clusterQueue: $queueId) { edges { node { name hostname version id clusterQueue { id uuid } } } } } }',
      { orgSlug: 'acme', queueId: [node.id] },
    )
    expect(agents.organization.agents.edges[0].node).toMatchObject({
      name: 'mac-1',
      clusterQueue: { id: node.id },
    })
    const byUuid = await send(
      buildkite,
      'query GetClusterQueues($orgSlug: ID!, $clusterId: ID!) { organization(slug: $orgSlug) { cluster(id: $clusterId) { name description queues(first: 10) { edges { node { id uuid key description } } } } } }',
      { orgSlug: 'acme', clusterId: row(buildkite, 'clusters', 'ios').uuid },
    )
    expect(byUuid.organization.cluster.queues.edges).toHaveLength(1)
  })

  test('lists jobs without a page size, and cancels one', async () => {
    const buildkite = opened(state)
    const jobs = await send(
      buildkite,
      `query ListJobsByQueue($org: ID!, $queue: [ID!], $first: Int, $after: String) { organization(slug: $org) { jobs(first: $first, after: $after, clusterQueue: $queue, type: [COMMAND]) {
        edges { node { __typename ... on JobTypeCommand { id uuid command state exitStatus url startedAt finishedAt createdAt cluster { id } clusterQueue { id } agent { id name hostname metaData } } } } pageInfo { hasNextPage } } } }`,
      { org: 'acme', queue: [id(buildkite, 'queues', 'm2')], first: null, after: null },
    )
    const [{ node }] = jobs.organization.jobs.edges
    expect(node).toMatchObject({
      state: 'SCHEDULED',
      agent: null,
      command: 'buildkite-agent pipeline upload',
    })
    const cancel =
      'mutation CancelJob($id: ID!) { jobTypeCommandCancel(input: { id: $id }) { clientMutationId jobTypeCommand { state } } }'
    expect((await send(buildkite, cancel, { id: node.id })).jobTypeCommandCancel).toEqual({
      clientMutationId: null,
      jobTypeCommand: { state: 'CANCELED' },
    })
  })

  test('invites, and finds people by email', async () => {
    const buildkite = opened(state)
    const { organization } = await send(
      buildkite,
      'query GetOrganizationID($slug: ID!) { organization(slug: $slug) { id } }',
      { slug: 'acme' },
    )
    await send(
      buildkite,
      'mutation InviteUser($organization: ID!, $emails: [String!]!) { organizationInvitationCreate(input: { organizationID: $organization, emails: $emails }) { clientMutationId } }',
      { organization: organization.id, emails: ['fay@acme.test'] },
    )
    expect(buildkite.state.tables.invitations.rows.size).toBe(1)
    const found = await send(
      buildkite,
      'query FindUserByEmail($organization: ID!, $email: String!) { organization(slug: $organization) { members(first: 1, email: $email) { edges { node { user { id } } } } } }',
      { organization: 'acme', email: 'cat@acme.test' },
    )
    expect(found.organization.members.edges).toEqual([
      { node: { user: { id: id(buildkite, 'users', 'cat@acme.test') } } },
    ])
  })

  test('does over REST what its commands do', async () => {
    const buildkite = opened(state)
    const base = '/v2/organizations/acme'
    const cluster = row(buildkite, 'clusters', 'ios').uuid
    const queue = row(buildkite, 'queues', 'm2').uuid
    const team = row(buildkite, 'teams', 'web').uuid
    const eve = row(buildkite, 'users', 'eve@acme.test').uuid
    const pipeline = row(buildkite, 'pipelines', 'app').uuid
    const conversation: readonly (readonly [string, number, object?])[] = [
      ['GET /v2/access-token', 200],
      ['GET /v2/user', 200],
      ['GET /v2/organizations', 200],
      [`GET ${base}/clusters`, 200],
      [`GET ${base}/clusters/${cluster}`, 200],
      [`PATCH ${base}/clusters/${cluster}`, 200, { description: 'Macs' }],
      [`POST ${base}/clusters/${cluster}/queues`, 201, { key: 'm3', description: 'more' }],
      [`PATCH ${base}/clusters/${cluster}/queues/${queue}`, 200, { description: 'less' }],
      [`POST ${base}/clusters/${cluster}/queues/${queue}/pause_dispatch`, 200, { dispatch_paused_note: 'x' }],
      [`POST ${base}/clusters/${cluster}/queues/${queue}/resume_dispatch`, 200],
      [`POST ${base}/clusters/${cluster}/tokens`, 201, { description: 'mac' }],
      [`POST ${base}/clusters/${cluster}/secrets`, 201, { key: 'KEY', value: 'x' }],
      [`GET ${base}/clusters/${cluster}/secrets`, 200],
      [`POST ${base}/clusters/${cluster}/maintainers`, 201, { user: eve }],
      [`GET ${base}/teams`, 200],
      [`PATCH ${base}/teams/${team}`, 200, { description: 'x' }],
      [`POST ${base}/teams/${team}/members`, 201, { user_id: eve, role: 'member' }],
      [`POST ${base}/teams/${team}/pipelines`, 201, { pipeline_id: pipeline, access_level: 'read_only' }],
      [`GET ${base}/pipelines`, 200],
      [`PATCH ${base}/pipelines/app`, 200, { description: 'x' }],
      [`POST ${base}/pipelines/app/archive`, 200],
      [`POST ${base}/pipelines/app/unarchive`, 200],
      [`POST ${base}/pipelines/app/webhook`, 201],
      [`GET ${base}/agents`, 200],
      [`GET ${base}/pipeline-templates`, 200],
      [`GET ${base}/rules`, 200],
      [`DELETE ${base}/teams/${team}`, 204],
    ]
    for (const [request, status, body] of conversation) {
      const answer = await call(buildkite, request, { body })
      expect([request, answer.status]).toEqual([request, status])
    }
  })
})
