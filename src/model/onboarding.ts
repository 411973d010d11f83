import type { Address } from './address.js'
import type { Finding } from './finding.js'
import type { AccessDelta } from './plan.js'
import type { Span } from './span.js'
import type { VerdictWord } from './verdict.js'

/** Something that can be answered by number or by name. */
export interface Choice {
  readonly value: string
  readonly about?: string
}

/** What a wizard has to be told: asked at a terminal, given as a flag of that name, or written in a file of answers. */
export interface Question {
  readonly name: string
  readonly message: string
  /** Said before it: why it is asked, and what is not among the choices. */
  readonly why?: readonly string[]
  readonly choices?: readonly Choice[]
  /** What Enter answers. */
  readonly suggestion?: string
  /** Set where that is also taken where nobody can be asked. */
  readonly isUsual?: boolean
}

/** What is known without asking, and how. */
export interface Settled {
  readonly name: string
  readonly value: string
  readonly because: string
}

/** What somebody has said, and where. */
export interface Answer {
  readonly value: string
  /** `--queue`, `answers.yaml`, or `you`. */
  readonly from: string
  readonly at?: Span
}

/** One file as it would be. */
export interface ProposedFile {
  /** Relative to the folder of the root file. */
  readonly path: string
  /** Missing where there is no such file yet. */
  readonly before?: string
  readonly after: string
}

/** A verdict that was, and would be. */
export interface VerdictChange {
  readonly on: Address
  /** Missing where there was nothing of the name. */
  readonly before?: VerdictWord
  readonly after: VerdictWord
}

/** What a wizard would write, and what that does to access, by the files alone. */
export interface Proposal {
  /** `pipeline shop`. */
  readonly title: string
  /** `pipeline-shop`: for the name of a branch. */
  readonly slug: string
  readonly files: readonly ProposedFile[]
  readonly diff: string
  /** What it declares that nothing declared before. */
  readonly adds: readonly Address[]
  readonly delta: AccessDelta
  readonly verdicts: readonly VerdictChange[]
  /** What there is to find that there was not before. */
  readonly findings: readonly Finding[]
  /** Set where it is not to be written, whatever anybody says. */
  readonly isRefused: boolean
  /** What the person should know besides. */
  readonly notes: readonly string[]
}

/** How far a session is. */
export interface Turn {
  readonly settled: readonly Settled[]
  /** The first is to be asked now; those after it as far as they are known already. */
  readonly open: readonly Question[]
  /** Answers that can't be, each with the name of its question. */
  readonly wrong: readonly { readonly name: string; readonly finding: Finding }[]
  /** There when nothing is open and nothing wrong. */
  readonly proposal?: Proposal
}
