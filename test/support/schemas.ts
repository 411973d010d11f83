import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { parse } from 'yaml'
import { schemaNames, type SchemaName } from '../../src/cli/schema-names.js'
import { schemaOf } from '../../src/cli/schemas.js'
import type { Result } from '../../src/model/result.js'

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, formats: { uuid: true, 'date-time': true } })
const compiled = new Map<SchemaName, ValidateFunction>()

const checkOf = (name: SchemaName): ValidateFunction => {
  const check = compiled.get(name) ?? ajv.compile(schemaOf(name)!)
  compiled.set(name, check)
  return check
}

/** What the schema of that name does not allow in some data. */
export const complaints = (name: SchemaName, data: unknown): string[] => {
  const check = checkOf(name)
  check(data)
  return (check.errors ?? []).map(
    ({ instancePath, message, params }) =>
      `${name}${instancePath} ${message ?? ''} ${JSON.stringify(params)}`,
  )
}

interface Shape {
  readonly properties?: { readonly result?: { readonly const?: Result['result'] } }
}

/** The command that answers with a kind of result. */
export const answersWith: ReadonlyMap<Result['result'], SchemaName> = new Map(
  schemaNames.flatMap((name) => {
    const kind = (schemaOf(name) as Shape).properties?.result?.const
    return kind === undefined ? [] : [[kind, name] as const]
  }),
)

const papers: Readonly<Record<string, SchemaName>> = {
  plan: 'plan-file',
  lock: 'lock-file',
  evidence: 'evidence-file',
  snapshot: 'snapshot-file',
  host: 'host-report',
}

/**
 * What the schemas do not allow in files that say what they are; of the others nothing.
 *
 * @param isTyped  whether somebody has typed a text, and bridle has not written it
 */
export const complaintsAboutFiles = (
  files: Readonly<Record<string, string>>,
  isTyped: (text: string) => boolean,
): string[] =>
  Object.entries(files).flatMap(([file, text]) => {
    if (isTyped(text)) return []
    const [, word = ''] = /"?format"?: ?"?bridle\.([a-z]+)\/\d/.exec(text) ?? []
    const name = papers[word]
    return name === undefined ? [] : complaints(name, parse(text)).map((said) => `${file}: ${said}`)
  })
