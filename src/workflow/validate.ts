import { undeclaredReferences } from '../config/references.js'
import { kinds } from '../kinds/index.js'
import { kindOf, type Address } from '../model/address.js'
import type { Validation } from '../model/result.js'
import { declare } from './declare.js'
import type { Declared } from './world.js'

const names = new Set(kinds.map(({ name }) => name))
const canBeDeclared = (address: Address) => names.has(kindOf(address))

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
    // People are never declared: every email is somebody who should be there already.
    elsewhere:
      wanted === undefined
        ? []
        : undeclaredReferences(wanted).filter(({ address }) => canBeDeclared(address)),
    findings,
  }
}
