// Written by `npm run graphql` from the .graphql files that it names. Change those.
export const sdl = `
# graphql/schema/agent-token.graphql

extend type Cluster {
  agentTokens(first: Int, last: Int): ClusterAgentTokenConnection
}

type ClusterAgentTokenConnection implements Connection {
  count: Int!
  edges: [ClusterAgentTokenEdge]
  pageInfo: PageInfo
}

type ClusterAgentTokenEdge {
  node: ClusterToken
}

type ClusterToken implements Node {
  allowedIpAddresses: String
  createdBy: User
  description: String
  expiresAt: DateTime
  id: ID!
  uuid: ID!
}

# graphql/schema/agent.graphql

extend type Organization {
  agents(
    after: String
    before: String
    cluster: ID
    clusterQueue: [ID!]
    clustered: Boolean = true
    first: Int
    isRunningJob: Boolean
    last: Int
    metaData: [String!]
    paused: Boolean
    search: String
  ): AgentConnection
}

type Agent implements Node {
  clusterQueue: ClusterQueue
  connectedAt: DateTime
  connectionState: String!
  hostname: String
  id: ID!
  name: String!
  uuid: String!
}

type AgentConnection implements Connection {
  count: Int!
  edges: [AgentEdge]
  pageInfo: PageInfo
}

type AgentEdge {
  node: Agent
}

# graphql/schema/api-token.graphql

extend type Organization {
  apiAccessTokens(after: String, before: String, first: Int, last: Int): OrganizationAPIAccessTokenConnection!
}

enum APIAccessTokenScopes {
  DELETE_PACKAGES
  DELETE_REGISTRIES
  GRAPHQL
  READ_AGENTS
  READ_ARTIFACTS
  READ_AUDIT_EVENTS
  READ_BUILDS
  READ_BUILD_LOGS
  READ_CLUSTERS
  READ_DEPLOYABLES
  READ_EVENTS
  READ_JOB_ENV
  READ_NOTIFICATION_SERVICES
  READ_ORGANIZATIONS
  READ_ORGANIZATION_INVITATIONS
  READ_ORGANIZATION_REPOSITORY_CONNECTIONS
  READ_ORGANIZATION_SETTINGS
  READ_PACKAGES
  READ_PIPELINES
  READ_PIPELINE_TEMPLATES
  READ_PORTALS
  READ_REGISTRIES
  READ_RULES
  READ_SECRETS_DETAILS
  READ_SUITES
  READ_TEAMS
  READ_TEST_PLAN
  READ_TEST_POOL
  READ_USER
  WRITE_AGENTS
  WRITE_ARTIFACTS
  WRITE_BUILDS
  WRITE_BUILD_LOGS
  WRITE_CLUSTERS
  WRITE_DEPLOYABLES
  WRITE_NOTIFICATION_SERVICES
  WRITE_ORGANIZATIONS
  WRITE_ORGANIZATION_INVITATIONS
  WRITE_ORGANIZATION_SETTINGS
  WRITE_PACKAGES
  WRITE_PIPELINES
  WRITE_PIPELINE_TEMPLATES
  WRITE_PORTALS
  WRITE_REGISTRIES
  WRITE_RULES
  WRITE_SECRETS
  WRITE_SUITES
  WRITE_TEAMS
  WRITE_TEST_PLAN
}

type OrganizationAPIAccessToken {
  description: String
  expiresAt: DateTime
  id: ID!
  owner: User
  scopes: [APIAccessTokenScopes!]!
  uuid: ID!
}

type OrganizationAPIAccessTokenConnection {
  edges: [OrganizationAPIAccessTokenEdge]
  pageInfo: PageInfo!
}

type OrganizationAPIAccessTokenEdge {
  node: OrganizationAPIAccessToken
}

# graphql/schema/audit-event.graphql

extend type Organization {
  auditEvents(
    actor: [ID!]
    actorType: [AuditActorType!]
    after: String
    before: String
    first: Int
    last: Int
    occurredAtFrom: DateTime
    occurredAtTo: DateTime
    order: OrganizationAuditEventOrders = RECENTLY_OCCURRED
    subject: [ID!]
    subjectType: [AuditSubjectType!]
    subjectUUID: [ID!]
    type: [AuditEventType!]
  ): OrganizationAuditEventConnection
}

type APIApplication implements Node {
  id: ID!
}

type AuditAPIContext {
  requestUserAgent: String
}

type AuditActor {
  name: String
  node: AuditActorNode
}

union AuditActorNode = APIApplication | Agent | User

enum AuditActorType {
  AGENT
  API_APPLICATION
  USER
}

type AuditAgentAPIContext {
  agentUuid: String
}

union AuditContext = AuditAPIContext | AuditAgentAPIContext | AuditWebContext

type AuditEvent implements Node {
  actor: AuditActor
  context: AuditContext
  id: ID!
  occurredAt: DateTime!
  subject: AuditSubject
  uuid: ID!
}

enum AuditEventType {
  AGENT_TOKEN_CREATED
  AGENT_TOKEN_REVOKED
  AGENT_TOKEN_UPDATED
  API_ACCESS_TOKEN_CREATED
  API_ACCESS_TOKEN_DELETED
  API_ACCESS_TOKEN_ORGANIZATION_ACCESS_REVOKED
  API_ACCESS_TOKEN_UPDATED
  API_APPLICATION_CREATED
  API_APPLICATION_DELETED
  API_APPLICATION_DISABLED
  API_APPLICATION_ENABLED
  API_APPLICATION_UPDATED
  AUTHORIZATION_CREATED
  AUTHORIZATION_DELETED
  BUILD_PAGE_SETTING_CREATED
  BUILD_PAGE_SETTING_DESTROYED
  BUILD_PAGE_SETTING_UPDATED
  CACHE_REGISTRY_CREATED
  CACHE_REGISTRY_DELETED
  CACHE_REGISTRY_UPDATED
  CLUSTER_CREATED
  CLUSTER_DELETED
  CLUSTER_PERMISSION_CREATED
  CLUSTER_PERMISSION_DELETED
  CLUSTER_QUEUE_CREATED
  CLUSTER_QUEUE_DELETED
  CLUSTER_QUEUE_MIGRATION_CREATED
  CLUSTER_QUEUE_MIGRATION_DELETED
  CLUSTER_QUEUE_MIGRATION_UPDATED
  CLUSTER_QUEUE_TOKEN_CREATED
  CLUSTER_QUEUE_TOKEN_DELETED
  CLUSTER_QUEUE_TOKEN_UPDATED
  CLUSTER_QUEUE_UPDATED
  CLUSTER_TOKEN_CREATED
  CLUSTER_TOKEN_DELETED
  CLUSTER_TOKEN_UPDATED
  CLUSTER_UPDATED
  COMPOSITE_REGISTRY_UPSTREAM_ADDED
  COMPOSITE_REGISTRY_UPSTREAM_REMOVED
  CREDIT_CARD_ADDED
  CREDIT_CARD_REMOVED
  JOB_TERMINAL_SESSION_STARTED
  MODEL_PROVIDER_CREATED
  MODEL_PROVIDER_DELETED
  MODEL_PROVIDER_UPDATED
  NOTIFICATION_SERVICE_BROKEN
  NOTIFICATION_SERVICE_CREATED
  NOTIFICATION_SERVICE_DELETED
  NOTIFICATION_SERVICE_DISABLED
  NOTIFICATION_SERVICE_ENABLED
  NOTIFICATION_SERVICE_UPDATED
  OAUTH_APPLICATION_AUTHORIZED
  ORGANIZATION_BANNER_CREATED
  ORGANIZATION_BANNER_DELETED
  ORGANIZATION_BANNER_UPDATED
  ORGANIZATION_BILLING_SETTING_UPDATED
  ORGANIZATION_BUILD_EXPORT_UPDATED
  ORGANIZATION_CREATED
  ORGANIZATION_DELETED
  ORGANIZATION_IMPERSONATION_REQUEST_APPROVED
  ORGANIZATION_IMPERSONATION_REQUEST_REVOKED
  ORGANIZATION_INVITATION_ACCEPTED
  ORGANIZATION_INVITATION_CREATED
  ORGANIZATION_INVITATION_RESENT
  ORGANIZATION_INVITATION_REVOKED
  ORGANIZATION_MEMBER_CREATED
  ORGANIZATION_MEMBER_DELETED
  ORGANIZATION_MEMBER_UPDATED
  ORGANIZATION_SECURITY_SETTINGS_UPDATED
  ORGANIZATION_TEAMS_DISABLED
  ORGANIZATION_TEAMS_ENABLED
  ORGANIZATION_UPDATED
  PIPELINE_CREATED
  PIPELINE_DELETED
  PIPELINE_SCHEDULE_CREATED
  PIPELINE_SCHEDULE_DELETED
  PIPELINE_SCHEDULE_UPDATED
  PIPELINE_TEMPLATE_CREATED
  PIPELINE_TEMPLATE_DELETED
  PIPELINE_TEMPLATE_UPDATED
  PIPELINE_TRIGGER_CREATED
  PIPELINE_TRIGGER_DELETED
  PIPELINE_TRIGGER_UPDATED
  PIPELINE_UPDATED
  PIPELINE_VISIBILITY_CHANGED
  PIPELINE_WEBHOOK_URL_ROTATED
  PORTAL_CREATED
  PORTAL_DELETED
  PORTAL_SECRET_CREATED
  PORTAL_SECRET_DELETED
  PORTAL_TOKEN_CODE_AUTHORIZED
  PORTAL_TOKEN_CREATED
  PORTAL_TOKEN_DELETED
  PORTAL_UPDATED
  REGISTRY_CREATED
  REGISTRY_DELETED
  REGISTRY_TOKEN_CREATED
  REGISTRY_TOKEN_DELETED
  REGISTRY_TOKEN_UPDATED
  REGISTRY_UPDATED
  REGISTRY_VISIBILITY_CHANGED
  RULE_CREATED
  RULE_DELETED
  RULE_UPDATED
  SCM_PIPELINE_SETTINGS_CREATED
  SCM_PIPELINE_SETTINGS_DELETED
  SCM_PIPELINE_SETTINGS_UPDATED
  SCM_REPOSITORY_HOST_CREATED
  SCM_REPOSITORY_HOST_DESTROYED
  SCM_REPOSITORY_HOST_UPDATED
  SCM_SERVICE_CREATED
  SCM_SERVICE_DELETED
  SCM_SERVICE_UPDATED
  SECRET_CREATED
  SECRET_DELETED
  SECRET_QUERIED
  SECRET_READ
  SECRET_UPDATED
  SECRET_VALUE_UPDATED
  SSO_PROVIDER_CREATED
  SSO_PROVIDER_DELETED
  SSO_PROVIDER_DISABLED
  SSO_PROVIDER_ENABLED
  SSO_PROVIDER_UPDATED
  STORAGE_CREATED
  SUBSCRIPTION_ACTIVATED
  SUBSCRIPTION_CANCELED
  SUBSCRIPTION_CREATED
  SUBSCRIPTION_PLAN_ADDED
  SUBSCRIPTION_PLAN_CANCELATION_SCHEDULED
  SUBSCRIPTION_PLAN_CANCELED
  SUBSCRIPTION_PLAN_CHANGED
  SUBSCRIPTION_PLAN_CHANGE_SCHEDULED
  SUBSCRIPTION_SCHEDULED_PLAN_CHANGE_CANCELED
  SUBSCRIPTION_TRIAL_EXPIRED
  SUITE_API_TOKEN_REGENERATED
  SUITE_CREATED
  SUITE_DELETED
  SUITE_MONITOR_CREATED
  SUITE_MONITOR_DELETED
  SUITE_MONITOR_UPDATED
  SUITE_SAVED_VIEW_CREATED
  SUITE_SAVED_VIEW_DELETED
  SUITE_UPDATED
  SUITE_VISIBILITY_CHANGED
  SUITE_WORKFLOW_CREATED
  SUITE_WORKFLOW_DELETED
  SUITE_WORKFLOW_UPDATED
  TEAM_CREATED
  TEAM_DELETED
  TEAM_MEMBER_CREATED
  TEAM_MEMBER_DELETED
  TEAM_MEMBER_UPDATED
  TEAM_PIPELINE_CREATED
  TEAM_PIPELINE_DELETED
  TEAM_PIPELINE_UPDATED
  TEAM_REGISTRY_CREATED
  TEAM_REGISTRY_DELETED
  TEAM_REGISTRY_UPDATED
  TEAM_SECRET_CREATED
  TEAM_SECRET_DELETED
  TEAM_SECRET_UPDATED
  TEAM_SUITE_CREATED
  TEAM_SUITE_DELETED
  TEAM_SUITE_UPDATED
  TEAM_UPDATED
  TEST_ENGINE_SAVED_VIEW_CREATED
  TEST_ENGINE_SAVED_VIEW_DELETED
  TEST_ENGINE_SAVED_VIEW_UPDATED
  USER_API_ACCESS_TOKEN_ORGANIZATION_ACCESS_ADDED
  USER_API_ACCESS_TOKEN_ORGANIZATION_ACCESS_REMOVED
  USER_EMAIL_BUILD_NOTIFICATIONS_SUPPRESSED
  USER_EMAIL_BUILD_NOTIFICATIONS_UNSUPPRESSED
  USER_EMAIL_CREATED
  USER_EMAIL_DELETED
  USER_EMAIL_MARKED_PRIMARY
  USER_EMAIL_VERIFIED
  USER_IMPERSONATED
  USER_PASSWORD_RESET
  USER_PASSWORD_RESET_REQUESTED
  USER_TOTP_ACTIVATED
  USER_TOTP_CREATED
  USER_TOTP_DELETED
  USER_UPDATED
}

type AuditSubject {
  uuid: ID!
}

enum AuditSubjectType {
  AGENT_TOKEN
  API_ACCESS_TOKEN
  API_APPLICATION
  AUTHORIZATION
  BUILD_PAGE_SETTING
  CACHE_REGISTRY
  CLUSTER
  CLUSTER_PERMISSION
  CLUSTER_QUEUE
  CLUSTER_QUEUE_TOKEN
  CLUSTER_TOKEN
  COMPOSITE_REGISTRY_UPSTREAM
  CREDIT_CARD
  JOB
  MODEL_PROVIDER
  NOTIFICATION_SERVICE
  ORGANIZATION
  ORGANIZATION_BANNER
  ORGANIZATION_BILLING_SETTING
  ORGANIZATION_IMPERSONATION_REQUEST
  ORGANIZATION_INVITATION
  ORGANIZATION_MEMBER
  ORGANIZATION_SECURITY_SETTING
  PIPELINE
  PIPELINE_SCHEDULE
  PIPELINE_TEMPLATE
  PIPELINE_TRIGGER
  PORTAL
  PORTAL_SECRET
  PORTAL_TOKEN
  PORTAL_TOKEN_CODE
  REGISTRY
  REGISTRY_TOKEN
  RULE
  SCM_PIPELINE_SETTINGS
  SCM_REPOSITORY_HOST
  SCM_SERVICE
  SECRET
  SSO_PROVIDER
  SUBSCRIPTION
  SUITE
  SUITE_MONITOR
  SUITE_SAVED_VIEW
  SUITE_WORKFLOW
  TEAM
  TEAM_MEMBER
  TEAM_PIPELINE
  TEAM_REGISTRY
  TEAM_SECRET
  TEAM_SUITE
  USER
  USER_EMAIL
  USER_TOTP
}

type AuditWebContext {
  requestUserAgent: String
}

type OrganizationAuditEventConnection implements Connection {
  count: Int!
  edges: [OrganizationAuditEventEdge]
  pageInfo: PageInfo
}

type OrganizationAuditEventEdge {
  cursor: String!
  node: AuditEvent
}

enum OrganizationAuditEventOrders {
  RECENTLY_OCCURRED
}

# graphql/schema/build.graphql

extend type Organization {
  jobs(
    after: String
    agentQueryRules: [String!]
    before: String
    cluster: ID
    clusterQueue: [ID!]
    clustered: Boolean = true
    concurrency: JobConcurrencySearch
    createdAtFrom: DateTime
    createdAtTo: DateTime
    finishedAt: DateTime
    first: Int
    last: Int
    order: JobOrder = RECENTLY_CREATED
    passed: Boolean
    priority: JobPrioritySearch
    state: [JobStates!]
    step: JobStepSearch
    type: [JobTypes!]
  ): JobConnection
}

extend type Mutation {
  buildCreate(input: BuildCreateInput!): BuildCreatePayload
}

extend type Query {
  build(slug: ID, uuid: ID): Build
}

extend type Pipeline {
  builds(
    after: String
    before: String
    branch: [String!]
    commit: [String!]
    createdAtFrom: DateTime
    createdAtTo: DateTime
    first: Int
    last: Int
    metaData: [String!]
    state: [BuildStates!]
  ): BuildConnection
  jobs(
    after: String
    agentQueryRules: [String!]
    before: String
    concurrency: JobConcurrencySearch
    first: Int
    last: Int
    order: JobOrder = RECENTLY_CREATED
    passed: Boolean
    priority: JobPrioritySearch
    state: [JobStates!]
    step: JobStepSearch
    type: [JobTypes!]
  ): JobConnection
}

type Annotation implements Node {
  body: AnnotationBody
  context: String!
  id: ID!
}

type AnnotationBody {
  html: String
  text: String!
}

type AnnotationConnection implements Connection {
  count: Int!
  edges: [AnnotationEdge]
  pageInfo: PageInfo
}

type AnnotationEdge {
  node: Annotation
}

type Build implements Node {
  annotations(after: String, before: String, first: Int, last: Int): AnnotationConnection
  createdBy: BuildCreator
  id: ID!
  jobs(
    after: String
    agentQueryRules: [String!]
    before: String
    concurrency: JobConcurrencySearch
    first: Int
    last: Int
    order: JobOrder = RECENTLY_CREATED
    passed: Boolean
    priority: JobPrioritySearch
    state: [JobStates!]
    step: JobStepSearch
    type: [JobTypes!]
  ): JobConnection
  number: Int!
  pipeline: Pipeline!
  pullRequest: PullRequest
  rebuiltFrom: Build
  source: BuildSource!
  state: BuildStates!
  triggeredFrom: JobTypeTrigger
  url: String!
  uuid: String!
}

input BuildAuthorInput {
  email: String!
  name: String!
}

type BuildConnection implements Connection {
  count: Int!
  edges: [BuildEdge]
  pageInfo: PageInfo
}

input BuildCreateInput {
  author: BuildAuthorInput
  branch: String
  clientMutationId: String
  commit: String
  env: [String!]
  message: String
  metaData: [BuildMetaDataInput!]
  pipelineID: ID!
}

type BuildCreatePayload {
  build: Build
}

union BuildCreator = UnregisteredUser | User

type BuildEdge {
  node: Build
}

input BuildMetaDataInput {
  key: String!
  value: String!
}

interface BuildSource {
  name: String!
}

type BuildSourceAPI implements BuildSource {
  name: String!
}

type BuildSourceFrontend implements BuildSource {
  name: String!
}

type BuildSourceSchedule implements BuildSource {
  name: String!
  pipelineSchedule: PipelineSchedule
}

type BuildSourceTriggerJob implements BuildSource {
  name: String!
}

type BuildSourceWebhook implements BuildSource {
  name: String!
}

enum BuildStates {
  BLOCKED
  CANCELED
  CANCELING
  CREATING
  FAILED
  FAILING
  NOT_RUN
  PASSED
  RUNNING
  SCHEDULED
  SKIPPED
}

union Job = JobTypeBlock | JobTypeCommand | JobTypeTrigger | JobTypeWait

input JobConcurrencySearch {
  group: [String!]
}

type JobConnection implements Connection {
  count: Int!
  edges: [JobEdge]
  pageInfo: PageInfo
}

type JobEdge {
  node: Job
}

interface JobInterface {
  uuid: String!
}

enum JobOrder {
  RECENTLY_ASSIGNED
  RECENTLY_CREATED
}

input JobPrioritySearch {
  number: [Int!]
}

enum JobStates {
  ACCEPTED
  ASSIGNED
  BLOCKED
  BLOCKED_FAILED
  BROKEN
  CANCELED
  CANCELING
  EXPIRED
  FINISHED
  LIMITED
  LIMITING
  PENDING
  PLATFORM_LIMITED
  PLATFORM_LIMITING
  RESERVED
  RUNNING
  SCHEDULED
  SKIPPED
  TIMED_OUT
  TIMING_OUT
  UNBLOCKED
  UNBLOCKED_FAILED
  WAITING
  WAITING_FAILED
}

input JobStepSearch {
  key: [String!]
}

type JobTypeBlock implements JobInterface & Node {
  build: Build
  id: ID!
  uuid: String!
}

enum JobEventSignalReason {
  AGENT_INCOMPATIBLE
  AGENT_REFUSED
  AGENT_STOP
  CANCEL
  PROCESS_RUN_ERROR
  SIGNATURE_REJECTED
  STACK_ERROR
}

type JobTypeCommand implements JobInterface & Node {
  agent: Agent
  agentQueryRules: [String!]
  build: Build
  clusterQueue: ClusterQueue
  exitStatus: String
  id: ID!
  pipeline: Pipeline
  signalReason: JobEventSignalReason
  startedAt: DateTime
  state: JobStates!
  uuid: String!
}

enum JobTypes {
  BLOCK
  COMMAND
  TRIGGER
  WAIT
}

type JobTypeTrigger implements JobInterface & Node {
  build: Build
  id: ID!
  uuid: String!
}

type JobTypeWait implements JobInterface & Node {
  build: Build
  id: ID!
  uuid: String!
}

type PullRequest {
  id: String!
}

type UnregisteredUser {
  name: String
}

# graphql/schema/closely.graphql

extend type Pipeline {
  teams(
    after: String
    before: String
    first: Int
    last: Int
    order: TeamPipelineOrder = RECENTLY_CREATED
    search: String
  ): TeamPipelineConnection
}

extend type Repository {
  provider: RepositoryProvider
}

extend type TeamPipeline {
  team: Team
}

interface RepositoryProvider {
  name: String!
}

interface RepositoryProviderSettings {
  filterEnabled: Boolean
}

type RepositoryProviderBitbucket implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderBitbucketSettings
}

type RepositoryProviderBitbucketServer implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderBitbucketServerSettings
}

type RepositoryProviderBitbucketServerSettings implements RepositoryProviderSettings {
  buildBranches: Boolean!
  buildPullRequests: Boolean!
  buildTags: Boolean!
  filterCondition: String
  filterEnabled: Boolean
}

type RepositoryProviderBitbucketSettings implements RepositoryProviderSettings {
  buildBranches: Boolean!
  buildPullRequests: Boolean!
  buildTags: Boolean!
  filterCondition: String
  filterEnabled: Boolean
  pullRequestBranchFilterConfiguration: String
  pullRequestBranchFilterEnabled: Boolean!
}

type RepositoryProviderGithub implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderGitHubSettings
}

type RepositoryProviderGithubEnterprise implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderGitHubEnterpriseSettings
}

type RepositoryProviderGitHubEnterpriseSettings implements RepositoryProviderSettings {
  buildBranches: Boolean!
  buildCheckRunCompleted: Boolean!
  buildCreateEvent: Boolean!
  buildDeploymentStatusCreated: Boolean!
  buildIssueCommentCreated: Boolean!
  buildMergeGroupChecksRequested: Boolean!
  buildPullRequestForks: Boolean!
  buildPullRequestLabelsChanged: Boolean!
  buildPullRequestReviewCommentCreated: Boolean!
  buildPullRequestReviewDismissed: Boolean!
  buildPullRequestReviewRequested: Boolean!
  buildPullRequestReviewSubmitted: Boolean!
  buildPullRequests: Boolean!
  buildReleaseCreated: Boolean!
  buildReleasePublished: Boolean!
  buildReleaseReleased: Boolean!
  buildTags: Boolean!
  filterCondition: String
  filterEnabled: Boolean
  githubWorkflowAccessTokensEnabled: Boolean!
  pullRequestBranchFilterConfiguration: String
  pullRequestBranchFilterEnabled: Boolean!
  triggerMode: String!
}

type RepositoryProviderGitHubSettings implements RepositoryProviderSettings {
  buildBranches: Boolean!
  buildCheckRunCompleted: Boolean!
  buildCreateEvent: Boolean!
  buildDeploymentStatusCreated: Boolean!
  buildIssueCommentCreated: Boolean!
  buildMergeGroupChecksRequested: Boolean!
  buildPullRequestForks: Boolean!
  buildPullRequestLabelsChanged: Boolean!
  buildPullRequestReviewCommentCreated: Boolean!
  buildPullRequestReviewDismissed: Boolean!
  buildPullRequestReviewRequested: Boolean!
  buildPullRequestReviewSubmitted: Boolean!
  buildPullRequests: Boolean!
  buildReleaseCreated: Boolean!
  buildReleasePublished: Boolean!
  buildReleaseReleased: Boolean!
  buildTags: Boolean!
  filterCondition: String
  filterEnabled: Boolean
  githubWorkflowAccessTokensEnabled: Boolean!
  pullRequestBranchFilterConfiguration: String
  pullRequestBranchFilterEnabled: Boolean!
  triggerMode: String!
}

# graphql/schema/cluster.graphql

extend type Organization {
  cluster(id: ID!): Cluster
  clusters(
    after: String
    before: String
    first: Int
    last: Int
    order: ClusterOrder = NAME
  ): ClusterConnection
}

type Cluster implements Node {
  color: String
  description: String
  emoji: String
  id: ID!
  name: String!
  uuid: ID!
}

type ClusterConnection implements Connection {
  count: Int!
  edges: [ClusterEdge]
  pageInfo: PageInfo
}

input ClusterCreateInput {
  color: String
  description: String
  emoji: String
  name: String!
  organizationId: ID!
}

type ClusterCreatePayload {
  cluster: Cluster!
}

input ClusterDeleteInput {
  id: ID!
  organizationId: ID!
}

type ClusterDeletePayload {
  deletedClusterId: ID!
}

type ClusterEdge {
  node: Cluster
}

enum ClusterOrder {
  NAME
  RECENTLY_CREATED
}

input ClusterUpdateInput {
  color: String
  defaultQueueId: ID
  description: String
  emoji: String
  id: ID!
  name: String
  organizationId: ID!
}

type ClusterUpdatePayload {
  cluster: Cluster!
}

type Mutation {
  clusterCreate(input: ClusterCreateInput!): ClusterCreatePayload
  clusterDelete(input: ClusterDeleteInput!): ClusterDeletePayload
  clusterUpdate(input: ClusterUpdateInput!): ClusterUpdatePayload
}

# graphql/schema/grant.graphql

extend type Team {
  pipelines(
    after: String
    before: String
    first: Int
    last: Int
    order: TeamPipelineOrder = RECENTLY_CREATED
    search: String
  ): TeamPipelineConnection
}

type TeamPipeline implements Node {
  accessLevel: PipelineAccessLevels!
  createdAt: DateTime!
  createdBy: User
  id: ID!
  pipeline: Pipeline
  uuid: ID!
}

type TeamPipelineConnection implements Connection {
  count: Int!
  edges: [TeamPipelineEdge]
  pageInfo: PageInfo
}

input TeamPipelineCreateInput {
  accessLevel: PipelineAccessLevels = READ_ONLY
  pipelineID: ID!
  teamID: ID!
}

type TeamPipelineCreatePayload {
  teamPipeline: TeamPipeline
}

input TeamPipelineDeleteInput {
  force: Boolean
  id: ID!
}

type TeamPipelineDeletePayload {
  deletedTeamPipelineID: ID!
}

type TeamPipelineEdge {
  node: TeamPipeline
}

enum TeamPipelineOrder {
  NAME
  RECENTLY_CREATED
  RELEVANCE
}

input TeamPipelineUpdateInput {
  accessLevel: PipelineAccessLevels!
  id: ID!
}

type TeamPipelineUpdatePayload {
  teamPipeline: TeamPipeline!
}

extend type Mutation {
  teamPipelineCreate(input: TeamPipelineCreateInput!): TeamPipelineCreatePayload
  teamPipelineDelete(input: TeamPipelineDeleteInput!): TeamPipelineDeletePayload
  teamPipelineUpdate(input: TeamPipelineUpdateInput!): TeamPipelineUpdatePayload
}

# graphql/schema/invitation.graphql

extend type Organization {
  invitations(
    after: String
    before: String
    first: Int
    last: Int
    order: OrganizationInvitationOrders = RECENTLY_CREATED
    state: [OrganizationInvitationStates!]
  ): OrganizationInvitationConnection
}

type OrganizationInvitation implements Node {
  email: String!
  id: ID!
  role: OrganizationMemberRole!
  teams(first: Int): OrganizationInvitationTeamAssignmentConnection
  uuid: String!
}

type OrganizationInvitationConnection implements Connection {
  count: Int!
  edges: [OrganizationInvitationEdge]
  pageInfo: PageInfo
}

type OrganizationInvitationEdge {
  node: OrganizationInvitation
}

enum OrganizationInvitationOrders {
  EMAIL
  RECENTLY_CREATED
}

enum OrganizationInvitationStates {
  ACCEPTED
  EXPIRED
  PENDING
  REVOKED
}

type OrganizationInvitationTeamAssignment {
  role: TeamMemberRole!
  team: Team!
}

type OrganizationInvitationTeamAssignmentConnection implements Connection {
  count: Int!
  edges: [OrganizationInvitationTeamAssignmentEdge]
  pageInfo: PageInfo
}

type OrganizationInvitationTeamAssignmentEdge {
  node: OrganizationInvitationTeamAssignment
}

# graphql/schema/member.graphql

extend type Team {
  members(
    after: String
    before: String
    first: Int
    last: Int
    order: TeamMemberOrder = RECENTLY_CREATED
    role: [TeamMemberRole!]
    search: String
  ): TeamMemberConnection
}

type TeamMember implements Node {
  id: ID!
  role: TeamMemberRole!
  user: User
  uuid: ID!
}

type TeamMemberConnection implements Connection {
  count: Int!
  edges: [TeamMemberEdge]
  pageInfo: PageInfo
}

input TeamMemberCreateInput {
  role: TeamMemberRole
  teamID: ID!
  userID: ID!
}

type TeamMemberCreatePayload {
  teamMemberEdge: TeamMemberEdge
}

input TeamMemberDeleteInput {
  id: ID!
}

type TeamMemberDeletePayload {
  deletedTeamMemberID: ID!
}

type TeamMemberEdge {
  node: TeamMember
}

enum TeamMemberOrder {
  NAME
  RECENTLY_CREATED
  RELEVANCE
}

input TeamMemberUpdateInput {
  id: ID!
  role: TeamMemberRole!
}

type TeamMemberUpdatePayload {
  teamMember: TeamMember!
}

extend type Mutation {
  teamMemberCreate(input: TeamMemberCreateInput!): TeamMemberCreatePayload
  teamMemberDelete(input: TeamMemberDeleteInput!): TeamMemberDeletePayload
  teamMemberUpdate(input: TeamMemberUpdateInput!): TeamMemberUpdatePayload
}

# graphql/schema/organization.graphql

type Query {
  organization(slug: ID, uuid: ID): Organization
  viewer: Viewer
}

interface Connection {
  count: Int!
  pageInfo: PageInfo
}

interface Node {
  id: ID!
}

type Organization implements Node {
  id: ID!
  isTeamsEnabled: Boolean
  name: String!
  permissions: OrganizationPermissions!
  slug: String!
  uuid: String!
}

type OrganizationPermissions {
  organizationMemberUpdate: Permission
  organizationUpdate: Permission
}

type PageInfo {
  endCursor: String
  hasNextPage: Boolean!
}

type Permission {
  allowed: Boolean!
}

type Viewer implements Node {
  id: ID!
}

scalar DateTime

scalar PipelineSelector

scalar TeamSelector

scalar UserSelector

scalar YAML

# graphql/schema/pipeline.graphql

extend type Organization {
  pipelines(
    after: String
    archived: Boolean
    before: String
    cluster: ID
    clustered: Boolean = true
    createdAtFrom: DateTime
    createdAtTo: DateTime
    favorite: Boolean
    first: Int
    last: Int
    order: PipelineOrders = RECENTLY_CREATED
    repository: PipelineRepositoryInput
    search: String
    tags: [String!]
    team: TeamSelector
  ): PipelineConnection
}

type Pipeline implements Node {
  allowRebuilds: Boolean
  archived: Boolean!
  branchConfiguration: String
  cancelIntermediateBuilds: Boolean!
  cancelIntermediateBuildsBranchFilter: String
  cloneMirrorUrl: String
  cluster: Cluster
  color: String
  createdAt: DateTime
  createdBy: User
  defaultBranch: String
  defaultTimeoutInMinutes: Int
  description: String
  emoji: String
  id: ID!
  maximumTimeoutInMinutes: Int
  name: String!
  nextBuildNumber: Int!
  pipelineTemplate: PipelineTemplate
  repository: Repository
  skipIntermediateBuilds: Boolean!
  skipIntermediateBuildsBranchFilter: String
  slug: String!
  steps: PipelineSteps
  tags: [PipelineTag!]!
  uuid: String!
  visibility: PipelineVisibility!
}

enum PipelineAccessLevels {
  BUILD_AND_READ
  MANAGE_BUILD_AND_READ
  READ_ONLY
}

input PipelineArchiveInput {
  id: ID!
}

type PipelineArchivePayload {
  pipeline: Pipeline!
}

type PipelineConnection implements Connection {
  count: Int!
  edges: [PipelineEdge]
  pageInfo: PageInfo
}

input PipelineCreateInput {
  allowRebuilds: Boolean = true
  branchConfiguration: String
  cancelIntermediateBuilds: Boolean
  cancelIntermediateBuildsBranchFilter: String
  cloneMirrorUrl: String
  clusterId: ID
  color: String
  defaultBranch: String = "main"
  defaultTimeoutInMinutes: Int
  description: String
  emoji: String
  maximumTimeoutInMinutes: Int
  name: String!
  nextBuildNumber: Int
  organizationId: ID!
  pipelineTemplateId: ID
  repository: PipelineRepositoryInput!
  skipIntermediateBuilds: Boolean
  skipIntermediateBuildsBranchFilter: String
  steps: PipelineStepsInput
  tags: [PipelineTagInput!]
  teams: [PipelineTeamAssignmentInput!]
  visibility: PipelineVisibility = PRIVATE
}

type PipelineCreatePayload {
  pipeline: Pipeline!
}

type PipelineEdge {
  node: Pipeline
}

enum PipelineOrders {
  NAME
  NAME_WITH_FAVORITES_FIRST
  RECENTLY_CREATED
  RELEVANCE
}

input PipelineRepositoryInput {
  url: String!
}

type PipelineSteps {
  yaml: YAML
}

input PipelineStepsInput {
  yaml: String!
}

type PipelineTag {
  label: String!
}

input PipelineTagInput {
  label: String!
}

input PipelineTeamAssignmentInput {
  accessLevel: PipelineAccessLevels = MANAGE_BUILD_AND_READ
  id: ID!
}

input PipelineUnarchiveInput {
  id: ID!
}

type PipelineUnarchivePayload {
  pipeline: Pipeline!
}

input PipelineUpdateInput {
  allowRebuilds: Boolean = true
  branchConfiguration: String
  cancelIntermediateBuilds: Boolean
  cancelIntermediateBuildsBranchFilter: String
  cloneMirrorUrl: String
  clusterId: ID
  color: String
  defaultBranch: String
  defaultTimeoutInMinutes: Int
  description: String
  emoji: String
  id: ID!
  maximumTimeoutInMinutes: Int
  name: String
  nextBuildNumber: Int
  pipelineTemplateId: ID
  repository: PipelineRepositoryInput
  skipIntermediateBuilds: Boolean
  skipIntermediateBuildsBranchFilter: String
  steps: PipelineStepsInput
  tags: [PipelineTagInput!]
  visibility: PipelineVisibility
}

type PipelineUpdatePayload {
  pipeline: Pipeline!
}

enum PipelineVisibility {
  PRIVATE
  PUBLIC
}

type Repository {
  url: String!
}

extend type Mutation {
  pipelineArchive(input: PipelineArchiveInput!): PipelineArchivePayload
  pipelineCreate(input: PipelineCreateInput!): PipelineCreatePayload
  pipelineUnarchive(input: PipelineUnarchiveInput!): PipelineUnarchivePayload
  pipelineUpdate(input: PipelineUpdateInput!): PipelineUpdatePayload
}

# graphql/schema/queue.graphql

extend type Cluster {
  defaultQueue: ClusterQueue
  queues(
    after: String
    before: String
    first: Int
    last: Int
    order: ClusterQueueOrder = KEY
  ): ClusterQueueConnection
}

type ClusterQueue implements Node {
  description: String
  dispatchPaused: Boolean!
  dispatchPausedNote: String
  hosted: Boolean!
  hostedAgents: HostedAgentQueueSettings
  id: ID!
  key: String!
  retryAgentAffinity: String!
  uuid: ID!
}

type ClusterQueueConnection implements Connection {
  count: Int!
  edges: [ClusterQueueEdge]
  pageInfo: PageInfo
}

input ClusterQueueCreateInput {
  clusterId: ID!
  description: String
  hostedAgents: HostedAgentsQueueSettingsCreateInput
  key: String!
  organizationId: ID!
  retryAgentAffinity: String
}

type ClusterQueueCreatePayload {
  clusterQueue: ClusterQueue!
}

input ClusterQueueDeleteInput {
  id: ID!
  organizationId: ID!
}

type ClusterQueueDeletePayload {
  deletedClusterQueueId: ID!
}

type ClusterQueueEdge {
  node: ClusterQueue
}

enum ClusterQueueOrder {
  KEY
  RECENTLY_CREATED
}

input ClusterQueuePauseDispatchInput {
  id: ID!
  note: String
}

type ClusterQueuePauseDispatchPayload {
  queue: ClusterQueue!
}

input ClusterQueueResumeDispatchInput {
  id: ID!
}

type ClusterQueueResumeDispatchPayload {
  queue: ClusterQueue!
}

input ClusterQueueUpdateInput {
  description: String
  hostedAgents: HostedAgentsQueueSettingsUpdateInput
  id: ID!
  organizationId: ID!
  retryAgentAffinity: String
}

type ClusterQueueUpdatePayload {
  clusterQueue: ClusterQueue!
}

enum HostedAgentArchitecture {
  AMD64
  ARM64
}

type HostedAgentInstanceShape {
  architecture: HostedAgentArchitecture
  machineType: HostedAgentMachineType
  memory: Int
  name: HostedAgentInstanceShapeName
  size: HostedAgentSize
  vcpu: Int
}

enum HostedAgentInstanceShapeName {
  LINUX_AMD64_16X64
  LINUX_AMD64_2X4
  LINUX_AMD64_32X128
  LINUX_AMD64_4X16
  LINUX_AMD64_64X256
  LINUX_AMD64_8X32
  LINUX_ARM64_16X64
  LINUX_ARM64_2X4
  LINUX_ARM64_32X128
  LINUX_ARM64_4X16
  LINUX_ARM64_64X256
  LINUX_ARM64_8X32
  MACOS_ARM64_M4_12X56
  MACOS_ARM64_M4_6X28
}

type HostedAgentLinuxSettings {
  agentImageRef: String
}

type HostedAgentMacOSSettingsType {
  macosVersion: HostedAgentMacOSVersion
  xcodeVersion: String
}

enum HostedAgentMacOSVersion {
  GOLDEN_GATE
  SEQUOIA
  SONOMA
  TAHOE
  TAHOE_26_6
  TAHOE_SLIM
}

enum HostedAgentMachineType {
  LINUX
  MACOS
}

type HostedAgentPlatformSettings {
  linux: HostedAgentLinuxSettings
  macos: HostedAgentMacOSSettingsType
}

type HostedAgentQueueSettings {
  instanceShape: HostedAgentInstanceShape
  platformSettings: HostedAgentPlatformSettings
}

enum HostedAgentSize {
  EXTRA_EXTRA_LARGE
  EXTRA_LARGE
  LARGE
  MEDIUM
  SMALL
  THREE_XL
}

input HostedAgentsLinuxPlatformSettingsInput {
  agentImageRef: String
}

input HostedAgentsMacosPlatformSettingsInput {
  macosVersion: HostedAgentMacOSVersion
  xcodeVersion: String
}

input HostedAgentsPlatformSettingsInput {
  linux: HostedAgentsLinuxPlatformSettingsInput
  macos: HostedAgentsMacosPlatformSettingsInput
}

input HostedAgentsQueueSettingsCreateInput {
  instanceShape: HostedAgentInstanceShapeName!
  platformSettings: HostedAgentsPlatformSettingsInput
}

input HostedAgentsQueueSettingsUpdateInput {
  instanceShape: HostedAgentInstanceShapeName
  platformSettings: HostedAgentsPlatformSettingsInput
}

extend type Mutation {
  clusterQueueCreate(input: ClusterQueueCreateInput!): ClusterQueueCreatePayload
  clusterQueueDelete(input: ClusterQueueDeleteInput!): ClusterQueueDeletePayload
  clusterQueuePauseDispatch(input: ClusterQueuePauseDispatchInput!): ClusterQueuePauseDispatchPayload
  clusterQueueResumeDispatch(input: ClusterQueueResumeDispatchInput!): ClusterQueueResumeDispatchPayload
  clusterQueueUpdate(input: ClusterQueueUpdateInput!): ClusterQueueUpdatePayload
}

# graphql/schema/rule.graphql

extend type Organization {
  rules(
    action: [RuleAction!]
    after: String
    before: String
    first: Int
    last: Int
    order: RuleOrder = RECENTLY_CREATED
    sourceId: ID
    sourceType: [RuleSourceType!]
    targetId: ID
    targetType: [RuleTargetType!]
  ): RuleConnection
}

scalar JSON

type Rule implements Node {
  description: String
  document: String
  effect: RuleEffect
  id: ID!
  type: String!
  uuid: ID!
}

enum RuleAction {
  ARTIFACTS_READ
  TRIGGER_BUILD
}

type RuleConnection implements Connection {
  count: Int!
  edges: [RuleEdge]
  pageInfo: PageInfo
}

input RuleCreateInput {
  description: String
  organizationId: ID!
  type: String!
  value: JSON!
}

type RuleCreatePayload {
  rule: Rule!
}

input RuleDeleteInput {
  id: ID!
  organizationId: ID!
}

type RuleDeletePayload {
  deletedRuleId: ID!
}

type RuleEdge {
  node: Rule
}

enum RuleEffect {
  ALLOW
}

enum RuleOrder {
  RECENTLY_CREATED
}

enum RuleSourceType {
  PIPELINE
}

enum RuleTargetType {
  PIPELINE
}

input RuleUpdateInput {
  description: String
  id: ID!
  organizationId: ID!
  value: JSON!
}

type RuleUpdatePayload {
  rule: Rule!
}

extend type Mutation {
  ruleCreate(input: RuleCreateInput!): RuleCreatePayload
  ruleDelete(input: RuleDeleteInput!): RuleDeletePayload
  ruleUpdate(input: RuleUpdateInput!): RuleUpdatePayload
}

extend type Rule {
  source: RuleSource
  target: RuleTarget
}

union RuleSource = Pipeline

union RuleTarget = Pipeline

# graphql/schema/schedule.graphql

extend type Pipeline {
  schedules(first: Int): PipelineScheduleConnection
}

extend type Query {
  pipeline(slug: ID, uuid: ID): Pipeline
}

type PipelineSchedule implements Node {
  branch: String
  commit: String
  createdAt: DateTime
  createdBy: User
  cronline: String!
  enabled: Boolean
  env: [String!]
  id: ID!
  label: String!
  message: String
  uuid: String!
}

type PipelineScheduleConnection implements Connection {
  count: Int!
  edges: [PipelineScheduleEdge]
  pageInfo: PageInfo
}

input PipelineScheduleCreateInput {
  branch: String
  commit: String
  cronline: String
  enabled: Boolean
  env: String
  label: String
  message: String
  pipelineID: ID!
}

type PipelineScheduleCreatePayload {
  pipelineScheduleEdge: PipelineScheduleEdge!
}

input PipelineScheduleDeleteInput {
  id: ID!
}

type PipelineScheduleDeletePayload {
  deletedPipelineScheduleID: ID!
}

type PipelineScheduleEdge {
  node: PipelineSchedule
}

input PipelineScheduleUpdateInput {
  branch: String
  commit: String
  cronline: String
  enabled: Boolean
  env: String
  id: ID!
  label: String
  message: String
}

type PipelineScheduleUpdatePayload {
  pipelineSchedule: PipelineSchedule!
}

extend type Mutation {
  pipelineScheduleCreate(input: PipelineScheduleCreateInput!): PipelineScheduleCreatePayload
  pipelineScheduleDelete(input: PipelineScheduleDeleteInput!): PipelineScheduleDeletePayload
  pipelineScheduleUpdate(input: PipelineScheduleUpdateInput!): PipelineScheduleUpdatePayload
}

# graphql/schema/sso-provider.graphql

extend type Organization {
  ssoProviders(after: String, before: String, first: Int, last: Int): SSOProviderConnection
}

interface SSOProvider {
  emailDomain: String
  id: ID!
  state: SSOProviderStates!
  type: SSOProviderTypes!
  uuid: ID!
}

type SSOProviderConnection implements Connection {
  count: Int!
  edges: [SSOProviderEdge]
  pageInfo: PageInfo
}

type SSOProviderEdge {
  node: SSOProvider
}

type SSOProviderGitHubApp implements Node & SSOProvider {
  emailDomain: String
  id: ID!
  state: SSOProviderStates!
  type: SSOProviderTypes!
  uuid: ID!
}

type SSOProviderGoogleGSuite implements Node & SSOProvider {
  emailDomain: String
  id: ID!
  state: SSOProviderStates!
  type: SSOProviderTypes!
  uuid: ID!
}

type SSOProviderSAML implements Node & SSOProvider {
  emailDomain: String
  id: ID!
  state: SSOProviderStates!
  type: SSOProviderTypes!
  uuid: ID!
}

enum SSOProviderStates {
  CREATED
  DISABLED
  ENABLED
}

enum SSOProviderTypes {
  GITHUB_APP
  GOOGLE_GSUITE
  SAML
}

# graphql/schema/team.graphql

extend type Organization {
  teams(
    after: String
    before: String
    first: Int
    last: Int
    order: TeamOrder = NAME
    pipeline: PipelineSelector
    privacy: [TeamPrivacy!]
    search: String
    user: UserSelector
  ): TeamConnection
}

extend type Query {
  team(slug: ID!): Team
}

type Team implements Node {
  createdAt: DateTime!
  createdBy: User
  defaultMemberRole: TeamMemberRole!
  description: String
  id: ID!
  isDefaultTeam: Boolean!
  membersCanCreatePipelines: Boolean!
  membersCanCreateRegistries: Boolean!
  membersCanCreateSuites: Boolean!
  membersCanDeletePipelines: Boolean! @deprecated
  membersCanDestroyPackages: Boolean!
  membersCanDestroyRegistries: Boolean!
  name: String!
  privacy: TeamPrivacy!
  slug: String!
  uuid: ID!
}

type TeamConnection implements Connection {
  count: Int!
  edges: [TeamEdge]
  pageInfo: PageInfo
}

input TeamCreateInput {
  defaultMemberRole: TeamMemberRole!
  description: String
  isDefaultTeam: Boolean!
  membersCanCreatePipelines: Boolean = true
  membersCanCreateRegistries: Boolean = true
  membersCanCreateSuites: Boolean = true
  membersCanDeletePipelines: Boolean = true
  membersCanDestroyPackages: Boolean = false
  membersCanDestroyRegistries: Boolean = false
  name: String!
  organizationID: ID!
  privacy: TeamPrivacy!
}

type TeamCreatePayload {
  teamEdge: TeamEdge!
}

input TeamDeleteInput {
  id: ID!
}

type TeamDeletePayload {
  deletedTeamID: ID!
}

type TeamEdge {
  node: Team
}

enum TeamMemberRole {
  MAINTAINER
  MEMBER
}

enum TeamOrder {
  NAME
  RECENTLY_CREATED
  RELEVANCE
}

enum TeamPrivacy {
  SECRET
  VISIBLE
}

input TeamUpdateInput {
  defaultMemberRole: TeamMemberRole!
  description: String
  id: ID!
  isDefaultTeam: Boolean!
  membersCanCreatePipelines: Boolean
  membersCanCreateRegistries: Boolean
  membersCanCreateSuites: Boolean
  membersCanDeletePipelines: Boolean = true
  membersCanDestroyPackages: Boolean
  membersCanDestroyRegistries: Boolean
  name: String!
  privacy: TeamPrivacy
}

type TeamUpdatePayload {
  team: Team!
}

extend type Mutation {
  teamCreate(input: TeamCreateInput!): TeamCreatePayload
  teamDelete(input: TeamDeleteInput!): TeamDeletePayload
  teamUpdate(input: TeamUpdateInput!): TeamUpdatePayload
}

# graphql/schema/template.graphql

extend type Organization {
  pipelineTemplates(
    after: String
    before: String
    first: Int
    last: Int
    order: PipelineTemplateOrder = NAME
  ): PipelineTemplateConnection
}

type PipelineTemplate implements Node {
  id: ID!
  name: String!
  uuid: ID!
}

type PipelineTemplateConnection implements Connection {
  count: Int!
  edges: [PipelineTemplateEdge]
  pageInfo: PageInfo
}

type PipelineTemplateEdge {
  node: PipelineTemplate
}

enum PipelineTemplateOrder {
  NAME
  RECENTLY_CREATED
}

# graphql/schema/token.graphql

extend type Mutation {
  clusterAgentTokenCreate(input: ClusterAgentTokenCreateInput!): ClusterAgentTokenCreatePayload
  clusterAgentTokenRevoke(input: ClusterAgentTokenRevokeInput!): ClusterAgentTokenRevokePayload
  clusterAgentTokenUpdate(input: ClusterAgentTokenUpdateInput!): ClusterAgentTokenUpdatePayload
}

input ClusterAgentTokenCreateInput {
  allowedIpAddresses: String
  clusterId: ID!
  description: String!
  expiresAt: DateTime
  organizationId: ID!
}

type ClusterAgentTokenCreatePayload {
  clusterAgentToken: ClusterToken!
  tokenValue: String!
}

input ClusterAgentTokenRevokeInput {
  id: ID!
  organizationId: ID!
}

type ClusterAgentTokenRevokePayload {
  deletedClusterAgentTokenId: ID!
}

input ClusterAgentTokenUpdateInput {
  allowedIpAddresses: String
  description: String!
  id: ID!
  organizationId: ID!
}

type ClusterAgentTokenUpdatePayload {
  clusterAgentToken: ClusterToken!
}

# graphql/schema/unclustered.graphql

extend type Organization {
  agentTokens(first: Int, last: Int, revoked: Boolean): AgentTokenConnection
}

type AgentToken implements Node {
  description: String
  id: ID!
  uuid: ID!
}

type AgentTokenConnection implements Connection {
  count: Int!
  edges: [AgentTokenEdge]
  pageInfo: PageInfo
}

type AgentTokenEdge {
  node: AgentToken
}

# graphql/schema/user.graphql

extend type Organization {
  members(
    after: String
    before: String
    email: String
    first: Int
    inactiveSince: DateTime
    last: Int
    order: OrganizationMemberOrder = RECENTLY_CREATED
    role: [OrganizationMemberRole!]
    search: String
    security: OrganizationMemberSecurityInput
    sso: OrganizationMemberSSOInput
    team: TeamSelector
  ): OrganizationMemberConnection
}

extend type Viewer {
  user: User
}

type OrganizationMember implements Node {
  id: ID!
  role: OrganizationMemberRole!
  user: User!
  uuid: String!
}

type OrganizationMemberConnection implements Connection {
  count: Int!
  edges: [OrganizationMemberEdge]
  pageInfo: PageInfo
}

type OrganizationMemberEdge {
  node: OrganizationMember
}

enum OrganizationMemberOrder {
  NAME
  RECENTLY_CREATED
  RELEVANCE
}

enum OrganizationMemberRole {
  ADMIN
  MEMBER
}

input OrganizationMemberSSOInput {
  mode: OrganizationMemberSSOModeEnum!
}

enum OrganizationMemberSSOModeEnum {
  OPTIONAL
  REQUIRED
}

input OrganizationMemberSecurityInput {
  passwordProtected: Boolean
  twoFactorEnabled: Boolean
}

type User implements Node {
  bot: Boolean!
  email: String!
  id: ID!
  name: String!
  uuid: String!
}

# src/sandbox/schema/access-token.graphql

extend type OrganizationAPIAccessToken {
  createdAt: DateTime!
  ipAddress: String
  lastAccessedAt: DateTime
}

extend type OrganizationAPIAccessTokenConnection {
  nodes: [OrganizationAPIAccessToken]
}

extend type OrganizationAPIAccessTokenEdge {
  cursor: String!
}

input OrganizationAPIAccessTokenRevokeMutationInput {
  apiAccessTokenId: ID!
  clientMutationId: String
  organizationId: ID!
}

type OrganizationAPIAccessTokenRevokeMutationPayload {
  clientMutationId: String
  revokedApiAccessTokenId: ID!
}

extend type Mutation {
  organizationApiAccessTokenRevoke(
    input: OrganizationAPIAccessTokenRevokeMutationInput!
  ): OrganizationAPIAccessTokenRevokeMutationPayload
}

# src/sandbox/schema/agent-token.graphql

extend type Query {
  agentToken(slug: ID!): AgentToken
}

extend type AgentToken {
  createdAt: DateTime
  createdBy: User
  organization: Organization
  permissions: AgentTokenPermissions!
  public: Boolean!
  revokedAt: DateTime
  revokedBy: User
  revokedReason: String
  token: String! @deprecated
}

input AgentTokenCreateInput {
  clientMutationId: String
  description: String
  organizationID: ID!
  public: Boolean = false
}

type AgentTokenCreatePayload {
  agentTokenEdge: AgentTokenEdge!
  clientMutationId: String
  organization: Organization!
  tokenValue: String!
}

extend type AgentTokenEdge {
  cursor: String!
}

type AgentTokenPermissions {
  agentTokenRevoke: Permission
}

input AgentTokenRevokeInput {
  clientMutationId: String
  id: ID!
  reason: String!
}

type AgentTokenRevokePayload {
  agentToken: AgentToken!
  clientMutationId: String
}

extend type Mutation {
  agentTokenCreate(input: AgentTokenCreateInput!): AgentTokenCreatePayload
  agentTokenRevoke(input: AgentTokenRevokeInput!): AgentTokenRevokePayload
}

# src/sandbox/schema/agent.graphql

extend type Query {
  agent(slug: ID!): Agent
}

extend type Agent {
  createdAt: DateTime
  disconnectedAt: DateTime
  heartbeatAt: DateTime
  ipAddress: String
  isDeprecated: Boolean!
  isRunningJob: Boolean!
  lostAt: DateTime
  metaData: [String!]
  operatingSystem: OperatingSystem
  organization: Organization
  paused: Boolean!
  pausedAt: DateTime
  pausedBy: User
  pausedNote: String
  pausedTimeoutInMinutes: Int!
  permissions: AgentPermissions!
  pid: String
  pingedAt: DateTime @deprecated
  priority: Int
  public: Boolean!
  stopForcedAt: DateTime
  stopForcedBy: User
  stoppedAt: DateTime @deprecated
  stoppedBy: User @deprecated
  stoppedGracefullyAt: DateTime
  stoppedGracefullyBy: User
  userAgent: String
  version: String
  versionHasKnownIssues: Boolean!
}

extend type AgentEdge {
  cursor: String!
}

input AgentPauseInput {
  clientMutationId: String
  id: ID!
  note: String
  timeoutInMinutes: Int
}

type AgentPausePayload {
  agent: Agent!
  clientMutationId: String
}

type AgentPermissions {
  agentPause: Permission
  agentResume: Permission
  agentStop: Permission
}

input AgentResumeInput {
  clientMutationId: String
  id: ID!
}

type AgentResumePayload {
  agent: Agent!
  clientMutationId: String
}

input AgentStopInput {
  clientMutationId: String
  graceful: Boolean = true
  id: ID!
}

type AgentStopPayload {
  agent: Agent!
  clientMutationId: String
}

type OperatingSystem {
  name: String!
}

extend type Mutation {
  agentPause(input: AgentPauseInput!): AgentPausePayload
  agentResume(input: AgentResumeInput!): AgentResumePayload
  agentStop(input: AgentStopInput!): AgentStopPayload
}

# src/sandbox/schema/audit.graphql

extend type Query {
  auditEvent(uuid: ID!): AuditEvent
}

extend type AuditAPIContext {
  requestApiAccessTokenUuid: String
  requestIpAddress: String
}

extend type AuditActor {
  id: ID!
  type: AuditActorType
  uuid: ID!
}

extend type AuditAgentAPIContext {
  authenticationType: String
  connectionState: String
  organizationUuid: String
  requestIpAddress: String
  sessionIpAddress: String
}

extend type AuditEvent {
  data: JSON
  type: AuditEventType!
}

extend type AuditSubject {
  id: ID!
  name: String
  type: AuditSubjectType
}

extend type AuditWebContext {
  requestIpAddress: String
  sessionCreatedAt: DateTime
  sessionEscalatedAt: DateTime
  sessionUser: User
  sessionUserUuid: ID
}

# src/sandbox/schema/banner.graphql

extend type Organization {
  banners(after: String, before: String, first: Int, last: Int): OrganizationBannerConnection!
}

type OrganizationBanner implements Node {
  id: ID!
  message: String!
  uuid: String!
}

type OrganizationBannerConnection {
  edges: [OrganizationBannerEdge]
  nodes: [OrganizationBanner]
  pageInfo: PageInfo!
}

input OrganizationBannerDeleteInput {
  clientMutationId: String
  organizationId: ID!
}

type OrganizationBannerDeletePayload {
  clientMutationId: String
  deletedBannerId: ID!
}

type OrganizationBannerEdge {
  cursor: String!
  node: OrganizationBanner
}

input OrganizationBannerUpsertInput {
  clientMutationId: String
  message: String!
  organizationId: ID!
}

type OrganizationBannerUpsertPayload {
  banner: OrganizationBanner!
  clientMutationId: String
}

extend type Mutation {
  organizationBannerDelete(input: OrganizationBannerDeleteInput!): OrganizationBannerDeletePayload
  organizationBannerUpsert(input: OrganizationBannerUpsertInput!): OrganizationBannerUpsertPayload
}

# src/sandbox/schema/build.graphql

extend type PipelineSchedule {
  builds(after: String, before: String, first: Int, last: Int): BuildConnection
}

extend type Build {
  blockedState: BuildBlockedStates
  branch: String!
  cancelReason: String
  canceledAt: DateTime
  canceledBy: User
  commit: String!
  createdAt: DateTime
  env: [String!]
  failingAt: DateTime
  finishedAt: DateTime
  message: String
  organization: Organization!
  scheduledAt: DateTime
  startedAt: DateTime
}

enum BuildBlockedStates {
  FAILED
  PASSED
  RUNNING
}

input BuildCancelInput {
  clientMutationId: String
  id: ID!
}

type BuildCancelPayload {
  build: Build!
  clientMutationId: String
}

extend type BuildCreatePayload {
  clientMutationId: String
}

extend type BuildEdge {
  cursor: String!
}

input BuildRebuildInput {
  clientMutationId: String
  id: ID!
}

type BuildRebuildPayload {
  build: Build!
  clientMutationId: String
  rebuild: Build!
}

extend type UnregisteredUser {
  email: String
}

extend type Mutation {
  buildCancel(input: BuildCancelInput!): BuildCancelPayload
  buildRebuild(input: BuildRebuildInput!): BuildRebuildPayload
}

# src/sandbox/schema/cluster-token.graphql

extend input ClusterAgentTokenCreateInput {
  clientMutationId: String
}

extend type ClusterAgentTokenCreatePayload {
  clientMutationId: String
}

extend type ClusterAgentTokenEdge {
  cursor: String!
}

extend input ClusterAgentTokenRevokeInput {
  clientMutationId: String
}

extend type ClusterAgentTokenRevokePayload {
  clientMutationId: String
}

extend input ClusterAgentTokenUpdateInput {
  clientMutationId: String
}

extend type ClusterAgentTokenUpdatePayload {
  clientMutationId: String
}

extend type ClusterToken {
  cluster: Cluster
  token: String! @deprecated
}

# src/sandbox/schema/cluster.graphql

extend type Cluster {
  createdBy: User
  organization: Organization
}

extend input ClusterCreateInput {
  clientMutationId: String
}

extend type ClusterCreatePayload {
  clientMutationId: String
}

extend input ClusterDeleteInput {
  clientMutationId: String
}

extend type ClusterDeletePayload {
  clientMutationId: String
}

extend type ClusterEdge {
  cursor: String!
}

extend input ClusterUpdateInput {
  clientMutationId: String
}

extend type ClusterUpdatePayload {
  clientMutationId: String
}

# src/sandbox/schema/cursor-origin.graphql

type RepositoryProviderCursorOrigin implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderCursorOriginSettings
  url: String
  webhookUrl: String
}

type RepositoryProviderCursorOriginSettings implements RepositoryProviderSettings {
  buildBranches: Boolean!
  buildPullRequests: Boolean!
  buildTags: Boolean!
  filterCondition: String
  filterEnabled: Boolean
  publishCommitStatus: Boolean!
}

type OrganizationRepositoryProviderCursorOrigin implements Node & OrganizationRepositoryProvider {
  id: ID!
  name: String!
}

# src/sandbox/schema/grant.graphql

extend type TeamPipeline {
  permissions: TeamPipelinePermissions!
}

extend input TeamPipelineCreateInput {
  clientMutationId: String
}

extend type TeamPipelineCreatePayload {
  clientMutationId: String
  pipeline: Pipeline
  team: Team
  teamPipelineEdge: TeamPipelineEdge
}

extend input TeamPipelineDeleteInput {
  clientMutationId: String
}

extend type TeamPipelineDeletePayload {
  clientMutationId: String
  team: Team
}

extend type TeamPipelineEdge {
  cursor: String!
}

extend input TeamPipelineUpdateInput {
  clientMutationId: String
}

extend type TeamPipelineUpdatePayload {
  clientMutationId: String
}

type TeamPipelinePermissions {
  teamPipelineDelete: Permission
  teamPipelineUpdate: Permission
}

# src/sandbox/schema/invitation.graphql

extend type Query {
  organizationInvitation(slug: ID!): OrganizationInvitation
}

extend type OrganizationInvitation {
  acceptedAt: DateTime
  acceptedBy: User
  createdAt: DateTime
  createdBy: User
  expiredAt: DateTime
  organization: Organization
  permissions: OrganizationInvitationPermissions!
  revokedAt: DateTime
  revokedBy: User
  slug: String!
  sso: OrganizationInvitationSSOType!
  state: OrganizationInvitationStates!
}

input OrganizationInvitationCreateInput {
  clientMutationId: String
  emails: [String!]!
  organizationID: ID!
  role: OrganizationMemberRole
  sso: OrganizationInvitationSSOInput
  teams: [OrganizationInvitationTeamAssignmentInput!]
}

type OrganizationInvitationCreatePayload {
  clientMutationId: String
  invitationEdges: [OrganizationInvitationEdge]
  organization: Organization
}

extend type OrganizationInvitationEdge {
  cursor: String!
}

type OrganizationInvitationPermissions {
  organizationInvitationResend: Permission
  organizationInvitationRevoke: Permission
}

input OrganizationInvitationResendInput {
  clientMutationId: String
  id: ID!
}

type OrganizationInvitationResendPayload {
  clientMutationId: String
  organizationInvitation: OrganizationInvitation!
}

input OrganizationInvitationRevokeInput {
  clientMutationId: String
  id: ID!
}

type OrganizationInvitationRevokePayload {
  clientMutationId: String
  organization: Organization!
  organizationInvitation: OrganizationInvitation!
  organizationInvitationEdge: OrganizationInvitationEdge!
}

input OrganizationInvitationSSOInput {
  mode: OrganizationMemberSSOModeEnum!
}

type OrganizationInvitationSSOType {
  mode: OrganizationMemberSSOModeEnum
}

extend type OrganizationInvitationTeamAssignmentEdge {
  cursor: String!
}

input OrganizationInvitationTeamAssignmentInput {
  id: ID!
  role: TeamMemberRole!
}

extend type Mutation {
  organizationInvitationCreate(input: OrganizationInvitationCreateInput!): OrganizationInvitationCreatePayload
  organizationInvitationResend(input: OrganizationInvitationResendInput!): OrganizationInvitationResendPayload
  organizationInvitationRevoke(input: OrganizationInvitationRevokeInput!): OrganizationInvitationRevokePayload
}

# src/sandbox/schema/job.graphql

extend type Agent {
  job: Job
  jobs(
    after: String
    agentQueryRules: [String!]
    before: String
    concurrency: JobConcurrencySearch
    first: Int
    last: Int
    order: JobOrder = RECENTLY_ASSIGNED
    passed: Boolean
    priority: Int
    state: [JobStates!]
    step: JobStepSearch
    type: [JobTypes!]
  ): JobConnection
}

extend type Query {
  job(uuid: ID!): Job
}

type JobConcurrency {
  group: String!
  limit: Int!
}

extend type JobEdge {
  cursor: String!
}

extend interface JobInterface {
  retried: Boolean!
  retriedBy: User
  retriesCount: Int
  retrySource: Job
  retryType: JobRetryTypes
}

type JobPriority {
  number: Int
}

type JobRetryRules {
  manual: Boolean
}

enum JobRetryTypes {
  AUTOMATIC
  MANUAL
}

extend type JobTypeBlock {
  isUnblockable: Boolean
  label: String
  retried: Boolean!
  retriedBy: User
  retriesCount: Int
  retrySource: Job
  retryType: JobRetryTypes
  state: JobStates!
  unblockedAt: DateTime
  unblockedBy: User
}

input JobTypeBlockUnblockInput {
  clientMutationId: String
  fields: JSON
  id: ID!
}

type JobTypeBlockUnblockPayload {
  clientMutationId: String
  jobTypeBlock: JobTypeBlock!
}

extend type JobTypeCommand {
  automaticArtifactUploadPaths: String
  brokenReason: String
  canceledAt: DateTime
  cluster: Cluster
  command: String
  concurrency: JobConcurrency
  createdAt: DateTime
  env: [String!]
  expiredAt: DateTime
  finishedAt: DateTime
  label: String
  matrix: JSON
  parallelGroupIndex: Int
  parallelGroupTotal: Int
  passed: Boolean!
  priority: JobPriority!
  promisedExitStatus: JSInt
  promisedExitStatusAt: DateTime
  retried: Boolean!
  retriedBy: User
  retriesCount: Int
  retryRules: JobRetryRules
  retrySource: Job
  retryType: JobRetryTypes
  runnableAt: DateTime
  scheduledAt: DateTime
  signal: String
  softFailed: Boolean!
  url: String!
}

input JobTypeCommandCancelInput {
  clientMutationId: String
  id: ID!
}

type JobTypeCommandCancelPayload {
  clientMutationId: String
  jobTypeCommand: JobTypeCommand!
}

input JobTypeCommandRetryInput {
  clientMutationId: String
  id: ID!
}

type JobTypeCommandRetryPayload {
  clientMutationId: String
  jobTypeCommand: JobTypeCommand!
  retriedInJobTypeCommand: JobTypeCommand!
}

extend type JobTypeTrigger {
  async: Boolean!
  label: String
  retried: Boolean!
  retriedBy: User
  retriesCount: Int
  retrySource: Job
  retryType: JobRetryTypes
  state: JobStates!
  triggered: Build
}

extend type JobTypeWait {
  label: String
  retried: Boolean!
  retriedBy: User
  retriesCount: Int
  retrySource: Job
  retryType: JobRetryTypes
  state: JobStates!
}

extend type Mutation {
  jobTypeBlockUnblock(input: JobTypeBlockUnblockInput!): JobTypeBlockUnblockPayload
  jobTypeCommandCancel(input: JobTypeCommandCancelInput!): JobTypeCommandCancelPayload
  jobTypeCommandRetry(input: JobTypeCommandRetryInput!): JobTypeCommandRetryPayload
}

# src/sandbox/schema/member.graphql

extend type OrganizationMember {
  teams(
    after: String
    before: String
    first: Int
    last: Int
    order: TeamMemberOrder = RECENTLY_CREATED
  ): TeamMemberConnection!
}

extend type TeamMember {
  createdAt: DateTime!
  createdBy: User
  organizationMember: OrganizationMember
  permissions: TeamMemberPermissions!
  team: Team
}

extend input TeamMemberCreateInput {
  clientMutationId: String
}

extend type TeamMemberCreatePayload {
  clientMutationId: String
  team: Team
}

extend input TeamMemberDeleteInput {
  clientMutationId: String
}

extend type TeamMemberDeletePayload {
  clientMutationId: String
  team: Team
}

extend type TeamMemberEdge {
  cursor: String!
}

extend input TeamMemberUpdateInput {
  clientMutationId: String
}

extend type TeamMemberUpdatePayload {
  clientMutationId: String
}

type TeamMemberPermissions {
  teamMemberDelete: Permission
  teamMemberUpdate: Permission
}

# src/sandbox/schema/organization.graphql

extend type Organization {
  allowedApiIpAddresses: String
  iconUrl: String
  membersRequireTwoFactorAuthentication: Boolean
  public: Boolean!
  repositoryProviders: [OrganizationRepositoryProvider]
  revokeInactiveTokensAfter: RevokeInactiveTokenPeriod
}

extend type OrganizationPermissions {
  agentTokenCreate: Permission
  agentTokenView: Permission
  agentView: Permission
  auditEventsView: Permission
  notificationServiceUpdate: Permission
  organizationBillingUpdate: Permission
  organizationInvitationCreate: Permission
  organizationMemberView: Permission
  organizationMemberViewSensitive: Permission
  pipelineCreate: Permission
  pipelineCreateWithoutTeams: Permission
  pipelineView: Permission
  ssoProviderCreate: Permission
  ssoProviderUpdate: Permission
  suiteView: Permission
  teamAdmin: Permission
  teamCreate: Permission
  teamEnabledChange: Permission
  teamView: Permission
}

extend type PageInfo {
  hasPreviousPage: Boolean!
  startCursor: String
}

extend type Permission {
  code: String
  message: String
}

extend type Query {
  node(id: ID!): Node
}

extend type Viewer {
  organizations(first: Int, last: Int): OrganizationConnection
}

input OrganizationAPIIPAllowlistUpdateMutationInput {
  clientMutationId: String
  ipAddresses: String!
  organizationID: ID!
}

type OrganizationAPIIPAllowlistUpdateMutationPayload {
  clientMutationId: String
  organization: Organization
}

type OrganizationConnection implements Connection {
  count: Int!
  edges: [OrganizationEdge]
  pageInfo: PageInfo
}

type OrganizationEdge {
  cursor: String!
  node: Organization
}

input OrganizationEnforceTwoFactorAuthenticationForMembersUpdateMutationInput {
  clientMutationId: String
  membersRequireTwoFactorAuthentication: Boolean!
  organizationId: ID!
}

type OrganizationEnforceTwoFactorAuthenticationForMembersUpdateMutationPayload {
  clientMutationId: String
  organization: Organization!
}

interface OrganizationRepositoryProvider {
  name: String!
}

type OrganizationRepositoryProviderGitHub implements Node & OrganizationRepositoryProvider {
  id: ID!
  name: String!
}

type OrganizationRepositoryProviderGitHubEnterpriseServer implements Node & OrganizationRepositoryProvider {
  id: ID!
  name: String!
}

input OrganizationRevokeInactiveTokensAfterUpdateMutationInput {
  clientMutationId: String
  organizationId: ID!
  revokeInactiveTokensAfter: RevokeInactiveTokenPeriod!
}

type OrganizationRevokeInactiveTokensAfterUpdateMutationPayload {
  clientMutationId: String
  organization: Organization
}

enum RevokeInactiveTokenPeriod {
  DAYS_180
  DAYS_30
  DAYS_365
  DAYS_60
  DAYS_90
  NEVER
}

extend type Mutation {
  organizationApiIpAllowlistUpdate(
    input: OrganizationAPIIPAllowlistUpdateMutationInput!
  ): OrganizationAPIIPAllowlistUpdateMutationPayload
  organizationEnforceTwoFactorAuthenticationForMembersUpdate(
    input: OrganizationEnforceTwoFactorAuthenticationForMembersUpdateMutationInput!
  ): OrganizationEnforceTwoFactorAuthenticationForMembersUpdateMutationPayload
  organizationRevokeInactiveTokensAfterUpdate(
    input: OrganizationRevokeInactiveTokensAfterUpdateMutationInput!
  ): OrganizationRevokeInactiveTokensAfterUpdateMutationPayload
}

scalar JSInt

# src/sandbox/schema/pipeline.graphql

extend type Pipeline {
  archivedAt: DateTime
  archivedBy: User
  badgeURL: String!
  commitShortLength: Int!
  favorite: Boolean!
  organization: Organization!
  permissions: PipelinePermissions!
  public: Boolean! @deprecated
  url: String!
  webhookURL: String
}

extend input PipelineArchiveInput {
  clientMutationId: String
}

extend type PipelineArchivePayload {
  clientMutationId: String
}

extend input PipelineCreateInput {
  clientMutationId: String
}

extend type PipelineCreatePayload {
  clientMutationId: String
  cluster: Cluster
  organization: Organization!
  pipelineEdge: PipelineEdge!
  pipelineTemplate: PipelineTemplate
}

extend type PipelineEdge {
  cursor: String!
}

extend input PipelineUnarchiveInput {
  clientMutationId: String
}

extend type PipelineUnarchivePayload {
  clientMutationId: String
}

extend input PipelineUpdateInput {
  archived: Boolean
  clientMutationId: String
}

extend type PipelineUpdatePayload {
  clientMutationId: String
}

type OrganizationMemberPipeline {
  pipeline: Pipeline!
}

input PipelineDeleteInput {
  clientMutationId: String
  id: ID!
}

type PipelineDeletePayload {
  clientMutationId: String
  deletedPipelineID: ID!
  organization: Organization!
}

input PipelineFavoriteInput {
  clientMutationId: String
  favorite: Boolean!
  id: ID!
}

type PipelineFavoritePayload {
  clientMutationId: String
  pipeline: Pipeline
}

type PipelinePermissions {
  buildCreate: Permission!
  pipelineDelete: Permission!
  pipelineFavorite: Permission!
  pipelineScheduleCreate: Permission!
  pipelineUpdate: Permission!
}

extend type Mutation {
  pipelineDelete(input: PipelineDeleteInput!): PipelineDeletePayload
  pipelineFavorite(input: PipelineFavoriteInput!): PipelineFavoritePayload
}

# src/sandbox/schema/provider.graphql

enum CommandWordMatchMode {
  CONTAINS
  EXACT
}

extend interface RepositoryProvider {
  url: String
  webhookUrl: String
}

type RepositoryProviderBeanstalk implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderBeanstalkSettings
  url: String
  webhookUrl: String
}

type RepositoryProviderBeanstalkSettings implements RepositoryProviderSettings {
  filterCondition: String
  filterEnabled: Boolean
}

extend type RepositoryProviderBitbucket {
  url: String
  webhookUrl: String
}

extend type RepositoryProviderBitbucketServer {
  url: String
  webhookUrl: String
}

extend type RepositoryProviderBitbucketSettings {
  cancelDeletedBranchBuilds: Boolean
  ignoreDefaultBranchPullRequests: Boolean!
  publishCommitStatus: Boolean!
  publishCommitStatusPerStep: Boolean!
  skipBuildsForExistingCommits: Boolean
  skipPullRequestBuildsForExistingCommits: Boolean!
}

type RepositoryProviderCodebase implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderCodebaseSettings
  url: String
  webhookUrl: String
}

type RepositoryProviderCodebaseSettings implements RepositoryProviderSettings {
  filterCondition: String
  filterEnabled: Boolean
}

extend type RepositoryProviderGitHubEnterpriseSettings {
  buildPullRequestBaseBranchChanged: Boolean!
  buildPullRequestConvertedToDraft: Boolean!
  buildPullRequestDequeued: Boolean!
  buildPullRequestEdited: Boolean!
  buildPullRequestMergeCommits: Boolean!
  buildPullRequestReadyForReview: Boolean!
  buildPullRequestReopened: Boolean!
  buildPullRequestStacks: Boolean!
  cancelDeletedBranchBuilds: Boolean!
  cancelWhenMergeGroupDestroyed: Boolean!
  githubWebhooksDisabled: Boolean!
  ignoreDefaultBranchPullRequests: Boolean!
  issueCommentCommandWord: String
  issueCommentMatchMode: CommandWordMatchMode
  prefixPullRequestForkBranchNames: Boolean!
  preventCustomStatusesFromUsingBuildkitePrefix: Boolean!
  publishBlockedAsPending: Boolean!
  publishCommitStatus: Boolean!
  publishCommitStatusPerStep: Boolean!
  reviewCommentCommandWord: String
  reviewCommentMatchMode: CommandWordMatchMode
  separatePullRequestStatuses: Boolean!
  skipBuildsForClosedPullRequests: Boolean!
  skipBuildsForExistingCommits: Boolean!
  skipPullRequestBuildsForExistingCommits: Boolean!
  useMergeGroupBaseCommitForGitDiffBase: Boolean!
  useStepKeyAsCommitStatus: Boolean!
}

extend type RepositoryProviderGitHubSettings {
  buildPullRequestBaseBranchChanged: Boolean!
  buildPullRequestConvertedToDraft: Boolean!
  buildPullRequestDequeued: Boolean!
  buildPullRequestEdited: Boolean!
  buildPullRequestMergeCommits: Boolean!
  buildPullRequestReadyForReview: Boolean!
  buildPullRequestReopened: Boolean!
  buildPullRequestStacks: Boolean!
  cancelDeletedBranchBuilds: Boolean!
  cancelWhenMergeGroupDestroyed: Boolean!
  githubWebhooksDisabled: Boolean!
  ignoreDefaultBranchPullRequests: Boolean!
  issueCommentCommandWord: String
  issueCommentMatchMode: CommandWordMatchMode
  prefixPullRequestForkBranchNames: Boolean!
  preventCustomStatusesFromUsingBuildkitePrefix: Boolean!
  publishBlockedAsPending: Boolean!
  publishCommitStatus: Boolean!
  publishCommitStatusPerStep: Boolean!
  reviewCommentCommandWord: String
  reviewCommentMatchMode: CommandWordMatchMode
  separatePullRequestStatuses: Boolean!
  skipBuildsForClosedPullRequests: Boolean!
  skipBuildsForExistingCommits: Boolean!
  skipPullRequestBuildsForExistingCommits: Boolean!
  useMergeGroupBaseCommitForGitDiffBase: Boolean!
  useStepKeyAsCommitStatus: Boolean!
}

extend type RepositoryProviderGithub {
  url: String
  webhookUrl: String
}

extend type RepositoryProviderGithubEnterprise {
  url: String
  webhookUrl: String
}

type RepositoryProviderGitlab implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderGitlabSettings
  url: String
  webhookUrl: String
}

type RepositoryProviderGitlabCommunity implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderGitlabSettings
  url: String
  webhookUrl: String
}

type RepositoryProviderGitlabEnterprise implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderGitlabSettings
  url: String
  webhookUrl: String
}

type RepositoryProviderGitlabSettings implements RepositoryProviderSettings {
  filterCondition: String
  filterEnabled: Boolean
}

extend interface RepositoryProviderSettings {
  filterCondition: String
}

type RepositoryProviderUnknown implements RepositoryProvider {
  name: String!
  settings: RepositoryProviderUnknownSettings
  url: String
  webhookUrl: String
}

type RepositoryProviderUnknownSettings implements RepositoryProviderSettings {
  filterCondition: String
  filterEnabled: Boolean
}

# src/sandbox/schema/queue.graphql

extend type ClusterQueue {
  cluster: Cluster
  createdBy: User
  dispatchPausedAt: DateTime
  dispatchPausedBy: User
  stackHealth: String
}

extend input ClusterQueueCreateInput {
  clientMutationId: String
}

extend type ClusterQueueCreatePayload {
  clientMutationId: String
}

extend input ClusterQueueDeleteInput {
  clientMutationId: String
}

extend type ClusterQueueDeletePayload {
  clientMutationId: String
}

extend type ClusterQueueEdge {
  cursor: String!
}

extend input ClusterQueuePauseDispatchInput {
  clientMutationId: String
}

extend type ClusterQueuePauseDispatchPayload {
  clientMutationId: String
}

extend input ClusterQueueResumeDispatchInput {
  clientMutationId: String
}

extend type ClusterQueueResumeDispatchPayload {
  clientMutationId: String
}

extend input ClusterQueueUpdateInput {
  clientMutationId: String
}

extend type ClusterQueueUpdatePayload {
  clientMutationId: String
}

extend input HostedAgentsQueueSettingsUpdateInput {
  agentImageRef: String
}

# src/sandbox/schema/rule.graphql

extend type Query {
  rule(uuid: ID!): Rule
}

extend type Rule {
  action: RuleAction
  createdBy: User
  organization: Organization
  sourceType: RuleSourceType
  targetType: RuleTargetType
}

extend input RuleCreateInput {
  clientMutationId: String
}

extend type RuleCreatePayload {
  clientMutationId: String
}

extend input RuleDeleteInput {
  clientMutationId: String
}

extend type RuleDeletePayload {
  clientMutationId: String
}

extend type RuleEdge {
  cursor: String!
}

extend input RuleUpdateInput {
  clientMutationId: String
}

extend type RuleUpdatePayload {
  clientMutationId: String
}

# src/sandbox/schema/schedule.graphql

extend type Query {
  pipelineSchedule(slug: ID!): PipelineSchedule
}

extend type PipelineSchedule {
  failedAt: DateTime
  failedMessage: String
  nextBuildAt: DateTime
  permissions: PipelineSchedulePermissions!
  pipeline: Pipeline
}

extend input PipelineScheduleCreateInput {
  clientMutationId: String
}

extend type PipelineScheduleCreatePayload {
  clientMutationId: String
  pipeline: Pipeline!
}

extend input PipelineScheduleDeleteInput {
  clientMutationId: String
}

extend type PipelineScheduleDeletePayload {
  clientMutationId: String
  pipeline: Pipeline
}

extend type PipelineScheduleEdge {
  cursor: String!
}

type PipelineSchedulePermissions {
  pipelineScheduleDelete: Permission
  pipelineScheduleUpdate: Permission
}

extend input PipelineScheduleUpdateInput {
  clientMutationId: String
}

extend type PipelineScheduleUpdatePayload {
  clientMutationId: String
}

# src/sandbox/schema/secret.graphql

extend type Query {
  secret(uuid: ID!): Secret
}

type Secret implements Node {
  cluster: Cluster
  createdAt: DateTime
  description: String
  destroyedAt: DateTime
  id: ID!
  key: String!
  organization: Organization!
  updatedAt: DateTime
  uuid: ID!
}

# src/sandbox/schema/sso.graphql

extend type Organization {
  sso: OrganizationSSO
}

type OrganizationSSO {
  isEnabled: Boolean
}

extend interface SSOProvider {
  createdAt: DateTime!
  createdBy: User!
  disabledAt: DateTime
  disabledBy: User
  disabledReason: String
  emailDomainVerificationAddress: String
  emailDomainVerifiedAt: DateTime
  enabledAt: DateTime
  enabledBy: User
  note: String
  organization: Organization
  pinSessionToIpAddress: Boolean
  sessionDurationInHours: Int
  testAuthorizationRequired: Boolean
  url: String!
}

extend type SSOProviderEdge {
  cursor: String!
}

extend type SSOProviderGitHubApp {
  createdAt: DateTime!
  createdBy: User!
  disabledAt: DateTime
  disabledBy: User
  disabledReason: String
  emailDomainVerificationAddress: String
  emailDomainVerifiedAt: DateTime
  enabledAt: DateTime
  enabledBy: User
  note: String
  organization: Organization
  pinSessionToIpAddress: Boolean
  sessionDurationInHours: Int
  testAuthorizationRequired: Boolean
  url: String!
}

extend type SSOProviderGoogleGSuite {
  createdAt: DateTime!
  createdBy: User!
  disabledAt: DateTime
  disabledBy: User
  disabledReason: String
  emailDomainVerificationAddress: String
  emailDomainVerifiedAt: DateTime
  enabledAt: DateTime
  enabledBy: User
  note: String
  organization: Organization
  pinSessionToIpAddress: Boolean
  sessionDurationInHours: Int
  testAuthorizationRequired: Boolean
  url: String!
}

extend type SSOProviderSAML {
  createdAt: DateTime!
  createdBy: User!
  disabledAt: DateTime
  disabledBy: User
  disabledReason: String
  emailDomainVerificationAddress: String
  emailDomainVerifiedAt: DateTime
  enabledAt: DateTime
  enabledBy: User
  note: String
  organization: Organization
  pinSessionToIpAddress: Boolean
  sessionDurationInHours: Int
  testAuthorizationRequired: Boolean
  url: String!
}

# src/sandbox/schema/suite.graphql

extend type Team {
  suites(
    after: String
    before: String
    first: Int
    last: Int
    order: TeamSuiteOrder = RECENTLY_CREATED
  ): TeamSuiteConnection
}

type Suite implements Node {
  applicationName: String
  color: String
  createdAt: DateTime
  defaultBranch: String
  emoji: String
  id: ID!
  name: String!
  slug: String!
  teams(
    after: String
    before: String
    first: Int
    last: Int
    order: TeamSuiteOrder = RECENTLY_CREATED
    search: String
  ): TeamSuiteConnection
  url: String!
  uuid: String!
}

enum SuiteAccessLevels {
  MANAGE_AND_READ
  READ_ONLY
}

type TeamSuite implements Node {
  accessLevel: SuiteAccessLevels!
  createdAt: DateTime!
  createdBy: User
  id: ID!
  permissions: TeamSuitePermissions!
  suite: Suite
  team: Team
  uuid: String!
}

type TeamSuiteConnection implements Connection {
  count: Int!
  edges: [TeamSuiteEdge]
  pageInfo: PageInfo
}

input TeamSuiteCreateInput {
  accessLevel: SuiteAccessLevels = READ_ONLY
  clientMutationId: String
  suiteID: ID!
  teamID: ID!
}

type TeamSuiteCreatePayload {
  clientMutationId: String
  suite: Suite
  team: Team
  teamSuite: TeamSuite
  teamSuiteEdge: TeamSuiteEdge
}

input TeamSuiteDeleteInput {
  clientMutationId: String
  force: Boolean
  id: ID!
}

type TeamSuiteDeletePayload {
  clientMutationId: String
  deletedTeamSuiteID: ID!
  team: Team
}

type TeamSuiteEdge {
  cursor: String!
  node: TeamSuite
}

enum TeamSuiteOrder {
  NAME
  RECENTLY_CREATED
  RELEVANCE
}

type TeamSuitePermissions {
  teamSuiteDelete: Permission
  teamSuiteUpdate: Permission
}

input TeamSuiteUpdateInput {
  accessLevel: SuiteAccessLevels!
  clientMutationId: String
  id: ID!
}

type TeamSuiteUpdatePayload {
  clientMutationId: String
  teamSuite: TeamSuite!
}

extend type Mutation {
  teamSuiteCreate(input: TeamSuiteCreateInput!): TeamSuiteCreatePayload
  teamSuiteDelete(input: TeamSuiteDeleteInput!): TeamSuiteDeletePayload
  teamSuiteUpdate(input: TeamSuiteUpdateInput!): TeamSuiteUpdatePayload
}

# src/sandbox/schema/team.graphql

extend type Team {
  organization: Organization
  permissions: TeamPermissions!
}

extend input TeamCreateInput {
  clientMutationId: String
}

extend type TeamCreatePayload {
  clientMutationId: String
  organization: Organization!
}

extend input TeamDeleteInput {
  clientMutationId: String
}

extend type TeamDeletePayload {
  clientMutationId: String
  organization: Organization!
}

extend type TeamEdge {
  cursor: String!
}

extend input TeamUpdateInput {
  clientMutationId: String
}

extend type TeamUpdatePayload {
  clientMutationId: String
}

type TeamPermissions {
  pipelineView: Permission
  teamDelete: Permission
  teamMemberCreate: Permission
  teamPipelineCreate: Permission
  teamRegistryCreate: Permission
  teamSuiteCreate: Permission
  teamUpdate: Permission
}

# src/sandbox/schema/template.graphql

extend type PipelineTemplate {
  available: Boolean!
  configuration: YAML!
  createdAt: DateTime!
  createdBy: User!
  description: String
  updatedAt: DateTime!
  updatedBy: User!
}

extend type PipelineTemplateEdge {
  cursor: String!
}

extend type Query {
  pipelineTemplate(uuid: ID!): PipelineTemplate
}

input PipelineTemplateCreateInput {
  available: Boolean = false
  clientMutationId: String
  configuration: String!
  description: String
  name: String!
  organizationId: ID!
}

type PipelineTemplateCreatePayload {
  clientMutationId: String
  pipelineTemplate: PipelineTemplate!
}

input PipelineTemplateDeleteInput {
  clientMutationId: String
  id: ID!
  organizationId: ID!
}

type PipelineTemplateDeletePayload {
  clientMutationId: String
  deletedPipelineTemplateId: ID!
}

input PipelineTemplateUpdateInput {
  available: Boolean
  clientMutationId: String
  configuration: String
  description: String
  id: ID!
  name: String
  organizationId: ID!
}

type PipelineTemplateUpdatePayload {
  clientMutationId: String
  pipelineTemplate: PipelineTemplate!
}

extend type Mutation {
  pipelineTemplateCreate(input: PipelineTemplateCreateInput!): PipelineTemplateCreatePayload
  pipelineTemplateDelete(input: PipelineTemplateDeleteInput!): PipelineTemplateDeletePayload
  pipelineTemplateUpdate(input: PipelineTemplateUpdateInput!): PipelineTemplateUpdatePayload
}

# src/sandbox/schema/user.graphql

extend type OrganizationMember {
  complimentary: Boolean!
  createdAt: DateTime!
  createdBy: User
  lastSeenAt: DateTime
  organization: Organization!
  permissions: OrganizationMemberPermissions!
  pipelines(
    after: String
    before: String
    first: Int
    last: Int
    order: PipelineOrders = RECENTLY_CREATED
    search: String
  ): OrganizationMemberPipelineConnection!
  security: OrganizationMemberSecurity!
  sso: OrganizationMemberSSO!
}

extend type OrganizationMemberEdge {
  cursor: String!
}

extend type Query {
  organizationMember(slug: ID!): OrganizationMember
}

extend type User {
  hasPassword: Boolean!
  machineUser: Boolean!
}

input OrganizationMemberDeleteInput {
  clientMutationId: String
  id: ID!
}

type OrganizationMemberDeletePayload {
  clientMutationId: String
  deletedOrganizationMemberID: ID!
  organization: Organization
  user: User
}

type OrganizationMemberPermissions {
  organizationMemberDelete: Permission
  organizationMemberUpdate: Permission
}

type OrganizationMemberPipelineConnection implements Connection {
  count: Int!
  edges: [OrganizationMemberPipelineEdge]
  pageInfo: PageInfo
}

type OrganizationMemberPipelineEdge {
  cursor: String!
  node: OrganizationMemberPipeline
}

type OrganizationMemberSSO {
  mode: OrganizationMemberSSOModeEnum
}

type OrganizationMemberSecurity {
  passwordProtected: Boolean!
  twoFactorEnabled: Boolean!
}

input OrganizationMemberUpdateInput {
  clientMutationId: String
  id: ID!
  role: OrganizationMemberRole
  sso: OrganizationMemberSSOInput
}

type OrganizationMemberUpdatePayload {
  clientMutationId: String
  organizationMember: OrganizationMember
}

extend type Mutation {
  organizationMemberDelete(input: OrganizationMemberDeleteInput!): OrganizationMemberDeletePayload
  organizationMemberUpdate(input: OrganizationMemberUpdateInput!): OrganizationMemberUpdatePayload
}

# src/sandbox/schema/webhook.graphql

extend type RepositoryProviderGithub {
  webhook: RepositoryProviderGithubWebhook
}

extend type RepositoryProviderGithubEnterprise {
  webhook: RepositoryProviderGithubEnterpriseWebhook
}

input PipelineCreateWebhookInput {
  clientMutationId: String
  id: ID!
}

type PipelineCreateWebhookPayload {
  clientMutationId: String
  pipeline: Pipeline!
  pipelineID: ID! @deprecated
  webhook: RepositoryProviderWebhook!
}

input PipelineDeleteWebhookInput {
  clientMutationId: String
  id: ID!
  repository: String
}

type PipelineDeleteWebhookPayload {
  clientMutationId: String
  deletedWebhookExternalId: String!
  pipeline: Pipeline!
}

input PipelineRotateWebhookURLInput {
  clientMutationId: String
  id: ID!
}

type PipelineRotateWebhookURLPayload {
  clientMutationId: String
  pipeline: Pipeline!
}

type RepositoryProviderGithubEnterpriseWebhook implements RepositoryProviderWebhook {
  externalId: String!
  provider: RepositoryProvider!
  url: String!
}

type RepositoryProviderGithubWebhook implements RepositoryProviderWebhook {
  externalId: String!
  provider: RepositoryProvider!
  url: String!
}

interface RepositoryProviderWebhook {
  externalId: String!
  provider: RepositoryProvider!
  url: String!
}

extend type Mutation {
  pipelineCreateWebhook(input: PipelineCreateWebhookInput!): PipelineCreateWebhookPayload
  pipelineDeleteWebhook(input: PipelineDeleteWebhookInput!): PipelineDeleteWebhookPayload
  pipelineRotateWebhookURL(input: PipelineRotateWebhookURLInput!): PipelineRotateWebhookURLPayload
}
`
