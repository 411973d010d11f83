import type { RuleCard } from '../../model/verdict.js'
import type { Rule } from '../rule.js'
import { administrators } from './administrators.js'
import { agentTokens } from './agent-tokens.js'
import { anyQueue } from './any-queue.js'
import { apiTokens } from './api-tokens.js'
import { artifactBecomesCode } from './artifact-becomes-code.js'
import { backlog } from './backlog.js'
import { borrowedCreator } from './borrowed-creator.js'
import { bridleItself } from './bridle-itself.js'
import { chainedRoles } from './chained-roles.js'
import { chosenCommit } from './chosen-commit.js'
import { clusterMaintainers } from './cluster-maintainers.js'
import { clusterSecrets } from './cluster-secrets.js'
import { controlPlane } from './control-plane.js'
import { defaultCluster } from './default-cluster.js'
import { dormantGrants } from './dormant-grants.js'
import { eventBuilds } from './event-builds.js'
import { forkBuilds } from './fork-builds.js'
import { formerMembers } from './former-members.js'
import { fullAccess } from './full-access.js'
import { hostedSharedState } from './hosted-shared-state.js'
import { hostedTerminals } from './hosted-terminals.js'
import { identityProvider } from './identity-provider.js'
import { infrastructureWriters } from './infrastructure-writers.js'
import { injectedEnvironment } from './injected-environment.js'
import { injectedText } from './injected-text.js'
import { instanceRoles } from './instance-roles.js'
import { jobTokens } from './job-tokens.js'
import { kubernetesOverrides } from './kubernetes-overrides.js'
import { maintainerCreates } from './maintainer-creates.js'
import { memberPermissions } from './member-permissions.js'
import { nameReuse } from './name-reuse.js'
import { observerMaintainers } from './observer-maintainers.js'
import { openTeams } from './open-teams.js'
import { outsidePrincipals } from './outside-principals.js'
import { pipelineMovesIn } from './pipeline-moves-in.js'
import { pipelineTemplates } from './pipeline-templates.js'
import { plantedSchedules } from './planted-schedules.js'
import { portals } from './portals.js'
import { publicPipelines } from './public-pipelines.js'
import { pushToRepository } from './push-to-repository.js'
import { rebuilds } from './rebuilds.js'
import { repositoryCredentials } from './repository-credentials.js'
import { repositoryTakeover } from './repository-takeover.js'
import { roleRewriters } from './role-rewriters.js'
import { selfTaggedAgents } from './self-tagged-agents.js'
import { sharedCache } from './shared-cache.js'
import { sharedHosts } from './shared-hosts.js'
import { sharedJobData } from './shared-job-data.js'
import { sharedTeamTrigger } from './shared-team-trigger.js'
import { teamMaintainers } from './team-maintainers.js'
import { thirdPartyCode } from './third-party-code.js'
import { tokenExchange } from './token-exchange.js'
import { triggerRule } from './trigger-rule.js'
import { triggerUrl } from './trigger-url.js'
import { trustedJobs } from './trusted-jobs.js'
import { unblocking } from './unblocking.js'
import { unclustered } from './unclustered.js'
import { webhookUrl } from './webhook-url.js'
import { workloadIdentities } from './workload-identities.js'

/** One rule for each path, in the order of their numbers. */
export const rules: readonly Rule[] = [
  defaultCluster, // R1
  maintainerCreates, // R2
  pipelineMovesIn, // R3
  fullAccess, // R4
  chosenCommit, // R5
  injectedEnvironment, // R6
  rebuilds, // R7
  pushToRepository, // R8
  forkBuilds, // R9
  eventBuilds, // R10
  webhookUrl, // R11
  triggerUrl, // R12
  plantedSchedules, // R13
  borrowedCreator, // R14
  sharedTeamTrigger, // R15
  triggerRule, // R16
  artifactBecomesCode, // R17
  sharedJobData, // R18
  anyQueue, // R19
  injectedText, // R20
  unblocking, // R21
  openTeams, // R22
  teamMaintainers, // R23
  administrators, // R24
  identityProvider, // R25
  clusterMaintainers, // R26
  memberPermissions, // R27
  apiTokens, // R28
  portals, // R29
  tokenExchange, // R30
  workloadIdentities, // R31
  agentTokens, // R32
  jobTokens, // R33
  unclustered, // R34
  pipelineTemplates, // R35
  thirdPartyCode, // R36
  clusterSecrets, // R37
  hostedTerminals, // R38
  hostedSharedState, // R39
  sharedHosts, // R40
  kubernetesOverrides, // R41
  infrastructureWriters, // R42
  nameReuse, // R43
  dormantGrants, // R44
  selfTaggedAgents, // R45
  controlPlane, // R46
  publicPipelines, // R47
  repositoryCredentials, // R48
  backlog, // R49
  observerMaintainers, // R50
  formerMembers, // R51
  sharedCache, // R52
  repositoryTakeover, // R53
  bridleItself, // R54
  trustedJobs, // R55
  instanceRoles, // R56
  chainedRoles, // R57
  outsidePrincipals, // R58
  roleRewriters, // R59
]

/** What each rule says of itself, in the order of the numbers: the rows of `bridle access check --list`. */
export const ruleCards: readonly RuleCard[] = rules.map(
  ({ path, code, title, decidedFrom, verdicts, replayable, enforcedAt, gate }) => ({
    path,
    finding: code,
    title,
    decidedFrom,
    verdicts,
    replayable,
    enforcedAt,
    ...(gate && { gate: gate.says }),
  }),
)
