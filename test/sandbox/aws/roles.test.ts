import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePermissionsBoundaryCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  UntagRoleCommand,
  UpdateAssumeRolePolicyCommand,
  UpdateRoleCommand,
} from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import { EC2, no, opened, READS } from './world.js'

const ARN = 'arn:aws:iam::333333333333:role/buildkite/web'
const web = { RoleName: 'web', Path: '/buildkite/', AssumeRolePolicyDocument: EC2 }

test('a role is made, read, changed and deleted', async () => {
  const { iam } = opened()
  const made = await iam.send(
    new CreateRoleCommand({ ...web, Description: 'For web', Tags: [{ Key: 'team', Value: 'web' }] }),
  )
  expect(made.Role).toMatchObject({
    Arn: ARN,
    Path: '/buildkite/',
    RoleName: 'web',
    MaxSessionDuration: 3600,
  })
  expect(made.Role!.RoleId).toMatch(/^AROA[A-Z2-7]{17}$/)
  expect(decodeURIComponent(made.Role!.AssumeRolePolicyDocument!)).toBe(EC2)

  await iam.send(new UpdateRoleCommand({ RoleName: 'web', MaxSessionDuration: 7200 }))
  await iam.send(new TagRoleCommand({ RoleName: 'web', Tags: [{ Key: 'Team', Value: 'ops' }] }))
  await iam.send(new TagRoleCommand({ RoleName: 'web', Tags: [{ Key: 'x', Value: '' }] }))
  await iam.send(new UntagRoleCommand({ RoleName: 'WEB', TagKeys: ['X'] }))
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'Web' }))
  expect(Role).toMatchObject({
    Description: 'For web',
    MaxSessionDuration: 7200,
    Tags: [{ Key: 'Team', Value: 'ops' }],
  })

  await iam.send(new PutRolePolicyCommand({ RoleName: 'web', PolicyName: 'reads', PolicyDocument: READS }))
  await iam.send(
    new AttachRolePolicyCommand({ RoleName: 'web', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
  )
  await iam.send(
    new PutRolePermissionsBoundaryCommand({
      RoleName: 'web',
      PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
    }),
  )
  const bounded = await iam.send(new GetRoleCommand({ RoleName: 'web' }))
  expect(bounded.Role!.PermissionsBoundary?.PermissionsBoundaryArn).toBe(
    'arn:aws:iam::aws:policy/PowerUserAccess',
  )
  const inline = await iam.send(new GetRolePolicyCommand({ RoleName: 'web', PolicyName: 'reads' }))
  expect(decodeURIComponent(inline.PolicyDocument!)).toBe(READS)
  expect((await iam.send(new ListRolePoliciesCommand({ RoleName: 'web' }))).PolicyNames).toEqual(['reads'])
  expect((await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'web' }))).AttachedPolicies).toEqual(
    [{ PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
  )
  const gone = new DeleteRoleCommand({ RoleName: 'web' })
  expect(await no(iam.send(gone))).toBe(
    'DeleteConflictException: Cannot delete entity, must detach all policies first.',
  )
  await iam.send(
    new DetachRolePolicyCommand({ RoleName: 'web', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }),
  )
  expect(await no(iam.send(gone))).toBe(
    'DeleteConflictException: Cannot delete entity, must delete policies first.',
  )
  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'web', PolicyName: 'reads' }))
  await iam.send(new DeleteRolePermissionsBoundaryCommand({ RoleName: 'web' }))
  await iam.send(gone)
  expect(await no(iam.send(gone))).toBe('NoSuchEntityException: The role with name web cannot be found.')
})

test('a list of roles has descriptions, and neither tags nor boundary', async () => {
  const { iam } = opened()
  await iam.send(
    new CreateRoleCommand({
      ...web,
      Description: 'For web',
      Tags: [{ Key: 'team', Value: 'web' }],
      PermissionsBoundary: 'arn:aws:iam::aws:policy/PowerUserAccess',
    }),
  )
  const { Roles } = await iam.send(new ListRolesCommand({ PathPrefix: '/buildkite/' }))
  expect(Roles).toHaveLength(1)
  expect(Roles![0]).toMatchObject({ Description: 'For web', MaxSessionDuration: 3600 })
  expect(Object.keys(Roles![0]!)).not.toContain('Tags')
  expect(Object.keys(Roles![0]!)).not.toContain('PermissionsBoundary')
})

test('a trust policy is replaced as a whole', async () => {
  const { iam } = opened()
  await iam.send(new CreateRoleCommand(web))
  const trust = EC2.replace('ec2.', 'lambda.')
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: 'web', PolicyDocument: trust }))
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: 'web' }))
  expect(decodeURIComponent(Role!.AssumeRolePolicyDocument!)).toBe(trust)
})
