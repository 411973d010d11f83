import type { AccessCode } from '../model/access-codes.js'
import type { Address } from '../model/address.js'
import type { GatePipeline } from '../model/gate.js'
import type { Fact } from '../model/grant.js'
import type { Assumption, PathNumber, VerdictWord } from '../model/verdict.js'
import type { Facts } from './facts.js'
import type { Node } from './node.js'

/** Whoever can do all of `from` can do `to`. */
export interface Edge {
  readonly path: PathNumber
  /** One node, or several that the same person must be able to. */
  readonly from: readonly Node[]
  readonly to: Node
  /** What it was read from. */
  readonly facts: readonly Fact[]
  /** One clause that follows "who": `may change its steps`. */
  readonly says: string
  /**
   * What an acceptance of it is given for besides its facts, because the steps that follow have them. The same list for
   * all edges that have the same.
   */
  readonly rests?: readonly Fact[]
  /** Missing where it follows from configuration that was read. */
  readonly assumes?: Assumption
}

/** Where a path can be closed. */
export type Layer = 'buildkite' | 'git-host' | 'hook' | 'iam' | 'host' | 'trust'

/** A pipeline that a policy lets in, and what of it, as far as the files say. */
export type LetIn = Omit<GatePipeline, 'slug' | 'uuid'>

/** What a policy decides of one path. */
export interface GateOn {
  /** When it refuses what comes by it, a clause that follows "refused". */
  readonly says: string
  /**
   * Whether every job that a step brings into a pipeline is refused, by what the policy says of that pipeline. Missing
   * where what the path brings is in no pipeline that a policy names.
   */
  refuses?(policy: LetIn, step: Edge, facts: Facts): boolean
}

/** One path by which code gets onto an agent: one file. */
export interface Rule {
  readonly path: `R${number}`
  /** The slug that findings carry, and under which `explain` has its page. */
  readonly code: AccessCode
  /** A few words: `fork pull requests`. */
  readonly title: string
  /** What it is decided from, in the API's words. */
  readonly decidedFrom: readonly string[]
  /** Every verdict that it can end with, before `trust` and `accept` have settled anything. */
  readonly verdicts: readonly VerdictWord[]
  /** Whether an open or assumed path of it can be played out in the sandbox, call by call. */
  readonly replayable: boolean
  readonly enforcedAt: readonly Layer[]
  /** Set where it leads to roles of AWS, and onto no agents. */
  readonly leadsTo?: 'roles'
  /**
   * What an assumption of it is about by name, and what to do about that. Where it says nothing, its page does.
   *
   * @param names  of the place, or of several that are told together at the cluster that they are in
   */
  told?(facts: Facts, at: Address, names: string): { readonly what: string; readonly fix: string } | undefined
  /** What the gate on a queue's agents keeps from them of what comes by it, where its policy decides that. */
  readonly gate?: GateOn
  /** The edges that it adds. They only ever grow with the facts. */
  edges(facts: Facts): Iterable<Edge>
}

/** Checks a rule against the interface, and keeps what it says of itself. */
export const defineRule = (rule: Rule): Rule => rule
