import type * as z from 'zod'
import { MISSING } from './fields.js'
import { speaksJson, type Service } from './operation.js'
import { AwsRefused } from './refused.js'

const lowered = (name: string) => name.charAt(0).toLowerCase() + name.slice(1)

/** `tags.2.member.key` */
const placeOf = (path: readonly PropertyKey[]) =>
  path.map((part) => (typeof part === 'number' ? `${part + 1}.member` : lowered(String(part)))).join('.')

const said = ({ path, message }: z.core.$ZodIssue) => {
  const place = placeOf(path)
  return message === MISSING
    ? `Value null at '${place}' failed to satisfy constraint: ${MISSING}`
    : `Value at '${place}' failed to satisfy constraint: ${message}`
}

/** What is asked, or the no of a service to what it can't read. */
export const readInput = (service: Service, input: z.ZodType, given: unknown): unknown => {
  const parsed = input.safeParse(given)
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  throw new AwsRefused(
    speaksJson(service) ? 'ValidationException' : 'ValidationError',
    `${issues.length} validation error${issues.length === 1 ? '' : 's'} detected: ${issues.map(said).join('; ')}`,
  )
}
