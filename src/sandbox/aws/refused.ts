/** A no from AWS, by the code that clients look for. */
export class AwsRefused extends Error {
  override readonly name = 'AwsRefused'
  readonly code: string
  readonly status: number

  constructor(code: string, message: string, status = 400) {
    super(message)
    this.code = code
    this.status = status
  }
}

export const noSuchEntity = (message: string) => new AwsRefused('NoSuchEntity', message, 404)

export const alreadyExists = (message: string) => new AwsRefused('EntityAlreadyExists', message, 409)

export const limitExceeded = (message: string) => new AwsRefused('LimitExceeded', message, 409)

export const deleteConflict = (message: string) => new AwsRefused('DeleteConflict', message, 409)

export const invalidInput = (message: string) => new AwsRefused('InvalidInput', message)

export const malformed = (message: string) => new AwsRefused('MalformedPolicyDocument', message)
