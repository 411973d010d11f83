/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
export type ApiAccessTokenScopes =
  | 'DELETE_PACKAGES'
  | 'DELETE_REGISTRIES'
  | 'GRAPHQL'
  | 'READ_AGENTS'
  | 'READ_ARTIFACTS'
  | 'READ_AUDIT_EVENTS'
  | 'READ_BUILDS'
  | 'READ_BUILD_LOGS'
  | 'READ_CLUSTERS'
  | 'READ_DEPLOYABLES'
  | 'READ_EVENTS'
  | 'READ_JOB_ENV'
  | 'READ_NOTIFICATION_SERVICES'
  | 'READ_ORGANIZATIONS'
  | 'READ_ORGANIZATION_INVITATIONS'
  | 'READ_ORGANIZATION_REPOSITORY_CONNECTIONS'
  | 'READ_ORGANIZATION_SETTINGS'
  | 'READ_PACKAGES'
  | 'READ_PIPELINES'
  | 'READ_PIPELINE_TEMPLATES'
  | 'READ_PORTALS'
  | 'READ_REGISTRIES'
  | 'READ_RULES'
  | 'READ_SECRETS_DETAILS'
  | 'READ_SUITES'
  | 'READ_TEAMS'
  | 'READ_TEST_PLAN'
  | 'READ_TEST_POOL'
  | 'READ_USER'
  | 'WRITE_AGENTS'
  | 'WRITE_ARTIFACTS'
  | 'WRITE_BUILDS'
  | 'WRITE_BUILD_LOGS'
  | 'WRITE_CLUSTERS'
  | 'WRITE_DEPLOYABLES'
  | 'WRITE_NOTIFICATION_SERVICES'
  | 'WRITE_ORGANIZATIONS'
  | 'WRITE_ORGANIZATION_INVITATIONS'
  | 'WRITE_ORGANIZATION_SETTINGS'
  | 'WRITE_PACKAGES'
  | 'WRITE_PIPELINES'
  | 'WRITE_PIPELINE_TEMPLATES'
  | 'WRITE_PORTALS'
  | 'WRITE_REGISTRIES'
  | 'WRITE_RULES'
  | 'WRITE_SECRETS'
  | 'WRITE_SUITES'
  | 'WRITE_TEAMS'
  | 'WRITE_TEST_PLAN';

export type BuildAuthorInput = {
  email: string;
  name: string;
};

export type BuildCreateInput = {
  author?: BuildAuthorInput | null | undefined;
  branch?: string | null | undefined;
  clientMutationId?: string | null | undefined;
  commit?: string | null | undefined;
  env?: Array<string> | null | undefined;
  message?: string | null | undefined;
  metaData?: Array<BuildMetaDataInput> | null | undefined;
  pipelineID: string;
};

export type BuildMetaDataInput = {
  key: string;
  value: string;
};

export type BuildStates =
  | 'BLOCKED'
  | 'CANCELED'
  | 'CANCELING'
  | 'CREATING'
  | 'FAILED'
  | 'FAILING'
  | 'NOT_RUN'
  | 'PASSED'
  | 'RUNNING'
  | 'SCHEDULED'
  | 'SKIPPED';

export type ClusterAgentTokenCreateInput = {
  allowedIpAddresses?: string | null | undefined;
  clusterId: string;
  description: string;
  expiresAt?: string | null | undefined;
  organizationId: string;
};

export type ClusterAgentTokenRevokeInput = {
  id: string;
  organizationId: string;
};

export type ClusterAgentTokenUpdateInput = {
  allowedIpAddresses?: string | null | undefined;
  description: string;
  id: string;
  organizationId: string;
};

export type ClusterCreateInput = {
  color?: string | null | undefined;
  description?: string | null | undefined;
  emoji?: string | null | undefined;
  name: string;
  organizationId: string;
};

export type ClusterDeleteInput = {
  id: string;
  organizationId: string;
};

export type ClusterQueueCreateInput = {
  clusterId: string;
  description?: string | null | undefined;
  hostedAgents?: HostedAgentsQueueSettingsCreateInput | null | undefined;
  key: string;
  organizationId: string;
  retryAgentAffinity?: string | null | undefined;
};

export type ClusterQueueDeleteInput = {
  id: string;
  organizationId: string;
};

export type ClusterQueuePauseDispatchInput = {
  id: string;
  note?: string | null | undefined;
};

export type ClusterQueueResumeDispatchInput = {
  id: string;
};

export type ClusterQueueUpdateInput = {
  description?: string | null | undefined;
  hostedAgents?: HostedAgentsQueueSettingsUpdateInput | null | undefined;
  id: string;
  organizationId: string;
  retryAgentAffinity?: string | null | undefined;
};

export type ClusterUpdateInput = {
  color?: string | null | undefined;
  defaultQueueId?: string | null | undefined;
  description?: string | null | undefined;
  emoji?: string | null | undefined;
  id: string;
  name?: string | null | undefined;
  organizationId: string;
};

export type HostedAgentArchitecture =
  | 'AMD64'
  | 'ARM64';

export type HostedAgentInstanceShapeName =
  | 'LINUX_AMD64_2X4'
  | 'LINUX_AMD64_4X16'
  | 'LINUX_AMD64_8X32'
  | 'LINUX_AMD64_16X64'
  | 'LINUX_AMD64_32X128'
  | 'LINUX_AMD64_64X256'
  | 'LINUX_ARM64_2X4'
  | 'LINUX_ARM64_4X16'
  | 'LINUX_ARM64_8X32'
  | 'LINUX_ARM64_16X64'
  | 'LINUX_ARM64_32X128'
  | 'LINUX_ARM64_64X256'
  | 'MACOS_ARM64_M4_6X28'
  | 'MACOS_ARM64_M4_12X56';

export type HostedAgentMacOsVersion =
  | 'GOLDEN_GATE'
  | 'SEQUOIA'
  | 'SONOMA'
  | 'TAHOE'
  | 'TAHOE_26_6'
  | 'TAHOE_SLIM';

export type HostedAgentMachineType =
  | 'LINUX'
  | 'MACOS';

export type HostedAgentSize =
  | 'EXTRA_EXTRA_LARGE'
  | 'EXTRA_LARGE'
  | 'LARGE'
  | 'MEDIUM'
  | 'SMALL'
  | 'THREE_XL';

export type HostedAgentsLinuxPlatformSettingsInput = {
  agentImageRef?: string | null | undefined;
};

export type HostedAgentsMacosPlatformSettingsInput = {
  macosVersion?: HostedAgentMacOsVersion | null | undefined;
  xcodeVersion?: string | null | undefined;
};

export type HostedAgentsPlatformSettingsInput = {
  linux?: HostedAgentsLinuxPlatformSettingsInput | null | undefined;
  macos?: HostedAgentsMacosPlatformSettingsInput | null | undefined;
};

export type HostedAgentsQueueSettingsCreateInput = {
  instanceShape: HostedAgentInstanceShapeName;
  platformSettings?: HostedAgentsPlatformSettingsInput | null | undefined;
};

export type HostedAgentsQueueSettingsUpdateInput = {
  instanceShape?: HostedAgentInstanceShapeName | null | undefined;
  platformSettings?: HostedAgentsPlatformSettingsInput | null | undefined;
};

export type JobEventSignalReason =
  | 'AGENT_INCOMPATIBLE'
  | 'AGENT_REFUSED'
  | 'AGENT_STOP'
  | 'CANCEL'
  | 'PROCESS_RUN_ERROR'
  | 'SIGNATURE_REJECTED'
  | 'STACK_ERROR';

export type JobStates =
  | 'ACCEPTED'
  | 'ASSIGNED'
  | 'BLOCKED'
  | 'BLOCKED_FAILED'
  | 'BROKEN'
  | 'CANCELED'
  | 'CANCELING'
  | 'EXPIRED'
  | 'FINISHED'
  | 'LIMITED'
  | 'LIMITING'
  | 'PENDING'
  | 'PLATFORM_LIMITED'
  | 'PLATFORM_LIMITING'
  | 'RESERVED'
  | 'RUNNING'
  | 'SCHEDULED'
  | 'SKIPPED'
  | 'TIMED_OUT'
  | 'TIMING_OUT'
  | 'UNBLOCKED'
  | 'UNBLOCKED_FAILED'
  | 'WAITING'
  | 'WAITING_FAILED';

export type OrganizationMemberRole =
  | 'ADMIN'
  | 'MEMBER';

export type PipelineAccessLevels =
  | 'BUILD_AND_READ'
  | 'MANAGE_BUILD_AND_READ'
  | 'READ_ONLY';

export type PipelineArchiveInput = {
  id: string;
};

export type PipelineRepositoryInput = {
  url: string;
};

export type PipelineScheduleCreateInput = {
  branch?: string | null | undefined;
  commit?: string | null | undefined;
  cronline?: string | null | undefined;
  enabled?: boolean | null | undefined;
  env?: string | null | undefined;
  label?: string | null | undefined;
  message?: string | null | undefined;
  pipelineID: string;
};

export type PipelineScheduleDeleteInput = {
  id: string;
};

export type PipelineScheduleUpdateInput = {
  branch?: string | null | undefined;
  commit?: string | null | undefined;
  cronline?: string | null | undefined;
  enabled?: boolean | null | undefined;
  env?: string | null | undefined;
  id: string;
  label?: string | null | undefined;
  message?: string | null | undefined;
};

export type PipelineStepsInput = {
  yaml: string;
};

export type PipelineTagInput = {
  label: string;
};

export type PipelineUnarchiveInput = {
  id: string;
};

export type PipelineUpdateInput = {
  allowRebuilds?: boolean | null | undefined;
  branchConfiguration?: string | null | undefined;
  cancelIntermediateBuilds?: boolean | null | undefined;
  cancelIntermediateBuildsBranchFilter?: string | null | undefined;
  cloneMirrorUrl?: string | null | undefined;
  clusterId?: string | null | undefined;
  color?: string | null | undefined;
  defaultBranch?: string | null | undefined;
  defaultTimeoutInMinutes?: number | null | undefined;
  description?: string | null | undefined;
  emoji?: string | null | undefined;
  id: string;
  maximumTimeoutInMinutes?: number | null | undefined;
  name?: string | null | undefined;
  nextBuildNumber?: number | null | undefined;
  pipelineTemplateId?: string | null | undefined;
  repository?: PipelineRepositoryInput | null | undefined;
  skipIntermediateBuilds?: boolean | null | undefined;
  skipIntermediateBuildsBranchFilter?: string | null | undefined;
  steps?: PipelineStepsInput | null | undefined;
  tags?: Array<PipelineTagInput> | null | undefined;
  visibility?: PipelineVisibility | null | undefined;
};

export type PipelineVisibility =
  | 'PRIVATE'
  | 'PUBLIC';

export type RuleCreateInput = {
  description?: string | null | undefined;
  organizationId: string;
  type: string;
  value: { readonly $json: unknown };
};

export type RuleDeleteInput = {
  id: string;
  organizationId: string;
};

export type RuleEffect =
  | 'ALLOW';

export type RuleUpdateInput = {
  description?: string | null | undefined;
  id: string;
  organizationId: string;
  value: { readonly $json: unknown };
};

export type SsoProviderStates =
  | 'CREATED'
  | 'DISABLED'
  | 'ENABLED';

export type SsoProviderTypes =
  | 'GITHUB_APP'
  | 'GOOGLE_GSUITE'
  | 'SAML';

export type TeamCreateInput = {
  defaultMemberRole: TeamMemberRole;
  description?: string | null | undefined;
  isDefaultTeam: boolean;
  membersCanCreatePipelines?: boolean | null | undefined;
  membersCanCreateRegistries?: boolean | null | undefined;
  membersCanCreateSuites?: boolean | null | undefined;
  membersCanDeletePipelines?: boolean | null | undefined;
  membersCanDestroyPackages?: boolean | null | undefined;
  membersCanDestroyRegistries?: boolean | null | undefined;
  name: string;
  organizationID: string;
  privacy: TeamPrivacy;
};

export type TeamDeleteInput = {
  id: string;
};

export type TeamMemberCreateInput = {
  role?: TeamMemberRole | null | undefined;
  teamID: string;
  userID: string;
};

export type TeamMemberDeleteInput = {
  id: string;
};

export type TeamMemberRole =
  | 'MAINTAINER'
  | 'MEMBER';

export type TeamMemberUpdateInput = {
  id: string;
  role: TeamMemberRole;
};

export type TeamPipelineCreateInput = {
  accessLevel?: PipelineAccessLevels | null | undefined;
  pipelineID: string;
  teamID: string;
};

export type TeamPipelineDeleteInput = {
  force?: boolean | null | undefined;
  id: string;
};

export type TeamPipelineUpdateInput = {
  accessLevel: PipelineAccessLevels;
  id: string;
};

export type TeamPrivacy =
  | 'SECRET'
  | 'VISIBLE';

export type TeamUpdateInput = {
  defaultMemberRole: TeamMemberRole;
  description?: string | null | undefined;
  id: string;
  isDefaultTeam: boolean;
  membersCanCreatePipelines?: boolean | null | undefined;
  membersCanCreateRegistries?: boolean | null | undefined;
  membersCanCreateSuites?: boolean | null | undefined;
  membersCanDeletePipelines?: boolean | null | undefined;
  membersCanDestroyPackages?: boolean | null | undefined;
  membersCanDestroyRegistries?: boolean | null | undefined;
  name: string;
  privacy?: TeamPrivacy | null | undefined;
};

export type AgentTokensQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type AgentTokensQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, name: string, agentTokens: { count: number, edges: Array<{ node: { id: string, uuid: string, description: string | null, allowedIpAddresses: string | null, expiresAt: string | null, createdBy: { email: string } | null } | null } | null> | null } | null } | null } | null> | null } | null } | null };

export type AgentsQueryVariables = Exact<{
  organization: string;
  queues: Array<string> | string;
  after?: string | null | undefined;
}>;


export type AgentsQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, name: string, hostname: string | null, connectionState: string, connectedAt: string | null, clusterQueue: { uuid: string } | null } | null } | null> | null } | null } | null };

export type HostNamesQueryVariables = Exact<{
  organization: string;
  cluster: string;
  after?: string | null | undefined;
}>;


export type HostNamesQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, name: string, hostname: string | null, connectionState: string } | null } | null> | null } | null } | null };

export type ApiTokensQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type ApiTokensQuery = { organization: { page: { pageInfo: { hasNextPage: boolean, endCursor: string | null }, edges: Array<{ node: { id: string, uuid: string, description: string | null, scopes: Array<ApiAccessTokenScopes>, expiresAt: string | null, owner: { email: string } | null } | null } | null> | null } } | null };

export type ChangesOfQueryVariables = Exact<{
  organization: string;
  subjects?: Array<string> | string | null | undefined;
  from?: string | null | undefined;
  after?: string | null | undefined;
}>;


export type ChangesOfQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, occurredAt: string, subject: { uuid: string } | null, actor: { name: string | null, node:
              | { email: string }
              | Record<PropertyKey, never>
             | null } | null, context:
            | { __typename: 'AuditAPIContext', requestUserAgent: string | null }
            | { __typename: 'AuditAgentAPIContext', agentUuid: string | null }
            | { __typename: 'AuditWebContext', requestUserAgent: string | null }
           | null } | null } | null> | null } | null } | null };

export type HandFragment = { source:
    | { __typename: 'BuildSourceAPI' }
    | { __typename: 'BuildSourceFrontend' }
    | { __typename: 'BuildSourceSchedule', pipelineSchedule: { id: string } | null }
    | { __typename: 'BuildSourceTriggerJob' }
    | { __typename: 'BuildSourceWebhook' }
  , createdBy:
    | { email: string }
    | Record<PropertyKey, never>
   | null, pullRequest: { id: string } | null };

export type UnfinishedBuildFragment = { id: string, uuid: string, number: number, rebuiltFrom: { uuid: string, rebuiltFrom: { uuid: string } | null, source:
      | { __typename: 'BuildSourceAPI' }
      | { __typename: 'BuildSourceFrontend' }
      | { __typename: 'BuildSourceSchedule', pipelineSchedule: { id: string } | null }
      | { __typename: 'BuildSourceTriggerJob' }
      | { __typename: 'BuildSourceWebhook' }
    , createdBy:
      | { email: string }
      | Record<PropertyKey, never>
     | null, pullRequest: { id: string } | null } | null, triggeredFrom: { build: { pipeline: { slug: string, cluster: { name: string } | null }, source:
        | { __typename: 'BuildSourceAPI' }
        | { __typename: 'BuildSourceFrontend' }
        | { __typename: 'BuildSourceSchedule', pipelineSchedule: { id: string } | null }
        | { __typename: 'BuildSourceTriggerJob' }
        | { __typename: 'BuildSourceWebhook' }
      , createdBy:
        | { email: string }
        | Record<PropertyKey, never>
       | null, pullRequest: { id: string } | null } | null } | null, source:
    | { __typename: 'BuildSourceAPI' }
    | { __typename: 'BuildSourceFrontend' }
    | { __typename: 'BuildSourceSchedule', pipelineSchedule: { id: string } | null }
    | { __typename: 'BuildSourceTriggerJob' }
    | { __typename: 'BuildSourceWebhook' }
  , createdBy:
    | { email: string }
    | Record<PropertyKey, never>
   | null, pullRequest: { id: string } | null };

export type UnfinishedBuildsQueryVariables = Exact<{
  organization: string;
  cluster: string;
  after?: string | null | undefined;
  unfinished?: Array<JobStates> | JobStates | null | undefined;
}>;


export type UnfinishedBuildsQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, slug: string, jobs: { count: number } | null, builds: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, number: number, jobs: { count: number } | null, rebuiltFrom: { uuid: string, rebuiltFrom: { uuid: string } | null, source:
                    | { __typename: 'BuildSourceAPI' }
                    | { __typename: 'BuildSourceFrontend' }
                    | { __typename: 'BuildSourceSchedule', pipelineSchedule: { id: string } | null }
                    | { __typename: 'BuildSourceTriggerJob' }
                    | { __typename: 'BuildSourceWebhook' }
                  , createdBy:
                    | { email: string }
                    | Record<PropertyKey, never>
                   | null, pullRequest: { id: string } | null } | null, triggeredFrom: { build: { pipeline: { slug: string, cluster: { name: string } | null }, source:
                      | { __typename: 'BuildSourceAPI' }
                      | { __typename: 'BuildSourceFrontend' }
                      | { __typename: 'BuildSourceSchedule', pipelineSchedule: { id: string } | null }
                      | { __typename: 'BuildSourceTriggerJob' }
                      | { __typename: 'BuildSourceWebhook' }
                    , createdBy:
                      | { email: string }
                      | Record<PropertyKey, never>
                     | null, pullRequest: { id: string } | null } | null } | null, source:
                  | { __typename: 'BuildSourceAPI' }
                  | { __typename: 'BuildSourceFrontend' }
                  | { __typename: 'BuildSourceSchedule', pipelineSchedule: { id: string } | null }
                  | { __typename: 'BuildSourceTriggerJob' }
                  | { __typename: 'BuildSourceWebhook' }
                , createdBy:
                  | { email: string }
                  | Record<PropertyKey, never>
                 | null, pullRequest: { id: string } | null } | null } | null> | null } | null } | null } | null> | null } | null } | null };

export type UnfinishedBuildsOfPipelineQueryVariables = Exact<{
  pipeline: string;
  after?: string | null | undefined;
}>;


export type UnfinishedBuildsOfPipelineQuery = { pipeline: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, number: number, rebuiltFrom: { uuid: string, rebuiltFrom: { uuid: string } | null, source:
              | { __typename: 'BuildSourceAPI' }
              | { __typename: 'BuildSourceFrontend' }
              | { __typename: 'BuildSourceSchedule', pipelineSchedule: { id: string } | null }
              | { __typename: 'BuildSourceTriggerJob' }
              | { __typename: 'BuildSourceWebhook' }
            , createdBy:
              | { email: string }
              | Record<PropertyKey, never>
             | null, pullRequest: { id: string } | null } | null, triggeredFrom: { build: { pipeline: { slug: string, cluster: { name: string } | null }, source:
                | { __typename: 'BuildSourceAPI' }
                | { __typename: 'BuildSourceFrontend' }
                | { __typename: 'BuildSourceSchedule', pipelineSchedule: { id: string } | null }
                | { __typename: 'BuildSourceTriggerJob' }
                | { __typename: 'BuildSourceWebhook' }
              , createdBy:
                | { email: string }
                | Record<PropertyKey, never>
               | null, pullRequest: { id: string } | null } | null } | null, source:
            | { __typename: 'BuildSourceAPI' }
            | { __typename: 'BuildSourceFrontend' }
            | { __typename: 'BuildSourceSchedule', pipelineSchedule: { id: string } | null }
            | { __typename: 'BuildSourceTriggerJob' }
            | { __typename: 'BuildSourceWebhook' }
          , createdBy:
            | { email: string }
            | Record<PropertyKey, never>
           | null, pullRequest: { id: string } | null } | null } | null> | null } | null } | null };

export type UnfinishedJobsOfPipelineQueryVariables = Exact<{
  pipeline: string;
  after?: string | null | undefined;
  unfinished?: Array<JobStates> | JobStates | null | undefined;
}>;


export type UnfinishedJobsOfPipelineQuery = { pipeline: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node:
          | { uuid: string, build: { number: number, state: BuildStates } | null }
          | { uuid: string, build: { number: number, state: BuildStates } | null }
          | { uuid: string, build: { number: number, state: BuildStates } | null }
          | { uuid: string, build: { number: number, state: BuildStates } | null }
         | null } | null> | null } | null } | null };

export type OfJobFragment = { number: number, state: BuildStates };

export type ObservedJobsQueryVariables = Exact<{
  organization: string;
  queues: Array<string> | string;
  from: string;
  to: string;
  after?: string | null | undefined;
}>;


export type ObservedJobsQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node:
          | { id: string, uuid: string, startedAt: string | null, clusterQueue: { uuid: string } | null, pipeline: { uuid: string, slug: string } | null, build: { number: number, source:
                | { __typename: 'BuildSourceAPI' }
                | { __typename: 'BuildSourceFrontend' }
                | { __typename: 'BuildSourceSchedule' }
                | { __typename: 'BuildSourceTriggerJob' }
                | { __typename: 'BuildSourceWebhook' }
              , createdBy:
                | { name: string | null }
                | { email: string }
               | null } | null }
          | Record<PropertyKey, never>
         | null } | null> | null } | null } | null };

export type PipelineNamedQueryVariables = Exact<{
  slug: string;
}>;


export type PipelineNamedQuery = { pipeline: { id: string, uuid: string, cluster: { uuid: string, name: string } | null } | null };

export type BuildCreateMutationVariables = Exact<{
  input: BuildCreateInput;
}>;


export type BuildCreateMutation = { buildCreate: { made: { id: string, uuid: string, url: string } | null } | null };

export type CanaryBuildQueryVariables = Exact<{
  uuid: string;
}>;


export type CanaryBuildQuery = { build: { url: string, state: BuildStates, jobs: { count: number, edges: Array<{ node:
          | { uuid: string, state: JobStates, exitStatus: string | null, signalReason: JobEventSignalReason | null, agentQueryRules: Array<string> | null, clusterQueue: { uuid: string } | null, agent: { name: string } | null }
          | Record<PropertyKey, never>
         | null } | null> | null } | null, annotations: { count: number, edges: Array<{ node: { context: string, body: { html: string | null, text: string } | null } | null } | null> | null } | null } | null };

export type ClosePipelineFragment = { id: string, uuid: string, slug: string, archived: boolean, visibility: PipelineVisibility, allowRebuilds: boolean | null, branchConfiguration: string | null, cloneMirrorUrl: string | null, cluster: { name: string } | null, steps: { yaml: string | null } | null, pipelineTemplate: { uuid: string } | null, createdBy: { email: string } | null, repository: { url: string, provider:
      | { __typename: 'RepositoryProviderBitbucket', settings: { buildBranches: boolean, buildPullRequests: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null, pullRequestBranchFilterConfiguration: string | null, pullRequestBranchFilterEnabled: boolean } | null }
      | { __typename: 'RepositoryProviderBitbucketServer', settings: { buildBranches: boolean, buildPullRequests: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null } | null }
      | { __typename: 'RepositoryProviderGithub', settings: { buildBranches: boolean, buildCheckRunCompleted: boolean, buildCreateEvent: boolean, buildDeploymentStatusCreated: boolean, buildIssueCommentCreated: boolean, buildMergeGroupChecksRequested: boolean, buildPullRequestForks: boolean, buildPullRequestLabelsChanged: boolean, buildPullRequestReviewCommentCreated: boolean, buildPullRequestReviewDismissed: boolean, buildPullRequestReviewRequested: boolean, buildPullRequestReviewSubmitted: boolean, buildPullRequests: boolean, buildReleaseCreated: boolean, buildReleasePublished: boolean, buildReleaseReleased: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null, githubWorkflowAccessTokensEnabled: boolean, pullRequestBranchFilterConfiguration: string | null, pullRequestBranchFilterEnabled: boolean, triggerMode: string } | null }
      | { __typename: 'RepositoryProviderGithubEnterprise', settings: { buildBranches: boolean, buildCheckRunCompleted: boolean, buildCreateEvent: boolean, buildDeploymentStatusCreated: boolean, buildIssueCommentCreated: boolean, buildMergeGroupChecksRequested: boolean, buildPullRequestForks: boolean, buildPullRequestLabelsChanged: boolean, buildPullRequestReviewCommentCreated: boolean, buildPullRequestReviewDismissed: boolean, buildPullRequestReviewRequested: boolean, buildPullRequestReviewSubmitted: boolean, buildPullRequests: boolean, buildReleaseCreated: boolean, buildReleasePublished: boolean, buildReleaseReleased: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null, githubWorkflowAccessTokensEnabled: boolean, pullRequestBranchFilterConfiguration: string | null, pullRequestBranchFilterEnabled: boolean, triggerMode: string } | null }
     | null } | null, teams: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, accessLevel: PipelineAccessLevels, team: { slug: string } | null } | null } | null> | null } | null, schedules: { count: number, edges: Array<{ node: { id: string, uuid: string, label: string, cronline: string, message: string | null, commit: string | null, branch: string | null, env: Array<string> | null, enabled: boolean | null, createdBy: { email: string } | null } | null } | null> | null } | null };

export type PipelineTeamFragment = { id: string, uuid: string, accessLevel: PipelineAccessLevels, team: { slug: string } | null };

export type ClusterPipelinesQueryVariables = Exact<{
  organization: string;
  cluster: string;
  after?: string | null | undefined;
}>;


export type ClusterPipelinesQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, slug: string, archived: boolean, visibility: PipelineVisibility, allowRebuilds: boolean | null, branchConfiguration: string | null, cloneMirrorUrl: string | null, cluster: { name: string } | null, steps: { yaml: string | null } | null, pipelineTemplate: { uuid: string } | null, createdBy: { email: string } | null, repository: { url: string, provider:
              | { __typename: 'RepositoryProviderBitbucket', settings: { buildBranches: boolean, buildPullRequests: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null, pullRequestBranchFilterConfiguration: string | null, pullRequestBranchFilterEnabled: boolean } | null }
              | { __typename: 'RepositoryProviderBitbucketServer', settings: { buildBranches: boolean, buildPullRequests: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null } | null }
              | { __typename: 'RepositoryProviderGithub', settings: { buildBranches: boolean, buildCheckRunCompleted: boolean, buildCreateEvent: boolean, buildDeploymentStatusCreated: boolean, buildIssueCommentCreated: boolean, buildMergeGroupChecksRequested: boolean, buildPullRequestForks: boolean, buildPullRequestLabelsChanged: boolean, buildPullRequestReviewCommentCreated: boolean, buildPullRequestReviewDismissed: boolean, buildPullRequestReviewRequested: boolean, buildPullRequestReviewSubmitted: boolean, buildPullRequests: boolean, buildReleaseCreated: boolean, buildReleasePublished: boolean, buildReleaseReleased: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null, githubWorkflowAccessTokensEnabled: boolean, pullRequestBranchFilterConfiguration: string | null, pullRequestBranchFilterEnabled: boolean, triggerMode: string } | null }
              | { __typename: 'RepositoryProviderGithubEnterprise', settings: { buildBranches: boolean, buildCheckRunCompleted: boolean, buildCreateEvent: boolean, buildDeploymentStatusCreated: boolean, buildIssueCommentCreated: boolean, buildMergeGroupChecksRequested: boolean, buildPullRequestForks: boolean, buildPullRequestLabelsChanged: boolean, buildPullRequestReviewCommentCreated: boolean, buildPullRequestReviewDismissed: boolean, buildPullRequestReviewRequested: boolean, buildPullRequestReviewSubmitted: boolean, buildPullRequests: boolean, buildReleaseCreated: boolean, buildReleasePublished: boolean, buildReleaseReleased: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null, githubWorkflowAccessTokensEnabled: boolean, pullRequestBranchFilterConfiguration: string | null, pullRequestBranchFilterEnabled: boolean, triggerMode: string } | null }
             | null } | null, teams: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, accessLevel: PipelineAccessLevels, team: { slug: string } | null } | null } | null> | null } | null, schedules: { count: number, edges: Array<{ node: { id: string, uuid: string, label: string, cronline: string, message: string | null, commit: string | null, branch: string | null, env: Array<string> | null, enabled: boolean | null, createdBy: { email: string } | null } | null } | null> | null } | null } | null } | null> | null } | null } | null };

export type OnePipelineQueryVariables = Exact<{
  pipeline: string;
}>;


export type OnePipelineQuery = { pipeline: { id: string, uuid: string, slug: string, archived: boolean, visibility: PipelineVisibility, allowRebuilds: boolean | null, branchConfiguration: string | null, cloneMirrorUrl: string | null, cluster: { name: string } | null, steps: { yaml: string | null } | null, pipelineTemplate: { uuid: string } | null, createdBy: { email: string } | null, repository: { url: string, provider:
        | { __typename: 'RepositoryProviderBitbucket', settings: { buildBranches: boolean, buildPullRequests: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null, pullRequestBranchFilterConfiguration: string | null, pullRequestBranchFilterEnabled: boolean } | null }
        | { __typename: 'RepositoryProviderBitbucketServer', settings: { buildBranches: boolean, buildPullRequests: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null } | null }
        | { __typename: 'RepositoryProviderGithub', settings: { buildBranches: boolean, buildCheckRunCompleted: boolean, buildCreateEvent: boolean, buildDeploymentStatusCreated: boolean, buildIssueCommentCreated: boolean, buildMergeGroupChecksRequested: boolean, buildPullRequestForks: boolean, buildPullRequestLabelsChanged: boolean, buildPullRequestReviewCommentCreated: boolean, buildPullRequestReviewDismissed: boolean, buildPullRequestReviewRequested: boolean, buildPullRequestReviewSubmitted: boolean, buildPullRequests: boolean, buildReleaseCreated: boolean, buildReleasePublished: boolean, buildReleaseReleased: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null, githubWorkflowAccessTokensEnabled: boolean, pullRequestBranchFilterConfiguration: string | null, pullRequestBranchFilterEnabled: boolean, triggerMode: string } | null }
        | { __typename: 'RepositoryProviderGithubEnterprise', settings: { buildBranches: boolean, buildCheckRunCompleted: boolean, buildCreateEvent: boolean, buildDeploymentStatusCreated: boolean, buildIssueCommentCreated: boolean, buildMergeGroupChecksRequested: boolean, buildPullRequestForks: boolean, buildPullRequestLabelsChanged: boolean, buildPullRequestReviewCommentCreated: boolean, buildPullRequestReviewDismissed: boolean, buildPullRequestReviewRequested: boolean, buildPullRequestReviewSubmitted: boolean, buildPullRequests: boolean, buildReleaseCreated: boolean, buildReleasePublished: boolean, buildReleaseReleased: boolean, buildTags: boolean, filterCondition: string | null, filterEnabled: boolean | null, githubWorkflowAccessTokensEnabled: boolean, pullRequestBranchFilterConfiguration: string | null, pullRequestBranchFilterEnabled: boolean, triggerMode: string } | null }
       | null } | null, teams: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, accessLevel: PipelineAccessLevels, team: { slug: string } | null } | null } | null> | null } | null, schedules: { count: number, edges: Array<{ node: { id: string, uuid: string, label: string, cronline: string, message: string | null, commit: string | null, branch: string | null, env: Array<string> | null, enabled: boolean | null, createdBy: { email: string } | null } | null } | null> | null } | null } | null };

export type TeamsOfPipelineQueryVariables = Exact<{
  pipeline: string;
  after?: string | null | undefined;
}>;


export type TeamsOfPipelineQuery = { pipeline: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, accessLevel: PipelineAccessLevels, team: { slug: string } | null } | null } | null> | null } | null } | null };

export type ClustersQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type ClustersQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, name: string, description: string | null, emoji: string | null, color: string | null, defaultQueue: { id: string, uuid: string, key: string } | null, queues: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, key: string, description: string | null, hosted: boolean, retryAgentAffinity: string, dispatchPaused: boolean, dispatchPausedNote: string | null, hostedAgents: { instanceShape: { name: HostedAgentInstanceShapeName | null, size: HostedAgentSize | null, machineType: HostedAgentMachineType | null, architecture: HostedAgentArchitecture | null, vcpu: number | null, memory: number | null } | null, platformSettings: { linux: { agentImageRef: string | null } | null, macos: { macosVersion: HostedAgentMacOsVersion | null, xcodeVersion: string | null } | null } | null } | null } | null } | null> | null } | null } | null } | null> | null } | null } | null };

export type ClusterCreateMutationVariables = Exact<{
  input: ClusterCreateInput;
}>;


export type ClusterCreateMutation = { clusterCreate: { made: { id: string, uuid: string } } | null };

export type ClusterUpdateMutationVariables = Exact<{
  input: ClusterUpdateInput;
}>;


export type ClusterUpdateMutation = { clusterUpdate: { made: { id: string, uuid: string } } | null };

export type ClusterDeleteMutationVariables = Exact<{
  input: ClusterDeleteInput;
}>;


export type ClusterDeleteMutation = { clusterDelete: { deletedClusterId: string } | null };

export type TeamPipelineFragment = { id: string, uuid: string, accessLevel: PipelineAccessLevels, pipeline: { id: string, uuid: string, slug: string } | null };

export type TeamPipelinesQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type TeamPipelinesQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, slug: string, pipelines: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, accessLevel: PipelineAccessLevels, pipeline: { id: string, uuid: string, slug: string } | null } | null } | null> | null } | null } | null } | null> | null } | null } | null };

export type PipelinesOfTeamQueryVariables = Exact<{
  team: string;
  after?: string | null | undefined;
}>;


export type PipelinesOfTeamQuery = { team: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, accessLevel: PipelineAccessLevels, pipeline: { id: string, uuid: string, slug: string } | null } | null } | null> | null } | null } | null };

export type GrantCreateMutationVariables = Exact<{
  input: TeamPipelineCreateInput;
}>;


export type GrantCreateMutation = { teamPipelineCreate: { made: { id: string, uuid: string } | null } | null };

export type GrantUpdateMutationVariables = Exact<{
  input: TeamPipelineUpdateInput;
}>;


export type GrantUpdateMutation = { teamPipelineUpdate: { made: { id: string, uuid: string } } | null };

export type GrantDeleteMutationVariables = Exact<{
  input: TeamPipelineDeleteInput;
}>;


export type GrantDeleteMutation = { teamPipelineDelete: { deletedTeamPipelineID: string } | null };

export type InvitationsQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type InvitationsQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, email: string, role: OrganizationMemberRole, teams: { count: number, edges: Array<{ node: { role: TeamMemberRole, team: { slug: string } } | null } | null> | null } | null } | null } | null> | null } | null } | null };

export type GrantMadeFragment = { id: string, uuid: string, createdAt: string, createdBy: { email: string } | null };

export type ScheduleMadeFragment = { id: string, uuid: string, createdAt: string | null, createdBy: { email: string } | null };

export type MadeInClusterQueryVariables = Exact<{
  organization: string;
  cluster: string;
  after?: string | null | undefined;
}>;


export type MadeInClusterQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, slug: string, createdAt: string | null, createdBy: { email: string } | null, teams: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, createdAt: string, createdBy: { email: string } | null } | null } | null> | null } | null, schedules: { count: number, edges: Array<{ node: { id: string, uuid: string, createdAt: string | null, createdBy: { email: string } | null } | null } | null> | null } | null } | null } | null> | null } | null } | null };

export type GrantsMadeQueryVariables = Exact<{
  pipeline: string;
  after?: string | null | undefined;
}>;


export type GrantsMadeQuery = { pipeline: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, createdAt: string, createdBy: { email: string } | null } | null } | null> | null } | null } | null };

export type SchedulesMadeQueryVariables = Exact<{
  pipeline: string;
}>;


export type SchedulesMadeQuery = { pipeline: { page: { count: number, edges: Array<{ node: { id: string, uuid: string, createdAt: string | null, createdBy: { email: string } | null } | null } | null> | null } | null } | null };

export type TeamMemberFragment = { id: string, uuid: string, role: TeamMemberRole, user: { id: string, uuid: string, name: string, email: string, bot: boolean } | null };

export type TeamMembersQueryVariables = Exact<{
  team: string;
  after?: string | null | undefined;
}>;


export type TeamMembersQuery = { team: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, role: TeamMemberRole, user: { id: string, uuid: string, name: string, email: string, bot: boolean } | null } | null } | null> | null } | null } | null };

export type MemberCreateMutationVariables = Exact<{
  input: TeamMemberCreateInput;
}>;


export type MemberCreateMutation = { teamMemberCreate: { teamMemberEdge: { made: { id: string, uuid: string } | null } | null } | null };

export type MemberUpdateMutationVariables = Exact<{
  input: TeamMemberUpdateInput;
}>;


export type MemberUpdateMutation = { teamMemberUpdate: { made: { id: string, uuid: string } } | null };

export type MemberDeleteMutationVariables = Exact<{
  input: TeamMemberDeleteInput;
}>;


export type MemberDeleteMutation = { teamMemberDelete: { deletedTeamMemberID: string } | null };

export type OrganizationQueryVariables = Exact<{
  organization: string;
}>;


export type OrganizationQuery = { organization: { id: string, uuid: string, slug: string, name: string, isTeamsEnabled: boolean | null, permissions: { organizationUpdate: { allowed: boolean } | null, organizationMemberUpdate: { allowed: boolean } | null } } | null, viewer: { user: { id: string, uuid: string, name: string, email: string } | null } | null };

export type CensusQueryVariables = Exact<{
  organization: string;
}>;


export type CensusQuery = { organization: { members: { count: number } | null, pipelines: { count: number, edges: Array<{ node: { uuid: string, schedules: { count: number } | null } | null } | null> | null } | null, rules: { count: number } | null, clusters: { count: number, edges: Array<{ node: { uuid: string, queues: { count: number } | null } | null } | null> | null } | null, teams: { count: number, edges: Array<{ node: { uuid: string, members: { count: number } | null, pipelines: { count: number } | null } | null } | null> | null } | null } | null };

export type PipelinesQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type PipelinesQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, slug: string, name: string, description: string | null, emoji: string | null, color: string | null, visibility: PipelineVisibility, archived: boolean, defaultBranch: string | null, branchConfiguration: string | null, allowRebuilds: boolean | null, nextBuildNumber: number, skipIntermediateBuilds: boolean, skipIntermediateBuildsBranchFilter: string | null, cancelIntermediateBuilds: boolean, cancelIntermediateBuildsBranchFilter: string | null, defaultTimeoutInMinutes: number | null, maximumTimeoutInMinutes: number | null, cloneMirrorUrl: string | null, createdAt: string | null } | null } | null> | null } | null } | null };

export type PipelineDetailsQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type PipelineDetailsQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { uuid: string, repository: { url: string } | null, steps: { yaml: string | null } | null, tags: Array<{ label: string }>, cluster: { id: string, uuid: string, name: string } | null, pipelineTemplate: { id: string, uuid: string } | null, createdBy: { email: string } | null } | null } | null> | null } | null } | null };

export type PipelineUpdateMutationVariables = Exact<{
  input: PipelineUpdateInput;
}>;


export type PipelineUpdateMutation = { pipelineUpdate: { made: { id: string, uuid: string, slug: string } } | null };

export type PipelineArchiveMutationVariables = Exact<{
  input: PipelineArchiveInput;
}>;


export type PipelineArchiveMutation = { pipelineArchive: { made: { id: string, uuid: string, slug: string } } | null };

export type PipelineUnarchiveMutationVariables = Exact<{
  input: PipelineUnarchiveInput;
}>;


export type PipelineUnarchiveMutation = { pipelineUnarchive: { made: { id: string, uuid: string, slug: string } } | null };

export type QueueFragment = { id: string, uuid: string, key: string, description: string | null, hosted: boolean, retryAgentAffinity: string, dispatchPaused: boolean, dispatchPausedNote: string | null, hostedAgents: { instanceShape: { name: HostedAgentInstanceShapeName | null, size: HostedAgentSize | null, machineType: HostedAgentMachineType | null, architecture: HostedAgentArchitecture | null, vcpu: number | null, memory: number | null } | null, platformSettings: { linux: { agentImageRef: string | null } | null, macos: { macosVersion: HostedAgentMacOsVersion | null, xcodeVersion: string | null } | null } | null } | null };

export type ClusterQueuesQueryVariables = Exact<{
  organization: string;
  cluster: string;
  after?: string | null | undefined;
}>;


export type ClusterQueuesQuery = { organization: { cluster: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, key: string, description: string | null, hosted: boolean, retryAgentAffinity: string, dispatchPaused: boolean, dispatchPausedNote: string | null, hostedAgents: { instanceShape: { name: HostedAgentInstanceShapeName | null, size: HostedAgentSize | null, machineType: HostedAgentMachineType | null, architecture: HostedAgentArchitecture | null, vcpu: number | null, memory: number | null } | null, platformSettings: { linux: { agentImageRef: string | null } | null, macos: { macosVersion: HostedAgentMacOsVersion | null, xcodeVersion: string | null } | null } | null } | null } | null } | null> | null } | null } | null } | null };

export type QueueCreateMutationVariables = Exact<{
  input: ClusterQueueCreateInput;
}>;


export type QueueCreateMutation = { clusterQueueCreate: { made: { id: string, uuid: string } } | null };

export type QueueUpdateMutationVariables = Exact<{
  input: ClusterQueueUpdateInput;
}>;


export type QueueUpdateMutation = { clusterQueueUpdate: { made: { id: string, uuid: string } } | null };

export type QueueDeleteMutationVariables = Exact<{
  input: ClusterQueueDeleteInput;
}>;


export type QueueDeleteMutation = { clusterQueueDelete: { deletedClusterQueueId: string } | null };

export type QueuePauseMutationVariables = Exact<{
  input: ClusterQueuePauseDispatchInput;
}>;


export type QueuePauseMutation = { clusterQueuePauseDispatch: { made: { id: string, uuid: string } } | null };

export type QueueResumeMutationVariables = Exact<{
  input: ClusterQueueResumeDispatchInput;
}>;


export type QueueResumeMutation = { clusterQueueResumeDispatch: { made: { id: string, uuid: string } } | null };

export type RulesQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type RulesQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, type: string, effect: RuleEffect | null, description: string | null, document: string | null, source: { slug: string } | null, target: { slug: string } | null } | null } | null> | null } | null } | null };

export type RuleCreateMutationVariables = Exact<{
  input: RuleCreateInput;
}>;


export type RuleCreateMutation = { ruleCreate: { made: { id: string, uuid: string } } | null };

export type RuleUpdateMutationVariables = Exact<{
  input: RuleUpdateInput;
}>;


export type RuleUpdateMutation = { ruleUpdate: { made: { id: string, uuid: string } } | null };

export type RuleDeleteMutationVariables = Exact<{
  input: RuleDeleteInput;
}>;


export type RuleDeleteMutation = { ruleDelete: { deletedRuleId: string } | null };

export type ScheduleFragment = { id: string, uuid: string, label: string, cronline: string, message: string | null, commit: string | null, branch: string | null, env: Array<string> | null, enabled: boolean | null, createdBy: { email: string } | null };

export type SchedulesQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type SchedulesQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, slug: string, schedules: { count: number, edges: Array<{ node: { id: string, uuid: string, label: string, cronline: string, message: string | null, commit: string | null, branch: string | null, env: Array<string> | null, enabled: boolean | null, createdBy: { email: string } | null } | null } | null> | null } | null } | null } | null> | null } | null } | null };

export type ClusterSchedulesQueryVariables = Exact<{
  organization: string;
  cluster: string;
  after?: string | null | undefined;
}>;


export type ClusterSchedulesQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, slug: string, schedules: { count: number, edges: Array<{ node: { id: string, uuid: string, label: string, cronline: string, message: string | null, commit: string | null, branch: string | null, env: Array<string> | null, enabled: boolean | null, createdBy: { email: string } | null } | null } | null> | null } | null } | null } | null> | null } | null } | null };

export type SchedulesOfPipelineQueryVariables = Exact<{
  pipeline: string;
}>;


export type SchedulesOfPipelineQuery = { pipeline: { page: { count: number, edges: Array<{ node: { id: string, uuid: string, label: string, cronline: string, message: string | null, commit: string | null, branch: string | null, env: Array<string> | null, enabled: boolean | null, createdBy: { email: string } | null } | null } | null> | null } | null } | null };

export type ScheduleCreateMutationVariables = Exact<{
  input: PipelineScheduleCreateInput;
}>;


export type ScheduleCreateMutation = { pipelineScheduleCreate: { pipelineScheduleEdge: { made: { id: string, uuid: string } | null } } | null };

export type ScheduleUpdateMutationVariables = Exact<{
  input: PipelineScheduleUpdateInput;
}>;


export type ScheduleUpdateMutation = { pipelineScheduleUpdate: { made: { id: string, uuid: string } } | null };

export type ScheduleDeleteMutationVariables = Exact<{
  input: PipelineScheduleDeleteInput;
}>;


export type ScheduleDeleteMutation = { pipelineScheduleDelete: { deletedPipelineScheduleID: string } | null };

export type SsoProvidersQueryVariables = Exact<{
  organization: string;
}>;


export type SsoProvidersQuery = { organization: { ssoProviders: { count: number, edges: Array<{ node:
          | { id: string, uuid: string, type: SsoProviderTypes, state: SsoProviderStates, emailDomain: string | null }
          | { id: string, uuid: string, type: SsoProviderTypes, state: SsoProviderStates, emailDomain: string | null }
          | { id: string, uuid: string, type: SsoProviderTypes, state: SsoProviderStates, emailDomain: string | null }
         | null } | null> | null } | null } | null };

export type TeamsQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type TeamsQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, slug: string, name: string, description: string | null, privacy: TeamPrivacy, isDefaultTeam: boolean, defaultMemberRole: TeamMemberRole, membersCanCreatePipelines: boolean, membersCanDeletePipelines: boolean, membersCanCreateSuites: boolean, membersCanCreateRegistries: boolean, membersCanDestroyRegistries: boolean, membersCanDestroyPackages: boolean, members: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, role: TeamMemberRole, user: { id: string, uuid: string, name: string, email: string, bot: boolean } | null } | null } | null> | null } | null } | null } | null> | null } | null } | null };

export type TeamOriginQueryVariables = Exact<{
  team: string;
}>;


export type TeamOriginQuery = { team: { createdAt: string, createdBy: { email: string } | null } | null };

export type TeamCreateMutationVariables = Exact<{
  input: TeamCreateInput;
}>;


export type TeamCreateMutation = { teamCreate: { teamEdge: { made: { id: string, uuid: string, slug: string } | null } } | null };

export type TeamUpdateMutationVariables = Exact<{
  input: TeamUpdateInput;
}>;


export type TeamUpdateMutation = { teamUpdate: { made: { id: string, uuid: string, slug: string } } | null };

export type TeamDeleteMutationVariables = Exact<{
  input: TeamDeleteInput;
}>;


export type TeamDeleteMutation = { teamDelete: { deletedTeamID: string } | null };

export type PipelineTemplatesQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type PipelineTemplatesQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, name: string } | null } | null> | null } | null } | null };

export type TokenCreateMutationVariables = Exact<{
  input: ClusterAgentTokenCreateInput;
}>;


export type TokenCreateMutation = { clusterAgentTokenCreate: { secret: string, made: { id: string, uuid: string } } | null };

export type TokenUpdateMutationVariables = Exact<{
  input: ClusterAgentTokenUpdateInput;
}>;


export type TokenUpdateMutation = { clusterAgentTokenUpdate: { made: { id: string, uuid: string } } | null };

export type TokenRevokeMutationVariables = Exact<{
  input: ClusterAgentTokenRevokeInput;
}>;


export type TokenRevokeMutation = { clusterAgentTokenRevoke: { deletedClusterAgentTokenId: string } | null };

export type UnclusteredPipelinesQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type UnclusteredPipelinesQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, slug: string } | null } | null> | null } | null } | null };

export type UnclusteredAgentsQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type UnclusteredAgentsQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, name: string, hostname: string | null, connectionState: string, clusterQueue: { uuid: string } | null } | null } | null> | null } | null } | null };

export type UnclusteredTokensQueryVariables = Exact<{
  organization: string;
}>;


export type UnclusteredTokensQuery = { organization: { agentTokens: { count: number, edges: Array<{ node: { id: string, uuid: string, description: string | null } | null } | null> | null } | null } | null };

export type MembersQueryVariables = Exact<{
  organization: string;
  after?: string | null | undefined;
}>;


export type MembersQuery = { organization: { page: { count: number, pageInfo: { hasNextPage: boolean, endCursor: string | null } | null, edges: Array<{ node: { id: string, uuid: string, role: OrganizationMemberRole, user: { id: string, uuid: string, name: string, email: string, bot: boolean } } | null } | null> | null } | null } | null };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const HandFragmentDoc = new TypedDocumentString(`
    fragment Hand on Build {
  source {
    __typename
    ... on BuildSourceSchedule {
      pipelineSchedule {
        id
      }
    }
  }
  createdBy {
    ... on User {
      email
    }
  }
  pullRequest {
    id
  }
}
    `, {"fragmentName":"Hand"}) as unknown as TypedDocumentString<HandFragment, unknown>;
export const UnfinishedBuildFragmentDoc = new TypedDocumentString(`
    fragment UnfinishedBuild on Build {
  id
  uuid
  number
  ...Hand
  rebuiltFrom {
    uuid
    ...Hand
    rebuiltFrom {
      uuid
    }
  }
  triggeredFrom {
    build {
      ...Hand
      pipeline {
        slug
        cluster {
          name
        }
      }
    }
  }
}
    fragment Hand on Build {
  source {
    __typename
    ... on BuildSourceSchedule {
      pipelineSchedule {
        id
      }
    }
  }
  createdBy {
    ... on User {
      email
    }
  }
  pullRequest {
    id
  }
}`, {"fragmentName":"UnfinishedBuild"}) as unknown as TypedDocumentString<UnfinishedBuildFragment, unknown>;
export const OfJobFragmentDoc = new TypedDocumentString(`
    fragment OfJob on Build {
  number
  state
}
    `, {"fragmentName":"OfJob"}) as unknown as TypedDocumentString<OfJobFragment, unknown>;
export const PipelineTeamFragmentDoc = new TypedDocumentString(`
    fragment PipelineTeam on TeamPipeline {
  id
  uuid
  accessLevel
  team {
    slug
  }
}
    `, {"fragmentName":"PipelineTeam"}) as unknown as TypedDocumentString<PipelineTeamFragment, unknown>;
export const ScheduleFragmentDoc = new TypedDocumentString(`
    fragment Schedule on PipelineSchedule {
  id
  uuid
  label
  cronline
  message
  commit
  branch
  env
  enabled
  createdBy {
    email
  }
}
    `, {"fragmentName":"Schedule"}) as unknown as TypedDocumentString<ScheduleFragment, unknown>;
export const ClosePipelineFragmentDoc = new TypedDocumentString(`
    fragment ClosePipeline on Pipeline {
  id
  uuid
  slug
  archived
  visibility
  allowRebuilds
  branchConfiguration
  cloneMirrorUrl
  cluster {
    name
  }
  steps {
    yaml
  }
  pipelineTemplate {
    uuid
  }
  createdBy {
    email
  }
  repository {
    url
    provider {
      __typename
      ... on RepositoryProviderGithub {
        settings {
          buildBranches
          buildCheckRunCompleted
          buildCreateEvent
          buildDeploymentStatusCreated
          buildIssueCommentCreated
          buildMergeGroupChecksRequested
          buildPullRequestForks
          buildPullRequestLabelsChanged
          buildPullRequestReviewCommentCreated
          buildPullRequestReviewDismissed
          buildPullRequestReviewRequested
          buildPullRequestReviewSubmitted
          buildPullRequests
          buildReleaseCreated
          buildReleasePublished
          buildReleaseReleased
          buildTags
          filterCondition
          filterEnabled
          githubWorkflowAccessTokensEnabled
          pullRequestBranchFilterConfiguration
          pullRequestBranchFilterEnabled
          triggerMode
        }
      }
      ... on RepositoryProviderGithubEnterprise {
        settings {
          buildBranches
          buildCheckRunCompleted
          buildCreateEvent
          buildDeploymentStatusCreated
          buildIssueCommentCreated
          buildMergeGroupChecksRequested
          buildPullRequestForks
          buildPullRequestLabelsChanged
          buildPullRequestReviewCommentCreated
          buildPullRequestReviewDismissed
          buildPullRequestReviewRequested
          buildPullRequestReviewSubmitted
          buildPullRequests
          buildReleaseCreated
          buildReleasePublished
          buildReleaseReleased
          buildTags
          filterCondition
          filterEnabled
          githubWorkflowAccessTokensEnabled
          pullRequestBranchFilterConfiguration
          pullRequestBranchFilterEnabled
          triggerMode
        }
      }
      ... on RepositoryProviderBitbucket {
        settings {
          buildBranches
          buildPullRequests
          buildTags
          filterCondition
          filterEnabled
          pullRequestBranchFilterConfiguration
          pullRequestBranchFilterEnabled
        }
      }
      ... on RepositoryProviderBitbucketServer {
        settings {
          buildBranches
          buildPullRequests
          buildTags
          filterCondition
          filterEnabled
        }
      }
    }
  }
  teams(first: 50, order: NAME) {
    count
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...PipelineTeam
      }
    }
  }
  schedules(first: 20) {
    count
    edges {
      node {
        ...Schedule
      }
    }
  }
}
    fragment PipelineTeam on TeamPipeline {
  id
  uuid
  accessLevel
  team {
    slug
  }
}
fragment Schedule on PipelineSchedule {
  id
  uuid
  label
  cronline
  message
  commit
  branch
  env
  enabled
  createdBy {
    email
  }
}`, {"fragmentName":"ClosePipeline"}) as unknown as TypedDocumentString<ClosePipelineFragment, unknown>;
export const TeamPipelineFragmentDoc = new TypedDocumentString(`
    fragment TeamPipeline on TeamPipeline {
  id
  uuid
  accessLevel
  pipeline {
    id
    uuid
    slug
  }
}
    `, {"fragmentName":"TeamPipeline"}) as unknown as TypedDocumentString<TeamPipelineFragment, unknown>;
export const GrantMadeFragmentDoc = new TypedDocumentString(`
    fragment GrantMade on TeamPipeline {
  id
  uuid
  createdAt
  createdBy {
    email
  }
}
    `, {"fragmentName":"GrantMade"}) as unknown as TypedDocumentString<GrantMadeFragment, unknown>;
export const ScheduleMadeFragmentDoc = new TypedDocumentString(`
    fragment ScheduleMade on PipelineSchedule {
  id
  uuid
  createdAt
  createdBy {
    email
  }
}
    `, {"fragmentName":"ScheduleMade"}) as unknown as TypedDocumentString<ScheduleMadeFragment, unknown>;
export const TeamMemberFragmentDoc = new TypedDocumentString(`
    fragment TeamMember on TeamMember {
  id
  uuid
  role
  user {
    id
    uuid
    name
    email
    bot
  }
}
    `, {"fragmentName":"TeamMember"}) as unknown as TypedDocumentString<TeamMemberFragment, unknown>;
export const QueueFragmentDoc = new TypedDocumentString(`
    fragment Queue on ClusterQueue {
  id
  uuid
  key
  description
  hosted
  hostedAgents {
    instanceShape {
      name
      size
      machineType
      architecture
      vcpu
      memory
    }
    platformSettings {
      linux {
        agentImageRef
      }
      macos {
        macosVersion
        xcodeVersion
      }
    }
  }
  retryAgentAffinity
  dispatchPaused
  dispatchPausedNote
}
    `, {"fragmentName":"Queue"}) as unknown as TypedDocumentString<QueueFragment, unknown>;
export const AgentTokensDocument = new TypedDocumentString(`
    query AgentTokens($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: clusters(first: 100, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          name
          agentTokens(first: 200) {
            count
            edges {
              node {
                id
                uuid
                description
                allowedIpAddresses
                expiresAt
                createdBy {
                  email
                }
              }
            }
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AgentTokensQuery, AgentTokensQueryVariables>;
export const AgentsDocument = new TypedDocumentString(`
    query Agents($organization: ID!, $queues: [ID!]!, $after: String) {
  organization(slug: $organization) {
    page: agents(first: 500, after: $after, clusterQueue: $queues) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          name
          hostname
          connectionState
          connectedAt
          clusterQueue {
            uuid
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<AgentsQuery, AgentsQueryVariables>;
export const HostNamesDocument = new TypedDocumentString(`
    query HostNames($organization: ID!, $cluster: ID!, $after: String) {
  organization(slug: $organization) {
    page: agents(first: 500, after: $after, cluster: $cluster) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          name
          hostname
          connectionState
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<HostNamesQuery, HostNamesQueryVariables>;
export const ApiTokensDocument = new TypedDocumentString(`
    query ApiTokens($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: apiAccessTokens(first: 500, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          description
          scopes
          expiresAt
          owner {
            email
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ApiTokensQuery, ApiTokensQueryVariables>;
export const ChangesOfDocument = new TypedDocumentString(`
    query ChangesOf($organization: ID!, $subjects: [ID!], $from: DateTime, $after: String) {
  organization(slug: $organization) {
    page: auditEvents(
      first: 500
      after: $after
      subjectUUID: $subjects
      occurredAtFrom: $from
    ) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          occurredAt
          subject {
            uuid
          }
          actor {
            name
            node {
              ... on User {
                email
              }
            }
          }
          context {
            __typename
            ... on AuditAPIContext {
              requestUserAgent
            }
            ... on AuditWebContext {
              requestUserAgent
            }
            ... on AuditAgentAPIContext {
              agentUuid
            }
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ChangesOfQuery, ChangesOfQueryVariables>;
export const UnfinishedBuildsDocument = new TypedDocumentString(`
    query UnfinishedBuilds($organization: ID!, $cluster: ID!, $after: String, $unfinished: [JobStates!] = [ACCEPTED, ASSIGNED, BLOCKED, CANCELING, LIMITED, LIMITING, PENDING, PLATFORM_LIMITED, PLATFORM_LIMITING, RESERVED, RUNNING, SCHEDULED, TIMING_OUT, UNBLOCKED, WAITING]) {
  organization(slug: $organization) {
    page: pipelines(first: 100, after: $after, cluster: $cluster, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          slug
          jobs(first: 1, state: $unfinished) {
            count
          }
          builds(
            first: 20
            state: [BLOCKED, CANCELING, CREATING, FAILING, RUNNING, SCHEDULED]
          ) {
            count
            pageInfo {
              hasNextPage
              endCursor
            }
            edges {
              node {
                ...UnfinishedBuild
                jobs(first: 1, state: $unfinished) {
                  count
                }
              }
            }
          }
        }
      }
    }
  }
}
    fragment Hand on Build {
  source {
    __typename
    ... on BuildSourceSchedule {
      pipelineSchedule {
        id
      }
    }
  }
  createdBy {
    ... on User {
      email
    }
  }
  pullRequest {
    id
  }
}
fragment UnfinishedBuild on Build {
  id
  uuid
  number
  ...Hand
  rebuiltFrom {
    uuid
    ...Hand
    rebuiltFrom {
      uuid
    }
  }
  triggeredFrom {
    build {
      ...Hand
      pipeline {
        slug
        cluster {
          name
        }
      }
    }
  }
}`) as unknown as TypedDocumentString<UnfinishedBuildsQuery, UnfinishedBuildsQueryVariables>;
export const UnfinishedBuildsOfPipelineDocument = new TypedDocumentString(`
    query UnfinishedBuildsOfPipeline($pipeline: ID!, $after: String) {
  pipeline(slug: $pipeline) {
    page: builds(
      first: 500
      after: $after
      state: [BLOCKED, CANCELING, CREATING, FAILING, RUNNING, SCHEDULED]
    ) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...UnfinishedBuild
        }
      }
    }
  }
}
    fragment Hand on Build {
  source {
    __typename
    ... on BuildSourceSchedule {
      pipelineSchedule {
        id
      }
    }
  }
  createdBy {
    ... on User {
      email
    }
  }
  pullRequest {
    id
  }
}
fragment UnfinishedBuild on Build {
  id
  uuid
  number
  ...Hand
  rebuiltFrom {
    uuid
    ...Hand
    rebuiltFrom {
      uuid
    }
  }
  triggeredFrom {
    build {
      ...Hand
      pipeline {
        slug
        cluster {
          name
        }
      }
    }
  }
}`) as unknown as TypedDocumentString<UnfinishedBuildsOfPipelineQuery, UnfinishedBuildsOfPipelineQueryVariables>;
export const UnfinishedJobsOfPipelineDocument = new TypedDocumentString(`
    query UnfinishedJobsOfPipeline($pipeline: ID!, $after: String, $unfinished: [JobStates!] = [ACCEPTED, ASSIGNED, BLOCKED, CANCELING, LIMITED, LIMITING, PENDING, PLATFORM_LIMITED, PLATFORM_LIMITING, RESERVED, RUNNING, SCHEDULED, TIMING_OUT, UNBLOCKED, WAITING]) {
  pipeline(slug: $pipeline) {
    page: jobs(first: 500, after: $after, state: $unfinished) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ... on JobTypeBlock {
            uuid
            build {
              ...OfJob
            }
          }
          ... on JobTypeCommand {
            uuid
            build {
              ...OfJob
            }
          }
          ... on JobTypeTrigger {
            uuid
            build {
              ...OfJob
            }
          }
          ... on JobTypeWait {
            uuid
            build {
              ...OfJob
            }
          }
        }
      }
    }
  }
}
    fragment OfJob on Build {
  number
  state
}`) as unknown as TypedDocumentString<UnfinishedJobsOfPipelineQuery, UnfinishedJobsOfPipelineQueryVariables>;
export const ObservedJobsDocument = new TypedDocumentString(`
    query ObservedJobs($organization: ID!, $queues: [ID!]!, $from: DateTime!, $to: DateTime!, $after: String) {
  organization(slug: $organization) {
    page: jobs(
      first: 500
      after: $after
      clusterQueue: $queues
      type: [COMMAND]
      createdAtFrom: $from
      createdAtTo: $to
    ) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ... on JobTypeCommand {
            id
            uuid
            startedAt
            clusterQueue {
              uuid
            }
            pipeline {
              uuid
              slug
            }
            build {
              number
              source {
                __typename
              }
              createdBy {
                ... on User {
                  email
                }
                ... on UnregisteredUser {
                  name
                }
              }
            }
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ObservedJobsQuery, ObservedJobsQueryVariables>;
export const PipelineNamedDocument = new TypedDocumentString(`
    query PipelineNamed($slug: ID!) {
  pipeline(slug: $slug) {
    id
    uuid
    cluster {
      uuid
      name
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineNamedQuery, PipelineNamedQueryVariables>;
export const BuildCreateDocument = new TypedDocumentString(`
    mutation BuildCreate($input: BuildCreateInput!) {
  buildCreate(input: $input) {
    made: build {
      id
      uuid
      url
    }
  }
}
    `) as unknown as TypedDocumentString<BuildCreateMutation, BuildCreateMutationVariables>;
export const CanaryBuildDocument = new TypedDocumentString(`
    query CanaryBuild($uuid: ID!) {
  build(uuid: $uuid) {
    url
    state
    jobs(first: 20, type: [COMMAND]) {
      count
      edges {
        node {
          ... on JobTypeCommand {
            uuid
            state
            exitStatus
            signalReason
            agentQueryRules
            clusterQueue {
              uuid
            }
            agent {
              name
            }
          }
        }
      }
    }
    annotations(first: 20) {
      count
      edges {
        node {
          context
          body {
            html
            text
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CanaryBuildQuery, CanaryBuildQueryVariables>;
export const ClusterPipelinesDocument = new TypedDocumentString(`
    query ClusterPipelines($organization: ID!, $cluster: ID!, $after: String) {
  organization(slug: $organization) {
    page: pipelines(first: 250, after: $after, cluster: $cluster, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...ClosePipeline
        }
      }
    }
  }
}
    fragment ClosePipeline on Pipeline {
  id
  uuid
  slug
  archived
  visibility
  allowRebuilds
  branchConfiguration
  cloneMirrorUrl
  cluster {
    name
  }
  steps {
    yaml
  }
  pipelineTemplate {
    uuid
  }
  createdBy {
    email
  }
  repository {
    url
    provider {
      __typename
      ... on RepositoryProviderGithub {
        settings {
          buildBranches
          buildCheckRunCompleted
          buildCreateEvent
          buildDeploymentStatusCreated
          buildIssueCommentCreated
          buildMergeGroupChecksRequested
          buildPullRequestForks
          buildPullRequestLabelsChanged
          buildPullRequestReviewCommentCreated
          buildPullRequestReviewDismissed
          buildPullRequestReviewRequested
          buildPullRequestReviewSubmitted
          buildPullRequests
          buildReleaseCreated
          buildReleasePublished
          buildReleaseReleased
          buildTags
          filterCondition
          filterEnabled
          githubWorkflowAccessTokensEnabled
          pullRequestBranchFilterConfiguration
          pullRequestBranchFilterEnabled
          triggerMode
        }
      }
      ... on RepositoryProviderGithubEnterprise {
        settings {
          buildBranches
          buildCheckRunCompleted
          buildCreateEvent
          buildDeploymentStatusCreated
          buildIssueCommentCreated
          buildMergeGroupChecksRequested
          buildPullRequestForks
          buildPullRequestLabelsChanged
          buildPullRequestReviewCommentCreated
          buildPullRequestReviewDismissed
          buildPullRequestReviewRequested
          buildPullRequestReviewSubmitted
          buildPullRequests
          buildReleaseCreated
          buildReleasePublished
          buildReleaseReleased
          buildTags
          filterCondition
          filterEnabled
          githubWorkflowAccessTokensEnabled
          pullRequestBranchFilterConfiguration
          pullRequestBranchFilterEnabled
          triggerMode
        }
      }
      ... on RepositoryProviderBitbucket {
        settings {
          buildBranches
          buildPullRequests
          buildTags
          filterCondition
          filterEnabled
          pullRequestBranchFilterConfiguration
          pullRequestBranchFilterEnabled
        }
      }
      ... on RepositoryProviderBitbucketServer {
        settings {
          buildBranches
          buildPullRequests
          buildTags
          filterCondition
          filterEnabled
        }
      }
    }
  }
  teams(first: 50, order: NAME) {
    count
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...PipelineTeam
      }
    }
  }
  schedules(first: 20) {
    count
    edges {
      node {
        ...Schedule
      }
    }
  }
}
fragment PipelineTeam on TeamPipeline {
  id
  uuid
  accessLevel
  team {
    slug
  }
}
fragment Schedule on PipelineSchedule {
  id
  uuid
  label
  cronline
  message
  commit
  branch
  env
  enabled
  createdBy {
    email
  }
}`) as unknown as TypedDocumentString<ClusterPipelinesQuery, ClusterPipelinesQueryVariables>;
export const OnePipelineDocument = new TypedDocumentString(`
    query OnePipeline($pipeline: ID!) {
  pipeline(slug: $pipeline) {
    ...ClosePipeline
  }
}
    fragment ClosePipeline on Pipeline {
  id
  uuid
  slug
  archived
  visibility
  allowRebuilds
  branchConfiguration
  cloneMirrorUrl
  cluster {
    name
  }
  steps {
    yaml
  }
  pipelineTemplate {
    uuid
  }
  createdBy {
    email
  }
  repository {
    url
    provider {
      __typename
      ... on RepositoryProviderGithub {
        settings {
          buildBranches
          buildCheckRunCompleted
          buildCreateEvent
          buildDeploymentStatusCreated
          buildIssueCommentCreated
          buildMergeGroupChecksRequested
          buildPullRequestForks
          buildPullRequestLabelsChanged
          buildPullRequestReviewCommentCreated
          buildPullRequestReviewDismissed
          buildPullRequestReviewRequested
          buildPullRequestReviewSubmitted
          buildPullRequests
          buildReleaseCreated
          buildReleasePublished
          buildReleaseReleased
          buildTags
          filterCondition
          filterEnabled
          githubWorkflowAccessTokensEnabled
          pullRequestBranchFilterConfiguration
          pullRequestBranchFilterEnabled
          triggerMode
        }
      }
      ... on RepositoryProviderGithubEnterprise {
        settings {
          buildBranches
          buildCheckRunCompleted
          buildCreateEvent
          buildDeploymentStatusCreated
          buildIssueCommentCreated
          buildMergeGroupChecksRequested
          buildPullRequestForks
          buildPullRequestLabelsChanged
          buildPullRequestReviewCommentCreated
          buildPullRequestReviewDismissed
          buildPullRequestReviewRequested
          buildPullRequestReviewSubmitted
          buildPullRequests
          buildReleaseCreated
          buildReleasePublished
          buildReleaseReleased
          buildTags
          filterCondition
          filterEnabled
          githubWorkflowAccessTokensEnabled
          pullRequestBranchFilterConfiguration
          pullRequestBranchFilterEnabled
          triggerMode
        }
      }
      ... on RepositoryProviderBitbucket {
        settings {
          buildBranches
          buildPullRequests
          buildTags
          filterCondition
          filterEnabled
          pullRequestBranchFilterConfiguration
          pullRequestBranchFilterEnabled
        }
      }
      ... on RepositoryProviderBitbucketServer {
        settings {
          buildBranches
          buildPullRequests
          buildTags
          filterCondition
          filterEnabled
        }
      }
    }
  }
  teams(first: 50, order: NAME) {
    count
    pageInfo {
      hasNextPage
      endCursor
    }
    edges {
      node {
        ...PipelineTeam
      }
    }
  }
  schedules(first: 20) {
    count
    edges {
      node {
        ...Schedule
      }
    }
  }
}
fragment PipelineTeam on TeamPipeline {
  id
  uuid
  accessLevel
  team {
    slug
  }
}
fragment Schedule on PipelineSchedule {
  id
  uuid
  label
  cronline
  message
  commit
  branch
  env
  enabled
  createdBy {
    email
  }
}`) as unknown as TypedDocumentString<OnePipelineQuery, OnePipelineQueryVariables>;
export const TeamsOfPipelineDocument = new TypedDocumentString(`
    query TeamsOfPipeline($pipeline: ID!, $after: String) {
  pipeline(slug: $pipeline) {
    page: teams(first: 500, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...PipelineTeam
        }
      }
    }
  }
}
    fragment PipelineTeam on TeamPipeline {
  id
  uuid
  accessLevel
  team {
    slug
  }
}`) as unknown as TypedDocumentString<TeamsOfPipelineQuery, TeamsOfPipelineQueryVariables>;
export const ClustersDocument = new TypedDocumentString(`
    query Clusters($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: clusters(first: 100, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          name
          description
          emoji
          color
          defaultQueue {
            id
            uuid
            key
          }
          queues(first: 50, order: KEY) {
            count
            pageInfo {
              hasNextPage
              endCursor
            }
            edges {
              node {
                ...Queue
              }
            }
          }
        }
      }
    }
  }
}
    fragment Queue on ClusterQueue {
  id
  uuid
  key
  description
  hosted
  hostedAgents {
    instanceShape {
      name
      size
      machineType
      architecture
      vcpu
      memory
    }
    platformSettings {
      linux {
        agentImageRef
      }
      macos {
        macosVersion
        xcodeVersion
      }
    }
  }
  retryAgentAffinity
  dispatchPaused
  dispatchPausedNote
}`) as unknown as TypedDocumentString<ClustersQuery, ClustersQueryVariables>;
export const ClusterCreateDocument = new TypedDocumentString(`
    mutation ClusterCreate($input: ClusterCreateInput!) {
  clusterCreate(input: $input) {
    made: cluster {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<ClusterCreateMutation, ClusterCreateMutationVariables>;
export const ClusterUpdateDocument = new TypedDocumentString(`
    mutation ClusterUpdate($input: ClusterUpdateInput!) {
  clusterUpdate(input: $input) {
    made: cluster {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<ClusterUpdateMutation, ClusterUpdateMutationVariables>;
export const ClusterDeleteDocument = new TypedDocumentString(`
    mutation ClusterDelete($input: ClusterDeleteInput!) {
  clusterDelete(input: $input) {
    deletedClusterId
  }
}
    `) as unknown as TypedDocumentString<ClusterDeleteMutation, ClusterDeleteMutationVariables>;
export const TeamPipelinesDocument = new TypedDocumentString(`
    query TeamPipelines($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: teams(first: 100, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          slug
          pipelines(first: 200, order: NAME) {
            count
            pageInfo {
              hasNextPage
              endCursor
            }
            edges {
              node {
                ...TeamPipeline
              }
            }
          }
        }
      }
    }
  }
}
    fragment TeamPipeline on TeamPipeline {
  id
  uuid
  accessLevel
  pipeline {
    id
    uuid
    slug
  }
}`) as unknown as TypedDocumentString<TeamPipelinesQuery, TeamPipelinesQueryVariables>;
export const PipelinesOfTeamDocument = new TypedDocumentString(`
    query PipelinesOfTeam($team: ID!, $after: String) {
  team(slug: $team) {
    page: pipelines(first: 500, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...TeamPipeline
        }
      }
    }
  }
}
    fragment TeamPipeline on TeamPipeline {
  id
  uuid
  accessLevel
  pipeline {
    id
    uuid
    slug
  }
}`) as unknown as TypedDocumentString<PipelinesOfTeamQuery, PipelinesOfTeamQueryVariables>;
export const GrantCreateDocument = new TypedDocumentString(`
    mutation GrantCreate($input: TeamPipelineCreateInput!) {
  teamPipelineCreate(input: $input) {
    made: teamPipeline {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<GrantCreateMutation, GrantCreateMutationVariables>;
export const GrantUpdateDocument = new TypedDocumentString(`
    mutation GrantUpdate($input: TeamPipelineUpdateInput!) {
  teamPipelineUpdate(input: $input) {
    made: teamPipeline {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<GrantUpdateMutation, GrantUpdateMutationVariables>;
export const GrantDeleteDocument = new TypedDocumentString(`
    mutation GrantDelete($input: TeamPipelineDeleteInput!) {
  teamPipelineDelete(input: $input) {
    deletedTeamPipelineID
  }
}
    `) as unknown as TypedDocumentString<GrantDeleteMutation, GrantDeleteMutationVariables>;
export const InvitationsDocument = new TypedDocumentString(`
    query Invitations($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: invitations(first: 90, after: $after, order: EMAIL, state: [PENDING]) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          email
          role
          teams(first: 250) {
            count
            edges {
              node {
                role
                team {
                  slug
                }
              }
            }
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<InvitationsQuery, InvitationsQueryVariables>;
export const MadeInClusterDocument = new TypedDocumentString(`
    query MadeInCluster($organization: ID!, $cluster: ID!, $after: String) {
  organization(slug: $organization) {
    page: pipelines(first: 200, after: $after, cluster: $cluster, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          slug
          createdAt
          createdBy {
            email
          }
          teams(first: 50, order: NAME) {
            count
            pageInfo {
              hasNextPage
              endCursor
            }
            edges {
              node {
                ...GrantMade
              }
            }
          }
          schedules(first: 20) {
            count
            edges {
              node {
                ...ScheduleMade
              }
            }
          }
        }
      }
    }
  }
}
    fragment GrantMade on TeamPipeline {
  id
  uuid
  createdAt
  createdBy {
    email
  }
}
fragment ScheduleMade on PipelineSchedule {
  id
  uuid
  createdAt
  createdBy {
    email
  }
}`) as unknown as TypedDocumentString<MadeInClusterQuery, MadeInClusterQueryVariables>;
export const GrantsMadeDocument = new TypedDocumentString(`
    query GrantsMade($pipeline: ID!, $after: String) {
  pipeline(slug: $pipeline) {
    page: teams(first: 500, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...GrantMade
        }
      }
    }
  }
}
    fragment GrantMade on TeamPipeline {
  id
  uuid
  createdAt
  createdBy {
    email
  }
}`) as unknown as TypedDocumentString<GrantsMadeQuery, GrantsMadeQueryVariables>;
export const SchedulesMadeDocument = new TypedDocumentString(`
    query SchedulesMade($pipeline: ID!) {
  pipeline(slug: $pipeline) {
    page: schedules(first: 500) {
      count
      edges {
        node {
          ...ScheduleMade
        }
      }
    }
  }
}
    fragment ScheduleMade on PipelineSchedule {
  id
  uuid
  createdAt
  createdBy {
    email
  }
}`) as unknown as TypedDocumentString<SchedulesMadeQuery, SchedulesMadeQueryVariables>;
export const TeamMembersDocument = new TypedDocumentString(`
    query TeamMembers($team: ID!, $after: String) {
  team(slug: $team) {
    page: members(first: 500, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          ...TeamMember
        }
      }
    }
  }
}
    fragment TeamMember on TeamMember {
  id
  uuid
  role
  user {
    id
    uuid
    name
    email
    bot
  }
}`) as unknown as TypedDocumentString<TeamMembersQuery, TeamMembersQueryVariables>;
export const MemberCreateDocument = new TypedDocumentString(`
    mutation MemberCreate($input: TeamMemberCreateInput!) {
  teamMemberCreate(input: $input) {
    teamMemberEdge {
      made: node {
        id
        uuid
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MemberCreateMutation, MemberCreateMutationVariables>;
export const MemberUpdateDocument = new TypedDocumentString(`
    mutation MemberUpdate($input: TeamMemberUpdateInput!) {
  teamMemberUpdate(input: $input) {
    made: teamMember {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<MemberUpdateMutation, MemberUpdateMutationVariables>;
export const MemberDeleteDocument = new TypedDocumentString(`
    mutation MemberDelete($input: TeamMemberDeleteInput!) {
  teamMemberDelete(input: $input) {
    deletedTeamMemberID
  }
}
    `) as unknown as TypedDocumentString<MemberDeleteMutation, MemberDeleteMutationVariables>;
export const OrganizationDocument = new TypedDocumentString(`
    query Organization($organization: ID!) {
  organization(slug: $organization) {
    id
    uuid
    slug
    name
    isTeamsEnabled
    permissions {
      organizationUpdate {
        allowed
      }
      organizationMemberUpdate {
        allowed
      }
    }
  }
  viewer {
    user {
      id
      uuid
      name
      email
    }
  }
}
    `) as unknown as TypedDocumentString<OrganizationQuery, OrganizationQueryVariables>;
export const CensusDocument = new TypedDocumentString(`
    query Census($organization: ID!) {
  organization(slug: $organization) {
    members(first: 1) {
      count
    }
    pipelines(first: 20, order: NAME) {
      count
      edges {
        node {
          uuid
          schedules(first: 1) {
            count
          }
        }
      }
    }
    rules(first: 1) {
      count
    }
    clusters(first: 100) {
      count
      edges {
        node {
          uuid
          queues(first: 1) {
            count
          }
        }
      }
    }
    teams(first: 250) {
      count
      edges {
        node {
          uuid
          members(first: 1) {
            count
          }
          pipelines(first: 1) {
            count
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<CensusQuery, CensusQueryVariables>;
export const PipelinesDocument = new TypedDocumentString(`
    query Pipelines($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: pipelines(first: 500, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          slug
          name
          description
          emoji
          color
          visibility
          archived
          defaultBranch
          branchConfiguration
          allowRebuilds
          nextBuildNumber
          skipIntermediateBuilds
          skipIntermediateBuildsBranchFilter
          cancelIntermediateBuilds
          cancelIntermediateBuildsBranchFilter
          defaultTimeoutInMinutes
          maximumTimeoutInMinutes
          cloneMirrorUrl
          createdAt
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PipelinesQuery, PipelinesQueryVariables>;
export const PipelineDetailsDocument = new TypedDocumentString(`
    query PipelineDetails($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: pipelines(first: 500, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          uuid
          repository {
            url
          }
          steps {
            yaml
          }
          tags {
            label
          }
          cluster {
            id
            uuid
            name
          }
          pipelineTemplate {
            id
            uuid
          }
          createdBy {
            email
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineDetailsQuery, PipelineDetailsQueryVariables>;
export const PipelineUpdateDocument = new TypedDocumentString(`
    mutation PipelineUpdate($input: PipelineUpdateInput!) {
  pipelineUpdate(input: $input) {
    made: pipeline {
      id
      uuid
      slug
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineUpdateMutation, PipelineUpdateMutationVariables>;
export const PipelineArchiveDocument = new TypedDocumentString(`
    mutation PipelineArchive($input: PipelineArchiveInput!) {
  pipelineArchive(input: $input) {
    made: pipeline {
      id
      uuid
      slug
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineArchiveMutation, PipelineArchiveMutationVariables>;
export const PipelineUnarchiveDocument = new TypedDocumentString(`
    mutation PipelineUnarchive($input: PipelineUnarchiveInput!) {
  pipelineUnarchive(input: $input) {
    made: pipeline {
      id
      uuid
      slug
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineUnarchiveMutation, PipelineUnarchiveMutationVariables>;
export const ClusterQueuesDocument = new TypedDocumentString(`
    query ClusterQueues($organization: ID!, $cluster: ID!, $after: String) {
  organization(slug: $organization) {
    cluster(id: $cluster) {
      page: queues(first: 500, after: $after, order: KEY) {
        count
        pageInfo {
          hasNextPage
          endCursor
        }
        edges {
          node {
            ...Queue
          }
        }
      }
    }
  }
}
    fragment Queue on ClusterQueue {
  id
  uuid
  key
  description
  hosted
  hostedAgents {
    instanceShape {
      name
      size
      machineType
      architecture
      vcpu
      memory
    }
    platformSettings {
      linux {
        agentImageRef
      }
      macos {
        macosVersion
        xcodeVersion
      }
    }
  }
  retryAgentAffinity
  dispatchPaused
  dispatchPausedNote
}`) as unknown as TypedDocumentString<ClusterQueuesQuery, ClusterQueuesQueryVariables>;
export const QueueCreateDocument = new TypedDocumentString(`
    mutation QueueCreate($input: ClusterQueueCreateInput!) {
  clusterQueueCreate(input: $input) {
    made: clusterQueue {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<QueueCreateMutation, QueueCreateMutationVariables>;
export const QueueUpdateDocument = new TypedDocumentString(`
    mutation QueueUpdate($input: ClusterQueueUpdateInput!) {
  clusterQueueUpdate(input: $input) {
    made: clusterQueue {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<QueueUpdateMutation, QueueUpdateMutationVariables>;
export const QueueDeleteDocument = new TypedDocumentString(`
    mutation QueueDelete($input: ClusterQueueDeleteInput!) {
  clusterQueueDelete(input: $input) {
    deletedClusterQueueId
  }
}
    `) as unknown as TypedDocumentString<QueueDeleteMutation, QueueDeleteMutationVariables>;
export const QueuePauseDocument = new TypedDocumentString(`
    mutation QueuePause($input: ClusterQueuePauseDispatchInput!) {
  clusterQueuePauseDispatch(input: $input) {
    made: queue {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<QueuePauseMutation, QueuePauseMutationVariables>;
export const QueueResumeDocument = new TypedDocumentString(`
    mutation QueueResume($input: ClusterQueueResumeDispatchInput!) {
  clusterQueueResumeDispatch(input: $input) {
    made: queue {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<QueueResumeMutation, QueueResumeMutationVariables>;
export const RulesDocument = new TypedDocumentString(`
    query Rules($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: rules(first: 500, after: $after, order: RECENTLY_CREATED) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          type
          effect
          description
          document
          source {
            ... on Pipeline {
              slug
            }
          }
          target {
            ... on Pipeline {
              slug
            }
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<RulesQuery, RulesQueryVariables>;
export const RuleCreateDocument = new TypedDocumentString(`
    mutation RuleCreate($input: RuleCreateInput!) {
  ruleCreate(input: $input) {
    made: rule {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<RuleCreateMutation, RuleCreateMutationVariables>;
export const RuleUpdateDocument = new TypedDocumentString(`
    mutation RuleUpdate($input: RuleUpdateInput!) {
  ruleUpdate(input: $input) {
    made: rule {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<RuleUpdateMutation, RuleUpdateMutationVariables>;
export const RuleDeleteDocument = new TypedDocumentString(`
    mutation RuleDelete($input: RuleDeleteInput!) {
  ruleDelete(input: $input) {
    deletedRuleId
  }
}
    `) as unknown as TypedDocumentString<RuleDeleteMutation, RuleDeleteMutationVariables>;
export const SchedulesDocument = new TypedDocumentString(`
    query Schedules($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: pipelines(first: 500, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          slug
          schedules(first: 45) {
            count
            edges {
              node {
                ...Schedule
              }
            }
          }
        }
      }
    }
  }
}
    fragment Schedule on PipelineSchedule {
  id
  uuid
  label
  cronline
  message
  commit
  branch
  env
  enabled
  createdBy {
    email
  }
}`) as unknown as TypedDocumentString<SchedulesQuery, SchedulesQueryVariables>;
export const ClusterSchedulesDocument = new TypedDocumentString(`
    query ClusterSchedules($organization: ID!, $cluster: ID!, $after: String) {
  organization(slug: $organization) {
    page: pipelines(first: 500, after: $after, cluster: $cluster, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          slug
          schedules(first: 45) {
            count
            edges {
              node {
                ...Schedule
              }
            }
          }
        }
      }
    }
  }
}
    fragment Schedule on PipelineSchedule {
  id
  uuid
  label
  cronline
  message
  commit
  branch
  env
  enabled
  createdBy {
    email
  }
}`) as unknown as TypedDocumentString<ClusterSchedulesQuery, ClusterSchedulesQueryVariables>;
export const SchedulesOfPipelineDocument = new TypedDocumentString(`
    query SchedulesOfPipeline($pipeline: ID!) {
  pipeline(slug: $pipeline) {
    page: schedules(first: 500) {
      count
      edges {
        node {
          ...Schedule
        }
      }
    }
  }
}
    fragment Schedule on PipelineSchedule {
  id
  uuid
  label
  cronline
  message
  commit
  branch
  env
  enabled
  createdBy {
    email
  }
}`) as unknown as TypedDocumentString<SchedulesOfPipelineQuery, SchedulesOfPipelineQueryVariables>;
export const ScheduleCreateDocument = new TypedDocumentString(`
    mutation ScheduleCreate($input: PipelineScheduleCreateInput!) {
  pipelineScheduleCreate(input: $input) {
    pipelineScheduleEdge {
      made: node {
        id
        uuid
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ScheduleCreateMutation, ScheduleCreateMutationVariables>;
export const ScheduleUpdateDocument = new TypedDocumentString(`
    mutation ScheduleUpdate($input: PipelineScheduleUpdateInput!) {
  pipelineScheduleUpdate(input: $input) {
    made: pipelineSchedule {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<ScheduleUpdateMutation, ScheduleUpdateMutationVariables>;
export const ScheduleDeleteDocument = new TypedDocumentString(`
    mutation ScheduleDelete($input: PipelineScheduleDeleteInput!) {
  pipelineScheduleDelete(input: $input) {
    deletedPipelineScheduleID
  }
}
    `) as unknown as TypedDocumentString<ScheduleDeleteMutation, ScheduleDeleteMutationVariables>;
export const SsoProvidersDocument = new TypedDocumentString(`
    query SsoProviders($organization: ID!) {
  organization(slug: $organization) {
    ssoProviders(first: 100) {
      count
      edges {
        node {
          id
          uuid
          type
          state
          emailDomain
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<SsoProvidersQuery, SsoProvidersQueryVariables>;
export const TeamsDocument = new TypedDocumentString(`
    query Teams($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: teams(first: 250, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          slug
          name
          description
          privacy
          isDefaultTeam
          defaultMemberRole
          membersCanCreatePipelines
          membersCanDeletePipelines
          membersCanCreateSuites
          membersCanCreateRegistries
          membersCanDestroyRegistries
          membersCanDestroyPackages
          members(first: 90, order: NAME) {
            count
            pageInfo {
              hasNextPage
              endCursor
            }
            edges {
              node {
                ...TeamMember
              }
            }
          }
        }
      }
    }
  }
}
    fragment TeamMember on TeamMember {
  id
  uuid
  role
  user {
    id
    uuid
    name
    email
    bot
  }
}`) as unknown as TypedDocumentString<TeamsQuery, TeamsQueryVariables>;
export const TeamOriginDocument = new TypedDocumentString(`
    query TeamOrigin($team: ID!) {
  team(slug: $team) {
    createdAt
    createdBy {
      email
    }
  }
}
    `) as unknown as TypedDocumentString<TeamOriginQuery, TeamOriginQueryVariables>;
export const TeamCreateDocument = new TypedDocumentString(`
    mutation TeamCreate($input: TeamCreateInput!) {
  teamCreate(input: $input) {
    teamEdge {
      made: node {
        id
        uuid
        slug
      }
    }
  }
}
    `) as unknown as TypedDocumentString<TeamCreateMutation, TeamCreateMutationVariables>;
export const TeamUpdateDocument = new TypedDocumentString(`
    mutation TeamUpdate($input: TeamUpdateInput!) {
  teamUpdate(input: $input) {
    made: team {
      id
      uuid
      slug
    }
  }
}
    `) as unknown as TypedDocumentString<TeamUpdateMutation, TeamUpdateMutationVariables>;
export const TeamDeleteDocument = new TypedDocumentString(`
    mutation TeamDelete($input: TeamDeleteInput!) {
  teamDelete(input: $input) {
    deletedTeamID
  }
}
    `) as unknown as TypedDocumentString<TeamDeleteMutation, TeamDeleteMutationVariables>;
export const PipelineTemplatesDocument = new TypedDocumentString(`
    query PipelineTemplates($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: pipelineTemplates(first: 500, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          name
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<PipelineTemplatesQuery, PipelineTemplatesQueryVariables>;
export const TokenCreateDocument = new TypedDocumentString(`
    mutation TokenCreate($input: ClusterAgentTokenCreateInput!) {
  clusterAgentTokenCreate(input: $input) {
    made: clusterAgentToken {
      id
      uuid
    }
    secret: tokenValue
  }
}
    `) as unknown as TypedDocumentString<TokenCreateMutation, TokenCreateMutationVariables>;
export const TokenUpdateDocument = new TypedDocumentString(`
    mutation TokenUpdate($input: ClusterAgentTokenUpdateInput!) {
  clusterAgentTokenUpdate(input: $input) {
    made: clusterAgentToken {
      id
      uuid
    }
  }
}
    `) as unknown as TypedDocumentString<TokenUpdateMutation, TokenUpdateMutationVariables>;
export const TokenRevokeDocument = new TypedDocumentString(`
    mutation TokenRevoke($input: ClusterAgentTokenRevokeInput!) {
  clusterAgentTokenRevoke(input: $input) {
    deletedClusterAgentTokenId
  }
}
    `) as unknown as TypedDocumentString<TokenRevokeMutation, TokenRevokeMutationVariables>;
export const UnclusteredPipelinesDocument = new TypedDocumentString(`
    query UnclusteredPipelines($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: pipelines(first: 500, after: $after, clustered: false, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          slug
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UnclusteredPipelinesQuery, UnclusteredPipelinesQueryVariables>;
export const UnclusteredAgentsDocument = new TypedDocumentString(`
    query UnclusteredAgents($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: agents(first: 500, after: $after, clustered: false) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          name
          hostname
          connectionState
          clusterQueue {
            uuid
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UnclusteredAgentsQuery, UnclusteredAgentsQueryVariables>;
export const UnclusteredTokensDocument = new TypedDocumentString(`
    query UnclusteredTokens($organization: ID!) {
  organization(slug: $organization) {
    agentTokens(first: 500, revoked: false) {
      count
      edges {
        node {
          id
          uuid
          description
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<UnclusteredTokensQuery, UnclusteredTokensQueryVariables>;
export const MembersDocument = new TypedDocumentString(`
    query Members($organization: ID!, $after: String) {
  organization(slug: $organization) {
    page: members(first: 500, after: $after, order: NAME) {
      count
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          id
          uuid
          role
          user {
            id
            uuid
            name
            email
            bot
          }
        }
      }
    }
  }
}
    `) as unknown as TypedDocumentString<MembersQuery, MembersQueryVariables>;