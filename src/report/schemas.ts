import written from './schemas.json' with { type: 'json' }
import type { Answers } from './told.js'

type Schema = Readonly<Record<string, unknown>>

const answers: Readonly<Record<keyof Answers, Schema>> = written.answers
const parts: Readonly<Record<string, Schema>> = written.$defs

const ahead = '#/$defs/'

/** The names of the parts that a schema asks for. */
const askedIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) =>
    key === '$ref' && typeof inner === 'string' ? [inner.slice(ahead.length)] : askedIn(inner),
  )
}

/** Those, and what they ask for in turn. */
const partsOf = (schema: Schema): ReadonlySet<string> => {
  const needed = new Set(askedIn(schema))
  for (const name of needed) for (const more of askedIn(parts[name])) needed.add(more)
  return needed
}

/** The JSON Schema of what bridle answers under that name, draft 2020-12, with nothing in it that the answer never has. */
export const answerSchema = (name: keyof Answers): object => {
  const schema = answers[name]
  const needed = partsOf(schema)
  const $defs = Object.fromEntries(Object.entries(parts).filter(([part]) => needed.has(part)))
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: `bridle ${name}`,
    ...schema,
    ...(needed.size > 0 && { $defs }),
  }
}
