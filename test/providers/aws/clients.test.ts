import { afterEach, describe, expect, test } from 'vitest'
import { clientsFor } from '../../../src/providers/aws/clients.js'
import { changes, questions } from '../../../src/providers/aws/operations.js'
import { beatingOnly, readingOnly } from '../../../src/providers/aws/guard.js'
import { refusalOf } from '../world.js'
import {
  asking,
  call,
  clientMeans,
  credentials,
  fixture,
  identified,
  no,
  prod,
  sts,
  telling,
  unasked,
  xml,
} from './world.js'

afterEach(() => {
  expect(unasked()).toEqual([])
})

describe('a role that is assumed', () => {
  const given = xml(
    'AssumeRole',
    '<Credentials><AccessKeyId>ASIAASSUMED</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>assumed</SessionToken><Expiration>2026-01-01T01:00:00Z</Expiration></Credentials>',
  )

  test.each([
    ['bridle-admin', 'arn:aws:iam::333333333333:role/bridle-admin'],
    ['ops/bridle-admin', 'arn:aws:iam::333333333333:role/ops/bridle-admin'],
    ['/ops/bridle-admin', 'arn:aws:iam::333333333333:role/ops/bridle-admin'],
    ['arn:aws:iam::333333333333:role/x', 'arn:aws:iam::333333333333:role/x'],
  ])('%s, with an external id, under a session name of its own', async (assumeRole, RoleArn) => {
    sts('AssumeRole', [200, given], (body) => {
      expect(body).toMatchObject({ RoleArn, RoleSessionName: 'bridle', ExternalId: 'acme-bridle' })
      return true
    })
    identified()
    const signed: (string | null)[] = []
    const fetch = (url: string, init: RequestInit) => {
      signed.push(new Headers(init.headers).get('x-amz-security-token'))
      return globalThis.fetch(url, init)
    }
    const connection = asking({
      accounts: [{ ...prod, assumeRole, externalId: 'acme-bridle' }],
      client: { fetch },
    })
    expect(await connection.reader().identity('prod')).toMatchObject({ account: prod.id })
    expect(signed).toEqual([credentials.sessionToken, 'assumed'])
  })

  test('without an external id says none', async () => {
    sts('AssumeRole', [200, given], (body) => !('ExternalId' in body))
    identified()
    await asking({ accounts: [{ ...prod, assumeRole: 'x' }] })
      .reader()
      .identity('prod')
  })

  test('that may not be assumed is told with who may not', async () => {
    sts('AssumeRole', [
      403,
      no(
        'AccessDenied',
        'User: arn:aws:iam::111111111111:user/ada is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::333333333333:role/x',
      ),
    ])
    const refusal = await refusalOf(
      asking({ accounts: [{ ...prod, assumeRole: 'x' }] })
        .reader()
        .identity('prod'),
    )
    expect(refusal).toMatchObject({ reason: 'forbidden', scope: 'sts:AssumeRole', call: 'sts:AssumeRole' })
    expect(refusal.message).toBe(
      'sts:AssumeRole in account "prod": arn:aws:iam::111111111111:user/ada may not do sts:AssumeRole on arn:aws:iam::333333333333:role/x (its own policies, or the trust policy of the role and its external id)',
    )
  })

  test('is asked for again where AWS is busy', async () => {
    sts('AssumeRole', [400, no('Throttling')])
    sts('AssumeRole', [200, given])
    identified()
    await asking({ accounts: [{ ...prod, assumeRole: 'x' }] })
      .reader()
      .identity('prod')
  })

  test('and gives no credentials', async () => {
    sts('AssumeRole', [200, xml('AssumeRole', '<Credentials/>')])
    expect(
      await refusalOf(
        asking({ accounts: [{ ...prod, assumeRole: 'x' }] })
          .reader()
          .identity('prod'),
      ),
    ).toMatchObject({ reason: 'unreadable' })
  })
})

describe('where a signed request goes', () => {
  const sentTo = async (endpoint: string, trustEndpoint?: string) => {
    const sent: string[] = []
    const fetch = async (url: string) => {
      sent.push(url)
      return new Response(fixture('identity'))
    }
    const connection = asking({
      client: {
        fetch,
        endpoints: { sts: endpoint },
        ...(trustEndpoint === undefined ? {} : { trustEndpoint }),
      },
    })
    return { sent, identity: connection.reader().identity('prod') }
  }

  test.each<[string, string | undefined, string]>([
    ['http://127.0.0.1:5000', undefined, 'http://127.0.0.1:5000/'],
    ['http://localhost:5000/', undefined, 'http://localhost:5000/'],
    ['http://[::1]:5000', undefined, 'http://[::1]:5000/'],
    [
      'https://vpce-1.sts.eu-west-1.vpce.amazonaws.com',
      undefined,
      'https://vpce-1.sts.eu-west-1.vpce.amazonaws.com/',
    ],
    ['https://moto.example:8443', undefined, 'https://moto.example:8443/'],
    ['http://moto:5000', 'http://moto:5000', 'http://moto:5000/'],
  ])('%s (trusting %s)', async (endpoint, trusted, expected) => {
    const { sent, identity } = await sentTo(endpoint, trusted)
    expect(await identity).toMatchObject({ account: prod.id })
    expect(sent).toEqual([expected])
  })

  test.each<[string, string | undefined]>([
    ['http://moto.example:5000', undefined],
    ['http://10.0.0.1', undefined],
    ['http://127.0.0.1.evil.example', undefined],
    ['http://moto.example:5000', 'moto.example'],
    ['http://moto.example:5000', 'http://other.example:5000'],
    ['http://sts.eu-west-1.amazonaws.com', undefined],
  ])('never %s (trusting %s)', async (endpoint, trusted) => {
    const { sent, identity } = await sentTo(endpoint, trusted)
    const refusal = await refusalOf(identity)
    expect(refusal).toMatchObject({ reason: 'untrusted-endpoint', api: 'aws' })
    expect(refusal.message).toContain(new URL(endpoint).host)
    expect(sent).toEqual([])
  })

  test('an address that is none', async () => {
    const { sent, identity } = await sentTo('moto')
    const refusal = await refusalOf(identity)
    expect(refusal).toMatchObject({ reason: 'untrusted-endpoint' })
    expect(refusal.message).toContain('its address is not a URL')
    expect(sent).toEqual([])
  })

  test('the environment’s word for it counts, and is held to the same', async () => {
    process.env['AWS_ENDPOINT_URL'] = 'http://moto.example:5000'
    try {
      const fetch = async () => new Response(fixture('identity'))
      expect(await refusalOf(asking({ client: { fetch } }).reader().identity('prod'))).toMatchObject({
        reason: 'untrusted-endpoint',
      })
    } finally {
      delete process.env['AWS_ENDPOINT_URL']
    }
  })

  test('the role that is assumed is asked for there as well', async () => {
    const fetch = async () => new Response(fixture('identity'))
    const connection = asking({
      accounts: [{ ...prod, assumeRole: 'x' }],
      client: { fetch, endpoints: { sts: 'http://moto.example' } },
    })
    expect(await refusalOf(connection.reader().identity('prod'))).toMatchObject({
      reason: 'untrusted-endpoint',
    })
  })
})

describe('clients that only ask', () => {
  const sent: string[] = []
  const fetch = async (url: string) => {
    sent.push(url)
    return new Response('{}')
  }

  const every = Object.entries(changes).flatMap(([service, all]) =>
    Object.keys(all).map((operation) => [service as 'iam' | 'ssm', operation] as const),
  )

  test.each(every)('never send %s:%s', async (service, operation) => {
    const clients = readingOnly(await clientsFor(clientMeans({ fetch }))(prod))
    const methods = clients[service] as unknown as Record<string, (input: object) => Promise<unknown>>
    const method = `${operation.slice(0, 1).toLowerCase()}${operation.slice(1)}`
    await expect(methods[method]?.({ Name: 'x', RoleName: 'x' })).rejects.toThrow(
      `a reader was made to send something other than a question: ${operation}`,
    )
    expect(sent).toEqual([])
  })

  test.each(every)(
    'nor does one that writes a heartbeat send %s:%s, but into its own parameter',
    async (service, operation) => {
      const clients = beatingOnly(await clientsFor(clientMeans({ fetch }))(prod), '/bridle/heartbeat')
      const methods = clients[service] as unknown as Record<string, (input: object) => Promise<unknown>>
      const method = `${operation.slice(0, 1).toLowerCase()}${operation.slice(1)}`
      for (const Name of [
        'x',
        '/bridle/heartbeat/x',
        ...(operation === 'PutParameter' ? [] : ['/bridle/heartbeat']),
      ])
        await expect(methods[method]?.({ Name, RoleName: 'x' })).rejects.toThrow(
          `a heartbeat was made to send something else: ${operation}`,
        )
      expect(sent).toEqual([])
      await clients.ssm.putParameter({ Name: '/bridle/heartbeat', Value: '{}', Type: 'String' })
      expect(sent.length).toBe(1)
      sent.length = 0
    },
  )

  test('nor what bridle has no word for', async () => {
    const clients = readingOnly(await clientsFor(clientMeans({ fetch }))(prod))
    const saying = [
      () => clients.iam.createUser({ UserName: 'x' }),
      () => clients.iam.deleteRole({ RoleName: 'GetRole' }),
      () => clients.sts.assumeRole({ RoleArn: 'arn:aws:iam::333333333333:role/x', RoleSessionName: 'x' }),
      () => clients.ssm.sendCommand({ DocumentName: 'GetParameters' }),
      () => clients.ssm.getParameter({ Name: '/x', WithDecryption: true }),
    ]
    for (const say of saying) await expect(say()).rejects.toThrow(/other than a question/)
    expect(sent).toEqual([])
  })

  test('nor ask for the value of a secret', async () => {
    const { ssm } = readingOnly(await clientsFor(clientMeans({ fetch }))(prod))
    await expect(ssm.getParameters({ Names: ['/x'], WithDecryption: true })).rejects.toThrow(
      /value of a secret/,
    )
    expect(sent).toEqual([])
  })

  test('nothing is both a question and a change', () => {
    expect(every.filter(([, operation]) => questions.has(operation))).toEqual([])
    for (const operation of questions) expect(operation).toMatch(/^(Get|List|Describe|Sign$)/)
  })

  test('are what the readers of a connection that can write have', async () => {
    identified()
    const connection = telling()
    await connection.reader().identity('prod')
    expect(Object.keys(connection.reader())).toEqual([
      'accounts',
      'identity',
      'authorization',
      'providers',
      'parameters',
    ])
    expect(Object.keys(asking())).not.toContain('writer')
    await expect(connection.writer.send(call('GetRole', { RoleName: 'x' }))).rejects.toThrow(/no call/)
  })
})

test('the SDK tries once, whatever the environment says', async () => {
  process.env['AWS_MAX_ATTEMPTS'] = '7'
  let asked = 0
  const fetch = async () => {
    asked += 1
    return new Response(no('Whatever'), { status: 400 })
  }
  try {
    await refusalOf(asking({ client: { fetch } }).reader().identity('prod'))
  } finally {
    delete process.env['AWS_MAX_ATTEMPTS']
  }
  expect(asked).toBe(1)
})
