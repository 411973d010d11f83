import type { AwsAccount } from '../model/aws.js'
import type { Stack, StackParameter } from '../model/stack.js'
import { parameters } from './parameters.js'

/** The instance role that a queue declares. */
export interface InstanceRole {
  readonly account: AwsAccount
  readonly name: string
  /** Begins and ends with a slash. */
  readonly path: string
  /** The ARN of its permissions boundary, where one is declared. */
  readonly boundary?: string
}

/** The agent token of a queue's cluster, and where its value is kept. */
export interface StoredToken {
  readonly description: string
  readonly account: AwsAccount
  /** The parameter's name, with its first slash. */
  readonly parameter: string
}

/** What is known of a queue, as far as its stack depends on it. */
export interface QueueFacts {
  readonly key: string
  readonly privileged: boolean
  readonly role: InstanceRole
  /** Missing where no token is declared, or none is stored. */
  readonly token?: StoredToken
  /** The id of the KMS key that the stored token is encrypted with, where it is a key of one's own. */
  readonly tokenKey?: string
  /** Where the boot script can be fetched. */
  readonly bootstrapUrl?: string
}

/** A role's ARN. */
const roleArn = ({ account: { partition, id }, path, name }: InstanceRole) =>
  `arn:${partition}:iam::${id}:role${path}${name}`

/** What the stack reads the token by: a path in its own account, an ARN in another. */
const tokenPath = ({ account, parameter }: StoredToken, stackAccount: AwsAccount) =>
  account.id === stackAccount.id && account.region === stackAccount.region
    ? parameter
    : `arn:${account.partition}:ssm:${account.region}:${account.id}:parameter${parameter}`

/** What the declaration itself says, by key. */
const declared = (facts: QueueFacts): ReadonlyMap<string, Pick<StackParameter, 'ParameterValue' | 'why'>> => {
  const { key, role, token, tokenKey, bootstrapUrl } = facts
  const said = (value: string | undefined, why: string) =>
    value === undefined ? undefined : { ParameterValue: value, why }
  return new Map(
    Object.entries({
      BuildkiteQueue: said(key, 'the key of the queue'),
      BuildkiteAgentTokenParameterStorePath: said(
        token && tokenPath(token, role.account),
        `where token "${token?.description ?? ''}" of the cluster is stored`,
      ),
      BuildkiteAgentTokenParameterStoreKMSKey: said(tokenKey, 'the key that the token is encrypted with'),
      BootstrapScriptUrl: said(bootstrapUrl, 'hardens the machine before the agent starts'),
      InstanceRoleARN: said(roleArn(role), 'the instance role of the queue; the stack makes none of its own'),
      InstanceRolePermissionsBoundaryARN: said(
        role.boundary,
        'the boundary of that role; the stack sets it on its Lambda roles, too',
      ),
    }).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])),
  )
}

/**
 * The parameters that a queue's declaration implies. A privileged queue gets the strict set, any other one only what
 * its declaration says.
 */
export const stackOf = (facts: QueueFacts): Stack => {
  const own = declared(facts)
  return {
    parameters: parameters.flatMap(({ key, strict }): StackParameter[] => {
      const said = own.get(key)
      if (said !== undefined) return [{ ParameterKey: key, ...said }]
      if (!facts.privileged || strict === undefined) return []
      return [{ ParameterKey: key, ParameterValue: strict.value, why: strict.why }]
    }),
    notes: notesOn(facts),
  }
}

const notesOn = ({ privileged, role, token, bootstrapUrl }: QueueFacts): string[] => {
  const { account } = role
  const isElsewhere = token !== undefined && token.account.id !== account.id
  return [
    `The stack belongs into account ${account.name} (${account.id}), region ${account.region}: its role is there.`,
    'The stack gives a role that it did not make no policies. The role has to bring what agents need themselves: to read the token, to end their machine, to write logs.',
    ...(token === undefined
      ? [
          'BuildkiteAgentTokenParameterStorePath is left out: no declared token of the cluster has a `store`. Without it the stack does not start.',
        ]
      : []),
    ...(isElsewhere
      ? [
          `The token is in account ${token.account.name}. Its parameter has to be an advanced one, shared with account ${account.id}, and the role has to be let to its key.`,
        ]
      : []),
    ...(isElsewhere && token.account.partition !== 'aws'
      ? [
          `The stack takes a parameter of another account in partition aws alone, and this one is in ${token.account.partition}: store the token in account ${account.name}.`,
        ]
      : []),
    ...(privileged && bootstrapUrl === undefined
      ? [
          'BootstrapScriptUrl is left out. Put what `--boot-script` prints where the machines can fetch it, and name the place with --bootstrap-url. Until then hooks and configuration belong to the agent user, so every job can change them.',
        ]
      : []),
    ...(privileged && bootstrapUrl !== undefined
      ? [`Whoever can write ${bootstrapUrl} is root on every machine of the queue.`]
      : []),
    ...(privileged
      ? [
          'The stack fixes the hop limit of the metadata service at 2, so containers reach it, too. Only the firewall in the boot script keeps them away.',
        ]
      : []),
  ]
}
