import { afterEach, describe, expect, test } from 'vitest'
import fc from 'fast-check'
import type { AwsAccount } from '../../../src/model/aws.js'
import type { AwsWait } from '../../../src/providers/aws/lane.js'
import { law } from '../../support/law.js'
import { jumping, refusalOf, settle, standing } from '../world.js'
import {
  asking,
  call,
  credentials,
  fixture,
  iam,
  identified,
  listed,
  no,
  prod,
  roleXml,
  says,
  ssm,
  sts,
  telling,
  unasked,
  xml,
} from './world.js'

afterEach(() => {
  expect(unasked()).toEqual([])
})

const providers = (connection = asking()) => connection.reader().providers('prod')
const list = 'ListOpenIDConnectProviders'
const none = [200, xml(list, '<OpenIDConnectProviderList/>')] as const

describe('who asks', () => {
  test('is asked first, once, and signed for like all the rest', async () => {
    identified()
    iam(list, none)
    ssm('DescribeParameters', [200, { Parameters: [] }])
    ssm('DescribeParameters', [200, { Parameters: [] }])
    ssm('GetParameters', [200, { Parameters: [], InvalidParameters: ['/b'] }])
    const connection = asking()
    const reader = connection.reader()
    await reader.providers('prod')
    await reader.parameters('prod', ['/b'])
    expect(await reader.identity('prod')).toEqual({
      arn: 'arn:aws:sts::333333333333:assumed-role/bridle-admin/bridle',
      account: '333333333333',
    })
    expect(connection.spent).toEqual({
      requests: { prod: { iam: 1, sts: 1, ssm: 3, kms: 0 } },
      waitedSeconds: 0,
    })
  })

  test.each([
    [
      'another account',
      'arn:aws:iam::444444444444:user/ada',
      /of account 444444444444 .* and the files say 333333333333/,
    ],
    [
      'another partition',
      'arn:aws-cn:iam::333333333333:user/ada',
      /of partition aws-cn, and the files say aws/,
    ],
  ])('in %s stops it before anything else is read', async (_, arn, why) => {
    identified(arn)
    const connection = asking()
    const refusal = await refusalOf(providers(connection))
    expect(refusal).toMatchObject({ reason: 'wrong-account', api: 'aws', call: 'sts:GetCallerIdentity' })
    expect(refusal.message).toMatch(why)
    expect(connection.spent.requests).toEqual({ prod: { iam: 0, sts: 1, ssm: 0, kms: 0 } })
  })

  test('stops a writer, too', async () => {
    identified('arn:aws:iam::444444444444:user/ada')
    expect(await refusalOf(telling().writer.send(call('DeleteRole', { RoleName: 'x' })))).toMatchObject({
      reason: 'wrong-account',
      perhapsDone: false,
    })
  })

  test('whom nobody can tell stops it', async () => {
    sts('GetCallerIdentity', [200, xml('GetCallerIdentity', '<Account>333333333333</Account>')])
    expect(await refusalOf(providers())).toMatchObject({ reason: 'unreadable' })
  })

  test('is asked in each account, with the credentials of each', async () => {
    const management: AwsAccount = { ...prod, name: 'management', id: '111111111111' }
    identified()
    identified('arn:aws:iam::111111111111:user/ada')
    const seen: string[] = []
    const connection = asking({
      accounts: [management, prod],
      client: {
        credentials: async ({ name }) => {
          seen.push(name)
          return { ...credentials, accessKeyId: `ASIA${name}` }
        },
      },
    })
    const reader = connection.reader()
    expect(reader.accounts).toEqual([management, prod])
    expect(await reader.identity('prod')).toMatchObject({ account: prod.id })
    expect(await reader.identity('management')).toMatchObject({ account: management.id })
    expect(seen).toEqual(['prod', 'management'])
  })

  test('clients of two minds are a bug', async () => {
    const { clientsFor } = await import('../../../src/providers/aws/clients.js')
    const { clientMeans } = await import('./world.js')
    const one = await clientsFor(clientMeans())(prod)
    const other = await clientsFor(
      clientMeans({ credentials: async () => ({ ...credentials, accessKeyId: 'ASIAOTHER' }) }),
    )(prod)
    const connection = asking({ clients: async () => ({ ...one, ssm: other.ssm }) })
    await expect(providers(connection)).rejects.toThrow(/differ in their credentials/)
  })
})

describe('an answer about another account', () => {
  test.each([
    ['a role', { details: roleXml('x', { account: '444444444444' }), roles: roleXml('x') }],
    [
      'a role that is only listed',
      { details: roleXml('x'), roles: roleXml('x', { account: '444444444444' }) },
    ],
    [
      'a boundary',
      {
        details: roleXml('x', {
          more: '<PermissionsBoundary><PermissionsBoundaryArn>arn:aws:iam::444444444444:policy/b</PermissionsBoundaryArn></PermissionsBoundary>',
        }),
        roles: roleXml('x'),
      },
    ],
    [
      'a policy of AWS’s of another partition',
      {
        details: roleXml('x', {
          more: '<AttachedManagedPolicies><member><PolicyName>A</PolicyName><PolicyArn>arn:aws-cn:iam::aws:policy/A</PolicyArn></member></AttachedManagedPolicies>',
        }),
        roles: roleXml('x'),
      },
    ],
    [
      'something of AWS’s that is no policy',
      {
        details: roleXml('x', {
          more: '<AttachedManagedPolicies><member><PolicyName>A</PolicyName><PolicyArn>arn:aws:iam::aws:role/A</PolicyArn></member></AttachedManagedPolicies>',
        }),
        roles: roleXml('x'),
      },
    ],
  ])('stops it: %s', async (_, lists) => {
    identified()
    listed(lists)
    const refusal = await refusalOf(asking().reader().authorization('prod'))
    expect(refusal.reason).toBe('wrong-account')
    expect(refusal.message).toMatch(
      /the answer is about arn:\S+, which is not of account 333333333333 in partition aws/,
    )
  })

  test('a parameter', async () => {
    identified()
    const row = {
      Name: '/b',
      ARN: 'arn:aws:ssm:eu-west-1:444444444444:parameter/b',
      Type: 'SecureString',
      Version: 1,
    }
    ssm('DescribeParameters', [200, { Parameters: [row] }])
    ssm('DescribeParameters', [200, { Parameters: [] }])
    expect(await refusalOf(asking().reader().parameters('prod', ['/b']))).toMatchObject({
      reason: 'wrong-account',
    })
    unasked()
  })
})

describe('credentials', () => {
  test.each([
    ['ExpiredToken', 403, 'have expired'],
    ['ExpiredTokenException', 400, 'have expired'],
    ['RequestExpired', 400, 'have expired'],
    ['InvalidClientTokenId', 403, 'does not know the credentials'],
    ['UnrecognizedClientException', 400, 'does not know the credentials'],
    ['SignatureDoesNotMatch', 403, 'the signature is wrong'],
    ['MissingAuthenticationToken', 403, 'does not know the credentials'],
    ['OptInRequired', 403, 'not signed up'],
  ])('%s: unauthenticated', async (code, status, what) => {
    sts('GetCallerIdentity', [
      status,
      no(code, `canonical string: x-amz-security-token:${credentials.sessionToken}`),
    ])
    const refusal = await refusalOf(providers())
    expect(refusal).toMatchObject({
      reason: 'unauthenticated',
      api: 'aws',
      status,
      requestId: 'request-GetCallerIdentity',
    })
    expect(refusal.message).toContain(what)
    expect(refusal.message).not.toContain('canonical')
  })

  test.each([
    ['Could not load credentials from any providers', /the SDK says "Could not load credentials/],
    ['Command failed: vault read hunter2', /credential_process\) failed$/],
    ['The SSO session associated with this profile has expired', /SSO session/],
  ])('that there are none of: %s', async (message, what) => {
    const fetch = () =>
      Promise.reject(Object.assign(new Error(message), { name: 'CredentialsProviderError' }))
    const refusal = await refusalOf(providers(asking({ client: { credentials: fetch } })))
    expect(refusal).toMatchObject({ reason: 'unauthenticated', api: 'aws', call: 'credentials' })
    expect(refusal.message).toMatch(what)
    expect(refusal.message).not.toContain('hunter2')
  })

  test('that end on the way are got anew once, and looked at like the first', async () => {
    let given = 0
    const client = {
      credentials: async () => {
        given += 1
        return { ...credentials, accessKeyId: `ASIA${given}` }
      },
    }
    identified()
    iam(list, [403, no('ExpiredToken')])
    identified()
    iam(list, none)
    expect(await providers(asking({ client }))).toEqual([])
    expect(given).toBe(2)

    identified()
    iam(list, [403, no('ExpiredToken')])
    identified('arn:aws:iam::444444444444:user/eve')
    expect(await refusalOf(providers(asking({ client })))).toMatchObject({ reason: 'wrong-account' })

    identified()
    iam(list, [403, no('ExpiredToken')])
    identified()
    iam(list, [403, no('ExpiredToken')])
    expect(await refusalOf(providers(asking({ client })))).toMatchObject({ reason: 'unauthenticated' })
  })

  test('several who hear at once that a session has ended renew it together', async () => {
    identified()
    const expired = [403, no('ExpiredToken')] as const
    iam('GetAccountAuthorizationDetails', expired)
    iam('ListRoles', expired)
    iam('ListInstanceProfiles', expired)
    identified()
    iam('GetAccountAuthorizationDetails', [200, fixture('details-2')])
    iam('ListRoles', [200, fixture('roles').replace(/<member>.*?<\/member>/s, '')])
    iam('ListInstanceProfiles', [200, fixture('profiles')])
    expect((await asking().reader().authorization('prod')).roles).toHaveLength(1)
  })

  test('a clock that is wrong is corrected by the answer’s, once', async () => {
    const late = 'Signature expired: 20200101T000000Z is now earlier than 20260101T000000Z'
    const fetch = async (url: string, init: RequestInit) => {
      const response = await globalThis.fetch(url, init)
      const headers = new Headers(response.headers)
      headers.set('date', 'Thu, 01 Jan 2026 00:00:00 GMT')
      return new Response(await response.text(), { status: response.status, headers })
    }
    sts('GetCallerIdentity', [403, no('SignatureDoesNotMatch', late)])
    identified()
    expect(await asking({ client: { fetch } }).reader().identity('prod')).toMatchObject({ account: prod.id })
  })
})

describe('what may not be done', () => {
  const denied = (message: string) => {
    identified()
    iam(list, [403, no('AccessDenied', message)])
    return refusalOf(providers())
  }

  test('is named with the action, with who lacks it, and with what says no', async () => {
    const refusal = await denied(
      'User: arn:aws:sts::333333333333:assumed-role/bridle-admin/bridle is not authorized to perform: iam:ListOpenIDConnectProviders on resource: arn:aws:iam::333333333333:oidc-provider/* because no identity-based policy allows the iam:ListOpenIDConnectProviders action',
    )
    expect(refusal).toMatchObject({
      reason: 'forbidden',
      scope: 'iam:ListOpenIDConnectProviders',
      status: 403,
      requestId: `request-${list}`,
    })
    expect(refusal.message).toBe(
      'iam:ListOpenIDConnectProviders in account "prod": arn:aws:sts::333333333333:assumed-role/bridle-admin/bridle may not do iam:ListOpenIDConnectProviders on arn:aws:iam::333333333333:oidc-provider/* (no identity-based policy allows it)',
    )
  })

  test('by an explicit deny', async () => {
    const { message } = await denied(
      'User: arn:aws:iam::333333333333:user/ada is not authorized to perform: iam:ListOpenIDConnectProviders on resource: * with an explicit deny in a service control policy',
    )
    expect(message).toContain(
      'user/ada may not do iam:ListOpenIDConnectProviders (with an explicit deny in a service control policy)',
    )
  })

  test('is named from the call and from who asked, where AWS does not say', async () => {
    const refusal = await denied('no')
    expect(refusal).toMatchObject({ reason: 'forbidden', scope: 'iam:ListOpenIDConnectProviders' })
    expect(refusal.message).toContain(
      'assumed-role/bridle-admin/bridle may not do iam:ListOpenIDConnectProviders',
    )
  })

  test('in SSM', async () => {
    identified()
    ssm('DescribeParameters', [
      400,
      {
        __type: 'AccessDeniedException',
        Message:
          'User: arn:aws:iam::333333333333:user/ada is not authorized to perform: ssm:DescribeParameters on resource: arn:aws:ssm:eu-west-1:333333333333:* because no permissions boundary allows the ssm:DescribeParameters action',
      },
    ])
    ssm('DescribeParameters', [200, { Parameters: [] }])
    const refusal = await refusalOf(asking().reader().parameters('prod', ['/b']))
    expect(refusal).toMatchObject({ reason: 'forbidden', scope: 'ssm:DescribeParameters' })
    expect(refusal.message).toContain('(no permissions boundary allows it)')
  })
})

describe('throttling', () => {
  test('for a minute is waited out', async () => {
    const clock = jumping()
    const waits: AwsWait[] = []
    const since = clock.now()
    identified()
    let answered = 0
    const fetch = async (url: string, init: RequestInit) => {
      if (!says(init, list)) return globalThis.fetch(url, init)
      const late = clock.now() - since >= 60_000
      answered += 1
      return late ? new Response(none[1]) : new Response(no('Throttling', 'Rate exceeded'), { status: 400 })
    }
    const connection = asking({ clock, client: { fetch }, onWait: (wait) => waits.push(wait) })
    expect(await providers(connection)).toEqual([])
    expect(answered).toBeGreaterThan(5)
    expect(answered).toBeLessThan(12)
    expect(waits[0]).toEqual({ api: 'aws', account: 'prod', seconds: 1, why: 'limit' })
    expect(connection.spent.waitedSeconds).toBeGreaterThanOrEqual(60)
    expect(connection.spent.waitedSeconds).toBeLessThan(80)
  })

  test.each([
    ['Throttling', 400],
    ['ThrottlingException', 400],
    ['RequestLimitExceeded', 503],
    ['TooManyRequestsException', 429],
    ['Whatever', 429],
  ])('%s that does not end is rate-limited after two minutes', async (code, status) => {
    const clock = jumping()
    const since = clock.now()
    const fetch = async () => new Response(no(code, 'Rate exceeded'), { status })
    const refusal = await refusalOf(asking({ clock, client: { fetch } }).reader().identity('prod'))
    expect(refusal).toMatchObject({ reason: 'rate-limited', perhapsDone: false, status })
    expect(clock.now() - since).toBeGreaterThanOrEqual(120_000)
    expect(clock.now() - since).toBeLessThan(150_000)
  })

  test('of a writer is waited out as well: nothing was carried out', async () => {
    identified()
    iam('DeleteRole', [400, no('Throttling')])
    iam('DeleteRole', [200, xml('DeleteRole')])
    expect(await telling().writer.send(call('DeleteRole', { RoleName: 'x' }))).toEqual({})
  })
})

describe('passing faults', () => {
  test.each([
    ['ServiceFailure', 500],
    ['ServiceUnavailable', 503],
    ['InternalFailure', 500],
    ['ConcurrentModification', 409],
  ])('%s is asked again, and again', async (code, status) => {
    const clock = jumping()
    identified()
    for (let turn = 0; turn < 4; turn += 1) iam(list, [status, no(code)])
    iam(list, none)
    expect(await providers(asking({ clock }))).toEqual([])
    expect(clock.slept).toHaveLength(4)
    identified()
    for (let turn = 0; turn < 5; turn += 1) iam(list, [status, no(code)])
    expect(await refusalOf(providers())).toMatchObject({ reason: 'unavailable', status })
  })

  test('a 502 of somebody in between is no different', async () => {
    identified()
    iam(list, [502, '<html><body>Bad gateway<br></body></html>'])
    iam(list, none)
    expect(await providers()).toEqual([])
  })

  test('no answer in time, twice', async () => {
    identified()
    const { clock, move } = standing()
    let asked = 0
    const fetch = (url: string, init: RequestInit) => {
      if (!says(init, list)) return globalThis.fetch(url, init)
      asked += 1
      return new Promise<Response>(() => undefined)
    }
    const refused = refusalOf(providers(asking({ client: { fetch, clock, timeoutSeconds: 30 } })))
    for (const expected of [1, 2]) {
      while (asked < expected) await settle()
      move(30_000)
    }
    expect(await refused).toMatchObject({ reason: 'unreachable', perhapsDone: false })
    expect((await refused).message).toContain('no answer in time (iam.amazonaws.com)')
    expect(asked).toBe(2)
  })

  test('no connection', async () => {
    const fetch = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ENOTFOUND' } }))
    const refusal = await refusalOf(providers(asking({ client: { fetch } })))
    expect(refusal).toMatchObject({ reason: 'unreachable' })
    expect(refusal.message).toContain('no connection (sts.eu-west-1.amazonaws.com, ENOTFOUND)')
  })

  test('a redirect is not followed', async () => {
    const fetch = async () =>
      new Response(null, { status: 307, headers: { location: 'https://evil.example/x?y' } })
    const refusal = await refusalOf(providers(asking({ client: { fetch } })))
    expect(refusal).toMatchObject({ reason: 'untrusted-endpoint', status: 307 })
    expect(refusal.message).toContain('sends on to evil.example,')
  })
})

describe('rules of IAM', () => {
  test.each([
    ['MalformedPolicyDocument', 400],
    ['LimitExceeded', 409],
    ['ValidationError', 400],
    ['EntityAlreadyExists', 409],
    ['DeleteConflict', 409],
    ['Whatever', 400],
  ])('%s is invalid, in AWS’s words', async (code, status) => {
    identified()
    iam('DeleteRole', [status, no(code, 'Some\n words  &amp; more')])
    const refusal = await refusalOf(
      telling().writer.send(call('DeleteRole', { RoleName: 'x' }), 'role:prod/x'),
    )
    expect(refusal).toMatchObject({
      reason: 'invalid',
      call: 'iam:DeleteRole',
      address: 'role:prod/x',
      status,
      requestId: 'request-DeleteRole',
      perhapsDone: false,
    })
    expect(refusal.message).toBe(
      `iam:DeleteRole in account "prod": it was refused; AWS says "${code}: Some words & more"`,
    )
  })
})

describe('a person who asks to stop', () => {
  test('ends what is being read, and nothing new is asked', async () => {
    const stopping = new AbortController()
    identified()
    const fetch = (url: string, init: RequestInit) => {
      if (!says(init, list)) return globalThis.fetch(url, init)
      stopping.abort()
      return new Promise<Response>(() => undefined)
    }
    const connection = asking({ signal: stopping.signal, client: { fetch } })
    expect(await refusalOf(providers(connection))).toMatchObject({ reason: 'interrupted', api: 'aws' })
    expect(await refusalOf(connection.reader().authorization('prod'))).toMatchObject({
      reason: 'interrupted',
    })
  })

  test('hears out what is being changed', async () => {
    const stopping = new AbortController()
    identified()
    iam('DeleteRole', [200, xml('DeleteRole')])
    const fetch = async (url: string, init: RequestInit) => {
      if (says(init, 'DeleteRole')) stopping.abort()
      return globalThis.fetch(url, init)
    }
    const { writer } = telling({ signal: stopping.signal, client: { fetch } })
    expect(await writer.send(call('DeleteRole', { RoleName: 'x' }))).toEqual({})
    expect(await refusalOf(writer.send(call('DeleteRole', { RoleName: 'y' })))).toMatchObject({
      reason: 'interrupted',
      perhapsDone: false,
    })
  })

  test('is told what may have been carried out', async () => {
    const stopping = new AbortController()
    identified()
    const fetch = async (url: string, init: RequestInit) => {
      if (!says(init, 'TagRole')) return globalThis.fetch(url, init)
      stopping.abort()
      throw new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } })
    }
    const { writer } = telling({ signal: stopping.signal, client: { fetch } })
    expect(
      await refusalOf(writer.send(call('TagRole', { RoleName: 'x', Tags: [] }, { repeatable: true }))),
    ).toMatchObject({ reason: 'interrupted', perhapsDone: true })
  })
})

test('no more than five requests are under way in an account', async () => {
  identified()
  let underWay = 0
  let most = 0
  const fetch = async (url: string, init: RequestInit) => {
    if (!says(init, 'TagRole')) return globalThis.fetch(url, init)
    underWay += 1
    most = Math.max(most, underWay)
    await new Promise((resolve) => setImmediate(resolve))
    underWay -= 1
    return new Response(xml('TagRole'))
  }
  const { writer, spent } = telling({ client: { fetch } })
  await Promise.all(
    Array.from({ length: 40 }, (_, at) =>
      writer.send(call('TagRole', { RoleName: `x${at}`, Tags: [] }, { repeatable: true })),
    ),
  )
  expect(most).toBe(5)
  expect(spent.requests['prod']?.iam).toBe(0)
})

const secrets = fc.record({
  accessKeyId: fc.stringMatching(/^ASIA[A-Z0-9]{16}$/),
  secretAccessKey: fc.stringMatching(/^[A-Za-z0-9+/]{40}$/),
  sessionToken: fc.stringMatching(/^[A-Za-z0-9+/]{60}==$/),
})
const places = fc.constantFrom<(text: string) => [number, string]>(
  (text) => [400, no('ValidationError', text)],
  (text) => [403, no('AccessDenied', `User: ${text} is not authorized to perform: ${text}`)],
  (text) => [403, no('SignatureDoesNotMatch', text)],
  (text) => [403, no('ExpiredToken', text)],
  (text) => [409, no('EntityAlreadyExists', text)],
  (text) => [400, no(text, text)],
  (text) => [500, text],
  (text) => [200, text],
  (text) => [302, text],
)

law(
  'no secret of a request is in its refusal, nor a half of one',
  fc.tuple(secrets, places, fc.nat(400)),
  async ([secret, place, before]) => {
    const all = Object.values(secret)
    const [status, body] = place(`${'x'.repeat(before)} ${all.join(' ')}`)
    const headers = { 'x-amzn-requestid': all.join(' '), location: 'https://elsewhere.example' }
    const fetch = async (_: string, init: RequestInit) =>
      says(init, 'GetCallerIdentity')
        ? new Response(fixture('identity'))
        : new Response(body, { status, headers })
    const { writer } = telling({ client: { fetch, credentials: async () => secret } })
    const refusal = await refusalOf(writer.send(call('TagRole', { RoleName: 'x' })))
    const { message, requestId, scope, stack, cause } = refusal
    const told = [message, requestId, scope, stack, String(cause)].join('\n')
    for (const one of all) expect(told).not.toContain(one.slice(0, 12))
  },
)

law(
  'no value of a secret parameter is in its refusal',
  fc.tuple(
    // Not a word that stands in a stack by itself, such as "property".
    fc.stringMatching(/^[\x21-\x7e]{8,40}$/).map((word) => `~${word}~`),
    fc.constantFrom('ValidationException', 'InvalidKeyId', 'InternalServerError'),
  ),
  async ([value, code]) => {
    const fetch = async (_: string, init: RequestInit) =>
      says(init, 'GetCallerIdentity')
        ? new Response(fixture('identity'))
        : Response.json(
            { __type: code, message: `1 validation error: Value '${value}' at 'value'` },
            { status: 400 },
          )
    const { writer } = telling({ client: { fetch } })
    const input = { Name: '/b/token', Type: 'SecureString', Value: value, Overwrite: true }
    const refusal = await refusalOf(writer.send(call('PutParameter', input, { service: 'ssm' })))
    expect(`${refusal.message} ${refusal.stack ?? ''}`).not.toContain(value)
    expect(refusal.message).toContain(code.replace('Exception', ''))
  },
)
