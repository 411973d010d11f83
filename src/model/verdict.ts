import type { AccessCode } from './access-codes.js'
import type { Address } from './address.js'
import type { Fact } from './grant.js'
import type { Span } from './span.js'

/** A path of the access model, or `rule`: what its decision rule says of people, teams and levels. */
export type PathNumber = `R${number}` | 'rule'

/** How sure it is that only the allowed reach something: from the best to the worst. */
export const verdicts = ['closed', 'held', 'assumed', 'open'] as const
export type VerdictWord = (typeof verdicts)[number]

/** What nothing readable can settle, and where it has to be settled. */
export interface Assumption {
  readonly finding: AccessCode
  /** `organization:`, a repository, a cluster, a queue, a pipeline, a team, a role: what one acceptance covers. */
  readonly at: Address
}

/** One step of a path, ready to be shown. */
export interface Hop {
  readonly path: PathNumber
  /** Who, or what they are able to do already: `user:ada@acme.test`, `can build pipeline:web`. */
  readonly from: readonly string[]
  readonly to: string
  /** One clause that follows "who": `may change its steps`. */
  readonly says: string
  /** What it was read from. */
  readonly facts: readonly Fact[]
  readonly assumes?: Assumption
  /** True where an acceptance of the files settles what it assumes. */
  readonly accepted?: boolean
}

/** How somebody reaches something, hop by hop. */
export interface Path {
  readonly who: string
  readonly hops: readonly Hop[]
  /** The numbers on the way, each once, in order. */
  readonly numbers: readonly PathNumber[]
  /** `accepted` where it rests on accepted assumptions alone. */
  readonly sureness: 'open' | 'assumed' | 'held' | 'accepted'
}

/** Somebody who reaches something, and whether they should. */
export interface Reacher {
  /** `user:ada@acme.test`, `outsider:anybody`, `pusher:github.com/acme/web`. */
  readonly who: string
  /** Missing where nothing says who is allowed: it is not privileged. */
  readonly allowed?: boolean
  /** Why they are allowed: `user:…`, a team of theirs, or `trust`. */
  readonly by?: string
  /** The shortest, and the surest among the shortest. */
  readonly shortest: Path
}

/** What one numbered path comes to for one queue. */
export interface PathVerdict {
  readonly path: `R${number}`
  readonly finding: AccessCode
  readonly verdict: VerdictWord
  /** How many that are not allowed reach the queue by it. */
  readonly reachers: number
  /** Those that keep it from being closed, accepted or not. */
  readonly assumptions: readonly (Assumption & { readonly accepted: boolean })[]
  /** Set where no configuration closes it: `closed` then means that `trust` and `accept` settle it. */
  readonly beyond?: true
  /** Where it is open: the shortest way over it of one of those who come by it. */
  readonly way?: Path
}

/** What all paths together come to for one place that only some may reach: the worst of them. */
interface PlaceVerdict {
  readonly verdict: VerdictWord
  /** How many accepted assumptions it rests on. */
  readonly accepted: number
  /** How many people the files trust with everything. */
  readonly trusted: number
  readonly allowed: readonly string[]
  readonly paths: readonly PathVerdict[]
  /** Everybody who reaches it and is not allowed to, the worst first. */
  readonly reachers: readonly Reacher[]
  /** The promise that makes it privileged. */
  readonly at: Span
}

/** The verdict on a privileged queue. */
export interface QueueVerdict extends PlaceVerdict {
  readonly queue: Address
  /** Set where dispatch is paused by bridle: still not closed. */
  readonly contained?: boolean
}

/** The verdict on a role of AWS that is for those alone who may reach certain queues. */
export interface RoleVerdict extends PlaceVerdict {
  readonly role: Address
}

/** One assumption of an organization, for all queues and roles that rest on it. */
export interface Assumed extends Assumption {
  readonly path: `R${number}`
  readonly queues: readonly Address[]
  /** Missing where there are none. */
  readonly roles?: readonly Address[]
  /** A digest of the facts it was raised from: another digest voids an acceptance. */
  readonly facts: string
  readonly accepted?: { readonly reason: string; readonly until: string; readonly at: Span }
}

/** What became of one `expect`. */
export interface Expected {
  readonly who: string
  readonly can: boolean
  readonly verb: 'watch' | 'run' | 'edit' | 'assume'
  readonly on: string
  readonly holds: boolean
  /** One clause: why it holds, or does not. */
  readonly why: string
  readonly path?: Path
  readonly at: Span
}

/** What a verdict was given on, and when that was read. */
export interface Basis {
  readonly on: 'files' | 'organization' | 'snapshot' | 'plan'
  /** ISO times, where something was read. */
  readonly read?: { readonly from: string; readonly to: string; readonly readings: number }
}

/** What one rule says of itself: a row of `bridle access check --list`. */
export interface RuleCard {
  readonly path: `R${number}`
  readonly finding: AccessCode
  readonly title: string
  readonly decidedFrom: readonly string[]
  /** Before `trust` and `accept` have settled anything. */
  readonly verdicts: readonly VerdictWord[]
  readonly replayable: boolean
  readonly enforcedAt: readonly string[]
  /** When the gate of a queue refuses what comes by it, a clause that follows "refused"; missing where it never does. */
  readonly gate?: string
}

/** One edit of the files that would cut paths. */
export interface Cut {
  readonly says: string
  /** The line to change, where the files have one. */
  readonly at?: Span
  /** The lines that go, and those that come instead; missing where the edit is not one of the files. */
  readonly before?: string
  readonly after?: string
  /** True where the files say so already, and it is for apply to carry it out. */
  readonly isWritten?: boolean
}
