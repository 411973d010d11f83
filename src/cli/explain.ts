import { closest, distance } from 'fastest-levenshtein'
import { codes } from '../model/codes.js'
import type { Code } from '../model/codes.js'
import { explained, explanations } from '../report/explain.js'
import type { Explanation } from '../report/explain.js'
import type { Format } from '../report/format.js'
import type { Paint } from '../report/paint.js'
import { exitOfCode } from './exit.js'

const known = Object.keys(codes).sort() as Code[]

const pageOf = (code: Code): Explanation => ({ code, ...codes[code], exit: exitOfCode(code) })

const isCode = (text: string): text is Code => Object.hasOwn(codes, text)

/** The page of one code; nothing where there is no such code. */
export const explain = (code: string, format: Format, paint: Paint): string | undefined =>
  isCode(code) ? explained(pageOf(code), format, paint) : undefined

/** Every code with its page. */
export const explainAll = (format: Format, paint: Paint): string =>
  explanations(known.map(pageOf), format, paint)

/** The code that was most likely meant: no further off than half its letters. */
export const nearestCode = (typed: string): string | undefined => {
  const nearest = closest(typed, known)
  return distance(typed, nearest) <= nearest.length / 2 ? nearest : undefined
}
