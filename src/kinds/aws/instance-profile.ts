import * as z from 'zod'
import { addressOf, keyOf, type Address } from '../../model/address.js'
import type { Call } from '../../model/call.js'
import { outage, safe } from '../../model/risk.js'
import { defineKind, type Objection } from '../kind.js'
import { inAccount, keyObjection, ownPath, ownTag } from './account.js'
import { iam, tagList } from './call.js'

const written = z
  .strictObject({
    role: z.string().min(1).nullable().optional().meta({
      description: 'The role that instances with the profile have, as ACCOUNT/NAME of the same account.',
    }),
    path: z
      .string()
      .regex(/^\/([!-~]+\/)?$/, { error: 'a path begins and ends with a slash: /buildkite/' })
      .max(512)
      .optional(),
  })
  .meta({ title: 'Instance profile' })

type Written = z.infer<typeof written>

/** What gives a role to the instances of a queue. */
export interface InstanceProfile {
  readonly account: string
  readonly name: string
  readonly path?: string
  /** The role's name alone: it is in the same account. */
  readonly role?: string | null
  /** Written alone: the account that the role's key named. */
  readonly role_account?: string
}

const address = ({ account, name }: InstanceProfile): Address => addressOf('instance-profile', account, name)

const remove = (account: string, InstanceProfileName: string, RoleName: string) =>
  iam(
    account,
    'RemoveRoleFromInstanceProfile',
    { InstanceProfileName, RoleName },
    { sets: [], passing: { role: null } },
  )

/** An instance profile of AWS IAM: the box in which a role comes to machines. It holds one. */
export const instanceProfile = defineKind<InstanceProfile, Written>({
  name: 'instance-profile',
  plural: 'instance_profiles',
  provider: 'aws',
  place: ['aws', 'instance_profiles', '*'],
  written,
  spec: ([key = ''], { role, ...rest }) => ({
    ...inAccount(key),
    ...(rest.path === undefined ? {} : { path: rest.path }),
    ...(role === undefined
      ? {}
      : role === null
        ? { role }
        : { role: inAccount(role).name, role_account: inAccount(role).account }),
  }),
  identity: ['account', 'name'],
  key: ({ account, name }) => keyOf(account, name),
  caseless: true,
  dependencies: ({ account, role, role_account = account }) =>
    role === undefined || role === null
      ? []
      : [{ address: addressOf('role', role_account, role), field: 'role' }],
  check: (one): Objection<InstanceProfile>[] => [
    ...keyObjection(one.account, one.name, 'instance profile'),
    ...(one.role_account === undefined || one.role_account === one.account
      ? []
      : [
          {
            field: 'role' as const,
            what: `${address(one)} would hold a role of account "${one.role_account}"`,
            why: 'an instance profile holds a role of its own account',
            fix: `name a role of account "${one.account}"`,
          },
        ]),
  ],
  resolve: ({ account, name, path, role }) => ({
    account,
    name,
    ...(path === undefined ? {} : { path }),
    ...(role === undefined ? {} : { role }),
  }),
  atCreation: ({ path = ownPath }) => ({ path }),
  diff: { role: (want, have) => want === have },
  cannot: (differ, { spec: { path = '/' } }) =>
    differ.path === undefined
      ? []
      : [
          {
            field: 'path',
            what: `the path of an instance profile is fixed when it is made: it is ${path}`,
            why: 'another path would be another profile, and bridle replaces nothing silently',
            fix: `write \`path: ${path}\``,
          },
        ],
  retired: ({ spec: { path = '/' } }) => !path.startsWith(ownPath),

  source: 'IAM ListInstanceProfiles',
  asks: { iam: true },
  async *read({ aws }) {
    for (const { name: account } of aws?.accounts ?? []) {
      const { profiles = [] } = (await aws?.authorization(account)) ?? {}
      for (const { arn, id, name, path, role } of profiles)
        yield { key: keyOf(account, name), id: arn, uuid: id, spec: { account, name, path, role } }
    }
  },

  operations: {
    create: ({ account, name, path, role }): Call[] => [
      iam(
        account,
        'CreateInstanceProfile',
        { InstanceProfileName: name, Path: path, Tags: tagList({ [ownTag.key]: ownTag.value }) },
        { gate: 'opens' },
      ),
      ...(role == null
        ? []
        : [
            iam(
              account,
              'AddRoleToInstanceProfile',
              { InstanceProfileName: name, RoleName: role },
              { sets: ['role'] },
            ),
          ]),
    ],
    update: ({ role }, { spec: { account, name, role: had } }) => [
      ...(had == null
        ? []
        : [role === null ? { ...remove(account, name, had), sets: ['role'] } : remove(account, name, had)]),
      ...(role == null
        ? []
        : [
            iam(
              account,
              'AddRoleToInstanceProfile',
              { InstanceProfileName: name, RoleName: role },
              { sets: ['role'] },
            ),
          ]),
    ],
    remove: ({ spec: { account, name, role } }) => [
      ...(role == null ? [] : [remove(account, name, role)]),
      iam(account, 'DeleteInstanceProfile', { InstanceProfileName: name }, { gate: 'closes' }),
    ],
  },

  risk: (change) =>
    change.verb === 'remove' || (change.verb === 'update' && change.have.spec.role != null)
      ? outage('instances that have the profile lose the role that it held')
      : safe,
})
