import { createECDH, createHash, createHmac, createPublicKey } from 'node:crypto'

/** A curve that keys are on, and how signatures with them are made. */
interface Curve {
  readonly name: string
  readonly crv: string
  readonly order: bigint
  readonly bytes: number
  readonly hash: string
  readonly algorithm: string
}

/** @source FIPS 186-5, SP 800-186: the orders of P-256 and P-384 */
const curves = {
  ECC_NIST_P256: {
    name: 'prime256v1',
    crv: 'P-256',
    order: BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'),
    bytes: 32,
    hash: 'sha256',
    algorithm: 'ECDSA_SHA_256',
  },
  ECC_NIST_P384: {
    name: 'secp384r1',
    crv: 'P-384',
    order: BigInt(
      '0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    ),
    bytes: 48,
    hash: 'sha384',
    algorithm: 'ECDSA_SHA_384',
  },
} as const satisfies Readonly<Record<string, Curve>>

export type Spec = keyof typeof curves
export const specs = Object.keys(curves) as readonly Spec[]

const hexOf = (value: bigint, bytes: number) => value.toString(16).padStart(bytes * 2, '0')

/** A number that nobody guesses who has not the seed: from 1 up to what the curve has. */
const secret = (seed: string, of: string, { order }: Curve): bigint =>
  (BigInt(`0x${createHmac('sha512', seed).update(of).digest('hex')}`) % (order - 1n)) + 1n

/** The point that a number leads to. */
const pointOf = ({ name, bytes }: Curve, number: bigint) => {
  const way = createECDH(name)
  way.setPrivateKey(hexOf(number, bytes), 'hex')
  const point = way.getPublicKey()
  return { x: point.subarray(1, 1 + bytes), y: point.subarray(1 + bytes) }
}

/** The public half of a key, as DER. The secret half is made from the seed whenever it is needed, and kept nowhere. */
export const publicHalf = (seed: string, key: string, spec: Spec): Buffer => {
  const curve = curves[spec]
  const { x, y } = pointOf(curve, secret(seed, key, curve))
  return createPublicKey({
    key: { kty: 'EC', crv: curve.crv, x: x.toString('base64url'), y: y.toString('base64url') },
    format: 'jwk',
  }).export({ type: 'spki', format: 'der' })
}

export const algorithmOf = (spec: Spec): string => curves[spec].algorithm

export const digestOf = (spec: Spec, message: Buffer): Buffer =>
  createHash(curves[spec].hash).update(message).digest()

const power = (base: bigint, exponent: bigint, modulus: bigint): bigint => {
  let [result, square, left] = [1n, base % modulus, exponent]
  for (; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % modulus
    square = (square * square) % modulus
  }
  return result
}

const integer = (value: bigint) => {
  const hex = value.toString(16)
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex')
  const positive = (bytes[0] ?? 0) > 127 ? Buffer.concat([Buffer.of(0), bytes]) : bytes
  return Buffer.concat([Buffer.of(2, positive.length), positive])
}

/**
 * A signature over a digest, as DER. It draws no lots: what would be drawn comes of the seed and the digest, so that the
 * same is the same bytes.
 *
 * @source FIPS 186-5, 6.4.1
 */
export const signatureOf = (seed: string, key: string, spec: Spec, digest: Buffer): Buffer => {
  const curve = curves[spec]
  const { order } = curve
  const once = secret(seed, `${key}/${digest.toString('hex')}`, curve)
  const r = BigInt(`0x${pointOf(curve, once).x.toString('hex')}`) % order
  const inverse = power(once, order - 2n, order)
  const s = (inverse * (BigInt(`0x${digest.toString('hex')}`) + r * secret(seed, key, curve))) % order
  const pair = Buffer.concat([integer(r), integer(s)])
  return Buffer.concat([Buffer.of(0x30, pair.length), pair])
}
