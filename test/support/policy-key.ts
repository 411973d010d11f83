import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { verifyingKey, type Signer } from '../../src/model/signer.js'

/** A key that nobody had before, and nobody keeps. */
export const newKey = (): KeyObject => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey

/** Whoever signs with a key. */
export const signerOf = (key: KeyObject): Signer => {
  const { x = '', y = '' } = key.export({ format: 'jwk' })
  const publicKey = verifyingKey({ x, y })
  return {
    kid: publicKey.kid,
    publicKey,
    sign: (bytes) => Promise.resolve(sign('sha256', bytes, { key, dsaEncoding: 'der' })),
  }
}
