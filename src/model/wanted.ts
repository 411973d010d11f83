import type { Address } from './address.js'
import type { AwsAccount } from './aws.js'
import type { DeclaredAccess } from './declared-access.js'
import type { Span } from './span.js'

/** One thing that the files ask for: the fields that are written, and where each of them stands. */
export interface Want<Spec = Readonly<Record<string, unknown>>> {
  readonly kind: string
  readonly key: string
  readonly address: Address
  /** Only what is written, here or in a default that covers it. */
  readonly spec: Spec
  /** The key that it had, where `was` asks for a rename. */
  readonly was?: string
  /** Where the thing is declared: the span of its key. */
  readonly at: Span
  /** Where each field is written; a field from a default points at the default. */
  readonly spans: Readonly<Record<string, Span>>
}

/** What to do with things of a kind that no file declares. */
export type Manage = 'report' | 'remove'

/** The wanted state of an organization: what all the files say together, in an order that no file order changes. */
export interface Wanted {
  readonly organization: string
  /** Sorted by address. */
  readonly wants: readonly Want[]
  /**
   * The maps that are written, even empty ones, as `parent/plural`: `team:web/members`, `/teams`. What is live and
   * undeclared in an unwritten map is left alone, and not even shown.
   */
  readonly covers: ReadonlySet<string>
  /** By plural kind name, `grants: remove`. What is not here is `report`. */
  readonly manage: Readonly<Record<string, Manage>>
  /** Glob patterns over keys, by plural kind name: things that belong to somebody else. */
  readonly ignore: Readonly<Record<string, readonly string[]>>
  /** Who may reach what. */
  readonly access: DeclaredAccess
  /** Missing where the files speak of no AWS account. */
  readonly aws?: DeclaredAws
  /** How it is noticed that the scheduled drift check does not run any more; missing where no file says. */
  readonly drift?: DeclaredDrift
}

/** Where a drift writes down that it has read the organization whole. */
export type HeartbeatPlace =
  | { readonly in: 'parameter'; readonly account: string; readonly name: string }
  | { readonly in: 'address'; readonly url: string }

/** What the files say of the scheduled drift check. */
export interface DeclaredDrift {
  readonly heartbeat: HeartbeatPlace
  readonly maxAgeSeconds: number
  readonly at: Span
}

/** The AWS accounts of the declaration, in the order of their names, and where each is written. */
export interface DeclaredAws {
  readonly accounts: readonly (AwsAccount & { readonly at: Span })[]
}

/** The name of a written map: what `Wanted.covers` holds. */
export const coverOf = (parent: Address | '', plural: string): string => `${parent}/${plural}`
