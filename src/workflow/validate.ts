import { declaredCounts, undeclaredReferences } from '../config/references.js'
import type { Validation } from '../model/result.js'
import { declare } from './declare.js'
import type { Declared } from './world.js'

/** Checks the files by themselves: no token, no network. */
export const validate = (declared: Declared): Validation => {
  const { wanted, wants, findings, files } = declare(declared)
  return {
    result: 'validation',
    files,
    declared: wanted === undefined ? {} : declaredCounts({ ...wanted, wants }), // as many as people have written
    elsewhere: wanted === undefined ? [] : undeclaredReferences(wanted),
    findings,
  }
}
