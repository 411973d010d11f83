import { createPrivateKey, createPublicKey, sign, type JsonWebKeyInput, type KeyObject } from 'node:crypto'
import { codes } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import { verifyingKey, type Signer, type VerifyingKey } from '../model/signer.js'
import { quoted } from '../report/escape.js'
import { variable } from './environment.js'
import type { Machine } from './machine.js'
import { readPaper } from './papers.js'

/** What the machine has to check policies with, and to sign them, if its key has both halves. */
export interface PolicyKey {
  readonly publicKey: VerifyingKey
  readonly signer?: Signer
}

const NAME = 'BRIDLE_POLICY_KEY_FILE'

/** The key of KMS that the environment names; a finding where it names a file as well: who knows which is meant. */
export const kmsKeyNamed = ({ env }: Machine): string | Finding | undefined => {
  const arn = variable(env, 'BRIDLE_POLICY_KMS_KEY')
  if (arn === undefined || variable(env, NAME) === undefined) return arn
  return unusable('BRIDLE_POLICY_KMS_KEY', `${NAME} is set as well, and policies are signed with one key`)
}

/** The key that BRIDLE_POLICY_KEY_FILE names; none where it says nothing; a finding where what it names is no use. */
export const policyKeyOf = (machine: Machine): PolicyKey | Finding | undefined => {
  const file = variable(machine.env, NAME)
  if (file === undefined) return undefined
  const paper = readPaper(machine, file)
  if ('trouble' in paper) return unusable(NAME, paper.trouble)
  const key = keyIn(paper.text)
  if (key === undefined)
    return unusable(NAME, `${quoted(file)} holds no key that can be read without a password`)
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1')
    return unusable(NAME, `${quoted(file)} holds a key of another kind than P-256`)
  const { x = '', y = '' } = (key.type === 'private' ? createPublicKey(key) : key).export({ format: 'jwk' })
  const publicKey = verifyingKey({ x, y })
  return key.type === 'private' ? { publicKey, signer: signerWith(key, publicKey) } : { publicKey }
}

/** The public half of a key, as OpenSSL reads it. */
export const pemOf = ({ jwk }: VerifyingKey): string =>
  createPublicKey({ key: { ...jwk }, format: 'jwk' })
    .export({ type: 'spki', format: 'pem' })
    .toString()

const signerWith = (key: KeyObject, publicKey: VerifyingKey): Signer => ({
  kid: publicKey.kid,
  publicKey,
  sign: (bytes) => Promise.resolve(sign('sha256', bytes, { key, dsaEncoding: 'der' })),
})

/** A key in PEM or as a JWK. What the library says of one that it can't read may quote it, so nobody hears that. */
const keyIn = (text: string): KeyObject | undefined => {
  try {
    if (!text.trimStart().startsWith('{'))
      return text.includes('PRIVATE KEY-----') ? createPrivateKey(text) : createPublicKey(text)
    const key = JSON.parse(text) as JsonWebKeyInput['key']
    const input: JsonWebKeyInput = { key, format: 'jwk' }
    return key.d === undefined ? createPublicKey(input) : createPrivateKey(input)
  } catch {
    return undefined
  }
}

/** @param variable  the one that names it */
export const unusable = (variable: string, what: string): Finding => ({
  code: 'unusable-signing-key',
  severity: 'error',
  what: `${variable} is no use: ${what}`,
  where: [],
  why: codes['unusable-signing-key'].why,
  fix: codes['unusable-signing-key'].fix,
})
