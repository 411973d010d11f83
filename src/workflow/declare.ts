import { readDeclaration, type Declaration } from '../config/declaration.js'
import { gatesOf, type Gates } from '../hook/policy.js'
import { check } from '../plan/check.js'
import { isTold } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import type { Declared } from './world.js'

/**
 * What the files say, with everything that is wrong with them, as far as the files alone can tell; and what follows from
 * that: the policies of gates are wanted like anything else, and nobody writes them. `wants` are those of the files.
 */
export const declare = ({ files, root, today }: Declared): Declaration => {
  const declaration = readDeclaration(files, root, undefined, today)
  const { wants, findings: wrong, wanted: written } = declaration
  const gates = written && gatesOf(written)
  const findings = [...wrong, ...(gates?.findings ?? []), ...check([...wants, ...(gates?.wants ?? [])])]
  const wanted = written && gates && withGates(written, gates)
  return { ...declaration, ...(wanted && { wanted }), findings: inFileOrder(findings, root) }
}

const withGates = (wanted: Wanted, { wants, covers }: Gates): Wanted => ({
  ...wanted,
  wants: [...wanted.wants, ...wants].sort((a, b) => (a.address < b.address ? -1 : 1)),
  covers: new Set([...wanted.covers, ...covers].sort()),
})

/** Root file first, the others by path; within a file from top to bottom. */
const inFileOrder = (findings: readonly Finding[], root: string): Finding[] => {
  const place = ({ where: [span] }: Finding) => ({
    file: span === undefined || span.file === root ? '' : span.file,
    line: span?.line ?? 0,
    column: span?.column ?? 0,
  })
  return [...findings].sort((x, y) => {
    const [a, b] = [place(x), place(y)]
    return (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column
  })
}

/** Whether a command has to stop at them. What only tells of access that is there stops nobody from mending it. */
export const standInTheWay = (findings: readonly Finding[]): boolean =>
  findings.some(({ code, severity }) => severity === 'error' && !isTold(code))
