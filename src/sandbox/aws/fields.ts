import * as z from 'zod'

// What fields may hold, with the words in which AWS says that they do not.

const least = (count: number) => `Member must have length greater than or equal to ${count}`
const most = (count: number) => `Member must have length less than or equal to ${count}`

/** What is missing is said in other words: `said` in reading.ts knows it by these. */
export const MISSING = 'Member must not be null'

interface Bounds {
  readonly min?: number
  readonly max?: number
  readonly pattern?: RegExp
}

export const text = ({ min = 1, max = 100_000, pattern }: Bounds = {}) => {
  const bounded = z.string(MISSING).min(min, least(min)).max(max, most(max))
  return pattern === undefined
    ? bounded
    : bounded.regex(
        new RegExp(`^(?:${pattern.source})$`, pattern.flags),
        `Member must satisfy regular expression pattern: ${pattern.source}`,
      )
}

const NAME = /[\w+=,.@-]+/

export const name64 = text({ max: 64, pattern: NAME })
/** Of a profile or a policy. */
export const name128 = text({ max: 128, pattern: NAME })
export const path = text({ max: 512, pattern: /(\/)|(\/[!-\u007F]+\/)/ })
export const arn = text({ min: 20, max: 2048 })
export const description = text({ min: 0, max: 1000, pattern: /[\t\n\r -~\u00a1-\u00ff]*/ })
/** Anything that IAM reads as a policy; its size is looked at later, without its white space. */
export const documentText = text({ max: 131_072, pattern: /[\t\n\r -\u00ff]+/ })

/** A list, which a form leaves blank when there is nothing in it. */
export const list = <Of extends z.ZodType>(of: Of, atMost = 10_000) =>
  z.preprocess((given) => (given === '' ? [] : given), z.array(of).max(atMost, most(atMost)))

const tagKey = text({ max: 128, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]+/u })
const tagValue = text({ min: 0, max: 256, pattern: /[\p{L}\p{Z}\p{N}_.:/=+\-@]*/u })
export const tag = z.object({ Key: tagKey, Value: tagValue })
export const tagsField = list(tag, 50)
export const tagKeys = list(tagKey, 50)

/** A number, which a form holds as text. */
export const number = (low: number, high: number) =>
  z.coerce
    .number()
    .int()
    .min(low, `Member must have value greater than or equal to ${low}`)
    .max(high, `Member must have value less than or equal to ${high}`)

/** Yes or no, which a form holds as text. */
export const flag = z.preprocess(
  (given) => (typeof given === 'string' ? given === 'true' : given),
  z.boolean(),
)

export const paging = {
  MaxItems: number(1, 1000).optional(),
  Marker: text({ max: 2000 }).optional(),
}
