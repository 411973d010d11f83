import type { Context } from './context.js'
import { through } from './hand.js'
import { clusterNamed, queueNamed } from './named.js'
import { Refused } from './refused.js'
import { get } from './table.js'
import { change } from './write.js'

/** Where a thing is: an endpoint below the organization, and what its path wants to know. */
export interface Place {
  readonly path: string
  readonly params: Readonly<Record<string, string>>
}

type Json = string | number | boolean | null | readonly string[]

const isNumber = (key: string) => /(_minutes|_timeout)$/.test(key)

/** `true`, `null` and `[a, b]` are what they look like; numbers only where a number is meant. */
const valueOf = (key: string, text: string): Json => {
  if (text === 'null') return null
  if (text === 'true' || text === 'false') return text === 'true'
  if (isNumber(key) && /^\d+$/.test(text)) return Number(text)
  if (!/^\[.*\]$/.test(text)) return text
  return text
    .slice(1, -1)
    .split(',')
    .map((word) => word.trim())
    .filter(Boolean)
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

type Body = Readonly<Record<string, unknown>>

/** Sends a field, and looks whether it is what it was sent to be: who reads bodies passes over what they do not know. */
const send = (context: Context, endpoint: string, params: Place['params'], key: string, value: Json) => {
  const body = through(context, endpoint, params, { [key]: value }).body as Body
  if (key in body && (same(body[key], value) || value === '')) return
  throw new Refused(`${key} cannot be set; what can be is among: ${Object.keys(body).join(', ')}`)
}

const sendProvider = (context: Context, { path, params }: Place, key: string, value: Json) => {
  const body = through(context, `PATCH ${path}`, params, { provider_settings: { [key]: value } }).body
  const { settings } = (body as { readonly provider: { readonly settings: Body } }).provider
  if (!same(settings[key], value)) throw new Refused(`${key} is no setting of this pipeline's provider`)
}

const permissions: Readonly<
  Record<
    string,
    'createPipelines' | 'deletePipelines' | 'changePipelineVisibility' | 'manageAgentTokens' | 'stopAgents'
  >
> = {
  members_can_create_pipelines: 'createPipelines',
  members_can_delete_pipelines: 'deletePipelines',
  members_can_change_pipeline_visibility: 'changePipelineVisibility',
  members_can_manage_agent_tokens: 'manageAgentTokens',
  members_can_stop_agents: 'stopAgents',
}

/** What only a page of the browser can set, besides what REST can. */
const setOrganization = (context: Context, key: string, value: Json) => {
  const { organizations } = context.state.tables
  const row = get(organizations, context.viewer.organization.uuid) ?? context.viewer.organization
  const permission = permissions[key]
  if (permission)
    change(
      context,
      'organizations',
      row,
      { memberPermissions: { ...row.memberPermissions, [permission]: value === true } },
      { event: 'ORGANIZATION_SECURITY_SETTINGS_UPDATED' },
    )
  else if (key === 'public_pipelines')
    through(context, `${value === true ? 'PUT' : 'DELETE'} /pipeline-settings/public-pipelines`)
  else if (key === 'default_cluster')
    send(context, 'PATCH /pipeline-settings', {}, 'default_cluster_id', clusterIn(context, value))
  else if (key === 'template_requirement')
    change(context, 'organizations', row, {
      templateRequirement:
        value === 'all_pipelines' ? 'ALL_PIPELINES' : value === 'new_pipelines' ? 'NEW_PIPELINES' : 'NONE',
    })
  else send(context, 'PATCH /pipeline-settings', {}, key, value)
}

const clusterIn = (context: Context, value: Json) =>
  value === null ? null : clusterNamed(context, String(value)).uuid

const queueIn = (context: Context, { cluster = '' }: Place['params'], value: Json) => {
  const name = get(context.state.tables.clusters, cluster)?.name ?? ''
  return value === null ? null : queueNamed(context, `${name}/${String(value)}`).uuid
}

/** Fields that people name a thing in, and the API an id. */
const translated = (
  context: Context,
  params: Place['params'],
  key: string,
  value: Json,
): readonly [string, Json] => {
  if (key === 'default_queue') return ['default_queue_id', queueIn(context, params, value)]
  if (key === 'cluster') return ['cluster_id', clusterIn(context, value)]
  return [key === 'steps' ? 'configuration' : key, value]
}

/** Sets one field of a thing, or (with no place) of the organization, from what somebody typed. */
export const setting = (context: Context, place: Place | undefined, key: string, text: string): void => {
  const value = valueOf(key, text)
  const [, provider] = /^provider_settings\.(.+)$/.exec(key) ?? []
  if (!place) setOrganization(context, key, value)
  else if (provider !== undefined) sendProvider(context, place, provider, value)
  else send(context, `PATCH ${place.path}`, place.params, ...translated(context, place.params, key, value))
}
