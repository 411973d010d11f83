import type { Json } from '../model/json.js'
import { quoted, visible } from './escape.js'

/** A value on one line, as in a plan: `nothing`, `true`, `"main"`, `["a", "b"]`, `{ queue: "deploy" }`. */
export const inline = (value: Json): string => {
  if (value === null) return 'nothing'
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object') return String(value)
  if (isReference(value)) return `‹${value.field} of ${visible(value.$ref)}›`
  if (isList(value)) return value.length === 0 ? 'none' : `[${value.map(inline).join(', ')}]`
  const entries = Object.entries(value).flatMap(([key, one]) =>
    one === undefined ? [] : [`${visible(key)}: ${inline(one)}`],
  )
  return entries.length === 0 ? 'none' : `{ ${entries.join(', ')} }`
}

/** What stands for an id: people go by names. */
const isReference = (value: object): value is { readonly $ref: string; readonly field: string } =>
  '$ref' in value && typeof value.$ref === 'string' && 'field' in value && typeof value.field === 'string'

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`)

/** A value in lines, for one that is too long for one line or has several: a text's own lines, or one entry a line. */
export const block = (value: Json): string[] => {
  if (typeof value === 'string') return value.replace(/\n$/, '').split('\n').map(visible)
  if (value === null || typeof value !== 'object' || isReference(value)) return [inline(value)]
  if (isList(value)) return value.flatMap((one) => entry('-', one))
  return Object.entries(value).flatMap(([key, one]) =>
    one === undefined ? [] : entry(`${visible(key)}:`, one),
  )
}

const entry = (name: string, value: Json) => {
  const line = `${name} ${inline(value)}`
  return line.length <= longest ? [line] : [name, ...indented(block(value))]
}

/** In characters: what a line holds before a value is shown in lines of its own. */
const longest = 100

/** Whether a value reads better in lines of its own. */
export const isLong = (value: Json): boolean =>
  (typeof value === 'string' && value.replace(/\n$/, '').includes('\n')) || inline(value).length > longest
