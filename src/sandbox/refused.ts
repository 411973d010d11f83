/**
 * A no from Buildkite to a request it understood. GraphQL prints it as an error of the mutation, REST with its status.
 *
 * `located: false`: printed without `locations` and `path`, as a few of the real ones are.
 */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly located: boolean
  readonly status: number
  readonly errors: readonly FieldError[] | undefined

  constructor(
    message: string,
    how: { located?: boolean; status?: number; errors?: readonly FieldError[] } = {},
  ) {
    super(message)
    this.located = how.located ?? true
    this.status = how.status ?? 422
    this.errors = how.errors
  }
}

/** One entry of `errors` in a REST 422. */
export interface FieldError {
  readonly field: string
  readonly code: string
  readonly value?: unknown
}

/** The body of the REST answer to a refused request. The message is in the errors where there are any. */
export const refusedBody = ({ message, errors }: Refused) =>
  errors ? { message: 'Validation Failed', errors } : { message }
