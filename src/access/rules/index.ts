import type { Rule } from '../rule.js'
import { agentTokens } from './agent-tokens.js'
import { anyQueue } from './any-queue.js'
import { apiTokens } from './api-tokens.js'
import { backlog } from './backlog.js'
import { bridleItself } from './bridle-itself.js'
import { clusterSecrets } from './cluster-secrets.js'
import { controlPlane } from './control-plane.js'
import { dormantGrants } from './dormant-grants.js'
import { forkBuilds } from './fork-builds.js'
import { formerMembers } from './former-members.js'
import { fullAccess } from './full-access.js'
import { hostedSharedState } from './hosted-shared-state.js'
import { hostedTerminals } from './hosted-terminals.js'
import { infrastructureWriters } from './infrastructure-writers.js'
import { jobTokens } from './job-tokens.js'
import { kubernetesOverrides } from './kubernetes-overrides.js'
import { nameReuse } from './name-reuse.js'
import { observerMaintainers } from './observer-maintainers.js'
import { pipelineTemplates } from './pipeline-templates.js'
import { portals } from './portals.js'
import { publicPipelines } from './public-pipelines.js'
import { repositoryCredentials } from './repository-credentials.js'
import { repositoryTakeover } from './repository-takeover.js'
import { selfTaggedAgents } from './self-tagged-agents.js'
import { sharedCache } from './shared-cache.js'
import { sharedHosts } from './shared-hosts.js'
import { thirdPartyCode } from './third-party-code.js'
import { tokenExchange } from './token-exchange.js'
import { unclustered } from './unclustered.js'
import { workloadIdentities } from './workload-identities.js'

/** One rule for each path, in the order of their numbers. */
export const rules: readonly Rule[] = [
  fullAccess, // R4
  forkBuilds, // R9
  anyQueue, // R19
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
]
