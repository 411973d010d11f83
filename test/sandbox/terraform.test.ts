import { describe, expect, test } from 'vitest'
import type { Sandbox } from '../../src/sandbox/index.js'
import { ask, call } from './acme.js'
import { world, type Json } from './world.js'

// What terraform's provider says and expects to hear, in documents of our own. @source terraform-provider-buildkite 1.35

const documents = {
  cluster: 'id uuid name description emoji color defaultQueue { id uuid key description }',
  queue: `id uuid key description cluster { id uuid } hosted
    hostedAgents { instanceShape { architecture machineType memory name size vcpu }
      platformSettings { linux { agentImageRef } macos { xcodeVersion macosVersion } } }`,
  pause: 'dispatchPaused dispatchPausedAt dispatchPausedBy { id } dispatchPausedNote',
  team: `id uuid name description slug privacy isDefaultTeam defaultMemberRole membersCanCreatePipelines
    membersCanCreateSuites membersCanCreateRegistries membersCanDestroyRegistries membersCanDestroyPackages`,
  member: 'id uuid team { id } user { id } role',
  grant: 'id uuid pipelineAccessLevel: accessLevel team { id } pipeline { id }',
  pipeline: `id pipelineUuid: uuid allowRebuilds badgeURL branchConfiguration cancelIntermediateBuilds
    cancelIntermediateBuildsBranchFilter cloneMirrorUrl cluster { id name } color defaultBranch
    defaultTimeoutInMinutes emoji maximumTimeoutInMinutes description name repository { url }
    pipelineTemplate { id } skipIntermediateBuilds skipIntermediateBuildsBranchFilter slug steps { yaml }
    tags { label } teams(first: 5, order: NAME) { pageInfo { endCursor hasNextPage } count
      edges { cursor node { id accessLevel team { id } } } } archived visibility webhookURL`,
  schedule: 'id uuid label cronline message commit branch env enabled pipeline { id }',
  template: 'id uuid available configuration description name',
  rule: `id uuid description document type sourceType targetType effect action
    source { __typename ... on Pipeline { uuid } } target { __typename ... on Pipeline { uuid } }`,
}

const send = async (buildkite: Sandbox, query: string, variables: object): Promise<Json> => {
  const { status, body } = await ask(buildkite, query, { variables })
  expect([status, body.errors]).toEqual([200, undefined])
  return body.data
}

/** The one question by which it reads almost everything again. */
const getNode = async (buildkite: Sandbox, id: string): Promise<Json> => {
  const query = `query getNode($id: ID!) { node(id: $id) { __typename
    ... on Pipeline { ${documents.pipeline} } ... on PipelineTemplate { ${documents.template} }
    ... on Rule { ${documents.rule} } ... on TeamMember { ${documents.member} } ... on Team { ${documents.team} }
    ... on TeamSuite { id teamSuiteUuid: uuid team { id } suite { id } }
    ... on TeamPipeline { ${documents.grant} } ... on Cluster { ${documents.cluster} } } }`
  const conflicts = await ask(buildkite, query, { variables: { id } })
  return conflicts.body.errors ?? conflicts.body.data.node
}

const organizationId = async (buildkite: Sandbox) =>
  (await send(buildkite, 'query ($slug: ID!) { organization(slug: $slug) { id } }', { slug: 'acme' }))
    .organization.id

const createCluster = async (buildkite: Sandbox) => {
  const query = `mutation createCluster($organizationId: ID!, $name: String!, $description: String, $emoji: String, $color: String) {
    clusterCreate(input: { organizationId: $organizationId, name: $name, description: $description, emoji: $emoji, color: $color }) {
      cluster { ${documents.cluster} } } }`
  const variables = {
    organizationId: await organizationId(buildkite),
    name: 'ios',
    description: null,
    emoji: null,
    color: null,
  }
  return (await send(buildkite, query, variables)).clusterCreate.cluster
}

const createQueue = async (buildkite: Sandbox, clusterId: string, hostedAgents: object | null = null) => {
  const query = `mutation createClusterQueue($organizationId: ID!, $clusterId: ID!, $key: String!, $description: String, $hostedAgents: HostedAgentsQueueSettingsCreateInput) {
    clusterQueueCreate(input: { organizationId: $organizationId, clusterId: $clusterId, key: $key, description: $description, hostedAgents: $hostedAgents }) {
      clusterQueue { ${documents.queue} } } }`
  const variables = {
    organizationId: await organizationId(buildkite),
    clusterId,
    key: 'm2',
    description: null,
    hostedAgents,
  }
  return (await send(buildkite, query, variables)).clusterQueueCreate.clusterQueue
}

const createPipeline = async (buildkite: Sandbox, input: object = {}) => {
  const query = `mutation createPipeline($input: PipelineCreateInput!) { pipelineCreate(input: $input) { pipeline { ${documents.pipeline} } } }`
  const all = {
    clientMutationId: '',
    organizationId: await organizationId(buildkite),
    name: 'The App',
    description: '',
    repository: { url: 'git@github.com:acme/app.git' },
    steps: {
      yaml: 'steps:\n- label: ":pipeline: Pipeline Upload"\n  command: buildkite-agent pipeline upload',
    },
    allowRebuilds: false,
    skipIntermediateBuilds: false,
    skipIntermediateBuildsBranchFilter: '',
    cancelIntermediateBuilds: false,
    cancelIntermediateBuildsBranchFilter: '',
    defaultBranch: '',
    tags: [],
    teams: null,
    branchConfiguration: null,
    cloneMirrorUrl: null,
    clusterId: null,
    color: null,
    emoji: null,
    defaultTimeoutInMinutes: null,
    maximumTimeoutInMinutes: null,
    ...input,
  }
  return (await send(buildkite, query, { input: all })).pipelineCreate.pipeline
}

describe('terraform', () => {
  test('makes a cluster, reads it, changes it, deletes it, and finds it gone', async () => {
    const buildkite = world()
    const cluster = await createCluster(buildkite)
    expect(await getNode(buildkite, cluster.id)).toEqual({ __typename: 'Cluster', ...cluster })
    const changed = await send(
      buildkite,
      `mutation updateCluster($organizationId: ID!, $id: ID!, $name: String!, $description: String, $emoji: String, $color: String) {
        clusterUpdate(input: { organizationId: $organizationId, id: $id, name: $name, description: $description, emoji: $emoji, color: $color }) { cluster { ${documents.cluster} } } }`,
      {
        organizationId: await organizationId(buildkite),
        id: cluster.id,
        name: 'ios',
        description: 'Macs',
        emoji: null,
        color: null,
      },
    )
    expect(changed.clusterUpdate.cluster).toEqual({ ...cluster, description: 'Macs' })
    const found = await send(
      buildkite,
      'query getClusterByName($orgSlug: ID!, $cursor: String) { organization(slug: $orgSlug) { clusters(first: 50, order: NAME, after: $cursor) { pageInfo { endCursor hasNextPage } edges { node { id name } } } } }',
      { orgSlug: 'acme', cursor: null },
    )
    expect(found.organization.clusters.edges.map(({ node }: Json) => node.name)).toEqual([
      'Default cluster',
      'ios',
    ])
    await send(
      buildkite,
      'mutation deleteCluster($organizationId: ID!, $id: ID!) { clusterDelete(input: { organizationId: $organizationId, id: $id }) { clientMutationId } }',
      { organizationId: await organizationId(buildkite), id: cluster.id },
    )
    expect(await getNode(buildkite, cluster.id)).toBeNull()
  })

  test('makes a queue, sets its affinity over REST, pauses it, makes it the default, and lets it go', async () => {
    const buildkite = world()
    const cluster = await createCluster(buildkite)
    const queue = await createQueue(buildkite, cluster.id)
    expect(queue).toMatchObject({
      key: 'm2',
      hosted: false,
      hostedAgents: null,
      cluster: { id: cluster.id, uuid: cluster.uuid },
    })
    const path = `/v2/organizations/acme/clusters/${cluster.uuid}/queues/${queue.uuid}`
    const patched = await call(buildkite, `PATCH ${path}`, {
      body: { retry_agent_affinity: 'prefer-different' },
    })
    expect(patched.body.retry_agent_affinity).toBe('prefer-different')
    const pause =
      'mutation pauseDispatchClusterQueue($id: ID!) { clusterQueuePauseDispatch(input: { id: $id }) { queue { id } } }'
    await send(buildkite, pause, { id: queue.id })
    const read =
      'query getClusterQueueByNode($id: ID!) { node(id: $id) { __typename ... on ClusterQueue { ' +
      `${documents.queue} ${documents.pause} } } }`
    expect((await send(buildkite, read, { id: queue.id })).node).toMatchObject({
      dispatchPaused: true,
      dispatchPausedNote: null,
    })
    expect((await call(buildkite, `GET ${path}`)).body.retry_agent_affinity).toBe('prefer-different')
    const setDefault = `mutation setClusterDefaultQueue($organizationId: ID!, $clusterId: ID!, $queueId: ID) {
      clusterUpdate(input: { organizationId: $organizationId, id: $clusterId, defaultQueueId: $queueId }) { cluster { ${documents.cluster} } } }`
    const variables = { organizationId: await organizationId(buildkite), clusterId: cluster.id }
    const set = await send(buildkite, setDefault, { ...variables, queueId: queue.id })
    expect(set.clusterUpdate.cluster.defaultQueue).toEqual({
      id: queue.id,
      uuid: queue.uuid,
      key: 'm2',
      description: null,
    })
    expect(
      (await send(buildkite, setDefault, { ...variables, queueId: null })).clusterUpdate.cluster.defaultQueue,
    ).toBeNull()
    await send(
      buildkite,
      'mutation deleteClusterQueue($organizationId: ID!, $id: ID!) { clusterQueueDelete(input: { organizationId: $organizationId, id: $id }) { clientMutationId } }',
      { organizationId: variables.organizationId, id: queue.id },
    )
    expect((await send(buildkite, read, { id: queue.id })).node).toBeNull()
  })

  test('updates a hosted queue with a blank old image', async () => {
    const buildkite = world()
    const cluster = await createCluster(buildkite)
    const queue = await createQueue(buildkite, cluster.id, {
      instanceShape: 'LINUX_AMD64_2X4',
      platformSettings: {},
    })
    const query = `mutation updateClusterQueue($organizationId: ID!, $id: ID!, $description: String, $hostedAgents: HostedAgentsQueueSettingsUpdateInput) {
      clusterQueueUpdate(input: { organizationId: $organizationId, id: $id, description: $description, hostedAgents: $hostedAgents }) { clusterQueue { ${documents.queue} ${documents.pause} } } }`
    const hostedAgents = {
      instanceShape: 'LINUX_AMD64_4X16',
      platformSettings: { linux: { agentImageRef: 'a:1' } },
      agentImageRef: '',
    }
    const variables = {
      organizationId: await organizationId(buildkite),
      id: queue.id,
      description: null,
      hostedAgents,
    }
    const { clusterQueue } = (await send(buildkite, query, variables)).clusterQueueUpdate
    expect(clusterQueue.hostedAgents).toMatchObject({
      instanceShape: { name: 'LINUX_AMD64_4X16', size: 'MEDIUM' },
      platformSettings: { linux: { agentImageRef: 'a:1' } },
    })
  })

  test('makes a token, and reads its description back', async () => {
    const buildkite = world()
    const cluster = await createCluster(buildkite)
    const query = `mutation createClusterAgentToken($organizationId: ID!, $clusterId: ID!, $description: String!, $allowedIpAddresses: String) {
      clusterAgentTokenCreate(input: { organizationId: $organizationId, clusterId: $clusterId, description: $description, allowedIpAddresses: $allowedIpAddresses }) {
        clusterAgentToken { allowedIpAddresses cluster { id uuid } description id uuid } tokenValue } }`
    const made = await send(buildkite, query, {
      organizationId: await organizationId(buildkite),
      clusterId: cluster.id,
      description: 'mac',
      allowedIpAddresses: '',
    })
    const list =
      'query getClusterAgentTokens($orgSlug: ID!, $id: ID!) { organization(slug: $orgSlug) { cluster(id: $id) { agentTokens(first: 50) { edges { node { id description } } } } } }'
    const read = await send(buildkite, list, { orgSlug: 'acme', id: cluster.uuid })
    expect(read.organization.cluster.agentTokens.edges).toEqual([
      { node: { id: made.clusterAgentTokenCreate.clusterAgentToken.id, description: 'mac' } },
    ])
  })

  test('makes a team, a member of it, and reads both', async () => {
    const buildkite = world()
    const fields = {
      name: 'Mobile Devs',
      description: '',
      privacy: 'VISIBLE',
      isDefaultTeam: false,
      defaultMemberRole: 'MEMBER',
      membersCanCreatePipelines: false,
      membersCanCreateSuites: false,
      membersCanCreateRegistries: false,
      membersCanDestroyRegistries: false,
      membersCanDestroyPackages: false,
    }
    const organizationID = await organizationId(buildkite)
    const made = await send(
      buildkite,
      `mutation teamCreate($input: TeamCreateInput!) { teamCreate(input: $input) { teamEdge { node { ${documents.team} } } } }`,
      { input: { organizationID, ...fields } },
    )
    const team = made.teamCreate.teamEdge.node
    expect(team).toMatchObject({ ...fields, slug: 'mobile-devs' })
    expect(await getNode(buildkite, team.id)).toEqual({ __typename: 'Team', ...team })
    const bySlug = await send(
      buildkite,
      `query GetTeamFromSlug($slug: ID!) { team(slug: $slug) { ${documents.team} } }`,
      { slug: 'acme/mobile-devs' },
    )
    expect(bySlug.team).toEqual(team)
    const user = (
      await send(
        buildkite,
        'query GetOrganizationMemberByEmail($slug: ID!, $email: String!) { organization(slug: $slug) { members(first: 1, email: $email) { edges { node { user { id } } } } } }',
        { slug: 'acme', email: 'eve@acme.test' },
      )
    ).organization.members.edges[0].node.user.id
    const joined = await send(
      buildkite,
      `mutation createTeamMember($teamID: ID!, $userID: ID!, $role: TeamMemberRole) { teamMemberCreate(input: { teamID: $teamID, userID: $userID, role: $role }) { teamMemberEdge { node { ${documents.member} } } } }`,
      { teamID: team.id, userID: user, role: 'MAINTAINER' },
    )
    const { node } = joined.teamMemberCreate.teamMemberEdge
    expect(await getNode(buildkite, node.id)).toEqual({ __typename: 'TeamMember', ...node })
  })

  test('makes a pipeline with a slug and provider settings of its own, and keeps the slug through updates', async () => {
    const buildkite = world()
    const made = await createPipeline(buildkite)
    expect(made).toMatchObject({
      slug: 'the-app',
      allowRebuilds: false,
      description: '',
      defaultBranch: '',
      teams: { count: 0 },
    })
    const slugged = await call(buildkite, 'PATCH /v2/organizations/acme/pipelines/the-app', {
      body: { slug: 'mine' },
    })
    expect(slugged.body.slug).toBe('mine')
    const provider_settings = {
      trigger_mode: 'code',
      build_pull_requests: false,
      filter_enabled: true,
      filter_condition: 'build.branch == "main"',
    }
    const settled = await call(buildkite, 'PATCH /v2/organizations/acme/pipelines/mine', {
      body: { provider_settings },
    })
    expect(settled.body.provider.settings).toMatchObject(provider_settings)
    const update = `mutation updatePipeline($input: PipelineUpdateInput!) { pipelineUpdate(input: $input) { pipeline { ${documents.pipeline} } } }`
    const input = {
      clientMutationId: '',
      id: made.id,
      name: 'The App',
      allowRebuilds: false,
      tags: [{ label: 'x' }],
      pipelineTemplateId: null,
    }
    const updated = (await send(buildkite, update, { input })).pipelineUpdate.pipeline
    expect(updated).toMatchObject({ slug: 'the-app', tags: [{ label: 'x' }] })
    await call(buildkite, `PATCH /v2/organizations/acme/pipelines/${updated.slug}`, {
      body: { slug: 'mine' },
    })
    expect(await getNode(buildkite, made.id)).toEqual({ __typename: 'Pipeline', ...updated, slug: 'mine' })
    const settings = await send(
      buildkite,
      `query getPipelineProviderSettings($id: ID!) { node(id: $id) { __typename ... on Pipeline { repository { provider { __typename
        ... on RepositoryProviderGithub { settings { triggerMode buildPullRequests filterEnabled filterCondition } }
        ... on RepositoryProviderCursorOrigin { settings { buildBranches publishCommitStatus } }
        ... on RepositoryProviderBitbucket { settings { canceldeletedbranchbuilds: cancelDeletedBranchBuilds } } } } } } }`,
      { id: made.id },
    )
    expect(settings.node.repository.provider).toEqual({
      __typename: 'RepositoryProviderGithub',
      settings: {
        triggerMode: 'code',
        buildPullRequests: false,
        filterEnabled: true,
        filterCondition: 'build.branch == "main"',
      },
    })
    const archive =
      'mutation archivePipeline($id: ID!) { pipelineArchive(input: { id: $id }) { pipeline { id archived } } }'
    expect((await send(buildkite, archive, { id: made.id })).pipelineArchive.pipeline.archived).toBe(true)
  })

  test('gives a pipeline to a team, pages through its teams from a blank cursor, and takes it away', async () => {
    const buildkite = world()
    const pipeline = await createPipeline(buildkite)
    const team = (await send(buildkite, '{ team(slug: "acme/web") { id } }', {})).team.id
    const create = `mutation createTeamPipeline($teamID: ID!, $pipelineID: ID!, $accessLevel: PipelineAccessLevels!) {
      teamPipelineCreate(input: { teamID: $teamID, pipelineID: $pipelineID, accessLevel: $accessLevel }) { teamPipelineEdge { node { ${documents.grant} } } } }`
    const variables = { teamID: team, pipelineID: pipeline.id, accessLevel: 'MANAGE_BUILD_AND_READ' }
    const { node } = (await send(buildkite, create, variables)).teamPipelineCreate.teamPipelineEdge
    expect(await getNode(buildkite, node.id)).toEqual({ __typename: 'TeamPipeline', ...node })
    const again = await ask(buildkite, create, { variables })
    expect(again.body.errors[0].message).toContain('already been added')
    const pages = await send(
      buildkite,
      'query getPipelineTeams($slug: ID!, $cursor: String!) { pipeline(slug: $slug) { teams(order: NAME, first: 50, after: $cursor) { pageInfo { endCursor hasNextPage } count edges { cursor node { id accessLevel team { id } } } } } }',
      { slug: 'acme/the-app', cursor: '' },
    )
    expect(pages.pipeline.teams).toMatchObject({ count: 1, edges: [{ node: { team: { id: team } } }] })
    await send(
      buildkite,
      'mutation deleteTeamPipeline($id: ID!) { teamPipelineDelete(input: { id: $id }) { clientMutationId } }',
      { id: node.id },
    )
    expect(await getNode(buildkite, node.id)).toBeNull()
  })

  test('makes a schedule, a template and a rule, and reads them', async () => {
    const buildkite = world()
    const pipeline = await createPipeline(buildkite)
    const organization = await organizationId(buildkite)
    const schedule = await send(
      buildkite,
      `mutation createPipelineSchedule($pipelineID: ID!, $label: String, $cronline: String, $message: String, $commit: String, $branch: String, $env: String, $enabled: Boolean) {
        pipelineScheduleCreate(input: { pipelineID: $pipelineID, label: $label, cronline: $cronline, message: $message, commit: $commit, branch: $branch, env: $env, enabled: $enabled }) { pipeline { id } pipelineScheduleEdge { node { ${documents.schedule} } } } }`,
      {
        pipelineID: pipeline.id,
        label: 'nightly',
        cronline: '0 3 * * *',
        message: '',
        commit: 'HEAD',
        branch: 'main',
        env: 'FOO="bar"\n',
        enabled: true,
      },
    )
    const { node } = schedule.pipelineScheduleCreate.pipelineScheduleEdge
    expect(node).toMatchObject({ env: ['FOO=bar'], pipeline: { id: pipeline.id } })
    const template = await send(
      buildkite,
      `mutation createPipelineTemplate($organizationId: ID!, $name: String!, $configuration: String!, $description: String, $available: Boolean) {
        pipelineTemplateCreate(input: { organizationId: $organizationId, name: $name, configuration: $configuration, description: $description, available: $available }) { pipelineTemplate { ${documents.template} } } }`,
      {
        organizationId: organization,
        name: 'base',
        configuration: 'steps: []',
        description: null,
        available: true,
      },
    )
    const made = template.pipelineTemplateCreate.pipelineTemplate
    expect(await getNode(buildkite, made.id)).toEqual({ __typename: 'PipelineTemplate', ...made })
    const value = JSON.stringify({
      source_pipeline: pipeline.pipelineUuid,
      target_pipeline: pipeline.pipelineUuid,
    })
    const rule = await send(
      buildkite,
      `mutation createOrganizationRule($organizationId: ID!, $description: String, $type: String!, $value: JSON!) {
        ruleCreate(input: { organizationId: $organizationId, description: $description, type: $type, value: $value }) { rule { ${documents.rule} } } }`,
      { organizationId: organization, description: null, type: 'pipeline.trigger_build.pipeline', value },
    )
    expect(await getNode(buildkite, rule.ruleCreate.rule.id)).toEqual({
      __typename: 'Rule',
      ...rule.ruleCreate.rule,
    })
  })

  test('reads and sets the organization', async () => {
    const buildkite = world()
    const query =
      'query getOrganization($slug: ID!) { organization(slug: $slug) { allowedApiIpAddresses id uuid membersRequireTwoFactorAuthentication } }'
    expect(
      (await send(buildkite, query, { slug: 'acme' })).organization.membersRequireTwoFactorAuthentication,
    ).toBe(false)
    expect((await send(buildkite, query, { slug: 'acne' })).organization).toBeNull()
    const banner =
      'query getOrganiztionBanner($orgSlug: ID!) { organization(slug: $orgSlug) { banners(first: 1) { edges { node { id message uuid } } } } }'
    expect((await send(buildkite, banner, { orgSlug: 'acme' })).organization.banners.edges).toEqual([])
  })
})
