import { isSignedText, type ReadyCall, type SignedText } from '../model/call.js'
import { cut, sealed } from '../model/envelope.js'
import type { GatePayload } from '../model/gate.js'
import type { Json } from '../model/json.js'
import type { Signer } from '../model/signer.js'

/** What it takes to sign. */
export interface Signing {
  readonly signer: Signer
  /** What o'clock it is, as ISO says it. */
  readonly now: () => string
}

/**
 * Signs what is to be signed in calls. A policy that goes into several calls is signed once: each signature is another
 * one, and so is each time that it was issued.
 */
export const signing = (means: Signing | undefined): ((call: ReadyCall) => Promise<ReadyCall>) => {
  const made = new Map<string, Promise<readonly string[]>>()
  const partsOf = (value: SignedText): Promise<readonly string[]> => {
    if (means === undefined) throw new Error('there is something to sign, and nobody who can')
    const key = JSON.stringify([value.$signed, value.lasts, value.of])
    const known = made.get(key) ?? signed(value, means)
    made.set(key, known)
    return known
  }
  return async (call) => {
    if (call.via !== 'aws') return call
    const input: Record<string, Json | undefined> = {}
    for (const [field, value] of Object.entries(call.input))
      input[field] = isSignedText(value) ? ((await partsOf(value))[value.part] ?? '') : value
    return { ...call, input }
  }
}

const signed = async ({ $signed, lasts, of }: SignedText, { signer, now }: Signing) => {
  const issued = Date.parse(now())
  const policy = {
    ...($signed as object),
    issued_at: toTheSecond(issued),
    ...(lasts !== undefined && { expires_at: toTheSecond(issued + lasts * 1000) }),
  } as GatePayload
  return cut(await sealed(policy, signer), policy.serial, of)
}

const toTheSecond = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`
