import { undeclaredReferences } from '../config/references.js'
import { kinds } from '../kinds/index.js'
import type { Validation } from '../model/result.js'
import { declare } from './declare.js'
import type { Declared } from './world.js'

/** Checks the files by themselves: no token, no network. */
export const validate = (declared: Declared): Validation => {
  const { wanted, findings, files } = declare(declared)
  const counts = kinds.map(
    ({ name, plural }) => [plural, wanted?.wants.filter(({ kind }) => kind === name).length ?? 0] as const,
  )
  return {
    result: 'validation',
    files,
    declared: Object.fromEntries(counts.filter(([, count]) => count > 0)),
    elsewhere: wanted === undefined ? [] : undeclaredReferences(wanted),
    findings,
  }
}
