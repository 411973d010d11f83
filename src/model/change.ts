import type { Address } from './address.js'
import type { Json } from './json.js'
import type { Live } from './live.js'
import type { Risk } from './risk.js'
import type { Standing } from './standing.js'

/** One field of a change. A missing `before` was not readable, which is not the same as null. */
export interface FieldChange {
  readonly field: string
  readonly before?: Json
  readonly after: Json
}

/** The difference between one thing wanted and the same thing there, in the words of its kind. */
export type Change<Spec> =
  | { readonly verb: 'create'; readonly want: Spec }
  | {
      readonly verb: 'update'
      /** Only the fields that differ, and what names the thing. */
      readonly want: Partial<Spec>
      readonly have: Live<Spec>
    }
  | {
      readonly verb: 'remove'
      readonly have: Live<Spec>
      /** Where it goes, if it is taken out of a privileged cluster. */
      readonly outOf?: { readonly to: string | null }
    }

/** A change as a plan shows it. Not where it is written: moving a line makes no reviewed plan stale. */
export interface PlannedChange extends Standing {
  readonly address: Address
  readonly verb: Change<unknown>['verb']
  /** The address that it had, where this is a rename. */
  readonly was?: Address
  readonly fields: readonly FieldChange[]
  readonly risk: Risk
}
