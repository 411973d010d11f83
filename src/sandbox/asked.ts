/** What a request asked for, without a word of what it said: no variables, no bodies, no tokens. */
export interface Asked {
  /** Counted from 1, over the sandbox's life. */
  readonly n: number
  readonly kind: 'query' | 'mutation' | 'rest' | 'aws'
  /** The operation's name (blank if it has none), or method and path. */
  readonly name: string
  /** The fields that a GraphQL operation begins with; the service of AWS. */
  readonly fields: readonly string[]
}

/** A line of the log: what was asked, and what it came to. */
export interface Call extends Asked {
  /** Null if no answer came. */
  readonly status: number | null
  /** What the query could have cost, and what it did. */
  readonly requestedPoints: number
  readonly points: number
}
