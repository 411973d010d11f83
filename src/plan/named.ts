import type { Address } from '../model/address.js'
import type { PlannedChange } from '../model/change.js'
import type { Json } from '../model/json.js'
import type { Live } from '../model/live.js'
import { uuidOf } from '../model/ref.js'

const names = new WeakMap<ReadonlyMap<Address, unknown>, ReadonlyMap<string, Address>>()

/** By uuid, what is there: of the kinds that a policy speaks of. */
const namesIn = (present: ReadonlyMap<Address, Live<unknown>>): ReadonlyMap<string, Address> => {
  const known = names.get(present)
  if (known !== undefined) return known
  const found = new Map(
    [...present].flatMap(([address, { uuid }]) =>
      /^(cluster|queue|pipeline):/.test(address) ? [[uuid, address] as const] : [],
    ),
  )
  names.set(present, found)
  return found
}

/** A change as people read it: where a policy speaks of a uuid that is there, its name stands. One that is not stays. */
export const named = (
  planned: PlannedChange,
  present: ReadonlyMap<Address, Live<unknown>>,
): PlannedChange => {
  const byUuid = namesIn(present)
  const spoken = (value: Json): Json => {
    if (typeof value === 'string') {
      const address = byUuid.get(value)
      return address === undefined ? value : { ...uuidOf(address) }
    }
    if (Array.isArray(value)) return (value as readonly Json[]).map(spoken)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, inner === undefined ? inner : spoken(inner)]),
    )
  }
  return {
    ...planned,
    fields: planned.fields.map(({ before, after, ...rest }) => ({
      ...rest,
      ...(before === undefined ? {} : { before: spoken(before) }),
      after: spoken(after),
    })),
  }
}
