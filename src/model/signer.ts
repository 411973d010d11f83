import { createHash, createPublicKey, verify } from 'node:crypto'

/** The half of a P-256 key that everybody may have, as a JWK has it. */
export interface PublicJwk {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
}

/** A key that policies of gates are checked with, and the name that it has wherever it is. */
export interface VerifyingKey {
  /** @source RFC 7638: the digest of what makes the key, so that two names are never one key */
  readonly kid: string
  readonly jwk: PublicJwk
}

/** Whoever can sign policies of gates. Where its key is kept is its own business. */
export interface Signer {
  readonly kid: string
  readonly publicKey: VerifyingKey
  /** ECDSA with SHA-256 over the bytes, in the DER form that OpenSSL and KMS write. */
  sign(bytes: Uint8Array): Promise<Uint8Array>
}

/** A public key with its name. */
export const verifyingKey = ({ x, y }: Pick<PublicJwk, 'x' | 'y'>): VerifyingKey => ({
  kid: createHash('sha256')
    .update(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y }))
    .digest('base64url'),
  jwk: { kty: 'EC', crv: 'P-256', x, y },
})

/** Whether a signature is one of these bytes by this key. Whatever is no signature is none. */
export const isSignedBy = ({ jwk }: VerifyingKey, bytes: Uint8Array, signature: Uint8Array): boolean => {
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  try {
    return verify('sha256', bytes, { key, dsaEncoding: 'der' }, signature)
  } catch {
    return false
  }
}
