import * as z from 'zod'

export const uuid = z.uuid()
export const text = z.string().nullable()
export const time = z.iso.datetime()
export const maybe = <T extends z.ZodType>(type: T) => type.nullable()

/** Every row: who it is, its place in the order of making, when it was made and by which user. */
export const made = { uuid, serial: z.int(), createdAt: time, createdBy: maybe(uuid) }

export const row = <S extends z.ZodRawShape>(shape: S) => z.strictObject({ ...made, ...shape }).readonly()
