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

describe('a command with a key of KMS', () => {
  const yaml = `organization: acme
ignore: { clusters: ["Default cluster"] }
clusters: { production: { queues: { deploy: { hook: { mode: block, account: management } } } } }
pipelines: { web: { cluster: production, repository: "git@github.com:acme/web.git", default_branch: main } }
aws:
  accounts:
    management: { id: "111111111111", region: eu-west-1 }
    keys: { id: "222222222222", region: eu-west-1, assume_role: signer }
`
  const own = 'arn:aws:kms:eu-west-1:111111111111:key'

  /** An organization that is there but for its policy, in whose accounts something was done by hand. */
  const edited = async (...edits: readonly (readonly string[])[]) => {
    const world = worldOf({ files: { 'bridle.yaml': yaml.replace(/hook: \{.*?\}/, '') } })
    await world.run('apply', '--sandbox', '--yes')
    world.files['bridle.yaml'] = yaml
    const arns: string[] = []
    for (const edit of edits) {
      const { code, output } = await world.run('sandbox', 'edit', ...edit)
      expect(code, output).toBe(0)
      arns.push(/arn:aws:kms:\S+/.exec(output)?.[0] ?? '')
    }
    return { files: world.files, arns }
  }
  const withKey = (files: Record<string, string>, arn = '', more: Record<string, string> = {}) =>
    worldOf({ files, env: { BRIDLE_POLICY_KMS_KEY: arn, ...more } })

  test('signs with it, checks with its public half, and doctor says which it is', async () => {
    const { files, arns } = await edited(['create', 'key:management/a'], ['create', 'key:management/b'])
    const world = withKey(files, arns[0])
    expect((await world.run('doctor', '--sandbox')).output).toMatch(/policy key +[\w-]{43} signs/)
    const apply = await world.run('apply', '--sandbox', '--yes')
    expect(apply.code, apply.output).toBe(0)
    expect((await world.run('plan', '--sandbox')).output).toContain('Nothing to do')
    expect((await world.run('drift', '--sandbox')).code).toBe(0)
    expect((await withKey(world.files, arns[1]).run('drift', '--sandbox')).output).toContain(
      'by the key here',
    )
  }, 60_000)

  test.each<[string, readonly (readonly string[])[], string, string]>([
    [
      'of another curve',
      [['create', 'key:management/a', 'ECC_NIST_P384']],
      '',
      'is ECC_NIST_P384 for SIGN_VERIFY, and not ECC_NIST_P256 for SIGN_VERIFY',
    ],
    [
      'for agreeing',
      [['create', 'key:management/a', 'ECC_NIST_P256', 'KEY_AGREEMENT']],
      '',
      'is ECC_NIST_P256 for KEY_AGREEMENT, and not',
    ],
    [
      'for sealing',
      [['create', 'key:management/a', 'SYMMETRIC_DEFAULT']],
      '',
      'kms:GetPublicKey in account "management": it was refused; AWS says "UnsupportedOperation',
    ],
    [
      'that is disabled',
      [
        ['create', 'key:management/a'],
        ['disable', 'key:management/a'],
      ],
      '',
      'kms:GetPublicKey in account "management": it was refused; AWS says "Disabled',
    ],
    [
      'that is not there',
      [],
      `${own}/0`,
      'kms:GetPublicKey in account "management": what it is about is not there',
    ],
    [
      'by an alias',
      [],
      'arn:aws:kms:eu-west-1:111111111111:alias/a',
      'BRIDLE_POLICY_KMS_KEY is no use: "arn:aws:kms:eu-west-1:111111111111:alias/a" is not the ARN of a key of KMS',
    ],
    ['that is nothing', [], 'key', 'BRIDLE_POLICY_KMS_KEY is no use: "key" is not the ARN of a key of KMS'],
    [
      'that bridle may not ask for',
      [
        ['create', 'key:keys/a'],
        ['detach', 'role:keys/signer', 'arn:aws:iam::aws:policy/AdministratorAccess'],
      ],
      '',
      '222222222222:assumed-role/signer/bridle may not do kms:GetPublicKey on arn:aws:kms:eu-west-1:222222222222:key/',
    ],
  ])('%s is no use', async (_name, edits, arn, what) => {
    const { files, arns } = await edited(...edits)
    const { code, output } = await withKey(files, arn === '' ? arns[0] : arn).run('plan', '--sandbox')
    expect(output).toContain(what)
    expect(code).toBeGreaterThan(0)
  })

  test('beside a file it is no use: who knows which is meant', async () => {
    const { output } = await withKey({ 'bridle.yaml': yaml }, own, { BRIDLE_POLICY_KEY_FILE: 'a' }).run(
      'plan',
      '--sandbox',
    )
    expect(output).toContain(
      'BRIDLE_POLICY_KMS_KEY is no use: BRIDLE_POLICY_KEY_FILE is set as well, and policies are signed with one key',
    )
  })

  test('whose role may check, and not sign, checks', async () => {
    const statement = { Effect: 'Allow', Action: 'kms:GetPublicKey', Resource: '*' }
    const document = JSON.stringify({
      Version: '2012-10-17',
      Statement: [statement, { ...statement, Action: ['iam:*', 'sts:*', 'ssm:*'] }],
    })
    const { files, arns } = await edited(
      ['create', 'key:keys/a'],
      ['detach', 'role:keys/signer', 'arn:aws:iam::aws:policy/AdministratorAccess'],
      ['policy', 'role:keys/signer', 'checks', document],
    )
    const world = withKey(files, arns[0])
    expect((await world.run('plan', '--sandbox')).output).toContain('1 to create')
    const no = 'may not do kms:Sign on arn:aws:kms:eu-west-1:222222222222:key/'
    expect((await world.run('doctor', '--sandbox')).output).toContain(no)
    const apply = await world.run('apply', '--sandbox', '--yes')
    expect(apply.output).toContain(no)
    expect(apply.code).toBe(6)
  }, 60_000)

  test('nobody is asked where no policy is declared', async () => {
    const { output, code } = await withKey(
      { 'bridle.yaml': yaml.replace(/hook: \{.*?\}/, '') },
      `${own}/0`,
    ).run('plan', '--sandbox')
    expect(output).not.toContain('kms')
    expect(code).toBe(0)
  })
})
