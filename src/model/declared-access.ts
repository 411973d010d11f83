import type { Address } from './address.js'
import type { Span } from './span.js'

/** A value of a file, with its place. */
export interface Placed<Value> {
  readonly value: Value
  readonly at: Span
}

/** Who may get code onto a cluster's agents: what makes it privileged. */
export interface Allow {
  /** A cluster, or a queue that narrows its cluster's. */
  readonly on: Address
  /** Slugs. */
  readonly teams: readonly Placed<string>[]
  /** Emails, in lower case. */
  readonly users: readonly Placed<string>[]
  readonly at: Span
  /** What holds the border of a queue that narrows. */
  readonly heldBy?: 'hook'
}

/** Who may do anything at all. */
export interface Trust {
  /** Emails, in lower case. */
  readonly admins: readonly Placed<string>[]
  /** The identity that applies. */
  readonly automation?: Placed<string>
}

/** Something assumed that a person has settled, until a day. */
export interface Accept {
  readonly finding: string
  /** `organization`, or an address. */
  readonly on: string
  readonly reason: string
  /** A day, `2027-03-01`: good up to its end, in UTC. */
  readonly until: string
  /** The digest that `--suggest` printed; without it any facts will do, and a warning says so. */
  readonly facts?: string
  readonly at: Span
}

/** A test of the access itself. */
export interface Expect {
  /** A `user:`, `team:` or `pipeline:` address, or `outsider`. */
  readonly who: string
  readonly can: boolean
  readonly verb: 'watch' | 'run' | 'edit' | 'assume'
  readonly on: Address
  readonly at: Span
}

/** What the files say about a queue's agents beside what Buildkite keeps. */
export interface AgentsOf {
  readonly queue: Address
  /** Glob patterns of the host names that its agents may have. */
  readonly hostname?: readonly string[]
  readonly hook?: { readonly mode: 'observe' | 'warn' | 'block' }
  readonly instanceRole?: string
  readonly at: Span
}

/** An agent token that the files know of. bridle reads tokens, and makes none yet. */
export interface DeclaredToken {
  readonly cluster: Address
  readonly description: string
  readonly allowedIpAddresses?: readonly string[]
  /** Whether it is to expire. */
  readonly ends: boolean
  /** Where its value is kept: an account, then the name of an SSM parameter there. */
  readonly store?: string
  readonly at: Span
}

/** All that the files say about who may reach what. */
export interface DeclaredAccess {
  readonly allow: readonly Allow[]
  readonly trust: Trust
  readonly accept: readonly Accept[]
  readonly expect: readonly Expect[]
  readonly agents: readonly AgentsOf[]
  readonly tokens: readonly DeclaredToken[]
  /** Clusters of which `bridle contain` may pause queues. */
  readonly contain: readonly Address[]
}

export const nothingDeclared: DeclaredAccess = {
  allow: [],
  trust: { admins: [] },
  accept: [],
  expect: [],
  agents: [],
  tokens: [],
  contain: [],
}
