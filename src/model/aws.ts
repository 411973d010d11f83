import type { Json } from './json.js'

/** One AWS account of the declaration, and how to get into it. */
export interface AwsAccount {
  /** What the files call it: the first part of every key in it, `role:prod/web-deploy`. */
  readonly name: string
  /** Twelve digits. */
  readonly id: string
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string
  readonly region: string
  /** A profile of the shared configuration files. */
  readonly profile?: string
  /** The role to assume there: a name, with its path, or a whole ARN. */
  readonly assumeRole?: string
  readonly externalId?: string
}

/** What `GetCallerIdentity` answers with the credentials that everything else in the account is read with. */
export interface CallerIdentity {
  readonly arn: string
  readonly account: string
}

/** A policy by the name that it is attached or embedded under. */
export interface NamedPolicy {
  readonly name: string
  /** As IAM has it, decoded and parsed; undefined where it was not read, or is no JSON. */
  readonly document: Json | undefined
}

/** A managed policy that is attached to something. */
export interface AttachedPolicy {
  readonly name: string
  readonly arn: string
}

/** A role as the account's details and its list of roles have it together. */
export interface RoleDetail {
  readonly arn: string
  readonly name: string
  /** Begins and ends with a slash. */
  readonly path: string
  /** `AROA…`: another one under the same name is another role. */
  readonly id: string
  /** Undefined where it could not be parsed. */
  readonly trust: Json | undefined
  readonly inline: readonly NamedPolicy[]
  readonly attached: readonly AttachedPolicy[]
  readonly boundary: string | null
  readonly tags: Readonly<Record<string, string>>
  readonly description: string | null
  readonly maxSessionSeconds: number
  /** ISO; null where IAM has not seen it used. */
  readonly lastUsed: string | null
  readonly createdAt: string | null
  /** Names of the instance profiles that hold it. */
  readonly profiles: readonly string[]
}

/** An instance profile, and the role in it. */
export interface InstanceProfileDetail {
  readonly arn: string
  readonly name: string
  readonly path: string
  readonly id: string
  /** The role's name; null where it is empty. */
  readonly role: string | null
}

/** A user or a group, for what their policies let them write. */
export interface PrincipalDetail {
  readonly arn: string
  readonly name: string
  readonly inline: readonly NamedPolicy[]
  readonly attached: readonly AttachedPolicy[]
  readonly boundary: string | null
  /** Names of the groups that a user is in. */
  readonly groups: readonly string[]
}

/** All that IAM says of one account: one conversation, however many roles there are. */
export interface Authorization {
  readonly roles: readonly RoleDetail[]
  readonly profiles: readonly InstanceProfileDetail[]
  readonly users: readonly PrincipalDetail[]
  readonly groups: readonly PrincipalDetail[]
  /** The default version of each managed policy that was told of, by ARN. */
  readonly policies: ReadonlyMap<string, Json | undefined>
}

/** An OIDC provider of an account. */
export interface OidcProviderDetail {
  readonly arn: string
  /** Without `https://`. */
  readonly url: string
  readonly clientIds: readonly string[]
  readonly thumbprints: readonly string[]
  readonly tags: Readonly<Record<string, string>>
}

/** All that was read of one account but its parameters. */
export interface SeenAccount {
  readonly account: AwsAccount
  readonly identity: CallerIdentity
  readonly authorization: Authorization
  readonly providers: readonly OidcProviderDetail[]
}

/** A parameter of SSM. The value of a SecureString is never asked for. */
export interface ParameterDetail {
  readonly name: string
  readonly arn: string
  readonly type: 'String' | 'StringList' | 'SecureString'
  /** Undefined for a SecureString. */
  readonly value?: string
  readonly version: number
  readonly tier: string
  readonly keyId: string | null
  readonly description: string | null
  /** ISO. */
  readonly modifiedAt: string | null
  readonly tags: Readonly<Record<string, string>>
}

/**
 * All the ways there are to ask the declared accounts something; by their names in the files. It remembers: what is
 * asked twice is read once. A list that can't be read to its end throws a `Refusal` (`incomplete`).
 */
export interface AwsReader {
  readonly accounts: readonly AwsAccount[]
  /** Who asks. Checked against the declared account id before anything else is answered. */
  identity(account: string): Promise<CallerIdentity>
  authorization(account: string): Promise<Authorization>
  providers(account: string): Promise<readonly OidcProviderDetail[]>
  /** Of the parameters under these paths, or with these names: whatever there is. Each name begins with a slash. */
  parameters(account: string, paths: readonly string[]): Promise<readonly ParameterDetail[]>
}
