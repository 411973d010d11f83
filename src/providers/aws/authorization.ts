import type {
  AttachedPolicy as SdkAttachedPolicy,
  GroupDetail,
  InstanceProfile,
  ManagedPolicyDetail,
  PolicyDetail,
  Role,
  RoleDetail as SdkRoleDetail,
  Tag,
  UserDetail,
} from '@aws-sdk/client-iam'
import type {
  AttachedPolicy,
  Authorization,
  InstanceProfileDetail,
  NamedPolicy,
  PrincipalDetail,
  RoleDetail,
} from '../../model/aws.js'
import type { Json } from '../../model/json.js'
import { documentIn } from './document.js'
import type { Gap } from './list.js'

/** The three lists that an account's roles are put together from. */
export interface Listed {
  readonly details: {
    readonly users: readonly UserDetail[]
    readonly groups: readonly GroupDetail[]
    readonly roles: readonly SdkRoleDetail[]
    readonly policies: readonly ManagedPolicyDetail[]
  }
  /** These alone have the descriptions and the lengths of sessions. */
  readonly roles: readonly Role[]
  /** Those in which no role is are here alone. */
  readonly profiles: readonly InstanceProfile[]
}

/** A field that IAM always sends is not there. It is caught where the lists are put together. */
class Missing extends Error {}

const must = <Value>(value: Value | undefined, what: string): Value => {
  if (value === undefined) throw new Missing(`${what} is missing`)
  return value
}

/** In order, and each once: rows that move between pages come twice. */
const byArn = <One extends { readonly arn: string }>(all: readonly One[]): One[] =>
  [...new Map(all.map((one) => [one.arn, one])).values()].sort((a, b) => (a.arn < b.arn ? -1 : 1))

const attachedIn = (policies: readonly SdkAttachedPolicy[] = []): AttachedPolicy[] =>
  byArn(
    policies.map(({ PolicyName, PolicyArn }) => ({
      name: must(PolicyName, 'the name of an attached policy'),
      arn: must(PolicyArn, 'the ARN of an attached policy'),
    })),
  )

const inlineIn = (policies: readonly PolicyDetail[] = []): NamedPolicy[] =>
  policies
    .map(({ PolicyName, PolicyDocument }) => ({
      name: must(PolicyName, 'the name of an inline policy'),
      document: documentIn(PolicyDocument),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1))

/** Tags as a map. */
export const tagsIn = (tags: readonly Pick<Tag, 'Key' | 'Value'>[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key, Value }) => [Key ?? '', Value ?? '']))

const isoOf = (date: Date | undefined): string | null => date?.toISOString() ?? null

const roleOf = (detail: SdkRoleDetail, listed: Role): RoleDetail => ({
  arn: must(detail.Arn, 'the ARN of a role'),
  name: must(detail.RoleName, 'the name of a role'),
  path: must(detail.Path, 'the path of a role'),
  id: must(detail.RoleId, 'the id of a role'),
  trust: documentIn(detail.AssumeRolePolicyDocument),
  inline: inlineIn(detail.RolePolicyList),
  attached: attachedIn(detail.AttachedManagedPolicies),
  boundary: detail.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
  tags: tagsIn(detail.Tags),
  description: listed.Description ?? null,
  maxSessionSeconds: must(listed.MaxSessionDuration, 'the session length of a role'),
  lastUsed: isoOf(detail.RoleLastUsed?.LastUsedDate),
  createdAt: isoOf(detail.CreateDate),
  profiles: (detail.InstanceProfileList ?? [])
    .map(({ InstanceProfileName }) => must(InstanceProfileName, 'the name of an instance profile'))
    .sort(),
})

const profileOf = (profile: InstanceProfile): InstanceProfileDetail => ({
  arn: must(profile.Arn, 'the ARN of an instance profile'),
  name: must(profile.InstanceProfileName, 'the name of an instance profile'),
  path: must(profile.Path, 'the path of an instance profile'),
  id: must(profile.InstanceProfileId, 'the id of an instance profile'),
  role: profile.Roles?.[0]?.RoleName ?? null,
})

const userOf = (user: UserDetail): PrincipalDetail => ({
  arn: must(user.Arn, 'the ARN of a user'),
  name: must(user.UserName, 'the name of a user'),
  inline: inlineIn(user.UserPolicyList),
  attached: attachedIn(user.AttachedManagedPolicies),
  boundary: user.PermissionsBoundary?.PermissionsBoundaryArn ?? null,
  groups: [...(user.GroupList ?? [])].sort(),
})

const groupOf = (group: GroupDetail): PrincipalDetail => ({
  arn: must(group.Arn, 'the ARN of a group'),
  name: must(group.GroupName, 'the name of a group'),
  inline: inlineIn(group.GroupPolicyList),
  attached: attachedIn(group.AttachedManagedPolicies),
  boundary: null,
  groups: [],
})

/** The version that is in force; the others are history. */
const inForce = (policy: ManagedPolicyDetail): Json | undefined =>
  documentIn(policy.PolicyVersionList?.find(({ IsDefaultVersion }) => IsDefaultVersion === true)?.Document)

/** How the lists contradict each other; nothing where they agree. A name that is another's now has another id. */
const contradiction = ({ details, roles, profiles }: Listed): string | undefined => {
  const nameOf = ({ RoleName = 'without a name' }: { RoleName?: string | undefined }) => `role ${RoleName}`
  const detailed = new Set(details.roles.map(({ RoleId }) => RoleId))
  const listed = new Set(roles.map(({ RoleId }) => RoleId))
  const undetailed = roles.find(({ RoleId }) => !detailed.has(RoleId))
  if (undetailed !== undefined)
    return `${nameOf(undetailed)} is in the list of roles and not in the account’s details`
  const unlisted = details.roles.find(({ RoleId }) => !listed.has(RoleId))
  if (unlisted !== undefined)
    return `${nameOf(unlisted)} is in the account’s details and not in the list of roles`
  const known = new Set(profiles.map(({ InstanceProfileId }) => InstanceProfileId))
  const stray = details.roles
    .flatMap(({ InstanceProfileList = [] }) => InstanceProfileList)
    .find(({ InstanceProfileId }) => !known.has(InstanceProfileId))
  return stray === undefined
    ? undefined
    : `instance profile ${stray.InstanceProfileName ?? 'without a name'} is in the account’s details and not in the list of instance profiles`
}

/** Puts an account together from its lists, or says what keeps them from being one account at one time. */
export const authorizationFrom = (listed: Listed): Authorization | Gap => {
  const gap = contradiction(listed)
  if (gap !== undefined) return { gap }
  const { details, profiles } = listed
  const listedRoles = new Map(listed.roles.map((role) => [role.RoleId, role]))
  try {
    return {
      roles: byArn(
        details.roles.map((detail) => roleOf(detail, must(listedRoles.get(detail.RoleId), 'a role'))),
      ),
      profiles: byArn(profiles.map(profileOf)),
      users: byArn(details.users.map(userOf)),
      groups: byArn(details.groups.map(groupOf)),
      policies: new Map(
        details.policies
          .map((policy) => [must(policy.Arn, 'the ARN of a policy'), inForce(policy)] as const)
          .sort(([a], [b]) => (a < b ? -1 : 1)),
      ),
    }
  } catch (error) {
    if (error instanceof Missing) return { gap: error.message }
    throw error
  }
}
