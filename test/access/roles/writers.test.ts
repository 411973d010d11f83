import { expect, test } from 'vitest'
import { policyWriters } from '../../../src/access/roles/writers.js'
import { roleWorld, type WrittenWorld } from '../../rules/roles/world.js'

const writers = (world: WrittenWorld) =>
  policyWriters(roleWorld(world)).map(
    ({ principal, account, can, by, isCertain }) =>
      `${account} ${principal.split(':').at(-1)!} can ${can} by ${by}${isCertain ? '' : ' perhaps'}`,
  )

test('users, groups and roles, each with what lets them', () => {
  expect(
    writers({
      users: {
        'prod/ada': { inline: { own: [{ Action: 'ssm:PutParameter' }] } },
        'prod/bob': { groups: ['ops'] },
        'prod/eve': { inline: { own: [{ Action: 'ssm:Get*' }] } },
      },
      groups: { 'prod/ops': { inline: { all: [{ Sid: 'Sign', Action: ['kms:sign'] }] } } },
      roles: { 'management/deploy': { attached: ['arn:aws:iam::aws:policy/AdministratorAccess'] } },
      policies: { 'arn:aws:iam::aws:policy/AdministratorAccess': [{ Action: '*' }] },
    }),
  ).toEqual([
    'management role/deploy can sign by policy AdministratorAccess, statement 1',
    'management role/deploy can write parameters by policy AdministratorAccess, statement 1',
    'management role/deploy can write secrets by policy AdministratorAccess, statement 1',
    'prod group/ops can sign by policy all, statement 1 (Sign)',
    'prod user/ada can write parameters by policy own, statement 1',
    'prod user/bob can sign by policy all, statement 1 (Sign)',
  ])
})

test('a boundary, a Deny and another path keep them from it', () => {
  const policies = { 'arn:aws:iam::333333333333:policy/ci': [{ Action: 's3:*' }] }
  expect(
    writers({
      policies,
      users: {
        'prod/bound': { boundary: 'arn:aws:iam::333333333333:policy/ci', inline: { own: [{ Action: '*' }] } },
        'prod/denied': {
          inline: {
            own: [{ Action: 'ssm:*' }, { Effect: 'Deny', Action: ['ssm:put*', 'ssm:delete*', 'ssm:label*'] }],
          },
        },
        'prod/elsewhere': {
          inline: { own: [{ Action: 'ssm:*', Resource: 'arn:aws:ssm:*:*:parameter/web/*' }] },
        },
      },
    }),
  ).toEqual([])
})

test('a policy that could not be read may let them', () => {
  expect(writers({ users: { 'prod/ada': { attached: ['arn:aws:iam::333333333333:policy/gone'] } } })).toEqual(
    [
      'prod user/ada can sign by policy gone, which could not be read perhaps',
      'prod user/ada can write parameters by policy gone, which could not be read perhaps',
      'prod user/ada can write secrets by policy gone, which could not be read perhaps',
    ],
  )
})

test('a network that nobody can read may keep them from it', () => {
  expect(
    writers({
      users: {
        'prod/ada': {
          inline: {
            own: [{ Action: 'ssm:PutParameter', Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } } }],
          },
        },
      },
    }),
  ).toEqual(['prod user/ada can write parameters by policy own, statement 1 perhaps'])
})
