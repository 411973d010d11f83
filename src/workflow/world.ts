import type { Writer } from '../apply/carry-out.js'
import type { Files } from '../config/files.js'
import type { Asks, Sources } from '../plan/survey.js'
import type { Budget, Plan, Step } from '../model/plan.js'
import type { Outcome, Spent } from '../model/result.js'
import type { VerifyingKey } from '../model/signer.js'
import type { Wanted } from '../model/wanted.js'

/** What is left of one rate limit, as the last answer said it. */
export interface Left {
  /** `graphql user`, `rest organization`. */
  readonly name: string
  readonly remaining: number
  readonly limit: number
}

/** A conversation that can only ask. */
export interface Asking {
  /** A reader with an empty memory: what it reads is what is there now. */
  reader(): Sources
  readonly spent: Spent
  /** The limits that Buildkite has told of so far. */
  readonly limits: readonly Left[]
  /**
   * What asking all this will cost, once the census has been asked; pipelines are counted by the caller.
   *
   * @param close  how many clusters are looked at closely, and how many pipelines are in them; none if left out
   */
  forecast(
    asks: readonly Asks[],
    pipelines: number,
    close?: { readonly clusters: number; readonly pipelines: number },
  ): Budget
  /** What carrying out steps will cost. */
  price(steps: readonly Step[]): Budget
}

/** A conversation that can also tell. */
export interface Telling extends Asking {
  readonly writer: Writer
}

/** The files, as the machine hands them in. */
export interface Declared {
  readonly files: Files
  /** The root file, relative to the folder of the files. */
  readonly root: string
  /** `2026-11-22`, in UTC: acceptances are good until a day. */
  readonly today: string
}

/** What every command about an organization is handed. With an `Asking` it has no way to change anything. */
export interface World<Conversation extends Asking = Asking> extends Declared {
  /** What the environment says the organization is called, if it says so. */
  readonly organization?: string | undefined
  /** The flags that it is asked with, as one would type them: commands that findings name repeat them. */
  readonly asked?: string | undefined
  /** Opens the conversation about the organization that the files declare. */
  connect(wanted: Wanted): Conversation
  /** What o'clock it is, as ISO says it; verdicts tell when they were read. */
  readonly now?: (() => string) | undefined
  /** What signatures of policies are checked with; missing where the machine has no key. */
  readonly policyKey?: VerifyingKey | undefined
  /** Told what is going on, for whoever watches. */
  readonly onProgress?: ((progress: Progress) => void) | undefined
  /** Aborted by Ctrl-C. */
  readonly signal?: AbortSignal | undefined
}

export type Progress =
  | { readonly doing: 'reading'; readonly forecast: Budget }
  | { readonly doing: 'planning' }
  | { readonly doing: 'applying'; readonly outcome?: Outcome; readonly done: number; readonly of: number }

/** Asks a person whether a plan is to be carried out. `nobody`: there is no one to ask. */
export type Consent = (plan: Plan) => Promise<'yes' | 'no' | 'nobody'>
