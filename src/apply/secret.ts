import type { Call, CallValue } from '../model/call.js'
import type { Step } from '../model/plan.js'
import { isRef } from '../model/ref.js'

/** Which steps keep what another has said once: by the step that says it, where it can be taken back. */
export const keepersOf = (steps: readonly Step[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    steps.flatMap(({ id, address, call }): [string, string[]][] => {
      if (call.undo === undefined) return []
      const keepers = steps.filter((other) => namesSecretOf(other.call, address)).map((other) => other.id)
      return keepers.length === 0 ? [] : [[id, keepers]]
    }),
  )

const namesSecretOf = (call: Call, address: string): boolean => {
  const names = (value: CallValue | undefined): boolean => {
    if (isRef(value)) return value.field === 'secret' && value.$ref === address
    if (Array.isArray(value)) return (value as readonly CallValue[]).some(names)
    return typeof value === 'object' && value !== null && Object.values(value).some(names)
  }
  return names(call.via === 'rest' ? call.body : call.input)
}
