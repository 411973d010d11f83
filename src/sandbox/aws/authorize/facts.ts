import type { Facts } from '../operation.js'

/** The values of a condition key, in whatever case it is asked for; nothing where the request has none. */
export type Lookup = (key: string) => readonly string[] | undefined

/** Later facts win over earlier ones. A key without any value is a key that is not there. */
export const lookupIn = (...all: readonly Facts[]): Lookup => {
  const known = new Map<string, readonly string[]>()
  for (const facts of all)
    for (const [key, value] of Object.entries(facts)) {
      if (value === undefined) continue
      const values = typeof value === 'string' ? [value] : value
      if (values.length > 0) known.set(key.toLowerCase(), values)
    }
  return (key) => known.get(key.toLowerCase())
}
