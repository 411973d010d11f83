import { createHash, createPublicKey, verify } from 'node:crypto'
import {
  CreateAliasCommand,
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  GetPublicKeyCommand,
  SignCommand,
  type KeySpec,
  type KeyUsageType,
} from '@aws-sdk/client-kms'
import { describe, expect, test } from 'vitest'
import { parseState } from '../../../src/sandbox/saved.js'
import { clientsOf } from '../../support/aws-over-fetch.js'
import { addUser, credentialsOf } from '../../../src/sandbox/aws/seed.js'
import { sandbox } from '../../../src/sandbox/index.js'
import { stopped } from '../acme.js'
import { no, opened, PROD } from './world.js'

const withKey = async (KeySpec: KeySpec = 'ECC_NIST_P256', KeyUsage: KeyUsageType = 'SIGN_VERIFY') => {
  const { kms, world } = opened()
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({ KeySpec, KeyUsage }))
  return { kms, world, arn: KeyMetadata!.Arn!, id: KeyMetadata!.KeyId! }
}

const text = Buffer.from('what is signed')
const sha = createHash('sha256').update(text).digest()
const SigningAlgorithm = 'ECDSA_SHA_256'

describe('a key', () => {
  test('signs what its public half says is signed, raw or as a digest, by any of its names', async () => {
    const { kms, arn, id } = await withKey()
    await kms.send(new CreateAliasCommand({ AliasName: 'alias/policy', TargetKeyId: id }))
    const names = [arn, id, 'alias/policy', arn.replace(`key/${id}`, 'alias/policy')]
    for (const KeyId of names) {
      const said = await kms.send(new GetPublicKeyCommand({ KeyId }))
      expect(said).toMatchObject({
        KeyId: arn,
        KeySpec: 'ECC_NIST_P256',
        KeyUsage: 'SIGN_VERIFY',
        SigningAlgorithms: [SigningAlgorithm],
      })
      const key = createPublicKey({ key: Buffer.from(said.PublicKey!), format: 'der', type: 'spki' })
      for (const given of [{ Message: text }, { Message: sha, MessageType: 'DIGEST' as const }]) {
        const { Signature } = await kms.send(new SignCommand({ KeyId, SigningAlgorithm, ...given }))
        expect(verify('sha256', text, key, Signature!)).toBe(true)
        expect(verify('sha256', Buffer.from('another'), key, Signature!)).toBe(false)
      }
    }
  })

  test('of the other curve signs, too', async () => {
    const { kms, arn } = await withKey('ECC_NIST_P384')
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: arn }))
    const key = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' })
    const { Signature } = await kms.send(
      new SignCommand({ KeyId: arn, SigningAlgorithm: 'ECDSA_SHA_384', Message: text }),
    )
    expect(verify('sha384', text, key, Signature!)).toBe(true)
  })

  test('signs the same with the same bytes, many times over, and each text with others', async () => {
    const { kms, arn } = await withKey()
    const { PublicKey } = await kms.send(new GetPublicKeyCommand({ KeyId: arn }))
    const key = createPublicKey({ key: Buffer.from(PublicKey!), format: 'der', type: 'spki' })
    const signed = async (one: string) => {
      const { Signature } = await kms.send(
        new SignCommand({ KeyId: arn, SigningAlgorithm, Message: Buffer.from(one) }),
      )
      expect(verify('sha256', Buffer.from(one), key, Signature!)).toBe(true)
      return Buffer.from(Signature!).toString('hex')
    }
    const texts = Array.from({ length: 64 }, (_, n) => `text ${n}`)
    const all = await Promise.all(texts.map(signed))
    expect(new Set(all).size).toBe(64)
    expect(await Promise.all(texts.map(signed))).toEqual(all)
  })

  test('is in the file, and its secret half is not', async () => {
    const { kms, world, arn } = await withKey()
    const saved = world.saved()
    expect(saved).toContain('awsKeys')
    const parsed = parseState(saved)
    if ('problems' in parsed) throw new Error(parsed.problems.join())
    const again = sandbox({ state: parsed.state, clock: stopped() })
    const { kms: other } = clientsOf(again.fetch, credentialsOf(again.state, PROD)!, { now: stopped().now() })
    const [one, two] = await Promise.all(
      [kms, other].map((client) => client.send(new GetPublicKeyCommand({ KeyId: arn }))),
    )
    expect(one!.PublicKey).toEqual(two!.PublicKey)
  })
})

describe('a key is refused', () => {
  const sign = (KeyId: string, more: object = {}) =>
    new SignCommand({ KeyId, SigningAlgorithm, Message: text, ...more })

  test('while it is disabled', async () => {
    const { kms, arn } = await withKey()
    await kms.send(new DisableKeyCommand({ KeyId: arn }))
    expect(await no(kms.send(sign(arn)))).toBe(`DisabledException: ${arn} is disabled.`)
    expect(await no(kms.send(new GetPublicKeyCommand({ KeyId: arn })))).toMatch(/^DisabledException/)
    await kms.send(new EnableKeyCommand({ KeyId: arn }))
    expect(await no(kms.send(sign(arn)))).toBe('yes')
  })

  test.each<[string, KeySpec, KeyUsageType, string]>([
    ['that has one half', 'SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', 'UnsupportedOperationException'],
    ['for another use', 'ECC_NIST_P256', 'KEY_AGREEMENT', 'InvalidKeyUsageException'],
    ['for another algorithm', 'ECC_NIST_P384', 'SIGN_VERIFY', 'InvalidKeyUsageException'],
  ])('%s', async (_, spec, usage, why) => {
    const { kms, arn } = await withKey(spec, usage)
    expect(await no(kms.send(sign(arn)))).toMatch(new RegExp(`^${why}`))
  })

  test('with a message that is too long, and a digest that is none', async () => {
    const { kms, arn } = await withKey()
    expect(await no(kms.send(sign(arn, { Message: Buffer.alloc(4097) })))).toMatch(/^ValidationException/)
    expect(await no(kms.send(sign(arn, { MessageType: 'DIGEST' })))).toBe(
      'ValidationException: Digest is invalid length for algorithm ECDSA_SHA_256.',
    )
  })

  test('where it is not', async () => {
    const { kms, arn } = await withKey()
    const at = (region: string, account: string) => arn.replace(/kms:[^:]+:\d+/, `kms:${region}:${account}`)
    expect(await no(kms.send(sign('nothing')))).toBe("NotFoundException: Key 'nothing' does not exist")
    expect(await no(kms.send(sign(at('us-east-1', PROD))))).toBe('NotFoundException: Invalid arn us-east-1')
    expect(await no(kms.send(sign(at('eu-west-1', '111111111111'))))).toMatch(
      /^AccessDeniedException: .* kms:Sign .* because the resource does not exist in this Region/,
    )
  })

  test('to whom no policy allows it', async () => {
    const { world, arn } = await withKey()
    const { state } = world
    const statement = { Effect: 'Allow', Action: 'kms:GetPublicKey', Resource: arn }
    addUser(state, {
      account: PROD,
      name: 'checks',
      inline: [{ name: 'keys', document: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }) }],
    })
    const { kms } = clientsOf(world.fetch, credentialsOf(state, PROD, 'checks')!, { now: stopped().now() })
    expect(await no(kms.send(new GetPublicKeyCommand({ KeyId: arn })))).toBe('yes')
    expect(await no(kms.send(sign(arn)))).toBe(
      `AccessDeniedException: User: arn:aws:iam::${PROD}:user/checks is not authorized to perform: kms:Sign on resource: ${arn} because no identity-based policy allows the kms:Sign action`,
    )
  })
})
