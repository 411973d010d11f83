import { expect, test } from 'vitest'
import { edit } from '../../../src/sandbox/edit.js'
import { actInAws } from '../../../src/sandbox/aws/act.js'
import type { State } from '../../../src/sandbox/state.js'
import { accounts, EC2, PROD } from './world.js'

const now = '2026-11-02T09:00:00.000Z'

const did = (state: State, ...words: readonly string[]): State => {
  const { state: after, said } = edit(state, words, { now, organization: 'acme' })
  if (!after) throw new Error(said)
  return after
}

const asked = (state: State, name: string, input: Readonly<Record<string, unknown>>) => {
  const done = actInAws(
    state,
    { as: `arn:aws:iam::${PROD}:user/bridle`, now, region: 'eu-west-1' },
    name,
    input,
  )
  return 'refused' in done ? done.refused : done.result
}

test('a role is changed by hand', () => {
  const ADMIN = 'arn:aws:iam::aws:policy/AdministratorAccess'
  const made = [
    ['create', 'role:prod/web'],
    ['trust', 'role:prod/web', EC2.replace('ec2.', 'lambda.')],
    ['tag', 'role:prod/web', 'team=web', 'a=b'],
    ['untag', 'role:prod/web', 'a'],
    ['attach', 'role:prod/web', ADMIN],
    ['policy', 'role:prod/web', 'all', '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}'],
    ['set', `role:${PROD}/web`, 'description=By hand', 'max_session_seconds=7200', `boundary=${ADMIN}`],
  ].reduce((state, words) => did(state, ...words), accounts())
  expect(asked(made, 'GetRole', { RoleName: 'web' })).toMatchObject({
    Role: {
      AssumeRolePolicyDocument: expect.stringContaining('lambda.amazonaws.com'),
      Description: 'By hand',
      MaxSessionDuration: 7200,
      PermissionsBoundary: { PermissionsBoundaryArn: ADMIN },
      Tags: [{ Key: 'team', Value: 'web' }],
    },
  })
  expect(
    asked(did(made, 'detach', 'role:prod/web', ADMIN), 'ListAttachedRolePolicies', { RoleName: 'web' }),
  ).toMatchObject({
    AttachedPolicies: [],
  })
  expect(
    asked(did(made, 'policy', 'role:prod/web', 'all'), 'ListRolePolicies', { RoleName: 'web' }),
  ).toMatchObject({
    PolicyNames: [],
  })
  expect(asked(did(made, 'delete', 'role:prod/web'), 'GetRole', { RoleName: 'web' })).toMatch(/^NoSuchEntity/)
})

test('a policy is made by hand, for a role to be bounded by', () => {
  const document = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"s3:*","Resource":"*"}}'
  const made = [
    ['create', 'policy:prod/ci-boundary', document],
    ['create', 'role:prod/web'],
    ['set', 'role:prod/web', `boundary=arn:aws:iam::${PROD}:policy/ci-boundary`],
  ].reduce((state, words) => did(state, ...words), accounts())
  expect(asked(made, 'GetRole', { RoleName: 'web' })).toMatchObject({
    Role: { PermissionsBoundary: { PermissionsBoundaryArn: `arn:aws:iam::${PROD}:policy/ci-boundary` } },
  })
})

test('so is a parameter', () => {
  const put = did(accounts(), 'put', 'parameter:prod/a/b', 'x', 'SecureString')
  const again = did(put, 'put', 'parameter:prod/a/b', 'y')
  const read = (state: State) => asked(state, 'GetParameter', { Name: '/a/b', WithDecryption: true })
  expect(read(put)).toMatchObject({ Parameter: { Value: 'x', Version: 1 } })
  expect(read(again)).toMatchObject({ Parameter: { Value: 'y', Version: 2, Type: 'SecureString' } })
  const tagged = did(put, 'tag', 'parameter:prod/a/b', 'k=v')
  const about = { ResourceType: 'Parameter', ResourceId: '/a/b' }
  expect(asked(tagged, 'ListTagsForResource', about)).toEqual({ TagList: [{ Key: 'k', Value: 'v' }] })
  expect(read(did(put, 'delete', 'parameter:prod/a/b'))).toMatch(/^ParameterNotFound/)
})

test.each([
  [
    ['tag', 'role:nowhere/web', 'a=b'],
    'there is no account "nowhere"; there are: management, prod\nusage: tag role|instance-profile|oidc-provider|parameter:ACCOUNT/NAME KEY=VALUE…',
  ],
  [['tag', 'role:prod/web', 'a=b'], 'NoSuchEntity: The role with name web cannot be found.'],
  [['trust', 'role:prod/bridle-admin', 'nope'], 'MalformedPolicyDocument: This policy contains invalid Json'],
  [['trust', 'parameter:prod/x', 'nope'], '"parameter:prod/x" should be role:ACCOUNT/NAME'],
  [
    ['set', 'role:prod/bridle-admin', 'name=x'],
    '"name" is none of description, max_session_seconds, boundary',
  ],
])('%j is answered kindly', (words, said) => {
  const edited = edit(accounts(), words, { now })
  expect(edited.state).toBeUndefined()
  expect(edited.said).toContain(said)
})
