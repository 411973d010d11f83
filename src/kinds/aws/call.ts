import type { AwsCall, CallValue } from '../../model/call.js'

type Input = Readonly<Record<string, CallValue | undefined>>
type Order = Pick<AwsCall, 'gate' | 'sets' | 'passing' | 'aside'>

/** Operations that make what was not there: sent twice, the second is refused. */
const makes = /^(Create|Add(Role|Client))/

/** A call of IAM in an account. */
export const iam = (
  account: string,
  operation: string,
  input: Input,
  order: Order & Pick<AwsCall, 'expects'> = {},
): AwsCall => ({
  via: 'aws',
  account,
  service: 'iam',
  operation,
  input: said(input),
  repeatable: !makes.test(operation),
  ...order,
})

/** A call of SSM in an account. */
export const ssm = (account: string, operation: string, input: Input, order: Order = {}): AwsCall => ({
  via: 'aws',
  account,
  service: 'ssm',
  operation,
  input: said(input),
  repeatable: true,
  ...order,
})

const said = (input: Input): Input =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined))

/** Tags as AWS takes them, in the order of their keys. */
export const tagList = (tags: Readonly<Record<string, string>>): CallValue =>
  Object.entries(tags)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([Key, Value]) => ({ Key, Value }))
