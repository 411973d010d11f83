import type { Json } from '../../model/json.js'

/**
 * A policy as IAM sends it, which is JSON behind percent signs; other servers leave those out.
 *
 * @returns undefined where there is none, or where it is no JSON
 */
export const documentIn = (text: string | undefined): Json | undefined => {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text.trimStart().startsWith('{') ? text : decodeURIComponent(text)) as Json
  } catch {
    return undefined
  }
}

/** The same text for all that IAM takes for the same document: it keeps no order, and no lists of one. */
const canonical = (value: Json): string => {
  if (Array.isArray(value)) {
    const all = value.map((one) => canonical(one as Json)).sort()
    return all.length === 1 ? (all[0] ?? '') : `[${all.join(',')}]`
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([name, field]) => `${JSON.stringify(name)}:${canonical(field as Json)}`).join(',')}}`
}

/** Whether two readings of a document are of the same one: IAM gives lists in another order from one time to the next. */
export const isSameDocument = (one: Json | undefined, other: Json | undefined): boolean =>
  one === undefined || other === undefined ? one === other : canonical(one) === canonical(other)
