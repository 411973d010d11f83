import * as z from 'zod'
import { awsRows } from './aws/rows.js'
import { made, maybe, row, text, time, uuid } from './row.js'

const onOff = z.strictObject({ enabled: z.boolean(), at: maybe(time), by: maybe(uuid) }).readonly()

const role = z.enum(['ADMIN', 'MEMBER'])
const teamRole = z.enum(['MEMBER', 'MAINTAINER'])
const ssoMode = z.enum(['OPTIONAL', 'REQUIRED'])
const accessLevel = z.enum(['READ_ONLY', 'BUILD_AND_READ', 'MANAGE_BUILD_AND_READ'])
/** Principals: uuids of users, and names for those who are none. */
const hands = z.record(z.string(), z.array(z.string()).readonly()).readonly()
const pairs = z.record(z.string(), z.string()).readonly()

/** A step of a build, as far as it decides what happens: what stands in the YAML, less what is only shown. */
const step = z
  .strictObject({
    key: text,
    /** Which steps it comes after: by the waits before it, and deeper for what a job has uploaded. */
    group: z.array(z.int()).readonly(),
    /** Steps that it names, by key. Then it passes over waits and blocks. */
    dependsOn: maybe(z.array(z.string()).readonly()),
    env: z.array(z.string()).readonly(),
    cache: z.boolean(),
    /** Teams of a block step, by slug or uuid; null where Build access is enough. */
    allowedTeams: maybe(z.array(z.string()).readonly()),
    fields: z.array(z.string()).readonly(),
    trigger: maybe(
      z
        .strictObject({
          pipeline: z.string(),
          branch: text,
          commit: text,
          message: text,
          env: z.array(z.string()).readonly(),
          metaData: pairs,
        })
        .readonly(),
    ),
  })
  .readonly()

export type Step = z.infer<typeof step>

/** A step with nothing said about it. */
export const bareStep: Step = {
  key: null,
  group: [0],
  dependsOn: null,
  env: [],
  cache: false,
  allowedTeams: null,
  fields: [],
  trigger: null,
}

/** What its host refuses jobs by: a policy as it stands there, or the parameter that it is published in. */
const gate = z.union([
  z.strictObject({ policy: z.string() }).readonly(),
  z.strictObject({ account: z.string(), parameter: z.string() }).readonly(),
])

export type Gate = z.infer<typeof gate>

/**
 * One shape per kind of row, with GraphQL's field names. References are uuids.
 *
 * What a settings page can do and no API shows (`memberPermissions`, `templateRequirement`) is here as well: the
 * permission rules ask for it, and only `edit` writes it.
 */
export const rows = {
  organizations: row({
    slug: z.string(),
    name: z.string(),
    public: z.boolean(),
    iconUrl: text,
    isTeamsEnabled: z.boolean(),
    allowedApiIpAddresses: text,
    membersRequireTwoFactorAuthentication: z.boolean(),
    revokeInactiveTokensAfter: z.enum(['DAYS_30', 'DAYS_60', 'DAYS_90', 'DAYS_180', 'DAYS_365', 'NEVER']),
    restrictUserApiTokenCreation: z.boolean(),
    defaultBranch: text,
    defaultCluster: maybe(uuid),
    defaultTimeoutInMinutes: maybe(z.int()),
    maximumTimeoutInMinutes: maybe(z.int()),
    scheduledJobExpiryInMinutes: maybe(z.int()),
    hostedAgentsTerminalAccess: onOff,
    publicPipelineCreation: onOff,
    advancedQueueMetrics: onOff,
    buildExports: z.strictObject({ enabled: z.boolean(), location: text, strategyId: text }).readonly(),
    memberPermissions: z
      .strictObject({
        createPipelines: z.boolean(),
        deletePipelines: z.boolean(),
        changePipelineVisibility: z.boolean(),
        manageAgentTokens: z.boolean(),
        stopAgents: z.boolean(),
      })
      .readonly(),
    templateRequirement: z.enum(['NONE', 'NEW_PIPELINES', 'ALL_PIPELINES']),
    /** What its plan has. */
    features: z
      .strictObject({
        clusters: z.boolean(),
        teams: z.boolean(),
        membersCanCreatePipelines: z.boolean(),
        auditLog: z.boolean(),
      })
      .readonly(),
  }),
  users: row({
    name: z.string(),
    email: z.string(),
    bot: z.boolean(),
    machineUser: z.boolean(),
    hasPassword: z.boolean(),
  }),
  /** The value is not here: its SHA-256 is enough to know it when it is shown. */
  tokens: row({
    organization: uuid,
    user: uuid,
    description: text,
    scopes: z.array(z.string()).readonly(),
    hash: z.string().regex(/^[0-9a-f]{64}$/, 'a SHA-256 in hex'),
    expiresAt: maybe(time),
    lastAccessedAt: maybe(time),
  }),
  members: row({
    organization: uuid,
    user: uuid,
    role,
    ssoMode,
    twoFactorEnabled: z.boolean(),
    complimentary: z.boolean(),
    lastSeenAt: maybe(time),
  }),
  invitations: row({
    organization: uuid,
    email: z.string(),
    role,
    ssoMode: maybe(ssoMode),
    state: z.enum(['PENDING', 'ACCEPTED', 'EXPIRED', 'REVOKED']),
    teams: z.array(z.strictObject({ team: uuid, role: teamRole }).readonly()).readonly(),
    acceptedAt: maybe(time),
    acceptedBy: maybe(uuid),
    expiredAt: maybe(time),
    revokedAt: maybe(time),
    revokedBy: maybe(uuid),
  }),
  banners: row({ organization: uuid, message: z.string() }),
  clusters: row({
    organization: uuid,
    name: z.string(),
    description: text,
    emoji: text,
    color: text,
    defaultQueue: maybe(uuid),
    hostedGitMirrorEnabled: z.boolean(),
    hostedContainerCacheEnabled: z.boolean(),
  }),
  queues: row({
    organization: uuid,
    cluster: uuid,
    key: z.string(),
    description: text,
    retryAgentAffinity: z.enum(['prefer-warmest', 'prefer-different']),
    dispatchPaused: z.boolean(),
    dispatchPausedAt: maybe(time),
    dispatchPausedBy: maybe(uuid),
    dispatchPausedNote: text,
    /** Null for a queue whose agents somebody runs themselves. */
    hosted: maybe(
      z
        .strictObject({ shape: z.string(), agentImageRef: text, macosVersion: text, xcodeVersion: text })
        .readonly(),
    ),
  }),
  agentTokens: row({
    organization: uuid,
    /** Null for a token of an organization from before clusters. */
    cluster: maybe(uuid),
    description: text,
    allowedIpAddresses: text,
    expiresAt: maybe(time),
    revokedAt: maybe(time),
    revokedBy: maybe(uuid),
    revokedReason: text,
  }),
  maintainers: row({
    organization: uuid,
    cluster: uuid,
    actorType: z.enum(['user', 'team']),
    actor: uuid,
    /** False for who may only add pipelines. */
    manages: z.boolean().default(true),
  }),
  /** No value; only, where it is one, which bearer secret it is: the uuid of a token. */
  secrets: row({
    organization: uuid,
    cluster: uuid,
    key: z.string(),
    description: text,
    policy: text,
    updatedAt: time,
    updatedBy: maybe(uuid),
    lastReadAt: maybe(time),
    holds: maybe(uuid).default(null),
  }),
  teams: row({
    organization: uuid,
    name: z.string(),
    slug: z.string(),
    description: text,
    privacy: z.enum(['VISIBLE', 'SECRET']),
    isDefaultTeam: z.boolean(),
    defaultMemberRole: teamRole,
    membersCanCreatePipelines: z.boolean(),
    membersCanCreateSuites: z.boolean(),
    membersCanCreateRegistries: z.boolean(),
    membersCanDestroyRegistries: z.boolean(),
    membersCanDestroyPackages: z.boolean(),
    membersCanDeletePipelines: z.boolean(),
  }),
  teamMembers: row({ organization: uuid, team: uuid, user: uuid, role: teamRole }),
  grants: row({ organization: uuid, team: uuid, pipeline: uuid, accessLevel }),
  pipelines: row({
    organization: uuid,
    name: z.string(),
    slug: z.string(),
    description: text,
    emoji: text,
    color: text,
    repository: z.string(),
    steps: z.string(),
    defaultBranch: text,
    branchConfiguration: text,
    skipIntermediateBuilds: z.boolean(),
    skipIntermediateBuildsBranchFilter: text,
    cancelIntermediateBuilds: z.boolean(),
    cancelIntermediateBuildsBranchFilter: text,
    allowRebuilds: z.boolean(),
    defaultTimeoutInMinutes: maybe(z.int()),
    maximumTimeoutInMinutes: maybe(z.int()),
    visibility: z.enum(['PRIVATE', 'PUBLIC']),
    tags: z.array(z.string()).readonly(),
    cluster: maybe(uuid),
    pipelineTemplate: maybe(uuid),
    cloneMirrorUrl: text,
    nextBuildNumber: z.int(),
    archivedAt: maybe(time),
    archivedBy: maybe(uuid),
    /** Only what differs from the provider's defaults, with REST's names. */
    providerSettings: z.record(z.string(), z.union([z.string(), z.boolean(), z.null()])).readonly(),
    /** How often its webhook URL was replaced. */
    webhookRotations: z.int(),
    /** The webhook that Buildkite made at the provider, by the provider's id. */
    webhook: text,
  }),
  favorites: row({ organization: uuid, user: uuid, pipeline: uuid }),
  schedules: row({
    organization: uuid,
    pipeline: uuid,
    label: z.string(),
    cronline: z.string(),
    message: text,
    commit: text,
    branch: text,
    env: z.array(z.string()).readonly(),
    enabled: z.boolean(),
    failedAt: maybe(time),
    failedMessage: text,
  }),
  templates: row({
    organization: uuid,
    name: z.string(),
    description: text,
    configuration: z.string(),
    available: z.boolean(),
    updatedAt: time,
    updatedBy: maybe(uuid),
  }),
  rules: row({
    organization: uuid,
    type: z.enum(['pipeline.trigger_build.pipeline', 'pipeline.artifacts_read.pipeline']),
    source: uuid,
    target: uuid,
    conditions: z.array(z.string()).readonly(),
    description: text,
  }),
  agents: row({
    organization: uuid,
    /** Null for an agent of an organization from before clusters. */
    queue: maybe(uuid),
    name: z.string(),
    connectionState: z.enum(['never_connected', 'connected', 'disconnected', 'stopping', 'stopped', 'lost']),
    hostname: text,
    ipAddress: text,
    version: text,
    metaData: z.array(z.string()).readonly(),
    priority: maybe(z.int()),
    pausedAt: maybe(time),
    pausedBy: maybe(uuid),
    pausedNote: text,
    pausedTimeoutInMinutes: z.int(),
    stoppedAt: maybe(time),
    stoppedBy: maybe(uuid),
    stoppedGracefully: z.boolean(),
    /** The agent token that it came with, where that is known. */
    token: maybe(uuid).default(null),
    gate: maybe(gate).default(null),
  }),
  builds: row({
    organization: uuid,
    pipeline: uuid,
    number: z.int(),
    state: z.string(),
    branch: z.string(),
    commit: z.string(),
    message: text,
    env: z.array(z.string()).readonly(),
    source: z.enum(['ui', 'api', 'webhook', 'schedule', 'trigger_job']),
    startedAt: maybe(time),
    finishedAt: maybe(time),
    metaData: pairs.default({}),
    /** Who a commit says has written it, where that is nobody's account. */
    author: maybe(z.strictObject({ name: z.string(), email: z.string() }).readonly()).default(null),
    pullRequest: maybe(z.strictObject({ id: z.string(), fork: z.boolean(), base: text }).readonly()).default(
      null,
    ),
    /** Of a tag that was pushed: its name, which is the branch of the build, too. */
    tag: text.default(null),
    schedule: maybe(uuid).default(null),
    rebuiltFrom: maybe(uuid).default(null),
    /** The trigger job that started it. */
    triggeredFrom: maybe(uuid).default(null),
    /** Who was the last to unblock it. */
    unblockedBy: maybe(uuid).default(null),
  }),
  jobs: row({
    organization: uuid,
    pipeline: uuid,
    build: uuid,
    type: z.enum(['COMMAND', 'BLOCK', 'WAIT', 'TRIGGER']),
    state: z.string(),
    label: text,
    command: text,
    cluster: maybe(uuid),
    queue: maybe(uuid),
    agent: maybe(uuid),
    agentQueryRules: z.array(z.string()).readonly(),
    exitStatus: text,
    /** Why it came to no end of its own, as GraphQL says it. */
    signalReason: maybe(z.enum(['AGENT_REFUSED'])).default(null),
    startedAt: maybe(time),
    finishedAt: maybe(time),
    unblockedAt: maybe(time),
    unblockedBy: maybe(uuid),
    step: step.default(bareStep),
    /** What it has promised to exit with: its build goes on, and it still runs. */
    promisedExitStatus: maybe(z.int()).default(null),
    retrySource: maybe(uuid).default(null),
    retriedBy: maybe(uuid).default(null),
    /** The build that a trigger job has started. */
    triggered: maybe(uuid).default(null),
  }),
  /** URLs that start a build for whoever knows them. */
  triggers: row({
    organization: uuid,
    pipeline: uuid,
    label: z.string(),
    enabled: z.boolean(),
    branch: z.string(),
    commit: z.string(),
    message: text,
    env: z.array(z.string()).readonly(),
  }),
  /** A stored operation with an address of its own. */
  portals: row({
    organization: uuid,
    slug: z.string(),
    name: z.string(),
    description: text,
    query: z.string(),
    allowedIpAddresses: text,
    userInvokable: z.boolean(),
  }),
  /** What was pushed, wherever code is kept: Buildkite has no such table, and its agents fetch from it. */
  commits: row({
    organization: uuid,
    /** `github.com/acme/web` */
    repository: z.string(),
    /** `refs/heads/main`, `refs/tags/v1`, `refs/pull/7/head` */
    ref: z.string(),
    sha: z.string(),
    /** Whether it is in somebody else's copy, and here only as a pull request. */
    isFork: z.boolean(),
    files: pairs,
  }),
  artifacts: row({ organization: uuid, build: uuid, path: z.string() }),
  /** What stands on the page of a build. */
  annotations: row({
    organization: uuid,
    build: uuid,
    context: z.string(),
    style: z.string(),
    body: z.string(),
  }),
  /** Who knows a bearer secret, and which edition of it: nobody forgets. */
  known: row({
    organization: uuid,
    principal: z.string(),
    kind: z.enum(['webhook', 'trigger', 'agentToken', 'apiToken', 'portal']),
    subject: uuid,
    edition: z.int(),
  }),
  /**
   * Who has had a hand in what: for the row of this uuid, principals by field, or by way for what runs. A build's
   * metadata is at `uuid/meta-data`, by key.
   */
  influences: z.strictObject({ ...made, uuid: z.string(), by: hands }).readonly(),
  /** A job that somebody has had a hand in, and came to an agent. `by` as it was then. */
  assignments: row({
    organization: uuid,
    job: uuid,
    /** `production/deploy`, as it was called then. */
    place: z.string(),
    by: hands,
  }),
  auditEvents: row({
    organization: uuid,
    type: z.string(),
    actor: uuid,
    subjectType: z.string(),
    subject: uuid,
    subjectName: text,
    /** Null for what was done by hand in the browser. */
    token: maybe(uuid),
    ipAddress: text,
    userAgent: text,
    data: z.record(z.string(), z.json()).readonly(),
  }),
  ...awsRows,
} as const

export type TableName = keyof typeof rows
export type RowOf<Name extends TableName> = z.infer<(typeof rows)[Name]>

export type Organization = RowOf<'organizations'>
export type User = RowOf<'users'>
export type Token = RowOf<'tokens'>
export type Member = RowOf<'members'>
export type Invitation = RowOf<'invitations'>
export type Cluster = RowOf<'clusters'>
export type Queue = RowOf<'queues'>
export type AgentToken = RowOf<'agentTokens'>
export type Maintainer = RowOf<'maintainers'>
export type Secret = RowOf<'secrets'>
export type Team = RowOf<'teams'>
export type TeamMember = RowOf<'teamMembers'>
export type Grant = RowOf<'grants'>
export type Pipeline = RowOf<'pipelines'>
export type Schedule = RowOf<'schedules'>
export type Template = RowOf<'templates'>
export type Rule = RowOf<'rules'>
export type Agent = RowOf<'agents'>
export type Build = RowOf<'builds'>
export type Job = RowOf<'jobs'>
export type Trigger = RowOf<'triggers'>
export type Portal = RowOf<'portals'>
export type Commit = RowOf<'commits'>
export type Known = RowOf<'known'>
export type Annotation = RowOf<'annotations'>
export type AuditEvent = RowOf<'auditEvents'>
