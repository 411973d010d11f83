/** Since when something is as a drift found it, which is told from run to run. */
export interface Standing {
  /** When a drift first saw it: an ISO time. */
  readonly firstSeen?: string
  /** Whether the run that this one is compared with had seen it; missing where there is none. */
  readonly standing?: 'new' | 'still'
}

/** What one run saw, as the next one knows it again, wherever its line has moved to. */
export interface Seen {
  readonly is: 'difference' | 'undeclared' | 'finding'
  /** An address; of a finding its code. */
  readonly about: string
  /** The verb and the fields of a difference; what a finding says. */
  readonly what: string
  readonly firstSeen: string
}

/** What became of what an earlier run saw. */
export interface Compared {
  /** When that run was: an ISO time. */
  readonly at: string
  /** What it saw, and what is not there any more. */
  readonly gone: readonly Seen[]
  /** False where nothing was read whole this time, so that nobody knows what is gone. */
  readonly whole: boolean
}
