import { createHash } from 'node:crypto'
import * as z from 'zod'
import { gateSchema, printGate, readGate, type GatePayload } from './gate.js'
import { isSignedBy, type Signer, type VerifyingKey } from './signer.js'

/** What a parameter of SSM holds: the free kind, and the other. @source aws-enforcement §7 */
const standardBytes = 4_096
const advancedBytes = 8_192

const base64 = z.string().regex(/^[A-Za-z0-9+/]+={0,2}$/)

const envelope = z.strictObject({ payload: z.string().min(1), kid: z.string().min(1), sig: base64 })

/** A signed policy, with what the text in it holds, for those who read it elsewhere. */
export const signedPolicySchema = envelope.extend({
  payload: envelope.shape.payload.meta({
    contentMediaType: 'application/json',
    contentSchema: z.toJSONSchema(gateSchema),
  }),
})

const piece = z.strictObject({
  chunk: z.strictObject({
    serial: z.int().positive(),
    index: z.int().nonnegative(),
    count: z.int().min(2),
    sha256: z.string().regex(/^[0-9a-f]{64}$/),
  }),
  part: base64,
})

/** How a signature stands to the key that it was held against; `unchecked` where there was no key. */
export type Signature = 'good' | 'bad' | 'of another key' | 'unchecked'

/** What a text turns out to be. */
export type Opened =
  | { readonly policy: GatePayload; readonly kid: string; readonly signature: Signature }
  | { readonly no: string }

/** A policy, signed: one text, so that no reader has a policy with the signature of another. */
export const sealed = async (policy: GatePayload, signer: Signer): Promise<string> => {
  const payload = printGate(policy)
  const sig = Buffer.from(await signer.sign(Buffer.from(payload))).toString('base64')
  return JSON.stringify({ payload, kid: signer.kid, sig })
}

/** Reads a text that should be a signed policy. Only what bridle would write, to the byte, is one. */
export const opened = (text: string, key?: VerifyingKey): Opened => {
  const parsed = envelope.safeParse(dataOf(text))
  if (!parsed.success || JSON.stringify(parsed.data) !== text) return { no: 'it is no signed policy' }
  const { payload, kid, sig } = parsed.data
  const policy = readGate(payload)
  if (policy === undefined) return { no: 'it is a policy that this bridle does not understand' }
  return { policy, kid, signature: signatureOf({ payload, kid, sig }, key) }
}

const signatureOf = (
  { payload, kid, sig }: z.infer<typeof envelope>,
  key: VerifyingKey | undefined,
): Signature => {
  if (key === undefined) return 'unchecked'
  if (kid !== key.kid) return 'of another key'
  const bytes = Buffer.from(sig, 'base64')
  // Base64 has bits to spare at its end: two texts for the same bytes are one too many.
  const isExact = bytes.toString('base64') === sig
  return isExact && isSignedBy(key, Buffer.from(payload), bytes) ? 'good' : 'bad'
}

/** In characters, which are bytes here: the most that a name of a key and a signature come to. */
const longestKid = 43
const longestSignature = 96

/** How many bytes a signed policy will have, at most. */
const bytesOf = (policy: GatePayload): number =>
  JSON.stringify({
    payload: printGate(policy),
    kid: 'k'.repeat(longestKid),
    sig: 's'.repeat(longestSignature),
  }).length

/** In bytes of the text: what fits into a standard parameter with all that is said of it. */
const chunkBytes = Math.floor((standardBytes - 190) / 4) * 3

/** How many parameters a policy takes: one wherever that is possible, since then it can't be read half. */
export const partsOf = (
  policy: GatePayload,
): { readonly count: number; readonly tier: 'Standard' | 'Advanced' } => {
  const bytes = bytesOf(policy)
  if (bytes <= standardBytes) return { count: 1, tier: 'Standard' }
  if (bytes <= advancedBytes) return { count: 1, tier: 'Advanced' }
  return { count: Math.ceil(bytes / chunkBytes), tier: 'Standard' }
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex')

/** A signed policy in so many parts, each of which says which one it is, and of what. */
export const cut = (text: string, serial: number, count: number): readonly string[] => {
  if (count === 1) return [text]
  const bytes = Buffer.from(text)
  const size = Math.ceil(bytes.length / count)
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      chunk: { serial, index, count, sha256: digestOf(text) },
      part: bytes.subarray(index * size, (index + 1) * size).toString('base64'),
    }),
  )
}

/** A text out of its parts. */
export type Joined = { readonly text: string; readonly count: number } | { readonly no: string }

/**
 * Puts parts together again, and says so where they are not of one policy: somebody was writing meanwhile, or stopped.
 *
 * @param part  what is at a place; the first is there
 */
export const joined = (part: (index: number) => string | undefined): Joined => {
  const first = part(0) ?? ''
  const head = pieceIn(first)
  if (head === undefined) return { text: first, count: 1 }
  const { count, serial, sha256 } = head.chunk
  if (head.chunk.index !== 0) return { no: `torn: its first part says that it is part ${head.chunk.index}` }
  const bytes: Buffer[] = []
  for (let index = 0; index < Math.min(count, mostParts); index += 1) {
    const one = pieceIn(part(index) ?? '')
    if (one === undefined) return { no: `torn: part ${index} of ${count} is not there` }
    const { chunk } = one
    if (chunk.serial !== serial || chunk.count !== count || chunk.sha256 !== sha256 || chunk.index !== index)
      return { no: `torn: part ${index} is of serial ${chunk.serial}, and the first one of ${serial}` }
    bytes.push(Buffer.from(one.part, 'base64'))
  }
  const text = Buffer.concat(bytes).toString('utf8')
  return digestOf(text) === sha256 ? { text, count } : { no: 'torn: its parts are not what they say' }
}

/** More than this is no policy of anybody's. */
export const mostParts = 100

const pieceIn = (text: string): z.infer<typeof piece> | undefined => {
  const parsed = piece.safeParse(dataOf(text))
  return parsed.success ? parsed.data : undefined
}

const dataOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
