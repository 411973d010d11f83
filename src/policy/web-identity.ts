import { mentions, ofRequest, tagIn, tagKeys, tagged, type Given } from './assume.js'
import { decide, type Decision } from './decide.js'
import type { Policies, Question } from './layers.js'
import { glob, literal, type Pattern } from './pattern.js'
import { arnOf, issuer } from './principal.js'
import type { Named } from './rule.js'
import {
  absent,
  anyText,
  chosen,
  exactly,
  free,
  known,
  textsLike,
  unknown,
  type Context,
  type Texts,
  type Value,
} from './value.js'

/** Where a job's token can come from: what Buildkite vouches for, and no job can change. */
export interface Job {
  readonly organization: { readonly slug: string; readonly id: string }
  readonly pipeline: { readonly slug: string; readonly id: string }
  /** Null outside of clusters. */
  readonly cluster: { readonly name: string; readonly id: string } | null
  readonly queue: { readonly key: string; readonly id: string } | null
}

/** A job of any organization of Buildkite's but this one: the issuer is the same for all of them. */
export interface Stranger {
  readonly strangerTo: { readonly slug: string }
}

/** An OIDC provider of an account. */
export interface Provider {
  readonly arn: string
  /** Without `https://`. */
  readonly url: string
  readonly clientIds: readonly string[]
}

/** A role that is asked for with a token. */
export interface Entered {
  readonly arn: string
  readonly tags: Readonly<Record<string, string>>
  readonly trust: Named
  /** All of its account; a token of another issuer opens nothing here. */
  readonly providers: readonly Provider[]
  readonly rcp?: readonly (readonly Named[])[]
}

const tagPrefix = 'agent_tag:'

/** What a claim can hold: always there where `always` is set, else only if the job asks for it. */
interface Claim {
  readonly from: readonly Texts[]
  readonly always: boolean
}

const drawn: Texts = { begins: '', rest: free.uuid, drawn: true }
const parts: Texts = { begins: '', rest: free.part }
const sessionNames: Texts = { begins: '', rest: free.sessionName }
const agentTags: Texts = { begins: tagPrefix, rest: free.text }
const someText = textsLike('?*')

const always = (...from: readonly Texts[]): Claim => ({ from, always: true })
const asked = (...from: readonly Texts[]): Claim => ({ from, always: false })

/** Claims that say nothing of where the job is. Branch, commit, step key and tag are texts that somebody wrote. */
const elsewhere: ReadonlyMap<string, Claim> = new Map([
  ['build_branch', always(someText)],
  ['build_number', always(someText)],
  ['build_commit', always(anyText)],
  ['build_source', always(...['ui', 'api', 'webhook', 'trigger_job', 'schedule'].map(exactly))],
  ['runner_environment', always(...['buildkite-hosted', 'self-hosted'].map(exactly))],
  ['step_key', asked(anyText)],
  ['build_tag', asked(anyText)],
  ['job_id', always(drawn)],
  ['agent_id', always(drawn)],
  ['build_id', asked(drawn)],
])

const ids = ['organization_id', 'pipeline_id', 'cluster_id', 'queue_id']
const names = ['organization_slug', 'pipeline_slug', 'cluster_name', 'queue_key']
const claimNames = [...elsewhere.keys(), ...ids, ...names]

const claimOf = (job: Job | Stranger, name: string): Claim | undefined => {
  const known = elsewhere.get(name)
  if (known !== undefined) return known
  if ('strangerTo' in job) {
    if (name === 'organization_slug') return always({ ...parts, but: [literal(job.strangerTo.slug)] })
    if (name === 'pipeline_slug') return always(parts)
    return ids.includes(name) ? asked(drawn) : names.includes(name) ? asked(anyText) : undefined
  }
  switch (name) {
    case 'organization_slug':
      return always(exactly(job.organization.slug))
    case 'pipeline_slug':
      return always(exactly(job.pipeline.slug))
    case 'organization_id':
      return asked(exactly(job.organization.id))
    case 'pipeline_id':
      return asked(exactly(job.pipeline.id))
    case 'cluster_id':
      return job.cluster === null ? asked() : asked(exactly(job.cluster.id))
    case 'cluster_name':
      return job.cluster === null ? asked() : asked(exactly(job.cluster.name))
    case 'queue_id':
      return job.queue === null ? asked() : asked(exactly(job.queue.id))
    case 'queue_key':
      return job.queue === null ? asked() : asked(exactly(job.queue.key))
    default:
      return undefined
  }
}

/** What a subject may be replaced with. */
const idClaims = [
  'organization_id',
  'pipeline_id',
  'cluster_id',
  'queue_id',
  'build_id',
  'job_id',
  'agent_id',
]

/** From the kind of ref on, everything is a text that somebody writes. */
const endings: readonly Pattern[] = ['heads/', 'tags/'].map((ref) => [
  ...literal(ref),
  ...free.text,
  ...literal(':commit:'),
  ...free.text,
  ...literal(':step:'),
  ...free.text,
])

/**
 * What `sub` can be: the default form, whose last parts are texts that people write, or the id that the job asks for.
 *
 * @source aws-enforcement §4.2
 */
const subjectsFor = (job: Job | Stranger): readonly Texts[] => [
  ...endings.map((ending): Texts => {
    if (!('strangerTo' in job)) {
      const { organization, pipeline } = job
      return { begins: `organization:${organization.slug}:pipeline:${pipeline.slug}:ref:refs/`, rest: ending }
    }
    const rest = [...free.part, ...literal(':pipeline:'), ...free.part, ...literal(':ref:refs/'), ...ending]
    return { begins: 'organization:', rest, but: [glob(`organization:${job.strangerTo.slug}:*`)] }
  }),
  ...idClaims.flatMap((name) => claimOf(job, name)?.from ?? []),
]

/** The claims that AWS has condition keys for. @source aws-enforcement §4.3 */
const native = [
  'organization_slug',
  'organization_id',
  'pipeline_slug',
  'pipeline_id',
  'cluster_id',
  'cluster_name',
  'build_branch',
]

const tagNames: readonly Texts[] = [...claimNames.map(exactly), agentTags]

const ofToken = (job: Job | Stranger, name: string, { clientIds }: Provider): Value => {
  if (name === 'sub') return { is: 'chosen', always: true, from: subjectsFor(job) }
  if (name === 'aud') return { is: 'chosen', always: true, from: clientIds.map(exactly) }
  const claim = claimOf(job, name)
  if (claim === undefined) return unknown
  const { from } = claim
  // What AWS does not list it has no key for; should it get one, that will hold what the token says.
  if (!native.includes(name)) return { is: 'unknown', from }
  return claim.always ? { is: 'chosen', from, always: true } : { is: 'chosen', from }
}

const ofTag = (job: Job | Stranger, name: string): Value => {
  const claim = claimOf(job, name)
  if (claim === undefined) return name.startsWith(tagPrefix) ? chosen : unknown
  // A tag of what the job has not is empty.
  return { is: 'chosen', tag: name, from: claim.from.length === 0 ? [exactly('')] : claim.from }
}

const contextOf = (
  job: Job | Stranger,
  role: Entered,
  provider: Provider,
  given: Given,
  withTags: boolean,
): Context => {
  return (key) => {
    const told = given.get(key)
    if (told !== undefined) return told
    if (key.startsWith(`${issuer}:`)) return ofToken(job, key.slice(issuer.length + 1), provider)
    const [issuedBy = ''] = key.split(':', 1)
    // What other issuers say is in tokens of theirs.
    if (issuedBy.includes('.') || issuedBy === 'saml') return absent
    const requested = tagIn(key, 'aws:requesttag')
    if (requested !== undefined) return withTags ? ofTag(job, requested) : absent
    const ofRole = tagIn(key, 'aws:resourcetag', 'iam:resourcetag')
    if (ofRole !== undefined) {
      const tag = tagged(role.tags, ofRole)
      return tag === undefined ? absent : known(tag)
    }
    switch (key) {
      case 'aws:tagkeys':
        return withTags ? { is: 'chosen', many: true, from: tagNames } : absent
      case 'sts:transitivetagkeys':
      case 'sts:sourceidentity':
      case 'sts:externalid':
        return absent
      case 'sts:rolesessionname':
        return { is: 'chosen', always: true, from: [sessionNames] }
      case 'sts:durationseconds':
        return chosen
      case 'aws:resourceaccount':
        return known(arnOf(role.arn).account)
      default:
        return ofRequest(key) ?? unknown
    }
  }
}

const refused = (role: Entered, says: string): Decision => ({
  answer: 'no',
  on: [],
  by: [{ policy: role.trust.name, says }],
  picks: {},
})

/**
 * Whether a job may enter a role with a token of Buildkite's, by `sts:AssumeRoleWithWebIdentity`. The job asks for the
 * audience, the form of the subject, which claims are in the token and which become tags; it can't change what they say.
 */
export const mayAssumeWithWebIdentity = (
  job: Job | Stranger,
  role: Entered,
  given: Given = new Map(),
): Decision => {
  const { account } = arnOf(role.arn)
  const provider = role.providers.find(({ arn, url }) => url === issuer && arnOf(arn).account === account)
  if (provider === undefined) return refused(role, `account ${account} has no provider for ${issuer}`)
  if (provider.clientIds.length === 0) return refused(role, `the provider for ${issuer} takes no audience`)
  const policies: Policies = { trust: role.trust, rcp: role.rcp ?? [] }
  const ask = (withTags: boolean): Question => ({
    actions: ['sts:AssumeRoleWithWebIdentity', ...(withTags ? ['sts:TagSession'] : [])],
    resource: known(role.arn),
    principal: { is: 'provider', arn: provider.arn },
    accounts: 'none',
    context: contextOf(job, role, provider, given, withTags),
    policies,
  })
  return mentions(policies, tagKeys) ? decide(ask(false), ask(true)) : decide(ask(false))
}
