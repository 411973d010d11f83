import { createHash, createPublicKey } from 'node:crypto'
import type { AwsAccount } from '../../model/aws.js'
import { isSignedBy, verifyingKey, type Signer, type VerifyingKey } from '../../model/signer.js'
import { conversationsIn, prepare, type AwsMeans } from './connect.js'

/** A key of KMS, and the account and region that it is in. */
export interface KeyInKms {
  readonly arn: string
  readonly account: AwsAccount
}

/** The public half of what KMS calls a key of ours; nothing where it is of another kind. */
const publicHalf = (der: Uint8Array): VerifyingKey | undefined => {
  try {
    const key = createPublicKey({ key: Buffer.from(der), format: 'der', type: 'spki' })
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined
    const { x = '', y = '' } = key.export({ format: 'jwk' })
    return verifyingKey({ x, y })
  } catch {
    return undefined
  }
}

/**
 * Whoever can sign with a key of KMS. Its public half is asked for once, and every signature is checked against that:
 * what comes back is never taken for one unseen.
 *
 * @returns the signer, or what kind of key it is instead
 * @throws Refusal
 */
export const signerInKms = async (
  { arn, account }: KeyInKms,
  means: AwsMeans,
): Promise<Signer | { readonly isNone: string }> => {
  const own = { ...means, accounts: [account] }
  const [conversation] = conversationsIn(own, prepare(own), true).values()
  if (conversation === undefined) throw new Error('there is an account, and no conversation with it')

  const { KeyId, KeySpec, KeyUsage, PublicKey } = await conversation.ask({
    service: 'kms',
    operation: 'GetPublicKey',
    send: async ({ kms }, options) => (await kms()).getPublicKey({ KeyId: arn }, options),
  })
  if (KeySpec !== 'ECC_NIST_P256' || KeyUsage !== 'SIGN_VERIFY')
    return { isNone: `${KeySpec ?? 'a key of no kind'} for ${KeyUsage ?? 'nothing'}` }
  const unreadable = (call: string, what: string) =>
    conversation.refusal(call, { reason: 'unreadable', what, done: 'no', again: 'never' })
  const publicKey = publicHalf(PublicKey ?? new Uint8Array())
  if (publicKey === undefined || KeyId !== arn)
    throw unreadable('kms:GetPublicKey', 'the answer is not the public half of that key')

  return {
    kid: publicKey.kid,
    publicKey,
    async sign(bytes) {
      // The digest, whatever the length: KMS takes no more than 4,096 bytes of anything else.
      const Message = createHash('sha256').update(bytes).digest()
      const { Signature } = await conversation.ask({
        service: 'kms',
        operation: 'Sign',
        send: async ({ kms }, options) =>
          (await kms()).sign(
            { KeyId: arn, Message, MessageType: 'DIGEST', SigningAlgorithm: 'ECDSA_SHA_256' },
            options,
          ),
      })
      if (Signature === undefined || !isSignedBy(publicKey, bytes, Signature))
        throw unreadable('kms:Sign', 'the answer is no signature by that key')
      return Signature
    },
  }
}
