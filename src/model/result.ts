import type { Address } from './address.js'
import type { Finding } from './finding.js'
import type { Plan } from './plan.js'
import type { Span } from './span.js'

/** What a command found out, before anybody decides how it looks. Reports turn it into text; it never changes with them. */
export type Result = Validation | Planned | Applied | Drifted | Examined

interface ResultBase {
  /** Everything to say to the person, in the order of the files. */
  readonly findings: readonly Finding[]
}

/** What the files say by themselves. */
export interface Validation extends ResultBase {
  readonly result: 'validation'
  /** How many files were read. */
  readonly files: number
  /** How many things of each kind are declared, by plural name: `{ teams: 8 }`. */
  readonly declared: Readonly<Record<string, number>>
  /** Names that no file declares: `plan` looks for them in the organization. */
  readonly elsewhere: readonly {
    readonly address: Address
    readonly where: Span
    readonly nearest?: string
  }[]
}

/** What apply would do. No plan where findings or a refusal stand in the way. */
export interface Planned extends ResultBase {
  readonly result: 'plan'
  readonly plan?: Plan
  /** How much of the API budget reading really took. */
  readonly spent?: Spent
}

/** What became of one step. */
export interface Outcome {
  readonly step: string
  /** `unclear`: the answer was lost, so it may have happened; the next plan sees. `skipped`: something it needs failed. */
  readonly state: 'done' | 'failed' | 'unclear' | 'skipped' | 'interrupted'
  /** Why it failed, or the step that it waited for. */
  readonly why?: string
  readonly requestId?: string
}

/** What apply did. */
export interface Applied extends ResultBase {
  readonly result: 'apply'
  readonly plan?: Plan
  /** In the order of the plan's steps. */
  readonly outcomes: readonly Outcome[]
  readonly interrupted: boolean
  readonly spent?: Spent
}

/** What differs between the files and the organization. */
export interface Drifted extends ResultBase {
  readonly result: 'drift'
  readonly plan?: Plan
  readonly spent?: Spent
}

/** One thing that works or is missing. */
export interface Check {
  /** A short name: `token`, `scopes`, `graphql endpoint`. */
  readonly name: string
  readonly state: 'works' | 'missing' | 'warning' | 'unknown'
  readonly what: string
  /** What to do now; none where it works. */
  readonly fix?: string
}

/** What works and what is missing between this machine and the organization. */
export interface Examined extends ResultBase {
  readonly result: 'doctor'
  readonly checks: readonly Check[]
}

/** What a conversation with Buildkite took. */
export interface Spent {
  readonly points: number
  readonly graphqlRequests: number
  readonly restRequests: number
  /** Seconds spent waiting for a rate-limit window to turn. */
  readonly waitedSeconds: number
}
