import type { AwsAccount } from '../../model/aws.js'
import type { Value } from '../../policy/value.js'
import { like, parameterArn } from './may.js'

/** What somebody can do to what gates and agents go by. */
export type Writing = 'write parameters' | 'write secrets' | 'sign'

const parameters = (account: AwsAccount): Value => like(parameterArn(account, 'buildkite/*'))
const secrets = ({ partition, region, id }: AwsAccount): Value =>
  like(`arn:${partition}:secretsmanager:${region}:${id}:secret:buildkite/*`)
/** Which key signs is not known here, and a key’s own policy is not read. */
const keys = ({ partition, id }: AwsAccount): Value => like(`arn:${partition}:kms:*:${id}:key/*`)

/** The actions that write policies or signatures, and on what. */
export const writing: readonly {
  readonly can: Writing
  readonly action: string
  readonly on: (account: AwsAccount) => Value
}[] = [
  { can: 'write parameters', action: 'ssm:PutParameter', on: parameters },
  { can: 'write parameters', action: 'ssm:DeleteParameter', on: parameters },
  { can: 'write parameters', action: 'ssm:DeleteParameters', on: parameters },
  { can: 'write parameters', action: 'ssm:LabelParameterVersion', on: parameters },
  { can: 'write secrets', action: 'secretsmanager:PutSecretValue', on: secrets },
  { can: 'write secrets', action: 'secretsmanager:UpdateSecret', on: secrets },
  { can: 'sign', action: 'kms:Sign', on: keys },
]
