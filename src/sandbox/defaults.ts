// What things are like where nobody said anything. @source Buildkite docs, the tables of each API page

const off = { enabled: false, at: null, by: null }

/** The settings of a new organization: open where Buildkite is open. */
export const newSettings = {
  public: false,
  iconUrl: null,
  allowedApiIpAddresses: null,
  membersRequireTwoFactorAuthentication: false,
  revokeInactiveTokensAfter: 'NEVER',
  restrictUserApiTokenCreation: false,
  defaultBranch: null,
  defaultCluster: null,
  defaultTimeoutInMinutes: null,
  maximumTimeoutInMinutes: null,
  scheduledJobExpiryInMinutes: null,
  hostedAgentsTerminalAccess: { ...off, enabled: true },
  publicPipelineCreation: { ...off, enabled: true },
  advancedQueueMetrics: off,
  buildExports: { enabled: false, location: null, strategyId: null },
  memberPermissions: {
    createPipelines: true,
    deletePipelines: true,
    changePipelineVisibility: true,
    manageAgentTokens: false,
    stopAgents: true,
  },
  templateRequirement: 'NONE',
  features: { clusters: true, teams: true, membersCanCreatePipelines: true, auditLog: true },
} as const

/** A cluster as an API makes it: nothing in it. */
export const newCluster = {
  description: null,
  emoji: null,
  color: null,
  defaultQueue: null,
  hostedGitMirrorEnabled: false,
  hostedContainerCacheEnabled: false,
} as const

export const newQueue = {
  key: 'default',
  description: null,
  retryAgentAffinity: 'prefer-warmest',
  dispatchPaused: false,
  dispatchPausedAt: null,
  dispatchPausedBy: null,
  dispatchPausedNote: null,
  hosted: null,
} as const

/** Mind the first: who leaves it out lets every member of the team create pipelines. */
export const newTeamFlags = {
  membersCanCreatePipelines: true,
  membersCanCreateSuites: true,
  membersCanCreateRegistries: true,
  membersCanDestroyRegistries: false,
  membersCanDestroyPackages: false,
  membersCanDeletePipelines: true,
} as const

/** All that a token can be allowed to ask for. @source Buildkite docs, "Managing API access tokens" */
export const allScopes: readonly string[] = [
  'graphql',
  'delete_packages',
  'delete_registries',
  'read_job_env',
  'read_user',
  'read_audit_events',
  'read_organization_repository_connections',
  'read_secrets_details',
  'write_secrets',
  ...[
    'pipelines',
    'builds',
    'build_logs',
    'artifacts',
    'agents',
    'clusters',
    'teams',
    'rules',
    'pipeline_templates',
    'organizations',
    'organization_invitations',
    'organization_settings',
    'notification_services',
    'portals',
    'suites',
    'test_plan',
    'registries',
    'packages',
  ].flatMap((what) => [`read_${what}`, `write_${what}`]),
]
