import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { policyKeyOf } from '../../src/cli/policy-key.js'
import { isSignedBy } from '../../src/model/signer.js'
import { newKey, signerOf } from '../support/policy-key.js'
import { worldOf } from '../support/world.js'

const key = newKey()
const { publicKey } = signerOf(key)

const keyIn = (text: string | undefined) =>
  policyKeyOf(
    worldOf({
      files: { 'bridle.yaml': 'organization: acme\n', ...(text !== undefined && { 'key.pem': text }) },
      env: { BRIDLE_POLICY_KEY_FILE: 'key.pem' },
    }).machine,
  )

const secret = (one: KeyObject, type: 'pkcs8' | 'sec1' = 'pkcs8') =>
  one.export({ type, format: 'pem' }) as string
const open = (one: KeyObject) => createPublicKey(one).export({ type: 'spki', format: 'pem' }) as string
const jwkOf = (one: KeyObject) => JSON.stringify(one.export({ format: 'jwk' }))

describe('the key that policies are signed with', () => {
  test('none where nothing names one', () => {
    expect(policyKeyOf(worldOf().machine)).toBeUndefined()
    expect(policyKeyOf(worldOf({ env: { BRIDLE_POLICY_KEY_FILE: '' } }).machine)).toBeUndefined()
  })

  test.each([
    ['PKCS #8', secret(key)],
    ['SEC 1, as `openssl ecparam -genkey` has it', secret(key, 'sec1')],
    [
      'with the parameters of the curve before it',
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${secret(key, 'sec1')}`,
    ],
    ['a JWK', jwkOf(key)],
    ['a JWK with more in it', JSON.stringify({ ...key.export({ format: 'jwk' }), kid: 'mine', use: 'sig' })],
  ])('%s signs', async (_name, text) => {
    const found = keyIn(text)
    expect(found).toMatchObject({ publicKey, signer: { kid: publicKey.kid, publicKey } })
    const bytes = new TextEncoder().encode('a policy')
    const signature = await (found as { signer: ReturnType<typeof signerOf> }).signer.sign(bytes)
    expect(isSignedBy(publicKey, bytes, signature)).toBe(true)
  })

  test.each([
    ['PEM', open(key)],
    ['a JWK', jwkOf(createPublicKey(key))],
  ])('the public half in %s checks, and does not sign', (_name, text) => {
    expect(keyIn(text)).toEqual({ publicKey })
  })

  const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey
  const locked = key.export({
    type: 'pkcs8',
    format: 'pem',
    cipher: 'aes-256-cbc',
    passphrase: 'open',
  }) as string

  test.each([
    ['no file', undefined, 'there is no file key.pem'],
    ['nothing', '', '"key.pem" holds no key that can be read without a password'],
    ['garbage', 'hello', '"key.pem" holds no key that can be read without a password'],
    ['half a key', secret(key).slice(0, 80), '"key.pem" holds no key that can be read without a password'],
    ['half a JWK', jwkOf(key).slice(0, 40), '"key.pem" holds no key that can be read without a password'],
    ['a password before it', locked, '"key.pem" holds no key that can be read without a password'],
    ['another curve', secret(ec('P-384')), '"key.pem" holds a key of another kind than P-256'],
    [
      'a curve that looks like it',
      secret(ec('secp256k1')),
      '"key.pem" holds a key of another kind than P-256',
    ],
    [
      'no curve',
      secret(generateKeyPairSync('ed25519').privateKey),
      '"key.pem" holds a key of another kind than P-256',
    ],
    [
      'a JWK of nothing',
      '{"kty":"oct","k":"AAAA"}',
      '"key.pem" holds no key that can be read without a password',
    ],
  ])('%s is no use', (_name, text, what) => {
    expect(keyIn(text)).toMatchObject({
      code: 'unusable-signing-key',
      what: `BRIDLE_POLICY_KEY_FILE is no use: ${what}`,
    })
  })
})

describe('a command with a key', () => {
  const files = () => ({
    'bridle.yaml': `organization: acme
ignore: { clusters: ["Default cluster"] }
clusters: { production: { queues: { deploy: { hook: { mode: block, account: management } } } } }
pipelines: { web: { cluster: production, repository: "git@github.com:acme/web.git", default_branch: main } }
aws: { accounts: { management: { id: "111111111111", region: eu-west-1 } } }
`,
    'key.pem': secret(key),
    'open.pem': open(key),
  })
  const lines = secret(key)
    .split('\n')
    .filter((line) => line.length > 20)

  test('signs, checks, and shows nothing of it', async () => {
    const world = worldOf({ files: files(), env: { BRIDLE_POLICY_KEY_FILE: 'key.pem' } })
    const outputs = [
      await world.run('plan', '--sandbox', '--out', 'plan.json'),
      await world.run('apply', '--sandbox', '--yes', 'plan.json'),
      await world.run('plan', '--sandbox', '--format', 'json'),
      await world.run('drift', '--sandbox'),
    ]
    expect(outputs.map(({ code }) => code)).toEqual([0, 0, 0, 0])
    const all = [
      ...outputs.map(({ output }) => output),
      ...Object.entries(world.files).flatMap(([name, text]) => (name === 'key.pem' ? [] : [text])),
    ].join('\n')
    for (const line of lines) expect(all).not.toContain(line)
    expect(world.files['plan.json']).toContain('$signed')
  }, 60_000)

  test('a plan that was made without a key is carried out with one', async () => {
    const before = worldOf({ files: files() })
    const without = await before.run('plan', '--sandbox', '--out', 'plan.json')
    expect(without.code).toBe(0)
    expect(without.output).toContain('warning[no-signing-key]')
    const apply = (env: Record<string, string>) =>
      worldOf({ files: before.files, env }).run('apply', '--sandbox', '--yes', 'plan.json')
    const none = await apply({})
    expect([none.code, none.output.includes('error[no-signing-key]')]).toEqual([5, true])
    const half = await apply({ BRIDLE_POLICY_KEY_FILE: 'open.pem' })
    expect([half.code, half.output.includes('the public half')]).toEqual([5, true])
    const broken = await apply({ BRIDLE_POLICY_KEY_FILE: 'bridle.yaml' })
    expect([broken.code, broken.output.includes('error[unusable-signing-key]')]).toEqual([5, true])
    const signed = await apply({ BRIDLE_POLICY_KEY_FILE: 'key.pem' })
    expect(signed.code).toBe(0)
  }, 60_000)
})
