import { readFileSync } from 'node:fs'
import {
  AttachRolePolicyCommand,
  CreateOpenIDConnectProviderCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  PutRolePermissionsBoundaryCommand,
  PutRolePolicyCommand,
  TagRoleCommand,
  type CreateRoleCommandInput,
} from '@aws-sdk/client-iam'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { EC2, no, opened } from './world.js'

interface Case {
  readonly name: string
  readonly trust?: unknown
  readonly statement?: object
  readonly policy?: object
  readonly version?: string
  readonly code?: string
  readonly said?: string
}

const cases = parse(readFileSync(new URL('documents.yaml', import.meta.url), 'utf8')) as readonly Case[]
const RoleName = 'web'
const role = { RoleName, AssumeRolePolicyDocument: EC2 }

describe('documents', () => {
  test.each(cases)('$name', async ({ trust, statement, policy, version = '2012-10-17', code, said }) => {
    const { iam } = opened()
    await iam.send(new CreateOpenIDConnectProviderCommand({ Url: 'https://agent.buildkite.com' }))
    const whole = (Statement: object) => JSON.stringify({ Version: version, Statement })
    const text =
      typeof trust === 'string' ? trust : trust ? JSON.stringify(trust) : whole((statement ?? policy)!)
    const answer = policy
      ? await no(iam.send(new CreatePolicyCommand({ PolicyName: 'p', PolicyDocument: text })))
      : await no(iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: text })))
    expect(answer).toBe(said === undefined ? 'yes' : `${code ?? 'MalformedPolicyDocumentException'}: ${said}`)
  })
})

const longTrust = (characters: number) => {
  const text = (fill: string) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'ec2.amazonaws.com' },
          Action: 'sts:AssumeRole',
          Condition: { StringEquals: { a: fill } },
        },
      ],
    })
  return text('x'.repeat(characters - text('').length))
}
const longPolicy = (characters: number) => {
  const text = (fill: string) =>
    JSON.stringify({ Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: `arn:aws:s3:::${fill}` }] })
  return text('x'.repeat(characters - text('').length))
}

describe('a new role', () => {
  const made = (given: Partial<CreateRoleCommandInput>) =>
    no(opened().iam.send(new CreateRoleCommand({ ...role, ...given })))

  test.each<[string, Partial<CreateRoleCommandInput>, RegExp]>([
    [
      '65 characters',
      { RoleName: 'a'.repeat(65) },
      /^ValidationError: .*'roleName'.*less than or equal to 64/,
    ],
    ['64 characters', { RoleName: 'a'.repeat(64) }, /^yes$/],
    ['a name with a slash', { RoleName: 'a/b' }, /^ValidationError: .*'roleName'.*pattern/],
    ['a path without a slash at its end', { Path: '/a' }, /^ValidationError: .*'path'/],
    ['a path that is too long', { Path: `/${'a'.repeat(511)}/` }, /^ValidationError: .*'path'.*512/],
    ['2,048 characters of trust', { AssumeRolePolicyDocument: longTrust(2048) }, /^yes$/],
    [
      '2,049 of them',
      { AssumeRolePolicyDocument: longTrust(2049) },
      /^LimitExceededException: Cannot exceed quota for ACLSizePerRole: 2048$/,
    ],
    [
      'white space, which is not counted',
      { AssumeRolePolicyDocument: longTrust(2048).replaceAll(',', ',\n   ') },
      /^yes$/,
    ],
    [
      'a description that is too long',
      { Description: 'a'.repeat(1001) },
      /^ValidationError: .*'description'/,
    ],
    [
      'sessions that are too short',
      { MaxSessionDuration: 3599 },
      /^ValidationError: .*'maxSessionDuration'.*3600/,
    ],
    ['sessions that are too long', { MaxSessionDuration: 43_201 }, /^ValidationError: .*43200/],
    [
      '51 tags',
      { Tags: Array.from({ length: 51 }, (_, at) => ({ Key: `k${at}`, Value: '' })) },
      /^ValidationError: .*'tags'.*50/,
    ],
    [
      'tags that differ in case alone',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
      /^InvalidInputException: Duplicate tag keys/,
    ],
    [
      'a tag with signs that none has',
      { Tags: [{ Key: 'a', Value: '#1' }] },
      /^ValidationError: .*'tags.1.member.value'/,
    ],
    ['a tag of AWS', { Tags: [{ Key: 'aws:x', Value: '' }] }, /^InvalidInputException: .*system tags/],
    [
      'a boundary that there is not',
      { PermissionsBoundary: 'arn:aws:iam::333333333333:policy/none' },
      /^NoSuchEntityException: Scope ARN/,
    ],
    [
      'a boundary that is no policy',
      { PermissionsBoundary: 'arn:aws:iam::333333333333:role/none' },
      /^InvalidInputException/,
    ],
    [
      'a name that there is, in another case',
      { RoleName: 'BRIDLE-admin' },
      /^EntityAlreadyExistsException: Role with name BRIDLE-admin already exists\.$/,
    ],
  ])('%s', async (_, given, said) => {
    expect(await made(given)).toMatch(said)
  })
})

describe('a role', () => {
  test('has 10,240 characters of policies', async () => {
    const { iam } = opened()
    await iam.send(new CreateRoleCommand(role))
    const put = (PolicyName: string, characters: number) =>
      no(iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: longPolicy(characters) })))
    expect(await put('a', 10_000)).toBe('yes')
    expect(await put('b', 241)).toBe(
      'LimitExceededException: Maximum policy size of 10240 bytes exceeded for role web',
    )
    expect(await put('b', 240)).toBe('yes')
    expect(await put('a', 10_001)).toMatch(/^LimitExceededException/)
  })

  test('has ten managed policies', async () => {
    const { iam } = opened()
    await iam.send(new CreateRoleCommand(role))
    const attach = (name: string) =>
      no(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: `arn:aws:iam::aws:policy/P${name}` })))
    for (let at = 0; at < 10; at += 1) expect(await attach(String(at))).toBe('yes')
    expect(await attach('0')).toBe('yes')
    expect(await attach('x')).toBe('LimitExceededException: Cannot exceed quota for PoliciesPerRole: 10')
  })

  test('has fifty tags', async () => {
    const { iam } = opened()
    await iam.send(
      new CreateRoleCommand({
        ...role,
        Tags: Array.from({ length: 50 }, (_, at) => ({ Key: `k${at}`, Value: '' })),
      }),
    )
    const tag = (Key: string) => no(iam.send(new TagRoleCommand({ RoleName, Tags: [{ Key, Value: '' }] })))
    expect(await tag('K0')).toBe('yes')
    expect(await tag('more')).toMatch(/^LimitExceededException/)
  })

  test('has policies that there are', async () => {
    const { iam } = opened({ switches: { awsManagedPolicies: 'known' } })
    await iam.send(new CreateRoleCommand(role))
    const attach = (PolicyArn: string) => no(iam.send(new AttachRolePolicyCommand({ RoleName, PolicyArn })))
    expect(await attach('arn:aws:iam::aws:policy/NoSuchAccess')).toMatch(/^NoSuchEntityException/)
    expect(await attach('arn:aws:iam::aws:policy/ReadOnlyAccess')).toBe('yes')
    expect(await attach('arn:aws:iam::333333333333:role/x')).toMatch(/^InvalidInputException/)
    const bound = new PutRolePermissionsBoundaryCommand({
      RoleName,
      PermissionsBoundary: 'arn:aws:iam::333333333333:policy/no',
    })
    expect(await no(iam.send(bound))).toMatch(/^NoSuchEntityException/)
  })

  test('a managed policy has 6,144 characters', async () => {
    const { iam } = opened()
    const make = (characters: number) =>
      no(
        iam.send(
          new CreatePolicyCommand({ PolicyName: `p${characters}`, PolicyDocument: longPolicy(characters) }),
        ),
      )
    expect(await make(6144)).toBe('yes')
    expect(await make(6145)).toBe('LimitExceededException: Cannot exceed quota for PolicySize: 6144')
  })
})
