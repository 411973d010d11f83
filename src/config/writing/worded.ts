import * as z from 'zod'
import { starsIn, writtenKinds, type AnyKind } from '../../kinds/index.js'
import type { Json } from '../../model/json.js'
import type { Live } from '../../model/live.js'
import { redact } from '../../model/redact.js'
import { issuer } from '../../policy/principal.js'
import { nameFault } from '../name.js'

/** What is written of a thing with fields. */
export type Fields = Readonly<Record<string, Json>>

/** What is in Buildkite. */
export const imported: readonly AnyKind[] = writtenKinds.filter(({ provider }) => provider === 'buildkite')

/** What is in AWS, in accounts that a person has declared: what has to do with Buildkite, and nothing else. */
export const fromAccounts: readonly AnyKind[] = writtenKinds.filter(({ name }) =>
  ['role', 'oidc-provider'].includes(name),
)

/** Whether something in AWS has to do with Buildkite: it is Buildkite's provider, or trusts what that vouches for. */
export const isOfBuildkite = ({ key, spec }: Live<unknown>): boolean => {
  const { trust } = spec as { readonly trust?: Json }
  return key.endsWith(issuer) || JSON.stringify(trust ?? null).includes(issuer)
}

/** What a file can't say of something that is there. */
export interface Left {
  /** A field, or a key of it: `provider_settings.filter`. Missing where it is the whole thing. */
  readonly field?: string
  /** A clause: "bridle does not know the value". */
  readonly why: string
}

/** Something that is there, as a person would write it. */
export interface Worded {
  readonly kind: AnyKind
  readonly key: string
  /** The names on the way to it. Of one in a list of lists, the last one is the list. */
  readonly names: readonly string[]
  /** Undefined where it can't be written at all. */
  readonly value?: Json
  readonly left: readonly Left[]
}

/**
 * What of something that is there can be written, and what can't: a value that bridle does not know is not written, so it
 * stays as it is. Nothing is written of what is empty or off.
 *
 * @param isWhole  true where that is written, too: for what a file speaks of already
 */
export const wordedOf = (kind: AnyKind, { key, spec }: Live<unknown>, isWhole = false): Worded => {
  const said = spec as Readonly<Record<string, unknown>>
  const { names, written } = kind.worded?.(said) ?? plainly(kind, said)
  const whole = (why: string): Worded => ({ kind, key, names, left: [{ why }] })
  if (said['nth'] !== undefined) return whole('another one has its name, and files tell them apart by that')
  const fault = names.map(nameFault).find((one) => one !== undefined)
  if (fault !== undefined) return whole(`its name ${fault}`)
  if (names.some((name) => redact(name) !== name)) return whole('its name holds a secret')
  const left: Left[] = []
  const value = asFieldsGo(
    kind,
    withoutSecrets(isWhole ? known(written) : quiet(kind, written, names.at(-1)), left),
    left,
  )
  if (value === undefined) return whole(left[0]?.why ?? 'bridle does not know what it says')
  const objections = kind.check?.(kind.spec(names, value)) ?? []
  const ofIts = objections.find(({ field }) => kind.identity.includes(field))
  if (ofIts !== undefined) return whole(ofIts.what)
  for (const { field, what } of objections) left.push({ field, why: what })
  const refused = new Set(objections.map(({ field }) => field))
  const rest = isFields(value)
    ? Object.fromEntries(Object.entries(value).filter(([field]) => !refused.has(field)))
    : value
  return { kind, key, names, value: rest, left }
}

/** Where something stands in a file: stars, one after another, replaced by names. Of one in a list it is the list. */
export const pathOf = ({ kind: { place, listed }, names }: Pick<Worded, 'kind' | 'names'>): string[] => {
  let at = 0
  const path = place.map((step) => (step === '*' ? (names[at++] ?? '') : step))
  return listed === undefined ? path : [...path.slice(0, -1), ...(listed === true ? [] : names.slice(-1))]
}

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The fields that can be written, in the order in which people read about them. */
const plainly = (kind: AnyKind, spec: Readonly<Record<string, unknown>>) => {
  const stars = kind.listed === true ? 0 : starsIn(kind)
  const shape = kind.written instanceof z.ZodObject ? Object.keys(kind.written.shape) : []
  return {
    names: kind.identity.slice(0, stars).map((field) => String(spec[field])),
    written: Object.fromEntries(
      shape.flatMap((field) => (spec[field] === undefined ? [] : [[field, spec[field]] as const])),
    ),
  }
}

/** Without what could not be read. */
const known = (written: unknown): unknown =>
  typeof written === 'object' && written !== null
    ? Object.fromEntries(Object.entries(written).filter(([, value]) => value !== undefined))
    : written

const isNothing = (value: unknown): boolean =>
  value == null ||
  value === '' ||
  (Array.isArray(value) && value.length === 0) ||
  (isFields(value) && Object.keys(value).length === 0)

/**
 * Without what says nothing: empty fields, what changes by itself, a name that repeats the key, and what is off, unless the
 * kind itself thinks that worth saying of a new one or of one in a privileged place.
 */
const quiet = (kind: AnyKind, written: unknown, name: string | undefined): unknown => {
  if (!isFields(written)) return written
  const loud: Fields = { ...kind.whenPrivileged?.({}), ...(kind.atCreation?.({}) as Fields | undefined) }
  const isLoud = (of: Json | undefined, field: string) => isFields(of) && Object.hasOwn(of, field)
  const isQuiet = (field: string, value: unknown, of: Json | undefined) =>
    isNothing(value) || (value === false && !isLoud(of, field))
  const fields = Object.entries(written).map(([field, value]) => {
    if (!isFields(value) || kind.merged?.includes(field) !== true) return [field, value] as const
    const [creation, guarded]: (Fields | undefined)[] = [
      kind.atCreation?.({}),
      kind.whenPrivileged?.({}),
    ] as Fields[]
    const worth = { ...fieldsIn(guarded?.[field]), ...fieldsIn(creation?.[field]) }
    const kept = Object.entries(value).filter(([key, one]) => !isQuiet(key, one, worth))
    return [field, Object.fromEntries(kept)] as const
  })
  return Object.fromEntries(
    fields.filter(
      ([field, value]) =>
        !isQuiet(field, value, loud) &&
        kind.volatile?.includes(field) !== true &&
        !(field === 'name' && value === name),
    ),
  )
}

const fieldsIn = (value: Json | undefined): Fields => (isFields(value) ? value : {})

/** No secret goes into a file, whoever put it where it was found. */
const withoutSecrets = (written: unknown, left: Left[]): unknown => {
  const hides = (value: unknown) => redact(JSON.stringify(value)) !== JSON.stringify(value)
  if (!isFields(written)) return written
  return Object.fromEntries(
    Object.entries(written).filter(([field, value]) => {
      if (!hides(value)) return true
      left.push({ field, why: 'it holds a secret' })
      return false
    }),
  )
}

/** So often something is taken out, and no more. */
const mostFaults = 200

/** What the kind takes of it. What it does not know is named, and left out. */
const asFieldsGo = (kind: AnyKind, written: unknown, left: Left[]): Json | undefined => {
  let value = written as Json
  for (let i = 0; i < mostFaults; i += 1) {
    const read = (kind.written as z.ZodType).safeParse(value)
    if (read.success) return value
    const [issue] = read.error.issues
    const path = issue?.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]] : (issue?.path ?? [])
    const keys = path.filter((step) => step !== undefined).map(String)
    if (keys.length === 0 || !isFields(value)) return undefined
    const less = without(value, keys)
    // What can't be done without, and is not known, leaves nothing to write.
    if (JSON.stringify(less) === JSON.stringify(value)) return undefined
    left.push({ field: keys.join('.'), why: `bridle does not know what it says: ${said(value, keys)}` })
    value = less
  }
  return undefined
}

const longest = 60

const said = (value: Json, [key, ...rest]: readonly string[]): string => {
  if (key !== undefined && typeof value === 'object' && value !== null)
    return said((value as Fields)[key] ?? null, rest)
  const text = redact(JSON.stringify(value))
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** Without what is at a path; of a list, without all of it. */
const without = (value: Fields, [key = '', ...rest]: readonly string[]): Fields => {
  const inner = value[key]
  const kept = rest.length > 0 && isFields(inner) ? without(inner, rest) : undefined
  const others = Object.entries(value).flatMap(([name, one]) =>
    name !== key ? [[name, one] as const] : kept === undefined ? [] : [[name, kept] as const],
  )
  return Object.fromEntries(others)
}
