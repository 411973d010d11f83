import {
  CreateRoleCommand,
  GetAccountSummaryCommand,
  GetRoleCommand,
  IAMClient,
  ListRolesCommand,
} from '@aws-sdk/client-iam'
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm'
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts'
import { describe, expect, test } from 'vitest'
import { credentialsOf } from '../../../src/sandbox/aws/seed.js'
import { sandbox, type Options } from '../../../src/sandbox/index.js'
import { parseState } from '../../../src/sandbox/saved.js'
import { awsOverFetch, clientsOf } from '../../support/aws-over-fetch.js'
import { ask, stopped } from '../acme.js'
import { accounts, EC2, MANAGEMENT, no, opened, PROD } from './world.js'

const role = { RoleName: 'web', AssumeRolePolicyDocument: EC2 }
const parameter = { Name: '/a', Type: 'String', Value: 'b' } as const
const ADMIN = `arn:aws:iam::${PROD}:role/bridle-admin`

describe('who asks', () => {
  test('a user, and who has assumed a role', async () => {
    const { world, sts } = opened({}, MANAGEMENT)
    expect(await sts.send(new GetCallerIdentityCommand({}))).toMatchObject({
      Account: MANAGEMENT,
      Arn: `arn:aws:iam::${MANAGEMENT}:user/bridle`,
    })
    const input = { RoleArn: ADMIN, RoleSessionName: 'bridle', ExternalId: 'acme-bridle' }
    const { Credentials, AssumedRoleUser } = await sts.send(new AssumeRoleCommand(input))
    expect(AssumedRoleUser!.Arn).toBe(`arn:aws:sts::${PROD}:assumed-role/bridle-admin/bridle`)
    const there = clientsOf(
      world.fetch,
      {
        accessKeyId: Credentials!.AccessKeyId!,
        secretAccessKey: Credentials!.SecretAccessKey!,
        sessionToken: Credentials!.SessionToken!,
      },
      { now: stopped().now() },
    )
    expect(await there.sts.send(new GetCallerIdentityCommand({}))).toMatchObject({ Account: PROD })
    await there.iam.send(new CreateRoleCommand(role))
    const used = await there.iam.send(new GetRoleCommand({ RoleName: 'bridle-admin' }))
    expect(used.Role!.RoleLastUsed).toEqual({
      LastUsedDate: new Date('2026-11-02T09:00:00.000Z'),
      Region: 'eu-west-1',
    })
    expect(await no(sts.send(new AssumeRoleCommand({ ...input, ExternalId: 'other' })))).toBe(
      `AccessDenied: User: arn:aws:iam::${MANAGEMENT}:user/bridle is not authorized to perform: sts:AssumeRole on resource: ${ADMIN} because no resource-based policy allows the sts:AssumeRole action`,
    )
  })

  const world = sandbox({ state: accounts(), clock: stopped() })
  const good = credentialsOf(world.state, PROD)!
  test.each([
    [
      'an unknown key',
      { ...good, accessKeyId: 'AKIANOBODY' },
      'InvalidClientTokenId',
      'UnrecognizedClientException',
    ],
    [
      'another secret',
      { ...good, secretAccessKey: 'xyzzy' },
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
    ],
    [
      'an unknown session',
      { ...good, sessionToken: 'x.y' },
      'InvalidClientTokenId',
      'UnrecognizedClientException',
    ],
  ])('%s', async (_, credentials, query, json) => {
    const { iam, sts, ssm } = clientsOf(world.fetch, credentials, { now: stopped().now() })
    expect(await no(iam.send(new GetAccountSummaryCommand({})))).toMatch(new RegExp(`^${query}`))
    expect(await no(sts.send(new GetCallerIdentityCommand({})))).toMatch(new RegExp(`^${query}`))
    expect(await no(ssm.send(new GetParameterCommand({ Name: '/a' })))).toMatch(new RegExp(`^${json}`))
  })

  test('nobody', async () => {
    const response = await world.fetch('https://iam.amazonaws.com/', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=ListRoles&Version=2010-05-08',
    })
    expect(response.status).toBe(403)
    expect(await response.text()).toContain('<Code>MissingAuthenticationToken</Code>')
  })

  test('somebody whose clock is off, where AWS looks', async () => {
    const now = stopped().now()
    const state = accounts()
    const strict = sandbox({ state, clock: stopped(), switches: { awsChecksTime: true } })
    const off = (minutes: number, { fetch } = strict) =>
      no(clientsOf(fetch, good, { now: now + minutes * 60_000 }).iam.send(new GetAccountSummaryCommand({})))
    expect(await off(14)).toBe('yes')
    expect(await off(-16)).toMatch(/^RequestExpired/)
    expect(await off(60, sandbox({ state, clock: stopped() }))).toBe('yes')
    const skewed = sandbox({ state, clock: stopped(), faults: [{ fault: 'skew', seconds: 3600, on: 'iam' }] })
    expect(await off(0, skewed)).toMatch(/^RequestExpired/)
    expect(await off(60, skewed)).toBe('yes')
  })
})

describe('what is asked', () => {
  test('an operation that there is not', async () => {
    const { world } = opened()
    const response = await world.fetch('https://iam.amazonaws.com/', {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'Action=CreateUser&Version=2010-05-08',
    })
    expect(response.status).toBe(400)
    expect(await response.text()).toContain(
      '<Code>InvalidAction</Code><Message>Could not find operation CreateUser for version 2010-05-08</Message>',
    )
  })

  test('Buildkite is asked by the same fetch', async () => {
    const { world, iam } = opened()
    await iam.send(new CreateRoleCommand(role))
    const { body } = await ask(world, '{ viewer { user { name } } }')
    expect(body.data.viewer.user.name).toBe('ada')
    expect(world.calls.map(({ kind, name, fields }) => [kind, name, ...fields])).toEqual([
      ['aws', 'CreateRole', 'iam'],
      ['query', '', 'viewer'],
    ])
  })

  test('every answer names its request and the time', async () => {
    const { iam } = opened()
    const { $metadata } = await iam.send(new GetAccountSummaryCommand({}))
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('what goes wrong when told to', () => {
  const faulty = (fault: NonNullable<Options['faults']>[number]) => opened({ faults: [fault] })

  test('throttling', async () => {
    const { iam, ssm } = faulty({ fault: 'limited', times: 2 })
    expect(await no(iam.send(new ListRolesCommand({})))).toBe('Throttling: Rate exceeded')
    expect(await no(ssm.send(new PutParameterCommand(parameter)))).toBe('ThrottlingException: Rate exceeded')
    expect(await no(ssm.send(new PutParameterCommand(parameter)))).toBe('yes')
  })

  test('credentials that are over', async () => {
    const { iam, ssm } = faulty({ fault: 'expired', times: 'always' })
    expect(await no(iam.send(new ListRolesCommand({})))).toMatch(/^ExpiredToken: The security token included/)
    expect(await no(ssm.send(new PutParameterCommand(parameter)))).toMatch(/^ExpiredTokenException/)
  })

  test('one action that is denied', async () => {
    const { iam } = faulty({ fault: 'denied', on: 'CreateRole', times: 'always' })
    expect(await no(iam.send(new ListRolesCommand({})))).toBe('yes')
    expect(await no(iam.send(new CreateRoleCommand(role)))).toBe(
      `AccessDenied: User: arn:aws:iam::${PROD}:user/bridle is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::${PROD}:role/web because no identity-based policy allows the iam:CreateRole action`,
    )
  })

  test('an error of a service, and one with a code', async () => {
    expect(await no(faulty({ fault: 'error', message: 'oh' }).iam.send(new ListRolesCommand({})))).toBe(
      'ServiceFailureException: oh',
    )
    const { iam } = faulty({ fault: 'error', message: 'oh', code: 'ConcurrentModification', status: 409 })
    expect(await no(iam.send(new CreateRoleCommand(role)))).toBe('ConcurrentModificationException: oh')
  })

  test('a list that says that it was all', async () => {
    const { iam } = faulty({ fault: 'truncated', on: 'ListRoles' })
    expect(await iam.send(new ListRolesCommand({}))).toMatchObject({ IsTruncated: false, Roles: [] })
  })

  test('an answer that is cut, one that is lost, and a dead network', async () => {
    expect(await no(faulty({ fault: 'cut' }).iam.send(new ListRolesCommand({})))).not.toBe('yes')
    const lost = faulty({ fault: 'lost' })
    expect(await no(lost.iam.send(new CreateRoleCommand(role)))).toBe('TypeError: fetch failed')
    expect(await no(lost.iam.send(new CreateRoleCommand(role)))).toMatch(/^EntityAlreadyExists/)
    const dead = faulty({ fault: 'network' })
    expect(await no(dead.iam.send(new CreateRoleCommand(role)))).toBe('TypeError: fetch failed')
    expect(await no(dead.iam.send(new CreateRoleCommand(role)))).toBe('yes')
  })

  test('a role that is not there yet, nor anybody to trust', async () => {
    const { iam } = faulty({ fault: 'unsettled', requests: 3 })
    await iam.send(new CreateRoleCommand(role))
    const trust = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${PROD}:role/web` }, Action: 'sts:AssumeRole' },
      ],
    })
    const next = new CreateRoleCommand({ RoleName: 'next', AssumeRolePolicyDocument: trust })
    expect(await no(iam.send(new GetRoleCommand({ RoleName: 'web' })))).toMatch(/^NoSuchEntityException/)
    expect(await no(iam.send(next))).toBe(
      `MalformedPolicyDocumentException: Invalid principal in policy: "AWS":"arn:aws:iam::${PROD}:role/web"`,
    )
    expect((await iam.send(new ListRolesCommand({}))).Roles!.map((one) => one.RoleName)).toEqual([
      'bridle-admin',
    ])
    expect(await no(iam.send(next))).toBe('yes')
  })
})

test('a fork, and a file, know what there was', async () => {
  const { world, iam } = opened()
  await iam.send(new CreateRoleCommand(role))
  const other = world.fork()
  const now = stopped().now()
  const clients = clientsOf(other.fetch, credentialsOf(other.state, PROD)!, { now })
  await clients.iam.send(new CreateRoleCommand({ ...role, RoleName: 'other' }))
  expect(await no(iam.send(new GetRoleCommand({ RoleName: 'other' })))).toMatch(/^NoSuchEntityException/)
  const parsed = parseState(other.saved())
  if (!('state' in parsed)) throw new Error(parsed.problems.join('\n'))
  const again = sandbox({ state: parsed.state, clock: stopped() })
  const read = clientsOf(again.fetch, credentialsOf(again.state, PROD)!, { now })
  expect((await read.iam.send(new GetRoleCommand({ RoleName: 'other' }))).Role!.Arn).toBe(
    `arn:aws:iam::${PROD}:role/other`,
  )
  expect(again.saved()).toBe(other.saved())
})

test('clients that know nothing of this sign for the region that they have', async () => {
  const { world } = opened()
  const config = {
    region: 'us-east-1',
    credentials: credentialsOf(world.state, PROD)!,
    requestHandler: awsOverFetch(world.fetch) as never,
    endpoint: 'http://127.0.0.1:4711',
    maxAttempts: 1,
  }
  await new SSMClient(config).send(new PutParameterCommand(parameter))
  await new IAMClient(config).send(new ListRolesCommand({}))
  await new STSClient(config).send(new GetCallerIdentityCommand({}))
  const { ssm } = clientsOf(world.fetch, config.credentials, { now: stopped().now() })
  expect(await no(ssm.send(new GetParameterCommand({ Name: '/a' })))).toMatch(/^ParameterNotFound/)
})
