import * as z from 'zod'
import { drop, first, put, where } from '../../table.js'
import { settled, type Aws } from '../desk.js'
import { sizeOf } from '../documents.js'
import {
  arn,
  description,
  documentText,
  name64,
  number,
  paging,
  path,
  tagKeys,
  tagsField,
  text,
} from '../fields.js'
import { iamArn, keyOf, nextId } from '../ids.js'
import { managedAt } from '../managed.js'
import { operation, type Facts } from '../operation.js'
import { ending, pageOf } from '../pages.js'
import { alreadyExists, deleteConflict, invalidInput, limitExceeded, noSuchEntity } from '../refused.js'
import type { AwsRole } from '../rows.js'
import { requestTags, resourceTags, tagged, tagsOf, untagged } from '../tags.js'
import { checkTrustPolicy, meantBy, profilesOf } from '../trust.js'
import { arnOfRole, born, roleCore, roleNamed, roleWhole } from './shared.js'

const TRUST_CHARACTERS_AT_MOST = 2048
export const ROLES_AT_MOST = 5000

const RoleName = name64
const MaxSessionDuration = number(3600, 43_200)

/** What conditions can ask of a role that an operation is about. */
export const factsOfRole = (aws: Aws, name: string): Facts => {
  const role = first(aws.state.tables.awsRoles, 'key', keyOf(aws.account, name))
  return role === undefined
    ? {}
    : { ...resourceTags(role.tags, 'iam'), 'iam:PermissionsBoundary': role.boundary ?? undefined }
}

/** That something may be done to a role. */
export const askOfRole = (action: string) => (aws: Aws, input: { readonly RoleName: string }) => [
  {
    action: `iam:${action}`,
    resource: arnOfRole(aws, input.RoleName),
    facts: factsOfRole(aws, input.RoleName),
  },
]

const about = <Input extends { readonly RoleName: string }>(
  action: string,
  facts: (input: Input) => Facts = () => ({}),
) => ({
  asks: (aws: Aws, input: Input) => [
    {
      action: `iam:${action}`,
      resource: arnOfRole(aws, input.RoleName),
      facts: { ...factsOfRole(aws, input.RoleName), ...facts(input) },
    },
  ],
})

export const putRole = (aws: Aws, role: AwsRole) => {
  put(aws.state.tables.awsRoles, role)
}

const checkedTrust = (aws: Aws, document: string): string => {
  checkTrustPolicy(aws, document)
  if (sizeOf(document) > TRUST_CHARACTERS_AT_MOST)
    throw limitExceeded(`Cannot exceed quota for ACLSizePerRole: ${TRUST_CHARACTERS_AT_MOST}`)
  return document
}

/** A boundary has to be a managed policy that is there. */
const checkedBoundary = ({ state, switches }: Aws, boundary: string): string => {
  if (!/^arn:[a-z-]+:iam::(aws|\d{12}):policy\//.test(boundary))
    throw invalidInput(`ARN ${boundary} is not valid for a permissions boundary.`)
  if (!managedAt(state, boundary, switches))
    throw noSuchEntity(`Scope ARN: ${boundary} does not exist or is not attachable.`)
  return boundary
}

const createRole = operation(
  'iam',
  'CreateRole',
  z.object({
    Path: path.default('/'),
    RoleName,
    AssumeRolePolicyDocument: documentText,
    Description: description.optional(),
    MaxSessionDuration: MaxSessionDuration.default(3600),
    PermissionsBoundary: arn.optional(),
    Tags: tagsField.default([]),
  }),
  {
    asks: ({ state, account }, { Path, RoleName, PermissionsBoundary, Tags }) => {
      const resource = iamArn(state, account, `role${Path}${RoleName}`)
      const facts = { 'iam:PermissionsBoundary': PermissionsBoundary, ...requestTags(Tags) }
      const asks = [{ action: 'iam:CreateRole', resource, facts }]
      return Tags.length === 0 ? asks : [...asks, { action: 'iam:TagRole', resource, facts }]
    },
    does: (aws, input) => {
      const { state, account } = aws
      const key = keyOf(account, input.RoleName)
      if (first(state.tables.awsRoles, 'key', key))
        throw alreadyExists(`Role with name ${input.RoleName} already exists.`)
      const trust = checkedTrust(aws, input.AssumeRolePolicyDocument)
      const tags = tagsOf(input.Tags)
      const boundary =
        input.PermissionsBoundary === undefined ? null : checkedBoundary(aws, input.PermissionsBoundary)
      if (where(state.tables.awsRoles, 'account', account).length >= ROLES_AT_MOST)
        throw limitExceeded(`Cannot exceed quota for RolesPerAccount: ${ROLES_AT_MOST}`)
      const row = born(aws, 'awsRoles', {
        account,
        key,
        name: input.RoleName,
        path: input.Path,
        id: nextId(state, 'AROA'),
        trust,
        meant: meantBy(state, trust),
        description: input.Description === undefined || input.Description === '' ? null : input.Description,
        maxSessionSeconds: input.MaxSessionDuration,
        boundary,
        inline: [],
        attached: [],
        tags,
        lastUsedAt: null,
        lastUsedIn: null,
      })
      return { Role: roleWhole(aws, row) }
    },
  },
)

const getRole = operation('iam', 'GetRole', z.object({ RoleName }), {
  ...about('GetRole'),
  does: (aws, { RoleName }) => ({ Role: roleWhole(aws, roleNamed(aws, RoleName)) }),
})

const listRoles = operation(
  'iam',
  'ListRoles',
  z.object({ ...paging, PathPrefix: text({ max: 512, pattern: /\/[!-\u007F]*/ }).default('/') }),
  {
    asks: ({ state, account }, { PathPrefix }) => [
      { action: 'iam:ListRoles', resource: iamArn(state, account, `role${PathPrefix}`) },
    ],
    does: (aws, { MaxItems = 100, Marker, PathPrefix }) => {
      const all = settled(aws, where(aws.state.tables.awsRoles, 'account', aws.account)).filter((role) =>
        role.path.startsWith(PathPrefix),
      )
      const { rows, next } = pageOf(aws, all, ({ key }) => key, MaxItems, Marker)
      return {
        Roles: rows.map((role) => ({
          ...roleCore(aws, role),
          Description: role.description,
          MaxSessionDuration: role.maxSessionSeconds,
        })),
        ...ending(next),
      }
    },
  },
)

const updateRole = operation(
  'iam',
  'UpdateRole',
  z.object({
    RoleName,
    Description: description.optional(),
    MaxSessionDuration: MaxSessionDuration.optional(),
  }),
  {
    ...about('UpdateRole'),
    does: (aws, { RoleName, Description, MaxSessionDuration }) => {
      const role = roleNamed(aws, RoleName)
      putRole(aws, {
        ...role,
        description: Description === undefined ? role.description : Description === '' ? null : Description,
        maxSessionSeconds: MaxSessionDuration ?? role.maxSessionSeconds,
      })
      return {}
    },
  },
)

const updateAssumeRolePolicy = operation(
  'iam',
  'UpdateAssumeRolePolicy',
  z.object({ RoleName, PolicyDocument: documentText }),
  {
    ...about('UpdateAssumeRolePolicy'),
    does: (aws, { RoleName, PolicyDocument }) => {
      const role = roleNamed(aws, RoleName)
      const trust = checkedTrust(aws, PolicyDocument)
      putRole(aws, { ...role, trust, meant: meantBy(aws.state, trust) })
      return undefined
    },
  },
)

const deleteRole = operation('iam', 'DeleteRole', z.object({ RoleName }), {
  ...about('DeleteRole'),
  does: (aws, { RoleName }) => {
    const role = roleNamed(aws, RoleName)
    if (profilesOf(aws.state, role).length > 0)
      throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
    if (role.attached.length > 0)
      throw deleteConflict('Cannot delete entity, must detach all policies first.')
    if (role.inline.length > 0) throw deleteConflict('Cannot delete entity, must delete policies first.')
    drop(aws.state.tables.awsRoles, role)
    return undefined
  },
})

const tagRole = operation('iam', 'TagRole', z.object({ RoleName, Tags: tagsField }), {
  ...about('TagRole', ({ Tags }) => requestTags(Tags)),
  does: (aws, { RoleName, Tags }) => {
    const role = roleNamed(aws, RoleName)
    putRole(aws, { ...role, tags: tagged(role.tags, Tags) })
    return undefined
  },
})

const untagRole = operation('iam', 'UntagRole', z.object({ RoleName, TagKeys: tagKeys }), {
  ...about('UntagRole', ({ TagKeys }) => ({ 'aws:TagKeys': TagKeys })),
  does: (aws, { RoleName, TagKeys }) => {
    const role = roleNamed(aws, RoleName)
    putRole(aws, { ...role, tags: untagged(role.tags, TagKeys) })
    return undefined
  },
})

const putBoundary = operation(
  'iam',
  'PutRolePermissionsBoundary',
  z.object({ RoleName, PermissionsBoundary: arn }),
  {
    ...about('PutRolePermissionsBoundary', ({ PermissionsBoundary }) => ({
      'iam:PermissionsBoundary': PermissionsBoundary,
    })),
    does: (aws, { RoleName, PermissionsBoundary }) => {
      const role = roleNamed(aws, RoleName)
      putRole(aws, { ...role, boundary: checkedBoundary(aws, PermissionsBoundary) })
      return undefined
    },
  },
)

const deleteBoundary = operation('iam', 'DeleteRolePermissionsBoundary', z.object({ RoleName }), {
  ...about('DeleteRolePermissionsBoundary'),
  does: (aws, { RoleName }) => {
    const role = roleNamed(aws, RoleName)
    if (role.boundary === null)
      throw noSuchEntity(`Role with name ${RoleName} does not have a permissions boundary.`)
    putRole(aws, { ...role, boundary: null })
    return undefined
  },
})

export const roles = [
  createRole,
  getRole,
  listRoles,
  updateRole,
  updateAssumeRolePolicy,
  deleteRole,
  tagRole,
  untagRole,
  putBoundary,
  deleteBoundary,
]
