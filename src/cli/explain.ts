import { accessCodes, type AccessCode } from '../model/access-codes.js'
import { codes } from '../model/codes.js'
import type { Code } from '../model/codes.js'
import { roleCodes, type RoleCode } from '../model/role-codes.js'
import { explained, explanations } from '../report/explain.js'
import type { Look, PageFormat } from '../report/explain.js'
import type { Explanation } from '../report/told.js'
import { exitOfCode } from './exit.js'
import { exitPages } from './exit-pages.js'
import { nearestOf } from './nearest.js'

const known = Object.keys(codes).sort() as Code[]

const pageOf = (code: Code): Explanation => ({ code, ...codes[code], exit: exitOfCode(code) })

const isCode = (text: string): text is Code => Object.hasOwn(codes, text)

/** A path of the access model and a rule about roles go by their numbers as well: `R9` is fork-builds. */
const codeOf = (typed: string): Code | undefined =>
  isCode(typed) ? typed : known.find((code) => numberOf(code) === typed.toUpperCase())

const numberOf = (code: Code): string | undefined =>
  isAccess(code) ? accessCodes[code].path : isAboutRoles(code) ? roleCodes[code].rule : undefined

const isAccess = (code: Code): code is AccessCode => Object.hasOwn(accessCodes, code)

const isAboutRoles = (code: Code): code is RoleCode => Object.hasOwn(roleCodes, code)

/** Exit codes are known by their numbers: `11`, `exit-11`. */
const exits: readonly Explanation[] = Object.entries(exitPages).map(([exit, page]) => ({
  code: `exit-${exit}`,
  ...page,
  exit: Number(exit),
}))

const exitOf = (typed: string): Explanation | undefined =>
  exits.find(({ code, exit }) => typed === code || typed === String(exit))

/** What people copy from an answer: `error[unknown-key]`. */
const bare = (typed: string): string => /^(?:error|warning)?\[(.+)\]:?$/.exec(typed)?.[1] ?? typed

/** The page of one code, of the path or the rule with that number, or of an exit code; nothing where there is none. */
export const explain = (typed: string, format: PageFormat, look: Look): string | undefined => {
  const word = bare(typed)
  const code = codeOf(word)
  const page = code === undefined ? exitOf(word) : pageOf(code)
  return page === undefined ? undefined : explained(page, format, look)
}

/** Every code with its page, those of findings first. */
export const explainAll = (format: PageFormat, look: Look): string =>
  explanations([...known.map(pageOf), ...exits], format, look)

/** The code that was most likely meant: no further off than half its letters. */
export const nearestCode = (typed: string): string | undefined =>
  nearestOf(typed, [...known, ...exits.map(({ code }) => code)])
