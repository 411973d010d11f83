import { describe, expect, test } from 'vitest'
import { actInAws } from '../../../src/sandbox/aws/act.js'
import { addRole, addUser, newAccounts } from '../../../src/sandbox/aws/seed.js'
import { emptyState, type State } from '../../../src/sandbox/state.js'
import { EC2, MANAGEMENT as HERE, READS } from './world.js'

const now = '2026-11-02T09:00:00.000Z'
const region = 'eu-west-1'
const ADA = `arn:aws:iam::${HERE}:user/ada`
const BOUNDARY = 'arn:aws:iam::aws:policy/PowerUserAccess'
const KEY = `arn:aws:kms:${region}:${HERE}:key/1234`

const allow = (Action: unknown, Resource: unknown = '*', Condition?: object) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...(Condition && { Condition }),
})
const deny = (Action: unknown, Resource: unknown = '*', Condition?: object) => ({
  ...allow(Action, Resource, Condition),
  Effect: 'Deny',
})

/** A role, a profile and some parameters; ada may do what these statements say. */
const sceneOf = (statements: readonly object[]): State => {
  const state = emptyState()
  newAccounts(state, [{ id: HERE, name: 'management' }])
  addRole(state, {
    account: HERE,
    path: '/buildkite/',
    name: 'web',
    trust: JSON.parse(EC2) as object,
    tags: { team: 'web' },
    boundary: BOUNDARY,
  })
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements })
  addUser(state, {
    account: HERE,
    name: 'ada',
    tags: [{ key: 'team', value: 'web' }],
    inline: [{ name: 'own', document }],
  })
  const steps: [string, object][] = [
    ['CreateInstanceProfile', { InstanceProfileName: 'web' }],
    ['PutParameter', { Name: '/a/b', Type: 'String', Value: 'x' }],
    ['PutParameter', { Name: '/a/b/c', Type: 'SecureString', Value: 'x', KeyId: KEY }],
    ['PutParameter', { Name: '/z', Type: 'SecureString', Value: 'x' }],
  ]
  return steps.reduce((so, [name, input]) => {
    const done = actInAws(so, { as: `arn:aws:iam::${HERE}:user/bridle`, now, region }, name, input as never)
    if ('refused' in done) throw new Error(done.refused)
    return done.state
  }, state)
}

const ROLE = `arn:aws:iam::${HERE}:role/buildkite/web`
const at = (name: string) => `arn:aws:ssm:${region}:${HERE}:parameter${name}`
const create = { RoleName: 'new', Path: '/buildkite/', AssumeRolePolicyDocument: EC2 }
const tagged = { ...create, Tags: [{ Key: 'managed-by', Value: 'bridle' }] }
const policy = { RoleName: 'web', PolicyName: 'p', PolicyDocument: READS }
const bounded = { StringEquals: { 'iam:PermissionsBoundary': BOUNDARY } }
const profile = { InstanceProfileName: 'web', RoleName: 'web' }
const path = { Path: '/a', Recursive: true }

type Case = [name: string, statements: readonly object[], operation: string, input: object, missing: string]

describe('a caller may do what policies say', () => {
  test.each<Case>([
    ['nothing', [], 'ListRoles', {}, 'iam:ListRoles'],
    ['that one action', [allow('iam:ListRoles')], 'ListRoles', {}, ''],
    ['another', [allow('iam:GetRole')], 'ListRoles', {}, 'iam:ListRoles'],
    ['with a wildcard', [allow('iam:List*')], 'ListRoles', {}, ''],
    ['with a question mark', [allow('iam:GetRol?')], 'GetRole', { RoleName: 'web' }, ''],
    [
      'all but it',
      [{ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' }],
      'ListRoles',
      {},
      'iam:ListRoles',
    ],
    ['with this role, path and all', [allow('iam:GetRole', ROLE)], 'GetRole', { RoleName: 'WEB' }, ''],
    [
      'with a role of no path',
      [allow('iam:GetRole', ROLE.replace('buildkite/', ''))],
      'GetRole',
      { RoleName: 'web' },
      'iam:GetRole',
    ],
    [
      'with roles below a path',
      [allow('iam:*', 'arn:aws:iam::*:role/buildkite/*')],
      'CreateRole',
      create,
      '',
    ],
    [
      'with roles below another',
      [allow('iam:*', 'arn:aws:iam::*:role/ops/*')],
      'CreateRole',
      create,
      'iam:CreateRole',
    ],
    [
      'with all but this role',
      [{ Effect: 'Allow', Action: 'iam:*', NotResource: ROLE }],
      'GetRole',
      { RoleName: 'web' },
      'iam:GetRole',
    ],
    ['to make roles, without tags', [allow('iam:CreateRole')], 'CreateRole', create, ''],
    [
      'to make roles with tags is one action more',
      [allow('iam:CreateRole')],
      'CreateRole',
      tagged,
      'iam:TagRole',
    ],
    ['to make roles with tags', [allow(['iam:CreateRole', 'iam:TagRole'])], 'CreateRole', tagged, ''],
    [
      'to make roles with this tag',
      [allow('iam:*', '*', { StringEquals: { 'aws:RequestTag/managed-by': 'bridle' } })],
      'CreateRole',
      create,
      'iam:CreateRole',
    ],
    ['to make roles with a boundary', [allow('iam:*', '*', bounded)], 'CreateRole', create, 'iam:CreateRole'],
    [
      'to make roles with that boundary',
      [allow('iam:*', '*', bounded)],
      'CreateRole',
      { ...create, PermissionsBoundary: BOUNDARY },
      '',
    ],
    ['to change roles with that boundary', [allow('iam:*', '*', bounded)], 'PutRolePolicy', policy, ''],
    [
      'to change roles of their team',
      [allow('iam:*', '*', { StringEquals: { 'iam:ResourceTag/team': '${aws:PrincipalTag/team}' } })],
      'PutRolePolicy',
      policy,
      '',
    ],
    [
      'to change roles of another',
      [allow('iam:*', '*', { StringEquals: { 'aws:ResourceTag/team': 'ops' } })],
      'PutRolePolicy',
      policy,
      'iam:PutRolePolicy',
    ],
    [
      'to attach some policies',
      [allow('iam:*', '*', { ArnLike: { 'iam:PolicyARN': 'arn:aws:iam::aws:policy/ReadOnly*' } })],
      'AttachRolePolicy',
      { RoleName: 'web', PolicyArn: 'arn:aws:iam::aws:policy/AdministratorAccess' },
      'iam:AttachRolePolicy',
    ],
    [
      'to fill profiles, which passes a role on',
      [allow('iam:AddRoleToInstanceProfile')],
      'AddRoleToInstanceProfile',
      profile,
      'iam:PassRole',
    ],
    [
      'to fill profiles, and to pass the role',
      [allow('iam:AddRoleToInstanceProfile'), allow('iam:PassRole', ROLE)],
      'AddRoleToInstanceProfile',
      profile,
      '',
    ],
    [
      'and not to delete boundaries',
      [allow('iam:*'), deny('iam:DeleteRolePermissionsBoundary')],
      'DeleteRolePermissionsBoundary',
      { RoleName: 'web' },
      'deny',
    ],
    ['to read one parameter', [allow('ssm:GetParameter', at('/a/b'))], 'GetParameter', { Name: '/a/b' }, ''],
    [
      'to read another',
      [allow('ssm:GetParameter', at('/a'))],
      'GetParameter',
      { Name: '/a/b' },
      'ssm:GetParameter',
    ],
    [
      'to read one is not to read several',
      [allow('ssm:GetParameter')],
      'GetParameters',
      { Names: ['/a/b'] },
      'ssm:GetParameters',
    ],
    [
      'to read several, all of them',
      [allow('ssm:GetParameters', at('/a/b'))],
      'GetParameters',
      { Names: ['/a/b', '/z'] },
      'ssm:GetParameters',
    ],
    ['to read below a path', [allow('ssm:GetParametersByPath', at('/a'))], 'GetParametersByPath', path, ''],
    [
      'to read below a path, though not one that is there',
      [allow('ssm:GetParametersByPath', at('/a*')), deny('ssm:GetParametersByPath', at('/a/b'))],
      'GetParametersByPath',
      path,
      '',
    ],
    [
      'to read one level of it',
      [allow('ssm:*'), deny('ssm:GetParametersByPath', '*', { StringEquals: { 'ssm:Recursive': 'true' } })],
      'GetParametersByPath',
      path,
      'deny',
    ],
    [
      'to describe all, which is of no one',
      [allow('ssm:DescribeParameters', at('/a'))],
      'DescribeParameters',
      {},
      'ssm:DescribeParameters',
    ],
    [
      'to read what the usual key seals',
      [allow('ssm:GetParameter')],
      'GetParameter',
      { Name: '/z', WithDecryption: true },
      '',
    ],
    [
      'to read what another key seals',
      [allow('ssm:GetParameter')],
      'GetParameter',
      { Name: '/a/b/c', WithDecryption: true },
      'kms:Decrypt',
    ],
    ['to read it sealed', [allow('ssm:GetParameter')], 'GetParameter', { Name: '/a/b/c' }, ''],
    [
      'to use the key',
      [allow('ssm:*'), allow('kms:Decrypt', KEY)],
      'GetParameter',
      { Name: '/a/b/c', WithDecryption: true },
      '',
    ],
    [
      'to use the key for this parameter',
      [
        allow('ssm:*'),
        allow('kms:Decrypt', KEY, { StringEquals: { 'kms:EncryptionContext:PARAMETER_ARN': at('/z') } }),
      ],
      'GetParameter',
      { Name: '/a/b/c', WithDecryption: true },
      'kms:Decrypt',
    ],
    [
      'to put new ones',
      [allow('ssm:*', '*', { StringEquals: { 'ssm:Overwrite': 'false' } })],
      'PutParameter',
      { Name: '/a/b', Value: 'y', Overwrite: true },
      'ssm:PutParameter',
    ],
    [
      'from one network',
      [allow('*', '*', { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } })],
      'ListRoles',
      {},
      'iam:ListRoles',
    ],
    [
      'in one region',
      [allow('*', '*', { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } })],
      'GetParameter',
      { Name: '/a/b' },
      'ssm:GetParameter',
    ],
    ['who they are is anybody’s to ask', [], 'GetCallerIdentity', {}, ''],
  ])('%s', (_, statements, operation, input, missing) => {
    const done = actInAws(
      sceneOf(statements),
      { as: ADA, now, region, network: { sourceIp: '192.0.2.1' } },
      operation,
      input as never,
    )
    const said = 'refused' in done ? done.refused : ''
    if (missing === '') expect(said).toBe('')
    else if (missing === 'deny') expect(said).toContain('with an explicit deny in an identity-based policy')
    else
      expect(said).toMatch(
        new RegExp(
          `^AccessDenied(Exception)?: User: ${ADA} is not authorized to perform: ${missing} on resource: .* because no identity-based policy allows the ${missing} action$`,
        ),
      )
  })
})
