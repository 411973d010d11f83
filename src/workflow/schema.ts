import { jsonSchema } from '../config/schema.js'

/** The JSON Schema of every file, for editors. */
export const schema = (): object => jsonSchema()
