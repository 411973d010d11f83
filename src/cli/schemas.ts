import { answerSchema } from '../report/schemas.js'
import { isPaper, paperSchema } from '../workflow/schema.js'
import { nearestOf } from './nearest.js'
import { schemaNames, type SchemaName } from './schema-names.js'

const isSchema = (name: string): name is SchemaName => schemaNames.some((one) => one === name)

/** The JSON Schema of what a person writes, of what bridle keeps, or of what a command answers; none of anything else. */
export const schemaOf = (name: string): object | undefined => {
  if (!isSchema(name)) return undefined
  return isPaper(name) ? paperSchema(name) : answerSchema(name)
}

/** The one that was most likely meant: no further off than half its letters. */
export const nearestSchema = (typed: string): string | undefined => nearestOf(typed, schemaNames)
