import { accessCodes, type AccessCode } from '../model/access-codes.js'
import { codes } from '../model/codes.js'
import type { Code } from '../model/codes.js'
import { roleCodes, type RoleCode } from '../model/role-codes.js'
import { explained, explanations } from '../report/explain.js'
import type { PageFormat } from '../report/explain.js'
import type { Paint } from '../report/paint.js'
import type { Explanation } from '../report/told.js'
import { exitOfCode } from './exit.js'
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

/** The page of one code, or of the path or the rule with that number; nothing where there is none. */
export const explain = (typed: string, format: PageFormat, paint: Paint): string | undefined => {
  const code = codeOf(typed)
  return code === undefined ? undefined : explained(pageOf(code), format, paint)
}

/** Every code with its page. */
export const explainAll = (format: PageFormat, paint: Paint): string =>
  explanations(known.map(pageOf), format, paint)

/** The code that was most likely meant: no further off than half its letters. */
export const nearestCode = (typed: string): string | undefined => nearestOf(typed, known)
