import * as z from 'zod'
import { whyNotAssume } from '../authorize/assume.js'
import { deniedFor } from '../authorize/identity.js'
import type { Caller } from '../caller.js'
import { isSettled, type Aws, type AwsDesk } from '../desk.js'
import { checkPermissions, sizeOf } from '../documents.js'
import { arn, documentText, list, number, tagKeys, tagsField, text } from '../fields.js'
import { managedAt } from '../managed.js'
import { operation, type Facts } from '../operation.js'
import { AwsRefused } from '../refused.js'
import type { AwsRole, AwsUser, Tag } from '../rows.js'
import { requestTags, tagsOf } from '../tags.js'
import { principalNamed } from '../trust.js'
import { begin, saidOf } from './session.js'

/** What every way of assuming a role takes. */
export const assuming = {
  RoleArn: arn,
  RoleSessionName: text({ min: 2, max: 64, pattern: /[\w+=,.@-]*/ }),
  DurationSeconds: number(900, 43_200).default(3600),
  Policy: documentText.optional(),
  PolicyArns: list(z.object({ arn })).default([]),
}

const SESSION_POLICY_CHARACTERS_AT_MOST = 2048
const CHAINED_SECONDS_AT_MOST = 3600

const isRole = (row: AwsRole | AwsUser | undefined): row is AwsRole => row !== undefined && 'trust' in row

/** The role of this ARN, if it has come to be seen. */
export const roleAt = (
  desk: Pick<AwsDesk, 'state' | 'faults' | 'births' | 'n'>,
  of: string,
): AwsRole | undefined => {
  const row = principalNamed(desk.state, of)
  return isRole(row) && isSettled(desk, row) ? row : undefined
}

interface Narrowing {
  readonly Policy?: string | undefined
  readonly PolicyArns: readonly { readonly arn: string }[]
}

/** The policies that narrow a session, as text. */
export const narrowingOf = ({ state, switches }: AwsDesk, { Policy, PolicyArns }: Narrowing): string[] => {
  if (Policy !== undefined) {
    checkPermissions(Policy)
    if (sizeOf(Policy) > SESSION_POLICY_CHARACTERS_AT_MOST)
      throw new AwsRefused(
        'PackedPolicyTooLarge',
        'Packed policy consumes more than 100% of the space that it has',
      )
  }
  const managed = PolicyArns.map(({ arn }) => {
    const found = managedAt(state, arn, switches)
    if (!found) throw new AwsRefused('ValidationError', `PolicyArn: ${arn} not found`)
    return found.document
  })
  return Policy === undefined ? managed : [Policy, ...managed]
}

export const checkSeconds = (role: AwsRole, seconds: number, isChained: boolean): void => {
  if (isChained && seconds > CHAINED_SECONDS_AT_MOST)
    throw new AwsRefused(
      'ValidationError',
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining',
    )
  if (seconds > role.maxSessionSeconds)
    throw new AwsRefused(
      'ValidationError',
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
}

const input = z.object({
  ...assuming,
  ExternalId: text({ min: 2, max: 1224, pattern: /[\w+=,.@:/-]*/ }).optional(),
  SourceIdentity: text({ min: 2, max: 64, pattern: /[\w+=,.@-]*/ }).optional(),
  Tags: tagsField.default([]),
  TransitiveTagKeys: tagKeys.default([]),
})
type Input = z.infer<typeof input>

const isSame = (a: string, b: string) => a.toLowerCase() === b.toLowerCase()

/** Tags that the next role gets whether it is asked to or not. */
const inherited = ({ session }: Caller): readonly Tag[] =>
  session?.tags.filter(({ key }) => session.transitive.some((one) => isSame(one, key))) ?? []

const factsOf = ({ caller }: Aws, given: Input): Facts => ({
  ...requestTags(given.Tags),
  'sts:ExternalId': given.ExternalId,
  'sts:RoleSessionName': given.RoleSessionName,
  'sts:SourceIdentity': given.SourceIdentity ?? caller.session?.sourceIdentity ?? undefined,
  'sts:TransitiveTagKeys': given.TransitiveTagKeys,
})

const actionsFor = ({ caller }: Aws, { Tags, SourceIdentity }: Input): string[] => [
  'sts:AssumeRole',
  ...(Tags.length > 0 || inherited(caller).length > 0 ? ['sts:TagSession'] : []),
  ...((SourceIdentity ?? caller.session?.sourceIdentity) == null ? [] : ['sts:SetSourceIdentity']),
]

const checkTags = ({ caller }: Aws, { Tags, TransitiveTagKeys }: Input) => {
  if (Tags.some(({ Key }) => inherited(caller).some(({ key }) => isSame(key, Key))))
    throw new AwsRefused(
      'InvalidParameterValue',
      'One of the specified transitive tag keys is already set by the calling session.',
    )
  if (TransitiveTagKeys.some((key) => !Tags.some(({ Key }) => isSame(Key, key))))
    throw new AwsRefused(
      'InvalidParameterValue',
      'The specified transitive tag key must be included in the requested tags.',
    )
}

/** A role that is not there is refused in the same words as one that does not trust. */
const assumable = (aws: Aws, given: Input): AwsRole => {
  const { caller } = aws
  const role = roleAt(aws, given.RoleArn)
  const ask = (action: string) => ({ action, resource: given.RoleArn })
  const before = caller.session?.sourceIdentity ?? undefined
  if (!role) throw deniedFor('sts', caller, ask('sts:AssumeRole'))
  for (const action of actionsFor(aws, given)) {
    const why = whyNotAssume(aws, caller, role, action, factsOf(aws, given))
    if (why !== undefined) throw deniedFor('sts', caller, ask(action), why)
  }
  if (before !== undefined && given.SourceIdentity !== undefined && given.SourceIdentity !== before)
    throw deniedFor('sts', caller, ask('sts:SetSourceIdentity'))
  return role
}

const assumeRole = operation('sts', 'AssumeRole', input, {
  does: (aws, given) => {
    const { caller } = aws
    const role = assumable(aws, given)
    checkTags(aws, given)
    checkSeconds(role, given.DurationSeconds, caller.session !== undefined)
    const kept = inherited(caller)
    return {
      ...saidOf(
        begin(aws, role, {
          seconds: given.DurationSeconds,
          name: given.RoleSessionName,
          tags: [...kept, ...tagsOf(given.Tags)],
          transitive: [...kept.map(({ key }) => key), ...given.TransitiveTagKeys],
          policies: narrowingOf(aws, given),
          sourceIdentity: given.SourceIdentity ?? caller.session?.sourceIdentity ?? null,
          provider: caller.session?.provider ?? null,
          instance: null,
        }),
      ),
      SourceIdentity: given.SourceIdentity ?? caller.session?.sourceIdentity,
    }
  },
})

export const assume = [assumeRole]
