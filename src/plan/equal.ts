import type { AnyKind } from '../kinds/index.js'
import type { FieldChange } from '../model/change.js'
import type { Json } from '../model/json.js'

type Spec = Readonly<Record<string, unknown>>

const isMap = (value: unknown): value is Spec =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Buildkite keeps blank and missing texts apart in some answers and not in others, so nobody here does. */
const isBlank = (value: unknown) => value === null || value === ''

const sameData = (a: unknown, b: unknown): boolean => {
  if (a === b || (isBlank(a) && isBlank(b))) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, i) => sameData(item, b[i]))
  if (isMap(a) && isMap(b)) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)])
    return [...keys].every((key) => sameData(a[key], b[key]))
  }
  return false
}

/** To want nothing of what there is not is no difference: not every provider has every switch. */
const sameEntry = (want: unknown, have: unknown) =>
  have === undefined ? want === false || isBlank(want) : sameData(want, have)

/** What of a wanted spec is not so: the fields to send, the same as a person reads them, and what could not be read. */
export interface Differing {
  readonly want: Spec
  readonly fields: readonly FieldChange[]
  readonly unreadable: readonly string[]
}

/** Compares the written fields of a want with what is there. */
export const differing = (kind: AnyKind, want: Spec, have: Spec): Differing => {
  const differ: Record<string, unknown> = {}
  const fields: FieldChange[] = []
  const unreadable: string[] = []
  const same = (kind.diff ?? {}) as Readonly<
    Record<string, ((want: unknown, have: unknown) => boolean) | undefined>
  >

  const show = (kind.show ?? {}) as Readonly<
    Record<string, ((want: unknown, have: unknown) => { before?: Json; after: Json }) | undefined>
  >

  for (const [field, wanted] of Object.entries(want)) {
    if (wanted === undefined || kind.identity.includes(field)) continue
    const had = have[field]
    if (had === undefined) {
      unreadable.push(field)
    } else if (kind.merged?.includes(field) && isMap(wanted) && isMap(had)) {
      const changed = Object.entries(wanted).filter(
        ([key, value]) => value !== undefined && !sameEntry(value, had[key]),
      )
      if (changed.length > 0) differ[field] = Object.fromEntries(changed)
      const none = kind.entire?.includes(field) ? null : undefined
      for (const [key, value] of changed) fields.push(fieldChange(`${field}.${key}`, had[key] ?? none, value))
    } else if (!(same[field] ? same[field](wanted, had) : sameData(wanted, had))) {
      differ[field] = wanted
      const shown = show[field]?.(wanted, had)
      // What changes by itself is not shown as it was: a reviewed plan would be stale by the next build.
      const before = kind.volatile?.includes(field) ? undefined : had
      fields.push(shown === undefined ? fieldChange(field, before, wanted) : { field, ...shown })
    }
  }
  return { want: differ, fields, unreadable }
}

/** A field as a plan shows it. Undefined before means that it could not be read. */
const fieldChange = (field: string, before: unknown, after: unknown): FieldChange => ({
  field,
  ...(before === undefined ? {} : { before: before as Json }),
  after: after as Json,
})

const isNothing = (value: unknown) => value == null || (Array.isArray(value) && value.length === 0)

/** Every field of something new, from nothing. To say that nothing is there is no change. */
export const allFields = (kind: AnyKind, spec: Spec): FieldChange[] =>
  Object.entries(spec)
    .filter(([field, value]) => !isNothing(value) && !kind.identity.includes(field))
    .flatMap(([field, value]) =>
      kind.merged?.includes(field) && isMap(value)
        ? Object.entries(value).map(([key, inner]) => fieldChange(`${field}.${key}`, null, inner))
        : [fieldChange(field, null, value)],
    )
