import { insert, type FieldsOf } from '../../state.js'
import type { RowOf, TableName } from '../../rows.js'
import { first } from '../../table.js'
import { isSettled, type Aws } from '../desk.js'
import { iamArn, keyOf, profileArn, providerArn, roleArn } from '../ids.js'
import { noSuchEntity } from '../refused.js'
import { tagList } from '../tags.js'
import { profilesOf, trustNow } from '../trust.js'
import type { AwsPolicy, AwsProfile, AwsProvider, AwsRole, InlinePolicy } from '../rows.js'

/** Makes a row, and remembers in which request. */
export const born = <Name extends TableName>(aws: Aws, table: Name, fields: FieldsOf<Name>): RowOf<Name> => {
  const row = insert(aws.state, table, { createdAt: aws.now, createdBy: null }, fields)
  aws.births[row.uuid] = aws.n
  return row
}

const seen = <R extends AwsRole | AwsProfile | AwsProvider | AwsPolicy>(
  aws: Aws,
  row: R | undefined,
  no: string,
): R => {
  if (row === undefined || !isSettled(aws, row)) throw noSuchEntity(no)
  return row
}

export const roleNamed = (aws: Aws, name: string): AwsRole =>
  seen(
    aws,
    first(aws.state.tables.awsRoles, 'key', keyOf(aws.account, name)),
    `The role with name ${name} cannot be found.`,
  )

export const profileNamed = (aws: Aws, name: string): AwsProfile =>
  seen(
    aws,
    first(aws.state.tables.awsProfiles, 'key', keyOf(aws.account, name)),
    `Instance Profile ${name} cannot be found.`,
  )

export const providerAt = (aws: Aws, arn: string): AwsProvider => {
  const url = arn.slice(arn.indexOf('/') + 1)
  const row = first(aws.state.tables.awsProviders, 'key', keyOf(aws.account, url))
  const no = `OpenIDConnect Provider not found for arn ${arn}`
  return seen(aws, row && providerArn(aws.state, row) === arn ? row : undefined, no)
}

/** A role's ARN, for who is asked about one that may not be there. */
export const arnOfRole = (aws: Aws, name: string): string => {
  const row = first(aws.state.tables.awsRoles, 'key', keyOf(aws.account, name))
  return row ? roleArn(aws.state, row) : iamArn(aws.state, aws.account, `role/${name}`)
}

export const arnOfProfile = (aws: Aws, name: string): string => {
  const row = first(aws.state.tables.awsProfiles, 'key', keyOf(aws.account, name))
  return row ? profileArn(aws.state, row) : iamArn(aws.state, aws.account, `instance-profile/${name}`)
}

/** A policy as text in an answer: with everything escaped that a URL would escape. */
export const escapedDocument = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)

/** What every answer says of a role. */
export const roleCore = ({ state }: Aws, role: AwsRole) => ({
  Path: role.path,
  RoleName: role.name,
  RoleId: role.id,
  Arn: roleArn(state, role),
  CreateDate: role.createdAt,
  AssumeRolePolicyDocument: escapedDocument(trustNow(state, role)),
})

export const boundaryOf = ({ boundary }: { readonly boundary: string | null }) =>
  boundary === null ? undefined : { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: boundary }

export const tagsOrNothing = ({ tags }: Pick<AwsRole, 'tags'>) =>
  tags.length === 0 ? undefined : tagList(tags)

export const lastUsed = ({ lastUsedAt, lastUsedIn }: AwsRole) =>
  lastUsedAt === null ? {} : { LastUsedDate: lastUsedAt, Region: lastUsedIn }

/** What the one answer about one role says, and no list does. */
export const roleWhole = (aws: Aws, role: AwsRole) => ({
  ...roleCore(aws, role),
  Description: role.description,
  MaxSessionDuration: role.maxSessionSeconds,
  PermissionsBoundary: boundaryOf(role),
  Tags: tagsOrNothing(role),
  RoleLastUsed: lastUsed(role),
})

export const profileCore = (aws: Aws, profile: AwsProfile) => {
  const { state } = aws
  const role = profile.holds === null ? undefined : state.tables.awsRoles.rows.get(profile.holds)
  return {
    Path: profile.path,
    InstanceProfileName: profile.name,
    InstanceProfileId: profile.id,
    Arn: profileArn(state, profile),
    CreateDate: profile.createdAt,
    Roles: role ? [roleCore(aws, role)] : [],
  }
}

export const profilesWith = (aws: Aws, role: AwsRole) =>
  profilesOf(aws.state, role).map((profile) => profileCore(aws, profile))

export const attachedList = (attached: readonly string[]) =>
  attached.map((arn) => ({ PolicyName: arn.slice(arn.lastIndexOf('/') + 1), PolicyArn: arn }))

export const inlineList = (inline: readonly InlinePolicy[]) =>
  inline.map(({ name, document }) => ({ PolicyName: name, PolicyDocument: escapedDocument(document) }))
