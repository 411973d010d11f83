import type { Code } from './codes.js'
import type { Span } from './span.js'
import type { Standing } from './standing.js'
import type { Assumption, Hop } from './verdict.js'

/** Something a person should know or mend: what, where, why, and what to do now. */
export interface Finding extends Standing {
  readonly code: Code
  /** `error` ends the command; `warning` is said aloud and changes nothing. */
  readonly severity: 'error' | 'warning'
  /** One line, no full stop. */
  readonly what: string
  /** The first is the place to look. Empty where the finding is about no file. */
  readonly where: readonly Span[]
  /** What stands under the underline: what would be right there. */
  readonly label?: string
  readonly why: string
  readonly fix: string
  /** What to type for it, where that can be said: a command by its words, and what it is about. */
  readonly commands?: readonly { readonly words: readonly string[]; readonly about: string }[]
  /** How somebody reaches something, hop by hop, where the finding is about that. */
  readonly trail?: readonly Hop[]
  /** Set where nothing readable settles it: what an `accept` would have to name. */
  readonly assumes?: Assumption
  /** True for one that assumes and names what to do: it is shown whole, where others are told in a line. */
  readonly whole?: true
}
