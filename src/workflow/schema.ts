import { jsonSchema } from '../config/schema.js'
import { kinds } from '../kinds/index.js'

/** The JSON Schema of every file, for editors. */
export const schema = (): object => jsonSchema(kinds)
