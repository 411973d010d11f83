import { afterEach, describe, expect, test } from 'vitest'
import type { ReadyCall } from '../../../src/model/call.js'
import type { AwsWait } from '../../../src/providers/aws/lane.js'
import { jumping, refusalOf } from '../world.js'
import { call, iam, identified, no, prod, says, ssm, telling, unasked, xml } from './world.js'

afterEach(() => {
  expect(unasked()).toEqual([])
})

const trust = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
}
const tags = [{ Key: 'managed-by', Value: 'bridle' }]
const create = call('CreateRole', {
  RoleName: 'web-deploy',
  Path: '/buildkite/',
  AssumeRolePolicyDocument: JSON.stringify(trust),
  Description: undefined,
  Tags: tags,
})
const arn = 'arn:aws:iam::333333333333:role/buildkite/web-deploy'
const made = { id: arn, uuid: 'AROAEXAMPLE1' }

/** The role as IAM shows it. */
const role = (more: { trust?: unknown; tags?: string; path?: string } = {}) =>
  `<Role><Path>${more.path ?? '/buildkite/'}</Path><RoleName>web-deploy</RoleName><RoleId>AROAEXAMPLE1</RoleId><Arn>${arn}</Arn><AssumeRolePolicyDocument>${encodeURIComponent(JSON.stringify(more.trust ?? trust))}</AssumeRolePolicyDocument><MaxSessionDuration>3600</MaxSessionDuration>${more.tags ?? '<Tags><member><Key>managed-by</Key><Value>bridle</Value></member></Tags>'}</Role>`
const created = [200, xml('CreateRole', role())] as const
const shown = (more?: Parameters<typeof role>[0]) => [200, xml('GetRole', role(more))] as const
const missing = [404, no('NoSuchEntity', 'The role with name web-deploy cannot be found.')] as const

/** A fetch that loses the answers to some requests of one kind: the other side has carried them out, or never heard. */
const losing = (operation: string, heard: boolean, times = 1) => {
  let lost = 0
  return async (url: string, init: RequestInit) => {
    if (!says(init, operation) || lost >= times) return globalThis.fetch(url, init)
    lost += 1
    if (heard) await globalThis.fetch(url, init)
    throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
  }
}

describe('a call', () => {
  test('is said as the plan has it, and tells what it made', async () => {
    identified()
    iam('CreateRole', created, (body) => {
      expect(body).toEqual({
        Action: 'CreateRole',
        Version: '2010-05-08',
        RoleName: 'web-deploy',
        Path: '/buildkite/',
        AssumeRolePolicyDocument: JSON.stringify(trust),
        'Tags.member.1.Key': 'managed-by',
        'Tags.member.1.Value': 'bridle',
      })
      return true
    })
    iam('GetRole', shown())
    const connection = telling()
    expect(await connection.writer.send(create, 'role:prod/web-deploy')).toEqual(made)
    expect(connection.spent.requests).toEqual({ prod: { iam: 2, sts: 1, ssm: 0, kms: 0 } })
  })

  test.each<[string, Parameters<typeof call>, readonly [string, string], string, object]>([
    [
      'an instance profile',
      ['CreateInstanceProfile', { InstanceProfileName: 'p' }],
      [
        'GetInstanceProfile',
        '<InstanceProfile><Arn>arn:aws:iam::333333333333:instance-profile/p</Arn><InstanceProfileId>AIPA1</InstanceProfileId><Path>/</Path></InstanceProfile>',
      ],
      '<InstanceProfile><Arn>arn:aws:iam::333333333333:instance-profile/p</Arn><InstanceProfileId>AIPA1</InstanceProfileId></InstanceProfile>',
      { id: 'arn:aws:iam::333333333333:instance-profile/p', uuid: 'AIPA1' },
    ],
    [
      'an OIDC provider',
      [
        'CreateOpenIDConnectProvider',
        { Url: 'https://agent.buildkite.com', ClientIDList: ['sts.amazonaws.com'] },
      ],
      [
        'GetOpenIDConnectProvider',
        '<Url>agent.buildkite.com</Url><ClientIDList><member>sts.amazonaws.com</member></ClientIDList>',
      ],
      '<OpenIDConnectProviderArn>arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com</OpenIDConnectProviderArn>',
      { id: 'arn:aws:iam::333333333333:oidc-provider/agent.buildkite.com' },
    ],
  ])('makes %s', async (_, [operation, input], [look, there], answer, named) => {
    identified()
    iam(operation, [200, xml(operation, answer)])
    iam(look, [200, xml(look, there)])
    expect(await telling().writer.send(call(operation, input))).toEqual(named)
  })

  test('makes a parameter', async () => {
    identified()
    const input = { Name: '/b/token', Type: 'SecureString', Value: 'bkct_x', Tags: tags }
    ssm('PutParameter', [200, { Version: 1, Tier: 'Standard' }], (body) => {
      expect(body).toEqual(input)
      return true
    })
    expect(await telling().writer.send(call('PutParameter', input, { service: 'ssm' }))).toEqual({
      id: 'arn:aws:ssm:eu-west-1:333333333333:parameter/b/token',
    })
  })

  test('that no plan has is a bug, and nothing is sent', async () => {
    const { writer } = telling()
    for (const operation of ['CreateUser', 'CreateAccessKey', 'toString', 'GetRole'])
      await expect(writer.send(call(operation, {}))).rejects.toThrow(/there is no call/)
    await expect(writer.send(call('TagRole', {}, { expects: {} }))).rejects.toThrow(/nothing to compare/)
    await expect(writer.send(call('PutParameter', {}))).rejects.toThrow(/no call iam:PutParameter/)
    await expect(writer.send({ ...create, account: 'toString' })).rejects.toThrow(
      /no account called toString/,
    )
  })

  test('whose answer does not say what was made is looked after', async () => {
    identified()
    iam('CreateRole', [200, xml('CreateRole')])
    iam('GetRole', shown())
    iam('GetRole', shown())
    expect(await telling().writer.send(create)).toEqual(made)
  })

  test('about something of another account stops it', async () => {
    identified()
    iam('CreateRole', [200, xml('CreateRole', role().replaceAll('333333333333', '444444444444'))])
    expect(await refusalOf(telling().writer.send(create))).toMatchObject({
      reason: 'wrong-account',
      perhapsDone: true,
    })
  })
})

describe('what is gone', () => {
  test.each<[string, ReadyCall & { via: 'aws' }]>([
    ['DeleteRole', call('DeleteRole', { RoleName: 'x' })],
    ['DetachRolePolicy', call('DetachRolePolicy', { RoleName: 'x', PolicyArn: 'arn:aws:iam::aws:policy/A' })],
    ['DeleteRolePolicy', call('DeleteRolePolicy', { RoleName: 'x', PolicyName: 'a' })],
    [
      'RemoveRoleFromInstanceProfile',
      call('RemoveRoleFromInstanceProfile', { RoleName: 'x', InstanceProfileName: 'x' }),
    ],
    ['DeleteInstanceProfile', call('DeleteInstanceProfile', { InstanceProfileName: 'x' })],
  ])('is as %s wants it', async (operation, gone) => {
    identified()
    iam(operation, [404, no('NoSuchEntity')])
    expect(await telling().writer.send(gone)).toEqual({})
  })

  test('a parameter', async () => {
    identified()
    ssm('DeleteParameter', [400, { __type: 'ParameterNotFound' }])
    expect(await telling().writer.send(call('DeleteParameter', { Name: '/b' }, { service: 'ssm' }))).toEqual(
      {},
    )
  })

  test('can’t be changed any more', async () => {
    identified()
    iam('TagRole', missing)
    const refusal = await refusalOf(
      telling().writer.send(call('TagRole', { RoleName: 'web-deploy', Tags: tags })),
    )
    expect(refusal).toMatchObject({ reason: 'not-found', perhapsDone: false })
  })
})

describe('what is new', () => {
  test('is asked for until it can be seen', async () => {
    const clock = jumping()
    const waits: AwsWait[] = []
    identified()
    iam('CreateRole', created)
    for (let turn = 0; turn < 3; turn += 1) iam('GetRole', missing)
    iam('GetRole', shown())
    const { writer } = telling({ clock, onWait: (wait) => waits.push(wait) })
    expect(await writer.send(create)).toEqual(made)
    expect(clock.slept).toEqual([750, 1_500, 3_000])
    expect(waits.map(({ why }) => why)).toEqual(['settling', 'settling', 'settling'])
  })

  test('and can’t be seen for a minute is told so', async () => {
    const clock = jumping()
    identified()
    const fetch = async (url: string, init: RequestInit) =>
      says(init, 'GetRole') ? new Response(missing[1], { status: 404 }) : globalThis.fetch(url, init)
    iam('CreateRole', created)
    const refusal = await refusalOf(telling({ clock, client: { fetch } }).writer.send(create))
    expect(refusal).toMatchObject({ reason: 'unavailable', perhapsDone: true, call: 'iam:CreateRole' })
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThanOrEqual(60_000)
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(80_000)
  })

  test('is made, whether or not it may be looked at', async () => {
    identified()
    iam('CreateRole', created)
    iam('GetRole', [403, no('AccessDenied')])
    expect(await telling().writer.send(create)).toEqual(made)
  })

  const afterwards = async (more: Parameters<typeof telling>[0] = {}) => {
    identified()
    iam('CreateRole', created)
    iam('GetRole', shown())
    const { writer } = telling(more)
    await writer.send(create)
    return writer
  }

  test('and not known everywhere is asked again', async () => {
    const clock = jumping()
    const writer = await afterwards({ clock })
    iam('PutRolePolicy', missing)
    iam('PutRolePolicy', missing)
    iam('PutRolePolicy', [200, xml('PutRolePolicy')])
    const input = { RoleName: 'web-deploy', PolicyName: 'a', PolicyDocument: '{}' }
    expect(await writer.send(call('PutRolePolicy', input, { repeatable: true }))).toEqual({})
    expect(clock.slept).toEqual([750, 1_500])
  })

  test('and can’t be named in a policy yet is asked again', async () => {
    const writer = await afterwards()
    const invalid = [
      400,
      no('MalformedPolicyDocument', `Invalid principal in policy: &quot;AWS&quot;:&quot;${arn}&quot;`),
    ] as const
    iam('CreateRole', invalid)
    iam('CreateRole', invalid)
    iam('CreateRole', [200, xml('CreateRole', role().replaceAll('web-deploy', 'report'))])
    iam('GetRole', shown())
    const chained = call('CreateRole', {
      RoleName: 'report',
      AssumeRolePolicyDocument: JSON.stringify({ Statement: [{ Principal: { AWS: arn } }] }),
    })
    expect(await writer.send(chained)).toMatchObject({ uuid: 'AROAEXAMPLE1' })
  })

  test('in another account, too', async () => {
    const management = { ...prod, name: 'management', id: '111111111111' }
    const writer = await afterwards({ accounts: [prod, management] })
    identified('arn:aws:iam::111111111111:user/ada')
    iam('UpdateAssumeRolePolicy', [400, no('MalformedPolicyDocument', 'Invalid principal in policy')])
    iam('UpdateAssumeRolePolicy', [200, xml('UpdateAssumeRolePolicy')])
    const PolicyDocument = JSON.stringify({ Statement: [{ Principal: { AWS: [arn] } }] })
    const update = call(
      'UpdateAssumeRolePolicy',
      { RoleName: 'x', PolicyDocument },
      { account: 'management' },
    )
    expect(await writer.send(update)).toEqual({})
  })

  test('and unknown for a minute is a no', async () => {
    const clock = jumping()
    const writer = await afterwards({
      clock,
      client: {
        fetch: async (url, init) =>
          says(init, 'TagRole') ? new Response(missing[1], { status: 404 }) : globalThis.fetch(url, init),
      },
    })
    const refusal = await refusalOf(writer.send(call('TagRole', { RoleName: 'web-deploy', Tags: tags })))
    expect(refusal).toMatchObject({ reason: 'not-found', perhapsDone: false })
    expect(clock.slept.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(80_000)
  })

  test.each<[string, string, string, ReadyCall & { via: 'aws' }]>([
    ['a role that was not made here', 'NoSuchEntity', '', call('TagRole', { RoleName: 'other', Tags: tags })],
    [
      'a principal that was not made here',
      'MalformedPolicyDocument',
      'Invalid principal in policy: x',
      call('UpdateAssumeRolePolicy', {
        RoleName: 'web-deploy',
        PolicyDocument: '{"Statement":[{"Principal":{"AWS":"arn:aws:iam::333333333333:role/gone"}}]}',
      }),
    ],
    [
      'another fault of a policy that names it',
      'MalformedPolicyDocument',
      'Syntax errors in policy.',
      call('UpdateAssumeRolePolicy', { RoleName: 'web-deploy', PolicyDocument: `{"Principal":"${arn}"}` }),
    ],
    [
      'a conflict that nothing here made',
      'DeleteConflict',
      '',
      call('DeleteRole', { RoleName: 'web-deploy' }),
    ],
    ['a limit', 'LimitExceeded', '', call('TagRole', { RoleName: 'web-deploy', Tags: tags })],
  ])('%s fails at once', async (_, code, message, next) => {
    const clock = jumping()
    const writer = await afterwards({ clock })
    iam(next.operation, [400, no(code, message)])
    await refusalOf(writer.send(next))
    expect(clock.slept).toEqual([])
  })

  test('what was emptied here may be deleted as soon as IAM knows', async () => {
    identified()
    iam('DetachRolePolicy', [200, xml('DetachRolePolicy')])
    iam('DeleteRole', [409, no('DeleteConflict', 'Cannot delete entity, must detach all policies first.')])
    iam('DeleteRole', [200, xml('DeleteRole')])
    const { writer } = telling()
    await writer.send(call('DetachRolePolicy', { RoleName: 'x', PolicyArn: 'arn:aws:iam::aws:policy/A' }))
    expect(await writer.send(call('DeleteRole', { RoleName: 'x' }))).toEqual({})
  })
})

describe('an answer that is lost', () => {
  test('is asked for again where that does no harm', async () => {
    identified()
    iam('TagRole', [200, xml('TagRole')])
    iam('TagRole', [200, xml('TagRole')])
    const { writer } = telling({ client: { fetch: losing('TagRole', true) } })
    expect(await writer.send(call('TagRole', { RoleName: 'x', Tags: tags }, { repeatable: true }))).toEqual(
      {},
    )
  })

  test('is told where it does', async () => {
    identified()
    iam('TagRole', [200, xml('TagRole')])
    const { writer } = telling({ client: { fetch: losing('TagRole', true) } })
    expect(await refusalOf(writer.send(call('TagRole', { RoleName: 'x', Tags: tags })))).toMatchObject({
      reason: 'unreachable',
      perhapsDone: true,
    })
  })

  test('of a role that was made is found in what is there', async () => {
    identified()
    iam('CreateRole', created)
    iam('GetRole', shown())
    iam('GetRole', shown())
    expect(await telling({ client: { fetch: losing('CreateRole', true) } }).writer.send(create)).toEqual(made)
  })

  test('of a role that was not made is made again', async () => {
    identified()
    iam('GetRole', missing)
    iam('CreateRole', created)
    iam('GetRole', shown())
    expect(await telling({ client: { fetch: losing('CreateRole', false) } }).writer.send(create)).toEqual(
      made,
    )
  })

  test('of a role that was made and is not seen at once is found by making it again', async () => {
    identified()
    iam('CreateRole', created)
    iam('GetRole', missing)
    iam('CreateRole', [409, no('EntityAlreadyExists')])
    iam('GetRole', shown())
    iam('GetRole', shown())
    expect(await telling({ client: { fetch: losing('CreateRole', true) } }).writer.send(create)).toEqual(made)
  })

  test.each([
    ['without our tags', { tags: '' }, /its tag "managed-by" is another/],
    ['with another trust', { trust: { Statement: [] } }, /its trust policy is another/],
    ['elsewhere', { path: '/' }, /its path is another/],
  ])('is not taken for a role %s', async (_, there, why) => {
    identified()
    iam('CreateRole', [500, no('ServiceFailure')])
    iam('GetRole', shown(there))
    const refusal = await refusalOf(telling().writer.send(create))
    expect(refusal).toMatchObject({ reason: 'invalid', perhapsDone: false })
    expect(refusal.message).toMatch(why)
  })

  test('a role that is there before is no role that was made here', async () => {
    identified()
    iam('CreateRole', [409, no('EntityAlreadyExists', 'Role with name web-deploy already exists.')])
    expect(await refusalOf(telling().writer.send(create))).toMatchObject({
      reason: 'invalid',
      perhapsDone: false,
    })
  })

  test('three times is told so', async () => {
    identified()
    for (let turn = 0; turn < 3; turn += 1) iam('GetRole', missing)
    const { writer } = telling({ client: { fetch: losing('CreateRole', false, 9) } })
    expect(await refusalOf(writer.send(create))).toMatchObject({ reason: 'unreachable', perhapsDone: true })
  })

  test('and nothing can be looked at: told so', async () => {
    identified()
    iam('GetRole', [403, no('AccessDenied')])
    const { writer } = telling({ client: { fetch: losing('CreateRole', false) } })
    expect(await refusalOf(writer.send(create))).toMatchObject({ reason: 'unreachable', perhapsDone: true })
  })

  test('and a person asks to stop: told so', async () => {
    identified()
    iam('GetRole', missing)
    const stopping = new AbortController()
    const lost = losing('CreateRole', false)
    const fetch = async (url: string, init: RequestInit) => {
      if (says(init, 'GetRole')) stopping.abort()
      return lost(url, init)
    }
    const { writer } = telling({ client: { fetch }, signal: stopping.signal })
    expect(await refusalOf(writer.send(create))).toMatchObject({ reason: 'interrupted', perhapsDone: true })
  })

  const put = call(
    'PutParameter',
    { Name: '/b/token', Type: 'SecureString', Value: 'x', Overwrite: false, Tags: tags },
    { service: 'ssm' },
  )
  const losingPut = (heard: boolean) => {
    let lost = false
    return async (url: string, init: RequestInit) => {
      if (new Headers(init.headers).get('x-amz-target') !== 'AmazonSSM.PutParameter' || lost)
        return globalThis.fetch(url, init)
      lost = true
      if (heard) await globalThis.fetch(url, init)
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
    }
  }

  test('of a parameter of ours has its value made certain', async () => {
    identified()
    ssm('PutParameter', [200, { Version: 1 }])
    ssm('ListTagsForResource', [200, { TagList: tags }])
    ssm('PutParameter', [200, { Version: 2 }], (body) => {
      expect(body).toEqual({ Name: '/b/token', Type: 'SecureString', Value: 'x', Overwrite: true })
      return true
    })
    expect(await telling({ client: { fetch: losingPut(true) } }).writer.send(put)).toMatchObject({
      id: 'arn:aws:ssm:eu-west-1:333333333333:parameter/b/token',
    })
  })

  test('of a parameter that is somebody else’s leaves it alone', async () => {
    identified()
    ssm('ListTagsForResource', [200, { TagList: [] }])
    expect(await refusalOf(telling({ client: { fetch: losingPut(false) } }).writer.send(put))).toMatchObject({
      reason: 'invalid',
    })
  })

  const add = call('AddRoleToInstanceProfile', { InstanceProfileName: 'p', RoleName: 'r' })
  const holding = (name: string) =>
    [
      200,
      xml(
        'GetInstanceProfile',
        `<InstanceProfile><Roles><member><RoleName>${name}</RoleName></member></Roles></InstanceProfile>`,
      ),
    ] as const

  test('of a role that was put into an instance profile is found in it', async () => {
    identified()
    iam('AddRoleToInstanceProfile', [200, xml('AddRoleToInstanceProfile')])
    iam('GetInstanceProfile', holding('r'))
    const { writer } = telling({ client: { fetch: losing('AddRoleToInstanceProfile', true) } })
    expect(await writer.send(add)).toEqual({})
  })

  test('and another role is in it: a no', async () => {
    identified()
    iam('GetInstanceProfile', holding('other'))
    iam('AddRoleToInstanceProfile', [409, no('LimitExceeded')])
    iam('GetInstanceProfile', holding('other'))
    iam('AddRoleToInstanceProfile', [409, no('LimitExceeded')])
    iam('GetInstanceProfile', holding('other'))
    const { writer } = telling({ client: { fetch: losing('AddRoleToInstanceProfile', false) } })
    expect(await refusalOf(writer.send(add))).toMatchObject({ reason: 'invalid' })
  })
})

describe('a trust policy', () => {
  const wanted = { Statement: [{ Sid: 'new' }] }
  const update = call(
    'UpdateAssumeRolePolicy',
    { RoleName: 'web-deploy', PolicyDocument: JSON.stringify(wanted) },
    { repeatable: true, expects: trust },
  )
  const updated = [200, xml('UpdateAssumeRolePolicy')] as const

  test('is replaced where it is the one that the plan was made from', async () => {
    identified()
    iam('GetRole', shown())
    iam('UpdateAssumeRolePolicy', updated)
    expect(await telling().writer.send(update)).toEqual({})
  })

  test('may come in another order from one time to the next', async () => {
    const expects = { Statement: [{ Effect: 'Allow', Principal: { AWS: ['a', 'b'] } }] }
    identified()
    iam('GetRole', shown({ trust: { Statement: { Principal: { AWS: ['b', 'a'] }, Effect: 'Allow' } } }))
    iam('UpdateAssumeRolePolicy', updated)
    expect(await telling().writer.send({ ...update, expects })).toEqual({})
  })

  test('that somebody changed meanwhile is left alone', async () => {
    const clock = jumping()
    identified()
    iam('GetRole', shown({ trust: { Statement: [{ Sid: 'theirs' }] } }))
    const refusal = await refusalOf(telling({ clock }).writer.send(update, 'role:prod/web-deploy'))
    expect(refusal).toMatchObject({ reason: 'invalid', perhapsDone: false, address: 'role:prod/web-deploy' })
    expect(refusal.message).toContain('changed meanwhile')
    expect(clock.slept).toEqual([])
  })

  test('that is as wanted is left alone', async () => {
    identified()
    iam('GetRole', shown({ trust: wanted }))
    expect(await telling().writer.send(update)).toEqual({})
  })

  test.each([
    ['and had replaced it', wanted, 1],
    ['and had not', trust, 2],
  ])('whose answer is lost %s', async (_, now, times) => {
    identified()
    iam('GetRole', shown())
    iam('GetRole', shown({ trust: now }))
    if (times === 2) iam('UpdateAssumeRolePolicy', updated)
    const { writer } = telling({ client: { fetch: losing('UpdateAssumeRolePolicy', false) } })
    expect(await writer.send(update)).toEqual({})
  })

  test('that was replaced here a moment ago may be shown as it was', async () => {
    identified()
    iam('GetRole', shown())
    iam('UpdateAssumeRolePolicy', updated)
    iam('GetRole', shown())
    iam('GetRole', shown({ trust: wanted }))
    iam('UpdateAssumeRolePolicy', updated)
    const { writer } = telling()
    await writer.send(update)
    const next = call(
      'UpdateAssumeRolePolicy',
      { RoleName: 'web-deploy', PolicyDocument: '{"Statement":[]}' },
      { expects: wanted },
    )
    expect(await writer.send(next)).toEqual({})
  })

  test('of a role that is not there', async () => {
    identified()
    iam('GetRole', missing)
    expect(await refusalOf(telling().writer.send(update))).toMatchObject({ reason: 'not-found' })
  })
})
