import type { Address } from '../model/address.js'
import {
  isFromNow,
  isJsonText,
  isSignedText,
  type Call,
  type CallValue,
  type Made,
  type ReadyCall,
} from '../model/call.js'
import type { Json } from '../model/json.js'
import { isRef, type Ref } from '../model/ref.js'

/**
 * A call with its Refs filled in from what is known by now, and its times from the clock.
 *
 * @param now  what o'clock it is, as ISO says it
 */
export const ready = (call: Call, known: ReadonlyMap<Address, Made>, now?: () => string): ReadyCall => {
  const valueOf = ({ $ref, field }: Ref): string => {
    const value = known.get($ref)?.[field]
    if (value === undefined || value === '') throw new Error(`nobody knows the ${field} of ${$ref} yet`)
    return value
  }
  const timeIn = (seconds: number): string => {
    if (now === undefined) throw new Error("nobody knows what o'clock it is")
    return new Date(Date.parse(now()) + seconds * 1_000).toISOString()
  }
  const filled = (value: CallValue): Json => {
    if (isRef(value)) return valueOf(value)
    if (isFromNow(value)) return timeIn(value.$fromNow)
    if (isJsonText(value)) return JSON.stringify(filled(value.$json))
    if (isSignedText(value)) return { ...value, $signed: filled(value.$signed) } // signed when all of it is known
    if (Array.isArray(value)) return (value as readonly CallValue[]).map(filled)
    if (typeof value === 'object' && value !== null) return filledFields(value as Fields)
    return value
  }
  const filledFields = (fields: Fields): Record<string, Json> =>
    Object.fromEntries(
      Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, filled(value)]])),
    )
  return call.via === 'rest'
    ? {
        ...call,
        path: call.path.map((part) => (isRef(part) ? valueOf(part) : part)),
        body: filledFields(call.body),
      }
    : { ...call, input: filledFields(call.input) }
}

type Fields = Readonly<Record<string, CallValue | undefined>>
