import {
  AddClientIDToOpenIDConnectProviderCommand,
  AddRoleToInstanceProfileCommand,
  CreateInstanceProfileCommand,
  CreateOpenIDConnectProviderCommand,
  CreateRoleCommand,
  DeleteInstanceProfileCommand,
  DeleteOpenIDConnectProviderCommand,
  DeleteRoleCommand,
  GetInstanceProfileCommand,
  GetOpenIDConnectProviderCommand,
  ListInstanceProfilesCommand,
  ListInstanceProfilesForRoleCommand,
  ListOpenIDConnectProvidersCommand,
  RemoveClientIDFromOpenIDConnectProviderCommand,
  RemoveRoleFromInstanceProfileCommand,
  TagInstanceProfileCommand,
  TagOpenIDConnectProviderCommand,
  UntagInstanceProfileCommand,
  UntagOpenIDConnectProviderCommand,
  UpdateOpenIDConnectProviderThumbprintCommand,
} from '@aws-sdk/client-iam'
import { expect, test } from 'vitest'
import { EC2, no, opened } from './world.js'

const Arn = 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com'
const OpenIDConnectProviderArn = Arn
const Url = 'https://agent.buildkite.com'

test('a provider is made, read, changed and deleted, twice if need be', async () => {
  const { iam } = opened()
  const made = await iam.send(
    new CreateOpenIDConnectProviderCommand({ Url, ClientIDList: ['sts.amazonaws.com'] }),
  )
  expect(made.OpenIDConnectProviderArn).toBe(Arn)
  expect(await no(iam.send(new CreateOpenIDConnectProviderCommand({ Url })))).toBe(
    'EntityAlreadyExistsException: Provider with url https://agent.buildkite.com already exists.',
  )
  await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'x' }))
  await iam.send(new AddClientIDToOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'y' }))
  await iam.send(
    new RemoveClientIDFromOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, ClientID: 'x' }),
  )
  await iam.send(
    new UpdateOpenIDConnectProviderThumbprintCommand({
      OpenIDConnectProviderArn,
      ThumbprintList: ['a'.repeat(40)],
    }),
  )
  await iam.send(
    new TagOpenIDConnectProviderCommand({
      OpenIDConnectProviderArn,
      Tags: [
        { Key: 'a', Value: 'b' },
        { Key: 'c', Value: 'd' },
      ],
    }),
  )
  await iam.send(new UntagOpenIDConnectProviderCommand({ OpenIDConnectProviderArn, TagKeys: ['a'] }))
  expect(await iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))).toMatchObject({
    Url: 'agent.buildkite.com',
    ClientIDList: ['sts.amazonaws.com', 'y'],
    ThumbprintList: ['a'.repeat(40)],
    Tags: [{ Key: 'c', Value: 'd' }],
  })
  const { OpenIDConnectProviderList } = await iam.send(new ListOpenIDConnectProvidersCommand({}))
  expect(OpenIDConnectProviderList).toEqual([{ Arn }])
  await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))
  await iam.send(new DeleteOpenIDConnectProviderCommand({ OpenIDConnectProviderArn }))
  expect(await no(iam.send(new GetOpenIDConnectProviderCommand({ OpenIDConnectProviderArn })))).toMatch(
    /^NoSuchEntityException/,
  )
})

test('a profile holds one role, which it keeps from being deleted', async () => {
  const { iam } = opened()
  const RoleName = 'deploy'
  const InstanceProfileName = 'deploy'
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: EC2 }))
  await iam.send(new CreateRoleCommand({ RoleName: 'other', AssumeRolePolicyDocument: EC2 }))
  const made = await iam.send(new CreateInstanceProfileCommand({ InstanceProfileName, Path: '/buildkite/' }))
  expect(made.InstanceProfile).toMatchObject({
    Arn: 'arn:aws:iam::333333333333:instance-profile/buildkite/deploy',
    Roles: [],
  })
  expect(await no(iam.send(new CreateInstanceProfileCommand({ InstanceProfileName: 'DEPLOY' })))).toBe(
    'EntityAlreadyExistsException: Instance Profile DEPLOY already exists.',
  )
  await iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName }))
  expect(
    await no(iam.send(new AddRoleToInstanceProfileCommand({ InstanceProfileName, RoleName: 'other' }))),
  ).toBe('LimitExceededException: Cannot exceed quota for InstanceSessionsPerInstanceProfile: 1')
  await iam.send(new TagInstanceProfileCommand({ InstanceProfileName, Tags: [{ Key: 'a', Value: 'b' }] }))
  const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }))
  expect(InstanceProfile).toMatchObject({ Roles: [{ RoleName }], Tags: [{ Key: 'a', Value: 'b' }] })
  await iam.send(new UntagInstanceProfileCommand({ InstanceProfileName, TagKeys: ['A'] }))
  expect((await iam.send(new ListInstanceProfilesCommand({}))).InstanceProfiles).toHaveLength(1)
  expect(
    (await iam.send(new ListInstanceProfilesForRoleCommand({ RoleName }))).InstanceProfiles,
  ).toHaveLength(1)
  expect(await no(iam.send(new DeleteRoleCommand({ RoleName })))).toMatch(
    /must remove roles from instance profile/,
  )
  expect(await no(iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName })))).toMatch(
    /^DeleteConflict/,
  )
  await iam.send(new RemoveRoleFromInstanceProfileCommand({ InstanceProfileName, RoleName }))
  await iam.send(new DeleteInstanceProfileCommand({ InstanceProfileName }))
  await iam.send(new DeleteRoleCommand({ RoleName }))
})
