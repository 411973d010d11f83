import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { awsMeans } from '../../src/cli/aws-means.js'
import type { Machine } from '../../src/cli/machine.js'
import { lineOf } from '../../src/cli/progress-line.js'
import type { AwsAccount } from '../../src/model/aws.js'
import { connectAws } from '../../src/providers/aws/connect.js'
import { fixture, prod, xml } from '../providers/aws/world.js'
import { jumping, refusalOf } from '../providers/world.js'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridle-aws-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true })
})

interface Asked {
  readonly host: string
  readonly action: string
  readonly key: string
  readonly body: URLSearchParams
}

/** Who asks what, with which key, on a machine with this environment. */
const identify = async (env: Record<string, string>, account: Partial<AwsAccount> = {}, trust?: string) => {
  const asked: Asked[] = []
  const machine = {
    clock: jumping(),
    env,
    random: () => 0.5,
    requestSeconds: Infinity,
    fetch: async (url: string, init: RequestInit) => {
      const body = new URLSearchParams(typeof init.body === 'string' ? init.body : '')
      const action = body.get('Action') ?? ''
      const key = /Credential=([^/]+)/.exec(new Headers(init.headers).get('authorization') ?? '')?.[1] ?? ''
      asked.push({ host: new URL(url).host, action, key, body })
      return new Response(
        action === 'AssumeRole'
          ? xml(
              'AssumeRole',
              '<Credentials><AccessKeyId>ASIAASSUMED</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken></Credentials>',
            )
          : fixture('identity'),
      )
    },
  } as unknown as Machine
  const how = { userAgent: 'bridle/test', ...(trust === undefined ? {} : { trustEndpoint: trust }) }
  const reader = connectAws(awsMeans(machine, [{ ...prod, ...account }], how)).reader()
  return { asked, identity: reader.identity('prod') }
}

/** The SDK reads these by itself, from the real environment; each test has files of its own, as it remembers them. */
const configured = async <Value>(config: string, act: () => Promise<Value>): Promise<Value> => {
  const was = { ...process.env }
  writeFileSync(join(folder, 'config'), config)
  process.env['AWS_CONFIG_FILE'] = join(folder, 'config')
  try {
    return await act()
  } finally {
    process.env['AWS_CONFIG_FILE'] = was['AWS_CONFIG_FILE']
  }
}

const keys = { AWS_ACCESS_KEY_ID: 'AKIAENV', AWS_SECRET_ACCESS_KEY: 's' }

describe('an account is entered', () => {
  test.each([
    ['prod=buildkite/bridle-read', 'arn:aws:iam::333333333333:role/buildkite/bridle-read'],
    ['  test=x\n prod=bridle-read other=y', 'arn:aws:iam::333333333333:role/bridle-read'],
    ['test=x', 'arn:aws:iam::333333333333:role/admin'],
    ['prod=', 'arn:aws:iam::333333333333:role/admin'],
    ['nonsense', 'arn:aws:iam::333333333333:role/admin'],
  ])('with the role that the environment names for it: %j', async (roles, arn) => {
    const env = { ...keys, BRIDLE_AWS_ROLES: roles }
    const { asked, identity } = await identify(env, { assumeRole: 'admin', externalId: 'acme' })
    await identity.catch(() => undefined)
    expect(asked[0]!.body.get('RoleArn')).toBe(arn)
    expect(asked[0]!.key).toBe('AKIAENV')
  })

  test('with the keys of the environment', async () => {
    const { asked, identity } = await identify(keys)
    expect(await identity).toMatchObject({ account: prod.id })
    expect(asked).toMatchObject([{ host: 'sts.eu-west-1.amazonaws.com', key: 'AKIAENV' }])
  })

  test('with a role that the keys of the environment assume', async () => {
    const { asked, identity } = await identify(keys, {
      assumeRole: 'bridle-admin',
      externalId: 'acme-bridle',
    })
    await identity
    expect(asked).toMatchObject([
      { action: 'AssumeRole', key: 'AKIAENV' },
      { action: 'GetCallerIdentity', key: 'ASIAASSUMED' },
    ])
    expect(asked[0]?.body.get('ExternalId')).toBe('acme-bridle')
    expect(asked[0]?.body.get('RoleSessionName')).toBe('bridle')
  })

  test('with its profile, whatever keys the environment has', async () => {
    await configured(
      '[profile mgmt]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n',
      async () => {
        const { asked, identity } = await identify(keys, { profile: 'mgmt' })
        await identity
        expect(asked).toMatchObject([{ key: 'AKIAPROFILE' }])
      },
    )
  })

  test('with a profile that assumes a role, over the same fetch', async () => {
    const config = [
      '[profile base]\naws_access_key_id = AKIABASE\naws_secret_access_key = s',
      '[profile mgmt]\nsource_profile = base\nrole_arn = arn:aws:iam::333333333333:role/x\nexternal_id = e',
    ]
    await configured(config.join('\n'), async () => {
      const { asked, identity } = await identify({}, { profile: 'mgmt' })
      await identity
      expect(asked).toMatchObject([
        { action: 'AssumeRole', key: 'AKIABASE', host: 'sts.eu-west-1.amazonaws.com' },
        { action: 'GetCallerIdentity', key: 'ASIAASSUMED' },
      ])
      expect(asked[0]?.body.get('ExternalId')).toBe('e')
    })
  })

  test('with a profile that there is not: no credentials', async () => {
    await configured('', async () => {
      const { identity, asked } = await identify(keys, { profile: 'mgmt' })
      const refusal = await refusalOf(identity)
      expect(refusal).toMatchObject({ reason: 'unauthenticated', api: 'aws' })
      expect(refusal.message).toContain('mgmt')
      expect(asked).toEqual([])
    })
  })

  test('with nothing: no credentials', async () => {
    await configured('', async () => {
      const refusal = await refusalOf((await identify({})).identity)
      expect(refusal).toMatchObject({ reason: 'unauthenticated', call: 'credentials' })
      expect(refusal.message).toContain('there are no credentials for account "prod"')
    })
  })
})

describe('where AWS answers', () => {
  test.each<[string, Record<string, string>, string]>([
    ['for everything', { AWS_ENDPOINT_URL: 'http://127.0.0.1:5000' }, '127.0.0.1:5000'],
    [
      'for one service, before that',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:5000', AWS_ENDPOINT_URL_STS: 'http://127.0.0.1:5001' },
      '127.0.0.1:5001',
    ],
    ['for another service', { AWS_ENDPOINT_URL_IAM: 'http://127.0.0.1:5000' }, 'sts.eu-west-1.amazonaws.com'],
    [
      'and is not to be heeded',
      { AWS_ENDPOINT_URL: 'http://127.0.0.1:5000', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' },
      'sts.eu-west-1.amazonaws.com',
    ],
  ])('the environment says %s', async (_, env, host) => {
    const { asked, identity } = await identify({ ...keys, ...env })
    await identity
    expect(asked).toMatchObject([{ host }])
  })

  test('over http elsewhere only where a person trusts it', async () => {
    const env = { ...keys, AWS_ENDPOINT_URL: 'http://moto.example:5000' }
    const untrusted = await identify(env)
    expect(await refusalOf(untrusted.identity)).toMatchObject({ reason: 'untrusted-endpoint' })
    expect(untrusted.asked).toEqual([])
    const trusted = await identify(env, {}, 'http://moto.example:5000')
    expect(await trusted.identity).toMatchObject({ account: prod.id })
  })
})

test('waiting for AWS is told like all waiting', () => {
  const wait = { api: 'aws', account: 'prod', seconds: 4 } as const
  expect(lineOf.wait({ ...wait, why: 'limit' })).toBe(
    'waiting 4 seconds, as AWS account "prod" is asked too often',
  )
  expect(lineOf.wait({ ...wait, why: 'settling' })).toBe(
    'waiting 4 seconds until AWS account "prod" shows what was made',
  )
  expect(lineOf.wait({ ...wait, why: 'fault' })).toBe('waiting 4 seconds before another try')
})
