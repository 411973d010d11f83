import * as documents from './generated/documents.js'
import type { TypedDocumentString } from './generated/documents.js'
import type { List, Mutation, Question } from './operation.js'

type Document<Result, Variables> = TypedDocumentString<Result, Variables>

const question = <R, V>(name: string, document: Document<R, V>): Question<R, V> => ({
  shape: 'question',
  name,
  document,
})

const list = <R, V>(name: string, document: Document<R, V>): List<R, V> => ({ shape: 'list', name, document })

/** A list that the API does not count. */
const uncounted = <R, V>(name: string, document: Document<R, V>): List<R, V> => ({
  ...list(name, document),
  uncounted: true,
})

/** Says what is to be so: said twice, it is so once. */
const set = <R, V>(name: string, document: Document<R, V>): Mutation<R, V> => ({
  shape: 'mutation',
  name,
  document,
  repeatable: true,
})

/** Does something: done twice, it makes two, or is refused the second time. */
const act = <R, V>(name: string, document: Document<R, V>): Mutation<R, V> => ({
  shape: 'mutation',
  name,
  document,
  repeatable: false,
})

export const Organization = question('Organization', documents.OrganizationDocument)
/** How many of each there are, so that the cost of reading them is known before they are read. */
export const Census = question('Census', documents.CensusDocument)

export const Members = list('Members', documents.MembersDocument)
export const Invitations = list('Invitations', documents.InvitationsDocument)
export const SsoProviders = question('SsoProviders', documents.SsoProvidersDocument)
export const UnclusteredPipelines = list('UnclusteredPipelines', documents.UnclusteredPipelinesDocument)
export const UnclusteredAgents = list('UnclusteredAgents', documents.UnclusteredAgentsDocument)
export const UnclusteredTokens = question('UnclusteredTokens', documents.UnclusteredTokensDocument)
export const ApiTokens = uncounted('ApiTokens', documents.ApiTokensDocument)

export const Clusters = list('Clusters', documents.ClustersDocument)
export const ClusterCreate = act('ClusterCreate', documents.ClusterCreateDocument)
export const ClusterUpdate = set('ClusterUpdate', documents.ClusterUpdateDocument)
export const ClusterDelete = act('ClusterDelete', documents.ClusterDeleteDocument)

export const ClusterQueues = list('ClusterQueues', documents.ClusterQueuesDocument)
export const AgentTokens = list('AgentTokens', documents.AgentTokensDocument)
export const TokenCreate = act('TokenCreate', documents.TokenCreateDocument)
export const TokenUpdate = set('TokenUpdate', documents.TokenUpdateDocument)
export const TokenRevoke = act('TokenRevoke', documents.TokenRevokeDocument)
export const Agents = list('Agents', documents.AgentsDocument)
export const HostNames = list('HostNames', documents.HostNamesDocument)
export const QueueCreate = act('QueueCreate', documents.QueueCreateDocument)
export const QueueUpdate = set('QueueUpdate', documents.QueueUpdateDocument)
export const QueueDelete = act('QueueDelete', documents.QueueDeleteDocument)
export const QueuePause = act('QueuePause', documents.QueuePauseDocument)
export const QueueResume = act('QueueResume', documents.QueueResumeDocument)

export const Teams = list('Teams', documents.TeamsDocument)
export const TeamOrigin = question('TeamOrigin', documents.TeamOriginDocument)
export const TeamCreate = act('TeamCreate', documents.TeamCreateDocument)
export const TeamUpdate = set('TeamUpdate', documents.TeamUpdateDocument)
export const TeamDelete = act('TeamDelete', documents.TeamDeleteDocument)

export const TeamMembers = list('TeamMembers', documents.TeamMembersDocument)
export const MemberCreate = act('MemberCreate', documents.MemberCreateDocument)
export const MemberUpdate = set('MemberUpdate', documents.MemberUpdateDocument)
export const MemberDelete = act('MemberDelete', documents.MemberDeleteDocument)

export const TeamPipelines = list('TeamPipelines', documents.TeamPipelinesDocument)
export const PipelinesOfTeam = list('PipelinesOfTeam', documents.PipelinesOfTeamDocument)
export const GrantCreate = act('GrantCreate', documents.GrantCreateDocument)
export const GrantUpdate = set('GrantUpdate', documents.GrantUpdateDocument)
export const GrantDelete = act('GrantDelete', documents.GrantDeleteDocument)

export const Pipelines = list('Pipelines', documents.PipelinesDocument)
export const PipelineDetails = list('PipelineDetails', documents.PipelineDetailsDocument)
export const ClusterPipelines = list('ClusterPipelines', documents.ClusterPipelinesDocument)
export const OnePipeline = question('OnePipeline', documents.OnePipelineDocument)
export const TeamsOfPipeline = list('TeamsOfPipeline', documents.TeamsOfPipelineDocument)
export const ChangesOf = list('ChangesOf', documents.ChangesOfDocument)
export const MadeInCluster = list('MadeInCluster', documents.MadeInClusterDocument)
export const GrantsMade = list('GrantsMade', documents.GrantsMadeDocument)
export const SchedulesMade = list('SchedulesMade', documents.SchedulesMadeDocument)
export const PipelineUpdate = set('PipelineUpdate', documents.PipelineUpdateDocument)
export const Schedules = list('Schedules', documents.SchedulesDocument)
export const ClusterSchedules = list('ClusterSchedules', documents.ClusterSchedulesDocument)
export const SchedulesOfPipeline = list('SchedulesOfPipeline', documents.SchedulesOfPipelineDocument)
export const ScheduleCreate = act('ScheduleCreate', documents.ScheduleCreateDocument)
export const ScheduleUpdate = set('ScheduleUpdate', documents.ScheduleUpdateDocument)
export const ScheduleDelete = act('ScheduleDelete', documents.ScheduleDeleteDocument)

export const Rules = list('Rules', documents.RulesDocument)
export const RuleCreate = act('RuleCreate', documents.RuleCreateDocument)
export const RuleUpdate = set('RuleUpdate', documents.RuleUpdateDocument)
export const RuleDelete = act('RuleDelete', documents.RuleDeleteDocument)

export const UnfinishedBuilds = list('UnfinishedBuilds', documents.UnfinishedBuildsDocument)
export const UnfinishedBuildsOfPipeline = list(
  'UnfinishedBuildsOfPipeline',
  documents.UnfinishedBuildsOfPipelineDocument,
)
export const UnfinishedJobsOfPipeline = list(
  'UnfinishedJobsOfPipeline',
  documents.UnfinishedJobsOfPipelineDocument,
)
export const PipelineNamed = question('PipelineNamed', documents.PipelineNamedDocument)
export const BuildCreate = act('BuildCreate', documents.BuildCreateDocument)
export const CanaryBuild = question('CanaryBuild', documents.CanaryBuildDocument)
export const ObservedJobs = list('ObservedJobs', documents.ObservedJobsDocument)
export const PipelineTemplates = list('PipelineTemplates', documents.PipelineTemplatesDocument)
export const PipelineArchive = set('PipelineArchive', documents.PipelineArchiveDocument)
export const PipelineUnarchive = set('PipelineUnarchive', documents.PipelineUnarchiveDocument)

/** A mutation as whoever carries out a plan sees it: the call was checked against its input when it was built. */
export type AnyMutation = Mutation<unknown, { readonly input: object }>

/** Each input asks for more than "an object", so only the name is left to go by. */
const byName = (...all: readonly Mutation<unknown, never>[]) =>
  Object.fromEntries(all.map((one) => [one.name, one as unknown as AnyMutation]))

/** Every mutation there is, by the name that a call gives it. */
export const mutations: Readonly<Record<string, AnyMutation>> = byName(
  ClusterCreate,
  ClusterUpdate,
  ClusterDelete,
  QueueCreate,
  QueueUpdate,
  QueueDelete,
  QueuePause,
  QueueResume,
  TokenCreate,
  TokenUpdate,
  TokenRevoke,
  TeamCreate,
  TeamUpdate,
  TeamDelete,
  MemberCreate,
  MemberUpdate,
  MemberDelete,
  GrantCreate,
  GrantUpdate,
  GrantDelete,
  PipelineUpdate,
  PipelineArchive,
  PipelineUnarchive,
  ScheduleCreate,
  ScheduleUpdate,
  ScheduleDelete,
  RuleCreate,
  RuleUpdate,
  RuleDelete,
  BuildCreate,
)
