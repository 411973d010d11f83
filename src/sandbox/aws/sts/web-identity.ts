import * as z from 'zod'
import { ISSUER, readToken, type Claims } from '../../oidc.js'
import { first } from '../../table.js'
import { isTrusted } from '../authorize/assume.js'
import { isSettled, type AwsDesk } from '../desk.js'
import { isRecord, several, textsIn } from '../documents.js'
import { text } from '../fields.js'
import { keyOf, providerArn } from '../ids.js'
import type { Facts, OpenOperation } from '../operation.js'
import { AwsRefused } from '../refused.js'
import type { AwsProvider, AwsRole, Tag } from '../rows.js'
import { assuming, checkSeconds, narrowingOf, roleAt } from './assume.js'
import { begin, saidOf } from './session.js'

const input = z.object({
  ...assuming,
  WebIdentityToken: text({ min: 4, max: 20_000 }),
  ProviderId: text({ min: 4, max: 2048 }).optional(),
})
type Input = z.infer<typeof input>

const invalid = (message: string) => new AwsRefused('InvalidIdentityToken', message)

const denied = (action: string) => new AwsRefused('AccessDenied', `Not authorized to perform ${action}`, 403)

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : undefined

const providerOf = (desk: AwsDesk, roleArn: string, issuer: string): AwsProvider => {
  const [, account = ''] = /^arn:[a-z-]+:iam::(\d{12}):role\//.exec(roleArn) ?? []
  const url = issuer.replace(/^https:\/\//, '')
  const provider = first(desk.state.tables.awsProviders, 'key', keyOf(account, url))
  if (!provider || !isSettled(desk, provider))
    throw invalid(`No OpenIDConnect provider found in your account for ${issuer}`)
  return provider
}

/** What a token says, once it is known that its issuer said so, that it holds now, and that it was meant for AWS. */
const checkedClaims = (desk: AwsDesk, { RoleArn, WebIdentityToken }: Input) => {
  const read = readToken(desk.state, WebIdentityToken)
  const issuer = textOf(read?.claims['iss'])
  if (!read || issuer === undefined)
    throw invalid(
      'The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)',
    )
  const provider = providerOf(desk, RoleArn, issuer)
  // Of other issuers nobody here has the key.
  if (!read.isGenuine || issuer !== ISSUER) throw invalid('Token signature invalid')
  const { claims } = read
  const now = Math.floor(Date.parse(desk.now) / 1000)
  const expires = Number(claims['exp'])
  if (!(expires > now))
    throw new AwsRefused(
      'ExpiredTokenException',
      `Token expired: current date/time ${now} must be before the expiration date/time ${expires}`,
    )
  if (Number(claims['nbf'] ?? 0) > now) throw invalid('Token is not yet valid')
  if (!textsIn(claims['aud']).some((one) => provider.clientIds.includes(one)))
    throw invalid('Incorrect token audience')
  return { claims, provider }
}

/** Claims of Buildkite's that conditions can ask for by their names; of all others only the subject is known. */
const native = [
  'organization_id',
  'organization_slug',
  'pipeline_id',
  'pipeline_slug',
  'cluster_id',
  'cluster_name',
  'build_branch',
]

const TAGS = 'https://aws.amazon.com/tags'

const tagPattern = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u

const tagsIn = (claims: Claims): Tag[] => {
  const value = claims[TAGS]
  const given = isRecord(value) ? value['principal_tags'] : undefined
  if (!isRecord(given)) return []
  return Object.entries(given).map(([key, values]) => {
    const [one, ...more] = several(values)
    if (typeof one !== 'string' || more.length > 0) throw invalid('A session tag must have one value')
    if (!tagPattern.test(key) || !tagPattern.test(one) || key.length > 128 || one.length > 256)
      throw invalid(`Value at 'tags' failed to satisfy constraint: ${key} is not a session tag`)
    return { key, value: one }
  })
}

const transitiveIn = (claims: Claims): string[] => {
  const value = claims[TAGS]
  return isRecord(value) ? [...textsIn(value['transitive_tag_keys'])] : []
}

const factsOf = (
  desk: AwsDesk,
  provider: AwsProvider,
  claims: Claims,
  tags: readonly Tag[],
  name: string,
): Facts => ({
  [`${provider.url}:sub`]: textOf(claims['sub']),
  [`${provider.url}:aud`]: textsIn(claims['aud']),
  [`${provider.url}:amr`]: textsIn(claims['amr']),
  ...Object.fromEntries(native.map((claim) => [`${provider.url}:${claim}`, textOf(claims[claim])])),
  ...Object.fromEntries(tags.map(({ key, value }) => [`aws:RequestTag/${key}`, value])),
  'aws:TagKeys': tags.map(({ key }) => key),
  'sts:TransitiveTagKeys': transitiveIn(claims),
  'sts:RoleSessionName': name,
  'aws:FederatedProvider': providerArn(desk.state, provider),
})

const trusting = (
  desk: AwsDesk,
  given: Input,
  provider: AwsProvider,
  actions: readonly string[],
  facts: Facts,
): AwsRole => {
  const role = roleAt(desk, given.RoleArn)
  const by = { kind: 'Federated', name: providerArn(desk.state, provider) } as const
  for (const action of actions) if (!role || !isTrusted(desk, role, by, action, facts)) throw denied(action)
  if (!role) throw denied('sts:AssumeRoleWithWebIdentity')
  return role
}

const assumeRoleWithWebIdentity: OpenOperation = {
  service: 'sts',
  name: 'AssumeRoleWithWebIdentity',
  open: true,
  input,
  does: (desk: AwsDesk, given: Input) => {
    const { claims, provider } = checkedClaims(desk, given)
    const tags = tagsIn(claims)
    const facts = factsOf(desk, provider, claims, tags, given.RoleSessionName)
    const actions = ['sts:AssumeRoleWithWebIdentity', ...(tags.length > 0 ? ['sts:TagSession'] : [])]
    const role = trusting(desk, given, provider, actions, facts)
    checkSeconds(role, given.DurationSeconds, false)
    const assumed = begin(desk, role, {
      seconds: given.DurationSeconds,
      name: given.RoleSessionName,
      tags,
      transitive: transitiveIn(claims),
      policies: narrowingOf(desk, given),
      sourceIdentity: null,
      provider: providerArn(desk.state, provider),
      instance: null,
    })
    return {
      ...saidOf(assumed),
      SubjectFromWebIdentityToken: textOf(claims['sub']),
      Audience: textsIn(claims['aud'])[0],
      Provider: providerArn(desk.state, provider),
    }
  },
}

export const webIdentity = [assumeRoleWithWebIdentity]
