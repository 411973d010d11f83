import type { Validation } from '../model/result.js'
import { findingCount } from './finding.js'
import { counted, listed } from './words.js'

/** `4 files with 8 teams and 1 queue: no findings.` */
export const validationSummary = ({ declared, files, findings }: Validation): string => {
  const things = Object.entries(declared)
    .filter(([, count]) => count > 0)
    .map(([plural, count]) => counted(count, plural.replace(/s$/, ''), plural))
  const found = findingCount(findings)
  const holding = things.length === 0 ? '' : ` with ${listed(things)}`
  return `${counted(files, 'file')}${holding}: ${found === '' ? 'no findings' : found}.`
}
