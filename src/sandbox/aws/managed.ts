import type { State } from '../state.js'
import type { Switches } from '../switches.js'
import { first } from '../table.js'
import { keyOf, policyArn } from './ids.js'
import type { AwsPolicy } from './rows.js'

const allow = (actions: readonly string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] })

/** Policies that AWS keeps itself, as far as they matter here: there are over a thousand, and these say less. */
const kept: Readonly<Record<string, string>> = {
  AdministratorAccess: allow(['*']),
  PowerUserAccess: JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
      { Effect: 'Allow', Action: ['iam:ListRoles', 'organizations:DescribeOrganization'], Resource: '*' },
    ],
  }),
  IAMFullAccess: allow(['iam:*']),
  IAMReadOnlyAccess: allow([
    'iam:Get*',
    'iam:List*',
    'iam:GenerateCredentialReport',
    'iam:SimulatePrincipalPolicy',
  ]),
  ReadOnlyAccess: allow([
    'iam:Get*',
    'iam:List*',
    'ssm:Get*',
    'ssm:List*',
    'ssm:Describe*',
    's3:Get*',
    's3:List*',
  ]),
  SecurityAudit: allow(['iam:Get*', 'iam:List*', 'ssm:Describe*', 'ssm:ListTagsForResource']),
  AmazonSSMFullAccess: allow(['ssm:*']),
  AmazonSSMReadOnlyAccess: allow(['ssm:Describe*', 'ssm:Get*', 'ssm:List*']),
  AmazonSSMManagedInstanceCore: allow(['ssm:DescribeDocument', 'ssm:GetParameter', 'ssm:GetParameters']),
  AWSCloudFormationFullAccess: allow(['cloudformation:*']),
  AmazonS3ReadOnlyAccess: allow(['s3:Get*', 's3:List*']),
  AmazonS3FullAccess: allow(['s3:*']),
  AmazonEC2ContainerRegistryReadOnly: allow(['ecr:Get*', 'ecr:BatchGetImage', 'ecr:List*', 'ecr:Describe*']),
  AmazonEC2ContainerRegistryPowerUser: allow(['ecr:*']),
  CloudWatchAgentServerPolicy: allow(['cloudwatch:PutMetricData', 'logs:PutLogEvents']),
}

/** A managed policy: who keeps it, and what it says. */
export interface Managed {
  readonly arn: string
  readonly name: string
  readonly path: string
  /** The policy as text; a policy of AWS's that is not known here allows nothing. */
  readonly document: string
  /** Missing for what AWS keeps. */
  readonly row?: AwsPolicy
}

const ofAws = (arn: string, switches: Pick<Switches, 'awsManagedPolicies'>): Managed | undefined => {
  const [, path, name] =
    /^arn:[a-z-]+:iam::aws:policy(\/(?:[\w+=,.@-]+\/)*)([\w+=,.@-]{1,128})$/.exec(arn) ?? []
  if (path === undefined || name === undefined) return undefined
  const document = kept[name] ?? (switches.awsManagedPolicies === 'any' ? allow(['none:None']) : undefined)
  return document === undefined ? undefined : { arn, name, path, document }
}

const nameIn = (arn: string) => arn.slice(arn.lastIndexOf('/') + 1)

/** The managed policy of this ARN, of an account or of AWS. */
export const managedAt = (
  state: State,
  arn: string,
  switches: Pick<Switches, 'awsManagedPolicies'>,
): Managed | undefined => {
  const [, account] = /^arn:[a-z-]+:iam::(\d{12}):policy\//.exec(arn) ?? []
  if (account === undefined) return ofAws(arn, switches)
  const row = first(state.tables.awsPolicies, 'key', keyOf(account, nameIn(arn)))
  return row && policyArn(state, row) === arn
    ? { arn, name: row.name, path: row.path, document: row.document, row }
    : undefined
}

/** The policies of AWS's that are known here. */
export const keptByAws = (partition: string): readonly Managed[] =>
  Object.entries(kept).map(([name, document]) => ({
    arn: `arn:${partition}:iam::aws:policy/${name}`,
    name,
    path: '/',
    document,
  }))
