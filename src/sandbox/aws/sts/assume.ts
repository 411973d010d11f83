import * as z from 'zod'
import type { AwsDesk } from '../desk.js'
import { isSettled } from '../desk.js'
import { arn, documentText, list, number, tagKeys, tagsField, text } from '../fields.js'
import { operation, type OpenOperation } from '../operation.js'
import { AwsRefused } from '../refused.js'
import type { AwsRole, AwsUser } from '../rows.js'
import { tagsOf } from '../tags.js'
import { principalNamed } from '../trust.js'
import { begin, saidOf } from './session.js'

const RoleSessionName = text({ min: 2, max: 64, pattern: /[\w+=,.@-]*/ })
const DurationSeconds = number(900, 43_200).default(3600)
const policies = {
  Policy: documentText.optional(),
  PolicyArns: list(z.object({ arn: arn })).default([]),
}

export const assuming = z.object({
  RoleArn: arn,
  RoleSessionName,
  DurationSeconds,
  ExternalId: text({ min: 2, max: 1224, pattern: /[\w+=,.@:/-]*/ }).optional(),
  SourceIdentity: text({ min: 2, max: 64, pattern: /[\w+=,.@-]*/ }).optional(),
  Tags: tagsField.default([]),
  TransitiveTagKeys: tagKeys.default([]),
  ...policies,
})

const isRole = (row: AwsRole | AwsUser | undefined): row is AwsRole => row !== undefined && 'trust' in row

/** The role of this ARN, if it has come to be seen. */
export const roleAt = (
  desk: Pick<AwsDesk, 'state' | 'faults' | 'births' | 'n'>,
  of: string,
): AwsRole | undefined => {
  const row = principalNamed(desk.state, of)
  return isRole(row) && isSettled(desk, row) ? row : undefined
}

const assumeRole = operation('sts', 'AssumeRole', assuming, {
  does: (aws, given) => {
    const role = roleAt(aws, given.RoleArn)
    if (!role)
      throw new AwsRefused(
        'AccessDenied',
        `User: ${aws.caller.arn} is not authorized to perform: sts:AssumeRole on resource: ${given.RoleArn}`,
        403,
      )
    return saidOf(
      begin(aws, role, {
        seconds: given.DurationSeconds,
        name: given.RoleSessionName,
        tags: tagsOf(given.Tags),
        transitive: given.TransitiveTagKeys,
        policies: given.Policy === undefined ? [] : [given.Policy],
        sourceIdentity: given.SourceIdentity ?? null,
        provider: null,
      }),
    )
  },
})

export const assume = [assumeRole]
export const assumeOpenly: readonly OpenOperation[] = []
