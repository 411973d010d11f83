/** What a person has agreed to beforehand. */
export interface Consent {
  /** The number of removals of one kind that a person has agreed to. */
  readonly maxRemoved: number
  /** Addresses of what may go although it is used. */
  readonly removeUsed?: ReadonlySet<string>
}
