import type { AccessCode } from '../model/access-codes.js'
import type { Address } from '../model/address.js'
import type { Fact } from '../model/grant.js'
import type { Node } from './node.js'
import type { Edge } from './rule.js'

/** An edge before anybody has asked how sure it is. */
interface Draft {
  readonly from: Node | readonly Node[]
  readonly to: Node
  readonly says: string
  readonly facts?: readonly Fact[]
  /** What else an acceptance of it is given for. */
  readonly rests?: readonly Fact[]
  /** Where an acceptance would settle it, should it be assumed. */
  readonly at: Address
}

/** The edges of one rule: they carry its number and, where they are not certain, its finding. */
export const edgesOf = (path: `R${number}`, finding: AccessCode) => {
  const make = ({ from, to, says, facts = [], rests, at }: Draft, sure: boolean): Edge => {
    const starts = typeof from === 'string' ? [from] : from
    return sure
      ? { path, from: starts, to, says, facts }
      : { path, from: starts, to, says, facts, ...(rests && { rests }), assumes: { finding, at } }
  }
  return {
    /** Follows from its facts: certain where all of them are. */
    edge: (draft: Draft) => make(draft, draft.facts?.every(({ sure }) => sure) ?? true),
    /** Rests on what nobody can read, whatever its facts say. */
    assumed: (draft: Draft) => make(draft, false),
  }
}

/** One fact of many that say the same: a sure one where there is one. */
export const surest = (facts: readonly Fact[]): Fact | undefined => facts.find(({ sure }) => sure) ?? facts[0]
