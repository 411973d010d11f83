import * as z from 'zod'

/**
 * The same schema for a part of the whole: no key of a map is required, and each may be null. What is written in one
 * place is completed from others, and `null` takes away what another gave.
 */
export const lenient = (schema: z.ZodType): z.ZodType => {
  const inner = unwrapped(schema)
  const meta = schema.meta() ?? inner.meta()
  const lax =
    inner instanceof z.ZodObject ? laxObject(inner) : inner instanceof z.ZodRecord ? laxRecord(inner) : inner
  return meta === undefined || lax === inner ? lax : lax.meta(meta)
}

/** One value of a map: it may be left out, or be null. */
const leniently = (schema: z.ZodType): z.ZodType => {
  const lax = z.nullable(lenient(schema)).optional()
  const meta = schema.meta() ?? unwrapped(schema).meta()
  return meta?.description === undefined ? lax : lax.meta({ description: meta.description })
}

const laxObject = (schema: z.ZodObject): z.ZodType => {
  const shape = Object.fromEntries(
    Object.entries(schema.shape).map(([key, value]) => [key, leniently(value as z.ZodType)]),
  )
  const rest = schema.def.catchall
  return rest === undefined ? z.strictObject(shape) : z.object(shape).catchall(rest as z.ZodType)
}

const laxRecord = (schema: z.ZodRecord): z.ZodType =>
  z.record(schema.keyType as z.ZodString, z.nullable(lenient(schema.valueType as z.ZodType)))

/** The schema inside "may be left out", "may be null" and "is this if it is left out". */
export const unwrapped = (schema: z.ZodType): z.ZodType =>
  schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodDefault
    ? unwrapped(schema.unwrap() as z.ZodType)
    : schema
