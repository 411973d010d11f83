import { issuer } from '../../policy/principal.js'
import { spelling } from '../../policy/operator.js'
import type { Condition } from '../../policy/document.js'

/** Claims of Buildkite's tokens that AWS knows by name. @source aws-enforcement §4.3 */
const native = [
  'aud',
  'sub',
  'amr',
  'organization_id',
  'organization_slug',
  'pipeline_id',
  'pipeline_slug',
  'cluster_id',
  'cluster_name',
  'build_branch',
]

/** Claims that a token can carry as session tags, besides `agent_tag:NAME`. @source aws-enforcement §4.2 */
const taggable = [
  'organization_id',
  'organization_slug',
  'pipeline_id',
  'pipeline_slug',
  'cluster_id',
  'cluster_name',
  'queue_id',
  'queue_key',
  'build_id',
  'build_number',
  'build_branch',
  'build_tag',
  'build_commit',
  'build_source',
  'step_key',
  'job_id',
  'agent_id',
  'runner_environment',
]

/** What people who write steps, push or start agents put in as they like. */
export const free = ['build_branch', 'build_tag', 'build_commit', 'step_key']

const requestTag = 'aws:requesttag/'

/** A claim that a condition key is about, and whether it comes by its own name or as a session tag. */
export interface Claim {
  readonly name: string
  readonly as: 'claim' | 'tag'
}

/** What a condition key says of a job; undefined for a key about something else. */
export const claimIn = (key: string): Claim | undefined => {
  const small = key.toLowerCase()
  if (small.startsWith(`${issuer}:`)) return { name: small.slice(issuer.length + 1), as: 'claim' }
  if (small.startsWith(requestTag)) return { name: small.slice(requestTag.length), as: 'tag' }
  return undefined
}

/** Whether a token can have it at all. */
export const exists = ({ name, as }: Claim): boolean =>
  as === 'claim' ? native.includes(name) : taggable.includes(name) || name.startsWith('agent_tag:')

/** Whether a condition asks for something: whoever leaves its key out does not get past it. */
export const asks = ({ operator: { name, over, ifExists } }: Condition): boolean =>
  spelling(name).negated !== true && !ifExists && over !== 'all' && name !== 'Null'

/** Whether a condition's stars and question marks stand for other characters. */
export const isWild = ({ operator: { name } }: Condition): boolean => spelling(name).wild === true

/** The values of a condition that mean one text each; undefined where one of them is a pattern, or has a variable. */
export const plainValues = (condition: Condition): readonly string[] | undefined =>
  condition.values.some((value) => value.includes('${') || (isWild(condition) && /[*?]/.test(value)))
    ? undefined
    : condition.values

/** What every text begins with that a value means. */
export const beginningOf = (condition: Condition, value: string): string =>
  (isWild(condition) ? /^(?:(?!\$\{)[^*?])*/ : /^(?:(?!\$\{)[^])*/).exec(value)?.[0] ?? ''

/** The conditions about a claim that ask for something, whichever way the claim comes. */
export const asking = (conditions: readonly Condition[], ...names: readonly string[]): readonly Condition[] =>
  conditions.filter((condition) => asks(condition) && names.includes(claimIn(condition.key)?.name ?? ''))

/** A uuid; or the address of what is not there yet, in its stead. */
export const isUuid = (text: string): boolean =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) || /^(cluster|queue|pipeline):./.test(text)

/** `organization:acme:pipeline:web:ref:refs/heads/main:commit:…:step:…`, as far as it is written out. */
export const subjectIn = (value: string) => {
  const [, organization, rest] = /^organization:([^:*?]*)(:.*)?$/s.exec(value) ?? []
  const [, pipeline] = /^:pipeline:([^:*?]+):/.exec(rest ?? '') ?? []
  return {
    /** The slug, where nothing before its closing colon is left open. */
    organization: rest === undefined ? undefined : organization,
    pipeline: rest === undefined ? undefined : pipeline,
  }
}
