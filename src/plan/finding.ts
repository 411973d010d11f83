import type { Code } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Want } from '../model/wanted.js'

/** A finding about a want: at the field where it is written, else at the thing's own key. */
export const finding = (
  code: Code,
  want: Want,
  field: string | undefined,
  text: Pick<Finding, 'what' | 'why' | 'fix'>,
): Finding => ({
  code,
  severity: 'error',
  where: [(field === undefined ? undefined : want.spans[field]) ?? want.at],
  ...text,
})

/** A finding that is about no line of a file: a guard, mostly. */
export const unplaced = (code: Code, what: string, why: string, fix: string): Finding => ({
  code,
  severity: 'error',
  where: [],
  what,
  why,
  fix,
})
