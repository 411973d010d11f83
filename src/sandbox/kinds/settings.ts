import * as z from 'zod'
import type { Context } from '../context.js'
import type { SandboxKind } from '../kind.js'
import { Refused } from '../refused.js'
import { isAdmin } from '../rights.js'
import { gone, inOrganization, ok, read, updates, type OrganizationRequest, type Route } from '../route.js'
import type { Organization } from '../rows.js'
import { get } from '../table.js'
import { allow, change } from '../write.js'
import { personOf } from './user.js'

const READ = 'read_organization_settings'
const WRITE = 'write_organization_settings'

type Days = Organization['revokeInactiveTokensAfter']
const daysOf = (days: Days) => (days === 'NEVER' ? null : Number(days.slice('DAYS_'.length)))

const apiSettings = z.object({
  allowed_ip_addresses: z.string().nullish(),
  revoke_inactive_tokens_after_days: z.literal([30, 60, 90, 180, 365]).nullish(),
  restrict_user_api_token_creation: z.boolean().optional(),
})

const minutes = z.int().positive().nullish()

const pipelineSettings = z.object({
  default_branch: z.string().nullish(),
  default_cluster_id: z.string().nullish(),
  default_timeout_in_minutes: minutes,
  maximum_timeout_in_minutes: minutes,
  scheduled_job_expiry_in_minutes: minutes,
})

const apiSettingsBody = (organization: Organization, base: string) => ({
  url: `${base}/api-settings`,
  allowed_ip_addresses: organization.allowedApiIpAddresses,
  revoke_inactive_tokens_after_days: daysOf(organization.revokeInactiveTokensAfter),
  restrict_user_api_token_creation: organization.restrictUserApiTokenCreation,
  features: { api_ip_allow_list: true, inactive_api_token_revocation: true },
})

const switched = (context: Context, { enabled, at, by }: Organization['publicPipelineCreation']) => ({
  enabled,
  enabled_at: at,
  enabled_by: personOf(context, by),
})

const pipelineSettingsBody = (context: Context, organization: Organization, base: string) => ({
  url: `${base}/pipeline-settings`,
  default_branch: organization.defaultBranch,
  default_cluster_id: organization.defaultCluster,
  default_timeout_in_minutes: organization.defaultTimeoutInMinutes,
  maximum_timeout_in_minutes: organization.maximumTimeoutInMinutes,
  scheduled_job_expiry_in_minutes: organization.scheduledJobExpiryInMinutes,
  hosted_agents_terminal_access: switched(context, organization.hostedAgentsTerminalAccess),
  public_pipeline_creation: switched(context, organization.publicPipelineCreation),
  advanced_queue_metrics: {
    ...switched(context, organization.advancedQueueMetrics),
    disable_supported: false,
  },
  build_exports: {
    available: true,
    enabled: organization.buildExports.enabled,
    location: organization.buildExports.location,
    strategy_id: organization.buildExports.strategyId,
    supported_strategies: ['s3', 'gcs'],
  },
})

/** Settings are for admins, reading them too. */
const forAdmins =
  (answer: (request: OrganizationRequest) => ReturnType<Route['handle']>) =>
  (request: OrganizationRequest) => {
    allow(isAdmin(request.context, request.organization.uuid))
    return answer(request)
  }

const updateApiSettings = ({ context, organization, body, base }: OrganizationRequest) => {
  const given = read(apiSettings, body)
  const days = given.revoke_inactive_tokens_after_days
  const changed = change(context, 'organizations', organization, {
    allowedApiIpAddresses: given.allowed_ip_addresses,
    restrictUserApiTokenCreation: given.restrict_user_api_token_creation,
    revokeInactiveTokensAfter:
      days === undefined ? undefined : days === null ? 'NEVER' : (`DAYS_${days}` as const),
  })
  return ok(apiSettingsBody(changed, base))
}

const updatePipelineSettings = ({ context, organization, body, base }: OrganizationRequest) => {
  const given = read(pipelineSettings, body)
  const cluster = get(context.state.tables.clusters, given.default_cluster_id)
  if (given.default_cluster_id && cluster?.organization !== organization.uuid)
    throw new Refused('Validation failed: Default cluster must be a cluster of the organization')
  const changed = change(context, 'organizations', organization, {
    defaultBranch: given.default_branch,
    defaultCluster: given.default_cluster_id,
    defaultTimeoutInMinutes: given.default_timeout_in_minutes,
    maximumTimeoutInMinutes: given.maximum_timeout_in_minutes,
    scheduledJobExpiryInMinutes: given.scheduled_job_expiry_in_minutes,
  })
  return ok(pipelineSettingsBody(context, changed, base))
}

type OnOff = 'hostedAgentsTerminalAccess' | 'publicPipelineCreation' | 'advancedQueueMetrics'

/** A setting that is on while something is at its address, and off after it was deleted there. */
const onOff = (path: string, setting: OnOff): Route[] => [
  inOrganization(
    'PUT',
    `/pipeline-settings/${path}`,
    WRITE,
    forAdmins(({ context, organization, base }) => {
      const on = { enabled: true, at: context.now, by: context.viewer.user.uuid }
      const changed = organization[setting].enabled
        ? organization
        : change(context, 'organizations', organization, { [setting]: on })
      return ok(pipelineSettingsBody(context, changed, base))
    }),
  ),
  inOrganization(
    'DELETE',
    `/pipeline-settings/${path}`,
    WRITE,
    forAdmins(({ context, organization }) => {
      change(context, 'organizations', organization, { [setting]: { enabled: false, at: null, by: null } })
      return gone
    }),
  ),
]

const buildExport = z.object({ location: z.string(), strategy_id: z.string() })

/** The organization's settings, as far as only REST has them. */
export const settings: SandboxKind = {
  routes: [
    inOrganization(
      'GET',
      '/api-settings',
      READ,
      forAdmins(({ organization, base }) => ok(apiSettingsBody(organization, base))),
    ),
    ...updates('/api-settings', WRITE, forAdmins(updateApiSettings)),
    inOrganization(
      'GET',
      '/pipeline-settings',
      READ,
      forAdmins(({ context, organization, base }) => ok(pipelineSettingsBody(context, organization, base))),
    ),
    ...updates('/pipeline-settings', WRITE, forAdmins(updatePipelineSettings)),
    ...onOff('public-pipelines', 'publicPipelineCreation'),
    ...onOff('hosted-agents-ssh', 'hostedAgentsTerminalAccess'),
    // One way: nothing turns these metrics off again.
    ...onOff('advanced-queue-metrics', 'advancedQueueMetrics').filter(({ method }) => method === 'PUT'),
    inOrganization(
      'PUT',
      '/pipeline-settings/build-export',
      WRITE,
      forAdmins(({ context, organization, body, base }) => {
        const { location, strategy_id: strategyId } = read(buildExport, body)
        const buildExports = { enabled: true, location, strategyId }
        const changed = change(
          context,
          'organizations',
          organization,
          { buildExports },
          { event: 'ORGANIZATION_BUILD_EXPORT_UPDATED' },
        )
        return ok(pipelineSettingsBody(context, changed, base))
      }),
    ),
    inOrganization(
      'DELETE',
      '/pipeline-settings/build-export',
      WRITE,
      forAdmins(({ context, organization }) => {
        const buildExports = { enabled: false, location: null, strategyId: null }
        change(
          context,
          'organizations',
          organization,
          { buildExports },
          { event: 'ORGANIZATION_BUILD_EXPORT_UPDATED' },
        )
        return gone
      }),
    ),
  ],
}
