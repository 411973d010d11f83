// Writes the JSON Schemas of what bridle answers, from the types that the answers have: the sentence over a type is what
// its schema says of it. With --check it writes nothing, and fails if what is there is stale.
import { createGenerator } from 'ts-json-schema-generator'
import { fileURLToPath } from 'node:url'
import { write } from './written.mjs'

const at = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url))

const { definitions } = createGenerator({
  path: at('src/report/told.ts'),
  tsconfig: at('tsconfig.json'),
  type: 'Answers',
  skipTypeCheck: true, // `npm run types` does that
  jsDoc: 'extended',
  encodeRefs: false,
}).createSchema('Answers')

/** A key that may be undefined is not there in JSON. */
const isNothing = (schema) => JSON.stringify(schema) === '{"not":{}}'

/** As today's JSON Schema says it: zod, which makes the others, does so too. */
const modern = (value) => {
  if (Array.isArray(value)) return value.filter((one) => !isNothing(one)).map(modern)
  if (value === null || typeof value !== 'object') return value
  if (value.anyOf?.some(isNothing)) {
    const anyOf = value.anyOf.filter((one) => !isNothing(one))
    return modern(anyOf.length === 1 ? anyOf[0] : { ...value, anyOf })
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string' // a Ref of ours has a key of that name, too
        ? [key, inner.replace('#/definitions/', '#/$defs/')]
        : [key, modern(inner)],
    ),
  )
}

/** `Told<Planned>` is what one command says and no part of anything else: it stands where it is said. */
const isWhole = (name) => name.startsWith('Told<')

const { Answers, ...parts } = definitions
const inPlace = ({ $ref, ...said }) => {
  const name = $ref?.replace('#/definitions/', '')
  if (name === undefined || !isWhole(name)) return { ...($ref && { $ref }), ...said }
  return { ...definitions[name], description: undefined, ...said }
}
const entries = (object, each) =>
  Object.fromEntries(Object.entries(object).map(([key, one]) => [key, each(one)]))
const sorted = (object) =>
  Object.fromEntries(
    Object.entries(object)
      .filter(([name]) => !isWhole(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  )

const schemas = {
  $comment: 'Written by `npm run schemas` from src/report/told.ts and the types that it names. Change those.',
  answers: modern(entries(Answers.properties, inPlace)),
  $defs: modern(sorted(parts)),
}

write('src/report/schemas.json', `${JSON.stringify(schemas, null, 1)}\n`, 'npm run schemas')
