import { idOf } from '../ids.js'
import type { RowOf, TableName } from '../rows.js'
import { tableIn, type State } from '../state.js'
import { all, get } from '../table.js'

type Input = Readonly<Record<string, unknown>>
type Chosen = Readonly<Record<string, string>>

/** Something that can be asked for, and what has to be chosen for it. */
export interface Call {
  /** A mutation, or a REST endpoint below the organization: what `act` takes. */
  readonly name: string
  /** By what it is called in `input`: rows of a table, by uuid, or one of these words. */
  readonly takes: Readonly<Record<string, TableName | readonly string[]>>
  /** Whether somebody has less after it. */
  readonly takesAway: boolean
  /** What is sent for a choice. */
  readonly input: (chosen: Chosen, state: State) => Input
}

type Takes = Call['takes']

const call = (
  name: string,
  takes: Takes,
  input: (chosen: Chosen, state: State) => Input,
  takesAway = false,
): Call => ({ name, takes, input, takesAway })

/** An id that a mutation takes under the name that it has there. */
const byId = (name: string, table: TableName, type: string, takesAway = false, more: Input = {}): Call =>
  call(name, { [table]: table }, (chosen) => ({ id: idOf(type, chosen[table] ?? ''), ...more }), takesAway)

const id = (type: string, uuid: string | undefined) => idOf(type, uuid ?? '')

const rowIn = <Name extends TableName>(state: State, table: Name, uuid: string | undefined) =>
  get(tableIn(state, table), uuid) as RowOf<Name> | undefined

/** What an attacker would have run, on every queue that there is, and from where. */
const stepsIn = ({ tables: { queues } }: State): string => {
  const keys = [...new Set(all(queues).map(({ key }) => key))]
  const steps = [{ command: 'code' }, ...keys.map((queue) => ({ command: 'code', agents: { queue } }))]
  return JSON.stringify({ steps })
}
const REPOSITORY = 'https://git.example/elsewhere/code.git'
const IMAGE = 'images.example/elsewhere/code'
const ENV = ['CODE=1']
const FRESH = 'fresh'

const roles = ['MEMBER', 'MAINTAINER']
const levels = ['READ_ONLY', 'BUILD_AND_READ', 'MANAGE_BUILD_AND_READ']

const teams: readonly Call[] = [
  call('teamCreate', { organization: 'organizations' }, ({ organization }) => ({
    organizationID: id('Organization', organization),
    name: FRESH,
    privacy: 'VISIBLE',
    isDefaultTeam: true,
    defaultMemberRole: 'MAINTAINER',
  })),
  call('teamUpdate', { team: 'teams', role: roles }, ({ team, role }, state) => ({
    id: id('Team', team),
    name: rowIn(state, 'teams', team)?.name,
    isDefaultTeam: true,
    defaultMemberRole: role,
    membersCanCreatePipelines: true,
    membersCanDeletePipelines: true,
  })),
  byId('teamDelete', 'teams', 'Team', true),
  call('teamMemberCreate', { team: 'teams', user: 'users', role: roles }, ({ team, user, role }) => ({
    teamID: id('Team', team),
    userID: id('User', user),
    role,
  })),
  call('teamMemberUpdate', { member: 'teamMembers', role: roles }, ({ member, role }) => ({
    id: id('TeamMember', member),
    role,
  })),
  byId('teamMemberDelete', 'teamMembers', 'TeamMember', true),
  call(
    'teamPipelineCreate',
    { team: 'teams', pipeline: 'pipelines', level: levels },
    ({ team, pipeline, level }) => ({
      teamID: id('Team', team),
      pipelineID: id('Pipeline', pipeline),
      accessLevel: level,
    }),
  ),
  call('teamPipelineUpdate', { grant: 'grants', level: levels }, ({ grant, level }) => ({
    id: id('TeamPipeline', grant),
    accessLevel: level,
  })),
  byId('teamPipelineDelete', 'grants', 'TeamPipeline', true),
]

const update = (takes: Takes, fields: (chosen: Chosen, state: State) => Input): Call =>
  call('pipelineUpdate', { pipeline: 'pipelines', ...takes }, (chosen, state) => ({
    id: id('Pipeline', chosen['pipeline']),
    allowRebuilds: rowIn(state, 'pipelines', chosen['pipeline'])?.allowRebuilds,
    ...fields(chosen, state),
  }))

const settings = (given: Input): Call =>
  call('PATCH /pipelines/:pipeline', { pipeline: 'pipelines' }, ({ pipeline }, state) => ({
    params: { pipeline: rowIn(state, 'pipelines', pipeline)?.slug },
    body: { provider_settings: given },
  }))

const creating = (takes: Takes, fields: (chosen: Chosen) => Input): Call =>
  call('pipelineCreate', { organization: 'organizations', ...takes }, (chosen, state) => ({
    organizationId: id('Organization', chosen['organization']),
    name: FRESH,
    repository: { url: REPOSITORY },
    steps: { yaml: stepsIn(state) },
    ...fields(chosen),
  }))

const pipelines: readonly Call[] = [
  creating({}, () => ({})),
  creating({ team: 'teams' }, ({ team }) => ({ teams: [{ id: id('Team', team) }] })),
  creating({ cluster: 'clusters' }, ({ cluster }) => ({ clusterId: id('Cluster', cluster) })),
  creating({ cluster: 'clusters', team: 'teams' }, ({ cluster, team }) => ({
    clusterId: id('Cluster', cluster),
    teams: [{ id: id('Team', team) }],
  })),
  update({}, (_, state) => ({ steps: { yaml: stepsIn(state) } })),
  update({}, () => ({ repository: { url: REPOSITORY } })),
  update({}, () => ({ cloneMirrorUrl: REPOSITORY })),
  update({}, () => ({ branchConfiguration: '*' })),
  update({}, () => ({ allowRebuilds: true })),
  update({}, () => ({ name: FRESH })),
  update({ cluster: 'clusters' }, ({ cluster }) => ({ clusterId: id('Cluster', cluster) })),
  update({}, () => ({ clusterId: null })),
  update({ template: 'templates' }, ({ template }) => ({
    pipelineTemplateId: id('PipelineTemplate', template),
  })),
  update({}, (_, state) => ({ pipelineTemplateId: null, steps: { yaml: stepsIn(state) } })),
  settings({ trigger_mode: 'code', filter_enabled: false, build_branches: true, build_tags: true }),
  settings({
    build_pull_requests: true,
    build_pull_request_forks: true,
    pull_request_branch_filter_enabled: false,
  }),
  settings({ build_issue_comment_created: true, build_pull_request_review_comment_created: true }),
  byId('pipelineArchive', 'pipelines', 'Pipeline', true),
  byId('pipelineUnarchive', 'pipelines', 'Pipeline'),
  byId('pipelineDelete', 'pipelines', 'Pipeline', true),
  byId('pipelineRotateWebhookURL', 'pipelines', 'Pipeline', true),
]

const schedules: readonly Call[] = [
  call('pipelineScheduleCreate', { pipeline: 'pipelines' }, ({ pipeline }) => ({
    pipelineID: id('Pipeline', pipeline),
    label: FRESH,
    cronline: '@daily',
    env: ENV.join('\n'),
  })),
  byId('pipelineScheduleUpdate', 'schedules', 'PipelineSchedule', false, {
    enabled: true,
    env: ENV.join('\n'),
  }),
  byId('pipelineScheduleDelete', 'schedules', 'PipelineSchedule', true),
]

const building = (takes: Takes, fields: (chosen: Chosen, state: State) => Input): Call =>
  call('buildCreate', { pipeline: 'pipelines', ...takes }, (chosen, state) => ({
    pipelineID: id('Pipeline', chosen['pipeline']),
    ...fields(chosen, state),
  }))

const jobAt = (state: State, uuid: string | undefined): Input => {
  const job = rowIn(state, 'jobs', uuid)
  return {
    pipeline: rowIn(state, 'pipelines', job?.pipeline)?.slug,
    build: String(rowIn(state, 'builds', job?.build)?.number ?? ''),
    job: uuid,
  }
}

const builds: readonly Call[] = [
  building({}, () => ({ env: ENV })),
  building({ commit: 'commits' }, ({ commit }, state) => ({ commit: rowIn(state, 'commits', commit)?.sha })),
  byId('buildRebuild', 'builds', 'Build'),
  byId('buildCancel', 'builds', 'Build', true),
  byId('jobTypeCommandRetry', 'jobs', 'JobTypeCommand'),
  byId('jobTypeCommandCancel', 'jobs', 'JobTypeCommand', true),
  byId('jobTypeBlockUnblock', 'jobs', 'JobTypeBlock', false, { fields: { field: 'code' } }),
  call(
    'PUT /pipelines/:pipeline/builds/:build/jobs/:job/unblock',
    { job: 'jobs', user: 'users' },
    ({ job, user }, state) => ({ params: jobAt(state, job), body: { unblocker: user } }),
  ),
]

const clusters: readonly Call[] = [
  call('clusterCreate', { organization: 'organizations' }, ({ organization }) => ({
    organizationId: id('Organization', organization),
    name: FRESH,
  })),
  call('clusterUpdate', { cluster: 'clusters', queue: 'queues' }, ({ cluster, queue }, state) => ({
    organizationId: id('Organization', rowIn(state, 'clusters', cluster)?.organization),
    id: id('Cluster', cluster),
    defaultQueueId: id('ClusterQueue', queue),
  })),
  call('clusterUpdate', { cluster: 'clusters' }, ({ cluster }, state) => ({
    organizationId: id('Organization', rowIn(state, 'clusters', cluster)?.organization),
    id: id('Cluster', cluster),
    name: FRESH,
  })),
  call(
    'clusterDelete',
    { cluster: 'clusters' },
    ({ cluster }, state) => ({
      organizationId: id('Organization', rowIn(state, 'clusters', cluster)?.organization),
      id: id('Cluster', cluster),
    }),
    true,
  ),
  call('clusterQueueCreate', { cluster: 'clusters' }, ({ cluster }, state) => ({
    organizationId: id('Organization', rowIn(state, 'clusters', cluster)?.organization),
    clusterId: id('Cluster', cluster),
    key: FRESH,
  })),
  call('clusterQueueUpdate', { queue: 'queues' }, ({ queue }, state) => ({
    organizationId: id('Organization', rowIn(state, 'queues', queue)?.organization),
    id: id('ClusterQueue', queue),
    hostedAgents: { platformSettings: { linux: { agentImageRef: IMAGE } } },
  })),
  byId('clusterQueuePauseDispatch', 'queues', 'ClusterQueue', true),
  byId('clusterQueueResumeDispatch', 'queues', 'ClusterQueue'),
  call(
    'clusterQueueDelete',
    { queue: 'queues' },
    ({ queue }, state) => ({
      organizationId: id('Organization', rowIn(state, 'queues', queue)?.organization),
      id: id('ClusterQueue', queue),
    }),
    true,
  ),
  call('clusterAgentTokenCreate', { cluster: 'clusters' }, ({ cluster }, state) => ({
    organizationId: id('Organization', rowIn(state, 'clusters', cluster)?.organization),
    clusterId: id('Cluster', cluster),
    description: FRESH,
  })),
  call(
    'clusterAgentTokenRevoke',
    { token: 'agentTokens' },
    ({ token }, state) => ({
      organizationId: id('Organization', rowIn(state, 'agentTokens', token)?.organization),
      id: id('ClusterToken', token),
    }),
    true,
  ),
  call('agentTokenCreate', { organization: 'organizations' }, ({ organization }) => ({
    organizationID: id('Organization', organization),
    description: FRESH,
  })),
  call(
    'POST /clusters/:cluster/maintainers',
    { cluster: 'clusters', user: 'users' },
    ({ cluster, user }) => ({
      params: { cluster },
      body: { user },
    }),
  ),
  call(
    'POST /clusters/:cluster/maintainers',
    { cluster: 'clusters', team: 'teams' },
    ({ cluster, team }) => ({
      params: { cluster },
      body: { team },
    }),
  ),
  call(
    'DELETE /clusters/:cluster/maintainers/:maintainer',
    { maintainer: 'maintainers' },
    ({ maintainer }, state) => ({
      params: { maintainer, cluster: rowIn(state, 'maintainers', maintainer)?.cluster },
    }),
    true,
  ),
  call('PATCH /clusters/:cluster/secrets/:secret', { secret: 'secrets' }, ({ secret }, state) => ({
    params: { secret, cluster: rowIn(state, 'secrets', secret)?.cluster },
    body: { policy: null },
  })),
  byId('agentStop', 'agents', 'Agent', true),
  byId('agentPause', 'agents', 'Agent', true),
  byId('agentResume', 'agents', 'Agent'),
]

const ruleTypes = ['pipeline.trigger_build.pipeline', 'pipeline.artifacts_read.pipeline']

const organizationWide: readonly Call[] = [
  call('PATCH /pipeline-settings', { cluster: 'clusters' }, ({ cluster }) => ({
    body: { default_cluster_id: cluster },
  })),
  call(
    'ruleCreate',
    { organization: 'organizations', type: ruleTypes, source: 'pipelines', target: 'pipelines' },
    ({ organization, type, source, target }) => ({
      organizationId: id('Organization', organization),
      type,
      value: JSON.stringify({ source_pipeline: source, target_pipeline: target }),
    }),
  ),
  call('ruleUpdate', { rule: 'rules' }, ({ rule }, state) => {
    const row = rowIn(state, 'rules', rule)
    const value = { source_pipeline: row?.source, target_pipeline: row?.target, conditions: [] }
    return {
      organizationId: id('Organization', row?.organization),
      id: id('Rule', rule),
      value: JSON.stringify(value),
    }
  }),
  call('ruleDelete', { rule: 'rules' }, ({ rule }, state) => ({
    organizationId: id('Organization', rowIn(state, 'rules', rule)?.organization),
    id: id('Rule', rule),
  })),
  call('pipelineTemplateUpdate', { template: 'templates' }, ({ template }, state) => ({
    organizationId: id('Organization', rowIn(state, 'templates', template)?.organization),
    id: id('PipelineTemplate', template),
    configuration: stepsIn(state),
    available: true,
  })),
  call('organizationMemberUpdate', { member: 'members' }, ({ member }) => ({
    id: id('OrganizationMember', member),
    role: 'ADMIN',
  })),
  byId('organizationMemberDelete', 'members', 'OrganizationMember', true),
  call('organizationInvitationCreate', { organization: 'organizations' }, ({ organization }) => ({
    organizationID: id('Organization', organization),
    emails: ['fresh@elsewhere.test'],
    role: 'ADMIN',
  })),
  byId('organizationInvitationRevoke', 'invitations', 'OrganizationInvitation', true),
  call('POST /portals', {}, () => ({
    body: {
      name: FRESH,
      query: 'mutation ($input: BuildCreateInput!) { buildCreate(input: $input) { build { id } } }',
    },
  })),
]

/** Everything that can be asked for and could change who reaches what, each in the ways in which an attacker would. */
export const mutations: readonly Call[] = [
  ...teams,
  ...pipelines,
  ...schedules,
  ...builds,
  ...clusters,
  ...organizationWide,
]

/** What can be chosen: rows that are there, or the words themselves. */
const choices = (state: State, from: TableName | readonly string[]): readonly string[] =>
  typeof from === 'string' ? all(tableIn(state, from)).map(({ uuid }) => uuid) : from

/** Every input of a call that can be made of what is there. */
export const inputsOf = (state: State, { takes, input }: Call): Input[] => {
  let chosen: Chosen[] = [{}]
  for (const [name, from] of Object.entries(takes))
    chosen = chosen.flatMap((one) => choices(state, from).map((choice) => ({ ...one, [name]: choice })))
  return chosen.map((one) => input(one, state))
}
