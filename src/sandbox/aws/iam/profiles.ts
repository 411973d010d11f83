import * as z from 'zod'
import { drop, first, put, where } from '../../table.js'
import { settled, type Aws } from '../desk.js'
import { name128, name64, paging, path, tagKeys, tagsField, text } from '../fields.js'
import { iamArn, keyOf, nextId } from '../ids.js'
import { operation, type Facts } from '../operation.js'
import { ending, pageOf } from '../pages.js'
import { alreadyExists, deleteConflict, limitExceeded, noSuchEntity } from '../refused.js'
import type { AwsProfile } from '../rows.js'
import { requestTags, resourceTags, tagged, tagsOf, untagged } from '../tags.js'
import { askOfRole } from './roles.js'
import {
  arnOfProfile,
  arnOfRole,
  born,
  profileCore,
  profileNamed,
  profilesWith,
  roleNamed,
  tagsOrNothing,
} from './shared.js'

const InstanceProfileName = name128
const PathPrefix = text({ max: 512, pattern: /\/[!-\u007F]*/ }).default('/')

const ask =
  <Input extends { readonly InstanceProfileName: string }>(
    action: string,
    facts: (input: Input) => Facts = () => ({}),
  ) =>
  (aws: Aws, input: Input) => {
    const row = first(aws.state.tables.awsProfiles, 'key', keyOf(aws.account, input.InstanceProfileName))
    const resource = arnOfProfile(aws, input.InstanceProfileName)
    return [
      {
        action: `iam:${action}`,
        resource,
        facts: { ...resourceTags(row?.tags ?? [], 'iam'), ...facts(input) },
      },
    ]
  }

const said = (aws: Aws, profile: AwsProfile) => ({
  ...profileCore(aws, profile),
  Tags: tagsOrNothing(profile),
})

const replace = (aws: Aws, profile: AwsProfile): undefined => {
  put(aws.state.tables.awsProfiles, profile)
  return undefined
}

const createInstanceProfile = operation(
  'iam',
  'CreateInstanceProfile',
  z.object({ InstanceProfileName, Path: path.default('/'), Tags: tagsField.default([]) }),
  {
    asks: ({ state, account }, { InstanceProfileName, Path, Tags }) => {
      const resource = iamArn(state, account, `instance-profile${Path}${InstanceProfileName}`)
      const facts = requestTags(Tags)
      const asks = [{ action: 'iam:CreateInstanceProfile', resource, facts }]
      return Tags.length === 0 ? asks : [...asks, { action: 'iam:TagInstanceProfile', resource, facts }]
    },
    does: (aws, { InstanceProfileName, Path, Tags }) => {
      const { state, account } = aws
      const key = keyOf(account, InstanceProfileName)
      if (first(state.tables.awsProfiles, 'key', key))
        throw alreadyExists(`Instance Profile ${InstanceProfileName} already exists.`)
      const row = born(aws, 'awsProfiles', {
        account,
        key,
        name: InstanceProfileName,
        path: Path,
        id: nextId(state, 'AIPA'),
        holds: null,
        tags: tagsOf(Tags),
      })
      return { InstanceProfile: said(aws, row) }
    },
  },
)

const getInstanceProfile = operation('iam', 'GetInstanceProfile', z.object({ InstanceProfileName }), {
  asks: ask('GetInstanceProfile'),
  does: (aws, { InstanceProfileName }) => ({
    InstanceProfile: said(aws, profileNamed(aws, InstanceProfileName)),
  }),
})

const listInstanceProfiles = operation('iam', 'ListInstanceProfiles', z.object({ ...paging, PathPrefix }), {
  asks: ({ state, account }, { PathPrefix }) => [
    { action: 'iam:ListInstanceProfiles', resource: iamArn(state, account, `instance-profile${PathPrefix}`) },
  ],
  does: (aws, { MaxItems = 100, Marker, PathPrefix }) => {
    const all = settled(aws, where(aws.state.tables.awsProfiles, 'account', aws.account)).filter((row) =>
      row.path.startsWith(PathPrefix),
    )
    const { rows, next } = pageOf(aws, all, ({ key }) => key, MaxItems, Marker)
    return { InstanceProfiles: rows.map((row) => profileCore(aws, row)), ...ending(next) }
  },
})

const listInstanceProfilesForRole = operation(
  'iam',
  'ListInstanceProfilesForRole',
  z.object({ ...paging, RoleName: name64 }),
  {
    asks: askOfRole('ListInstanceProfilesForRole'),
    does: (aws, { RoleName, MaxItems = 100, Marker }) => {
      const all = profilesWith(aws, roleNamed(aws, RoleName))
      const { rows, next } = pageOf(aws, all, (row) => row.InstanceProfileName, MaxItems, Marker)
      return { InstanceProfiles: rows, ...ending(next) }
    },
  },
)

const withRole = z.object({ InstanceProfileName, RoleName: name64 })

const addRoleToInstanceProfile = operation('iam', 'AddRoleToInstanceProfile', withRole, {
  asks: (aws, input) => [
    ...ask('AddRoleToInstanceProfile')(aws, input),
    {
      action: 'iam:PassRole',
      resource: arnOfRole(aws, input.RoleName),
      facts: { 'iam:PassedToService': 'ec2.amazonaws.com' },
    },
  ],
  does: (aws, { InstanceProfileName, RoleName }) => {
    const profile = profileNamed(aws, InstanceProfileName)
    const role = roleNamed(aws, RoleName)
    if (profile.holds !== null)
      throw limitExceeded('Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1')
    replace(aws, { ...profile, holds: role.uuid })
  },
})

const removeRoleFromInstanceProfile = operation('iam', 'RemoveRoleFromInstanceProfile', withRole, {
  asks: ask('RemoveRoleFromInstanceProfile'),
  does: (aws, { InstanceProfileName, RoleName }) => {
    const profile = profileNamed(aws, InstanceProfileName)
    const role = roleNamed(aws, RoleName)
    if (profile.holds !== role.uuid)
      throw noSuchEntity(
        `Role with name ${RoleName} in instance profile ${InstanceProfileName} cannot be found.`,
      )
    replace(aws, { ...profile, holds: null })
  },
})

const deleteInstanceProfile = operation('iam', 'DeleteInstanceProfile', z.object({ InstanceProfileName }), {
  asks: ask('DeleteInstanceProfile'),
  does: (aws, { InstanceProfileName }) => {
    const profile = profileNamed(aws, InstanceProfileName)
    if (profile.holds !== null)
      throw deleteConflict('Cannot delete entity, must remove roles from instance profile first.')
    drop(aws.state.tables.awsProfiles, profile)
    return undefined
  },
})

const tagInstanceProfile = operation(
  'iam',
  'TagInstanceProfile',
  z.object({ InstanceProfileName, Tags: tagsField }),
  {
    asks: ask('TagInstanceProfile', ({ Tags }) => requestTags(Tags)),
    does: (aws, { InstanceProfileName, Tags }) => {
      const profile = profileNamed(aws, InstanceProfileName)
      replace(aws, { ...profile, tags: tagged(profile.tags, Tags) })
    },
  },
)

const untagInstanceProfile = operation(
  'iam',
  'UntagInstanceProfile',
  z.object({ InstanceProfileName, TagKeys: tagKeys }),
  {
    asks: ask('UntagInstanceProfile', ({ TagKeys }) => ({ 'aws:TagKeys': TagKeys })),
    does: (aws, { InstanceProfileName, TagKeys }) => {
      const profile = profileNamed(aws, InstanceProfileName)
      replace(aws, { ...profile, tags: untagged(profile.tags, TagKeys) })
    },
  },
)

export const profiles = [
  createInstanceProfile,
  getInstanceProfile,
  listInstanceProfiles,
  listInstanceProfilesForRole,
  addRoleToInstanceProfile,
  removeRoleFromInstanceProfile,
  deleteInstanceProfile,
  tagInstanceProfile,
  untagInstanceProfile,
]
