import type { AnyKind } from '../../kinds/kind.js'
import type { Json } from '../../model/json.js'
import { isFields, type Fields, type Worded } from './worded.js'

/** What is about one thing, however many say the same. */
const ofOne: ReadonlySet<string> = new Set([
  'name',
  'description',
  'emoji',
  'color',
  'tags',
  'repository',
  'steps',
  'steps_file',
  'message',
])

/** As many things as this make a setting of theirs a default. */
const fewest = 3

/**
 * What most things of a kind have in common, once, and the things without it. Only what all of them have can be a
 * default: it would give the others something that they do not have.
 */
export const withDefaults = (
  things: readonly Worded[],
): { readonly defaults: ReadonlyMap<string, Fields>; readonly rest: readonly Worded[] } => {
  const byKind = new Map<AnyKind, Worded[]>()
  for (const one of things) byKind.set(one.kind, [...(byKind.get(one.kind) ?? []), one])
  const defaults = new Map<string, Fields>()
  const rest: Worded[] = []
  for (const [kind, some] of byKind) {
    const values = some.map(({ value }) => value)
    if (kind.listed !== undefined || some.length < fewest || !values.every(isFields)) {
      rest.push(...some)
      continue
    }
    const shared = sharedBy(values, kind.merged ?? [])
    if (Object.keys(shared).length > 0) defaults.set(kind.plural, shared)
    rest.push(...some.map((one) => ({ ...one, value: apartFrom(one.value as Fields, shared) })))
  }
  return { defaults, rest }
}

const sharedBy = (values: readonly Fields[], merged: readonly string[]): Fields => {
  const [first] = values
  return Object.fromEntries(
    Object.keys(first ?? {}).flatMap((field): [string, Json][] => {
      const all = values.map((one) => one[field])
      if (ofOne.has(field) || all.some((one) => one === undefined)) return []
      if (merged.includes(field) && all.every(isFields)) {
        const inner = sharedBy(all, [])
        return Object.keys(inner).length === 0 ? [] : [[field, inner]]
      }
      // Maps are laid over each other, so one that only some have would be mixed with the others'.
      if (all.some(isFields)) return []
      const most = mostOf(all as readonly Json[])
      return most === undefined ? [] : [[field, most]]
    }),
  )
}

/** The value that more than half have. */
const mostOf = (values: readonly Json[]): Json | undefined => {
  const counts = new Map<string, number>()
  for (const one of values) {
    const text = JSON.stringify(one)
    counts.set(text, (counts.get(text) ?? 0) + 1)
  }
  const [text, count = 0] = [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))[0] ?? []
  return text !== undefined && count >= fewest && count * 2 > values.length
    ? (JSON.parse(text) as Json)
    : undefined
}

/** What defaults give a thing need not be said again; what they would give it, and it has not, is taken away. */
export const apartFrom = (value: Fields, defaults: Fields): Fields => ({
  ...Object.fromEntries(
    Object.entries(value).flatMap(([field, one]): [string, Json][] => {
      const common = defaults[field]
      if (isFields(common) && isFields(one)) {
        const inner = apartFrom(one, common)
        return Object.keys(inner).length === 0 ? [] : [[field, inner]]
      }
      return JSON.stringify(common) === JSON.stringify(one) ? [] : [[field, one]]
    }),
  ),
  ...Object.fromEntries(
    Object.keys(defaults).flatMap((field) => (value[field] === undefined ? [[field, null] as const] : [])),
  ),
})
