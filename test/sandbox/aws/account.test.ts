import {
  CreatePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  GetAccountSummaryCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListPoliciesCommand,
  ListRolesCommand,
  paginateGetAccountAuthorizationDetails,
  paginateListRoles,
} from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import { addRole, addUser } from '../../../src/sandbox/aws/seed.js'
import { insert } from '../../../src/sandbox/state.js'
import { accounts, EC2, no, opened, PROD, READS } from './world.js'

const now = '2026-01-01T00:00:00.000Z'
const ec2 = JSON.parse(EC2) as object
const POWER = 'arn:aws:iam::aws:policy/PowerUserAccess'

/** An account with 2,300 roles, one of which has everything. */
const begin = () => {
  const state = accounts()
  addRole(state, {
    account: PROD,
    name: 'whole',
    path: '/buildkite/',
    trust: ec2,
    description: 'said elsewhere',
    inline: { reads: JSON.parse(READS) as object },
    attached: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
    boundary: POWER,
    tags: { team: 'web' },
    lastUsedAt: now,
  })
  for (let at = 0; at < 2298; at += 1) addRole(state, { account: PROD, name: `role-${at}`, trust: ec2 })
  addUser(state, { account: PROD, name: 'ada', groups: ['ops'], signs: false })
  insert(
    state,
    'awsGroups',
    { createdAt: now, createdBy: null },
    {
      account: PROD,
      key: `${PROD}/ops`,
      name: 'ops',
      path: '/',
      id: 'AGPAOPS',
      inline: [{ name: 'reads', document: READS }],
      attached: [],
    },
  )
  return state
}

const large = begin()

test('the details of an account come in pages, all kinds one after the other', async () => {
  const { iam } = opened({ state: large })
  const pages: number[][] = []
  for await (const page of paginateGetAccountAuthorizationDetails({ client: iam, pageSize: 1000 }, {}))
    pages.push(
      [page.UserDetailList!, page.GroupDetailList!, page.RoleDetailList!, page.Policies!].map(
        (list) => list.length,
      ),
    )
  expect(pages).toEqual([
    [2, 1, 997, 0],
    [0, 0, 1000, 0],
    [0, 0, 303, 3],
  ])
  const usual = await iam.send(new GetAccountAuthorizationDetailsCommand({}))
  expect(usual).toMatchObject({ IsTruncated: true })
  expect(usual.RoleDetailList).toHaveLength(97)
  expect(await no(iam.send(new GetAccountAuthorizationDetailsCommand({ MaxItems: 1001 })))).toMatch(
    /^ValidationError: .*'maxItems'.*less than or equal to 1000/,
  )
})

test('the details of a role have all but its description and how long its sessions last', async () => {
  const { iam } = opened({ state: large })
  const { Policies, UserDetailList } = await iam.send(
    new GetAccountAuthorizationDetailsCommand({ Filter: ['Role'], MaxItems: 1000 }),
  )
  expect([UserDetailList, Policies]).toEqual([[], []])
  const rest = await iam.send(
    new GetAccountAuthorizationDetailsCommand({ Filter: ['User', 'Group', 'AWSManagedPolicy'] }),
  )
  expect(rest.UserDetailList!.map(({ UserName, GroupList }) => [UserName, GroupList])).toEqual([
    ['ada', ['ops']],
    ['bridle', []],
  ])
  expect(rest.GroupDetailList).toMatchObject([
    { GroupName: 'ops', GroupPolicyList: [{ PolicyName: 'reads' }] },
  ])
  expect(rest.Policies!.map((one) => one.PolicyName)).toEqual([
    'AdministratorAccess',
    'PowerUserAccess',
    'ReadOnlyAccess',
  ])
  const last = (await allRoles(iam)).find((one) => one.RoleName === 'whole')!
  expect({ ...last, AssumeRolePolicyDocument: decodeURIComponent(last.AssumeRolePolicyDocument!) }).toEqual({
    Path: '/buildkite/',
    RoleName: 'whole',
    RoleId: expect.stringMatching(/^AROA/),
    Arn: `arn:aws:iam::${PROD}:role/buildkite/whole`,
    CreateDate: new Date(now),
    AssumeRolePolicyDocument: EC2,
    InstanceProfileList: [],
    RolePolicyList: [
      { PolicyName: 'reads', PolicyDocument: encodeURIComponent(READS).replaceAll('*', '%2A') },
    ],
    AttachedManagedPolicies: [
      { PolicyName: 'ReadOnlyAccess', PolicyArn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' },
    ],
    PermissionsBoundary: { PermissionsBoundaryType: 'Policy', PermissionsBoundaryArn: POWER },
    Tags: [{ Key: 'team', Value: 'web' }],
    RoleLastUsed: { LastUsedDate: new Date(now), Region: 'eu-west-1' },
  })
})

const allRoles = async (iam: ReturnType<typeof opened>['iam']) => {
  const roles = []
  for await (const page of paginateGetAccountAuthorizationDetails(
    { client: iam, pageSize: 1000 },
    { Filter: ['Role'] },
  ))
    roles.push(...page.RoleDetailList!)
  return roles
}

test('roles come in pages of a hundred, which survive what comes and goes', async () => {
  const { iam, world } = opened({ state: large })
  let count = 0
  for await (const page of paginateListRoles({ client: iam }, {})) count += page.Roles!.length
  expect(count).toBe(2300)
  const first = await iam.send(new ListRolesCommand({ MaxItems: 2 }))
  expect(first.Roles!.map((one) => one.RoleName)).toEqual(['bridle-admin', 'role-0'])
  world.edit('create', 'role:prod/aaa')
  world.edit('delete', 'role:prod/role-0')
  const second = await iam.send(new ListRolesCommand({ MaxItems: 2, Marker: first.Marker }))
  expect(second.Roles!.map((one) => one.RoleName)).toEqual(['role-1', 'role-10'])
  expect(await no(iam.send(new ListRolesCommand({ Marker: 'xyzzy' })))).toBe(
    'ValidationError: Invalid Marker.',
  )
})

test('managed policies are made and read', async () => {
  const { iam } = opened()
  const made = await iam.send(
    new CreatePolicyCommand({ PolicyName: 'reads', Path: '/b/', PolicyDocument: READS }),
  )
  const PolicyArn = made.Policy!.Arn!
  expect(PolicyArn).toBe(`arn:aws:iam::${PROD}:policy/b/reads`)
  expect((await iam.send(new GetPolicyCommand({ PolicyArn }))).Policy).toMatchObject({
    DefaultVersionId: 'v1',
    AttachmentCount: 0,
  })
  const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand({ PolicyArn, VersionId: 'v1' }))
  expect(decodeURIComponent(PolicyVersion!.Document!)).toBe(READS)
  const { Policies } = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))
  expect(Policies!.map((one) => one.PolicyName)).toEqual(['reads'])
  const attached = await iam.send(new ListPoliciesCommand({ OnlyAttached: true }))
  expect(attached.Policies!.map((one) => one.PolicyName)).toEqual(['AdministratorAccess'])
  expect(await no(iam.send(new GetPolicyCommand({ PolicyArn: `${PolicyArn}x` })))).toMatch(
    /^NoSuchEntityException/,
  )
})

test('a summary counts', async () => {
  const { SummaryMap } = await opened().iam.send(new GetAccountSummaryCommand({}))
  expect(SummaryMap).toMatchObject({ Roles: 1, Users: 1, AttachedPoliciesPerRoleQuota: 10 })
})
