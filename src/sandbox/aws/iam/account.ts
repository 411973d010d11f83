import * as z from 'zod'
import { where } from '../../table.js'
import { settled, type Aws } from '../desk.js'
import { list, paging } from '../fields.js'
import { groupArn, iamArn, userArn } from '../ids.js'
import type { Managed } from '../managed.js'
import { operation } from '../operation.js'
import { ending, pageOf } from '../pages.js'
import type { AwsGroup, AwsRole, AwsUser } from '../rows.js'
import { tagList } from '../tags.js'
import { localPolicies, policiesOfAwsInUse, policyCore, versionOf } from './policies.js'
import { ROLES_AT_MOST } from './roles.js'
import { attachedList, boundaryOf, inlineList, lastUsed, profilesWith, roleCore } from './shared.js'

const userDetail = ({ state }: Aws, user: AwsUser) => ({
  Path: user.path,
  UserName: user.name,
  UserId: user.id,
  Arn: userArn(state, user),
  CreateDate: user.createdAt,
  UserPolicyList: user.inline.length === 0 ? undefined : inlineList(user.inline),
  GroupList: user.groups,
  AttachedManagedPolicies: attachedList(user.attached),
  PermissionsBoundary: boundaryOf(user),
  Tags: tagList(user.tags),
})

const groupDetail = ({ state }: Aws, group: AwsGroup) => ({
  Path: group.path,
  GroupName: group.name,
  GroupId: group.id,
  Arn: groupArn(state, group),
  CreateDate: group.createdAt,
  GroupPolicyList: inlineList(group.inline),
  AttachedManagedPolicies: attachedList(group.attached),
})

/** Neither its description nor how long its sessions may last: only `ListRoles` and `GetRole` tell. */
const roleDetail = (aws: Aws, role: AwsRole) => ({
  ...roleCore(aws, role),
  InstanceProfileList: profilesWith(aws, role),
  RolePolicyList: inlineList(role.inline),
  AttachedManagedPolicies: attachedList(role.attached),
  PermissionsBoundary: boundaryOf(role),
  Tags: tagList(role.tags),
  RoleLastUsed: lastUsed(role),
})

const policyDetail = (aws: Aws, managed: Managed) => ({
  ...policyCore(aws, managed),
  PolicyVersionList: [versionOf(managed)],
})

const kinds = ['User', 'Group', 'Role', 'LocalManagedPolicy', 'AWSManagedPolicy'] as const
type Kind = (typeof kinds)[number]

type Detail =
  | { readonly kind: 'User'; readonly key: string; readonly row: AwsUser }
  | { readonly kind: 'Group'; readonly key: string; readonly row: AwsGroup }
  | { readonly kind: 'Role'; readonly key: string; readonly row: AwsRole }
  | { readonly kind: 'LocalManagedPolicy' | 'AWSManagedPolicy'; readonly key: string; readonly row: Managed }

const detailsIn = (aws: Aws): readonly Detail[] => {
  const { awsUsers, awsGroups, awsRoles } = aws.state.tables
  const { account } = aws
  return [
    ...where(awsUsers, 'account', account).map(
      (row) => ({ kind: 'User', key: `1 ${row.key}`, row }) as const,
    ),
    ...where(awsGroups, 'account', account).map(
      (row) => ({ kind: 'Group', key: `2 ${row.key}`, row }) as const,
    ),
    ...settled(aws, where(awsRoles, 'account', account)).map(
      (row) => ({ kind: 'Role', key: `3 ${row.key}`, row }) as const,
    ),
    ...localPolicies(aws).map((row) => ({ kind: 'LocalManagedPolicy', key: `4 ${row.arn}`, row }) as const),
    ...policiesOfAwsInUse(aws).map(
      (row) => ({ kind: 'AWSManagedPolicy', key: `5 ${row.arn}`, row }) as const,
    ),
  ]
}

const getAccountAuthorizationDetails = operation(
  'iam',
  'GetAccountAuthorizationDetails',
  z.object({ ...paging, Filter: list(z.enum(kinds)).default([]) }),
  {
    asks: () => [{ action: 'iam:GetAccountAuthorizationDetails', resource: '*' }],
    does: (aws, { MaxItems = 100, Marker, Filter }) => {
      const wanted = new Set<Kind>(Filter.length === 0 ? kinds : Filter)
      const those = detailsIn(aws).filter(({ kind }) => wanted.has(kind))
      const { rows, next } = pageOf(aws, those, ({ key }) => key, MaxItems, Marker)
      return {
        UserDetailList: rows.flatMap((one) => (one.kind === 'User' ? [userDetail(aws, one.row)] : [])),
        GroupDetailList: rows.flatMap((one) => (one.kind === 'Group' ? [groupDetail(aws, one.row)] : [])),
        RoleDetailList: rows.flatMap((one) => (one.kind === 'Role' ? [roleDetail(aws, one.row)] : [])),
        Policies: rows.flatMap((one) =>
          one.kind === 'LocalManagedPolicy' || one.kind === 'AWSManagedPolicy'
            ? [policyDetail(aws, one.row)]
            : [],
        ),
        ...ending(next),
      }
    },
  },
)

const getAccountSummary = operation('iam', 'GetAccountSummary', z.object({}), {
  asks: ({ state, account }) => [{ action: 'iam:GetAccountSummary', resource: iamArn(state, account, '*') }],
  does: ({ state, account }) => {
    const { awsUsers, awsGroups, awsRoles, awsProfiles, awsPolicies, awsProviders } = state.tables
    const count = <R extends { readonly account: string }>(rows: Iterable<R>) =>
      [...rows].filter((row) => row.account === account).length
    return {
      SummaryMap: new Map(
        Object.entries({
          Users: count(awsUsers.rows.values()),
          Groups: count(awsGroups.rows.values()),
          Roles: count(awsRoles.rows.values()),
          RolesQuota: ROLES_AT_MOST,
          InstanceProfiles: count(awsProfiles.rows.values()),
          InstanceProfilesQuota: 1000,
          Policies: count(awsPolicies.rows.values()),
          PoliciesQuota: 1500,
          PolicySizeQuota: 6144,
          PolicyVersionsInUseQuota: 10_000,
          VersionsPerPolicyQuota: 5,
          AssumeRolePolicySizeQuota: 2048,
          AttachedPoliciesPerRoleQuota: 10,
          RolePolicySizeQuota: 10_240,
          Providers: count(awsProviders.rows.values()),
          AccountMFAEnabled: 1,
          AccountAccessKeysPresent: 0,
        }),
      ),
    }
  },
})

export const account = [getAccountAuthorizationDetails, getAccountSummary]
