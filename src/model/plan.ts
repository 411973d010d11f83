import type { Address } from './address.js'
import type { Call } from './call.js'
import type { PlannedChange } from './change.js'
import type { Grant } from './grant.js'
import type { Standing } from './standing.js'
import type { Path } from './verdict.js'

/** One call of a plan, with the steps that must have succeeded before it. */
export interface Step {
  /** `queue:production/deploy#1`: the object's address and which of its calls this is. */
  readonly id: string
  readonly address: Address
  readonly title: string
  readonly call: Call
  readonly after: readonly string[]
  /** The powers that it takes away, and those that it gives; missing where there are none. */
  readonly takes?: readonly Grant[]
  readonly gives?: readonly Grant[]
}

/**
 * A place in the order: what waits for it may only begin when everything before it has succeeded, and when what is
 * there then has been read and proved again for its queue or role.
 */
export interface Barrier {
  /** `barrier:queue:production/deploy`; steps have it among those that they come after. */
  readonly id: string
  /** The queue or the role for which something is proved. */
  readonly on: Address
  /** Steps. */
  readonly after: readonly string[]
}

/** Something there that no file declares, and that `manage` says to leave. */
export interface Undeclared extends Standing {
  readonly address: Address
  /** True where an `ignore` pattern says that it belongs to somebody else. */
  readonly ignored: boolean
}

/** What a conversation costs: complexity points for GraphQL, and requests of both APIs. */
export interface Budget {
  readonly points: number
  readonly graphqlRequests: number
  readonly restRequests: number
  /** Requests of AWS, which tells of no budget; missing where no account is declared, or where nobody can tell. */
  readonly awsRequests?: number
}

/** Somebody who reaches something after a plan, and did not before. */
export interface Gain {
  readonly who: string
  /** The verb; `run` where nothing is written. On a role it is `assume`. */
  readonly can?: string
  readonly on: Address
  /** Why they are allowed, where they are: a team of theirs, their own name, or `trust`. */
  readonly by?: string
  /** New ones, without the facts of their hops: moving a line makes no reviewed plan stale. */
  readonly paths: readonly Path[]
}

/** Somebody who reached something before a plan, and does not after it. */
export interface Loss {
  readonly who: string
  readonly can?: string
  readonly on: Address
  /** True where nothing takes it away: what their paths rest on has an acceptance that holds after the plan. */
  readonly accepted?: true
}

/** Who reaches more after a plan, and who less. */
export interface AccessDelta {
  readonly gains: readonly Gain[]
  readonly losses: readonly Loss[]
  /** Privileged queues and roles that it would open: such a plan is refused, whatever the flags. */
  readonly opens: readonly Address[]
  /** Whether carrying it out takes `--allow-widening`. */
  readonly widens: boolean
}

/**
 * What to do, whole, as a document: versioned, without functions and without secrets. It is a token of what was
 * reviewed; apply derives it anew and compares, and never takes a call from it.
 */
export interface Plan {
  readonly format: 'bridle.plan/1'
  readonly organization: string
  /** SHA-256 of the wanted state and of the live state that it was computed from. */
  readonly madeFrom: { readonly wanted: string; readonly live: string }
  readonly changes: readonly PlannedChange[]
  /** In an order in which they could be carried out one by one. */
  readonly steps: readonly Step[]
  /** Between what closes privileged queues and what opens things near them; missing where nothing has to wait. */
  readonly barriers?: readonly Barrier[]
  readonly undeclared: readonly Undeclared[]
  readonly budget: { readonly reading: Budget; readonly applying: Budget }
  /** Missing where the files make nothing privileged. */
  readonly access?: AccessDelta
}
