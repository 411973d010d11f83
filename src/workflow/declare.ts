import { readDeclaration, type Declaration } from '../config/declaration.js'
import { check } from '../plan/check.js'
import type { Finding } from '../model/finding.js'
import type { Declared } from './world.js'

/** What the files say, with everything that is wrong with them, as far as the files alone can tell. */
export const declare = ({ files, root }: Declared): Declaration => {
  const declaration = readDeclaration(files, root)
  const objections = declaration.wanted === undefined ? [] : check(declaration.wanted)
  return { ...declaration, findings: inFileOrder([...declaration.findings, ...objections]) }
}

/** Root file first, as the reader has them; within a file from top to bottom. */
const inFileOrder = (findings: readonly Finding[]): Finding[] => {
  const files = [...new Set(findings.map(({ where }) => where[0]?.file))]
  const at = ({ where: [span] }: Finding) =>
    [files.indexOf(span?.file), span?.line ?? 0, span?.column ?? 0] as const
  return [...findings].sort((a, b) => {
    const [x, y] = [at(a), at(b)]
    return x[0] - y[0] || x[1] - y[1] || x[2] - y[2]
  })
}

/** Whether a command has to stop at them. */
export const standInTheWay = (findings: readonly Finding[]): boolean =>
  findings.some(({ severity }) => severity === 'error')
