import type { Address } from './address.js'

/** Why a conversation with an API ended badly. */
export type RefusalReason =
  | 'unauthenticated' // no token, or one that is not known any more
  | 'missing-scope' // the token may not say this
  | 'forbidden' // the token's user may not do this
  | 'not-found' // no such organization or object, or none that this identity may see
  | 'invalid' // understood, and refused by a rule of the API
  | 'rate-limited' // still refused after waiting for the window to turn
  | 'unavailable' // 5xx, or busy, after every retry
  | 'unreachable' // no connection, or no answer in time
  | 'unreadable' // an answer that is not what the API is documented to say
  | 'incomplete' // a list that ended early, or whose parts disagree
  | 'untrusted-endpoint' // a host that the token may not be sent to
  | 'wrong-account' // an AWS account, or a partition, that is not the declared one
  | 'interrupted' // a person asked to stop

/** A no from Buildkite or AWS: the one kind of error that is thrown. `workflow` turns it into a finding. */
export class Refusal extends Error {
  readonly reason: RefusalReason
  /** Whose no it is. */
  readonly api: 'buildkite' | 'aws'
  /** The operation, or the REST method and path; of AWS as IAM calls it, `iam:CreateRole`. */
  readonly call: string
  readonly address: Address | undefined
  readonly requestId: string | undefined
  readonly status: number | undefined
  /** The scope, or the IAM action, that the API asked for, where it named one. */
  readonly scope: string | undefined
  /** True if the call may have been carried out although no answer came. */
  readonly perhapsDone: boolean

  constructor(
    reason: RefusalReason,
    message: string,
    facts: {
      call: string
      api?: 'buildkite' | 'aws'
      address?: Address
      requestId?: string
      status?: number
      scope?: string
      perhapsDone?: boolean
      cause?: unknown
    },
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'Refusal'
    this.reason = reason
    this.api = facts.api ?? 'buildkite'
    this.call = facts.call
    this.address = facts.address
    this.requestId = facts.requestId
    this.status = facts.status
    this.scope = facts.scope
    this.perhapsDone = facts.perhapsDone ?? false
  }
}
