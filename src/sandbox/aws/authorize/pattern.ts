import type { Lookup } from './facts.js'

/** A sign that stands for itself, for any one sign, or for any number of signs. */
type Sign = string | typeof ONE | typeof MANY
const ONE = Symbol('?')
const MANY = Symbol('*')

export type Pattern = readonly Sign[]

const variable = /\$\{([^}]*)\}/g

/** `aws:PrincipalTag/team, 'none'`: a key, and what it stands for where the request has none. */
const named = /^\s*([^,]+?)\s*(?:,\s*'([^']*)'\s*)?$/

/**
 * The value of a variable. Whatever is in it stands for itself.
 *
 * @returns nothing where the request has no such key, or more than one value of it
 */
const valueOf = (inside: string, lookup: Lookup): string | undefined => {
  if (inside === '*' || inside === '?' || inside === '$') return inside
  const [, key = '', otherwise] = named.exec(inside) ?? []
  const [value, ...more] = lookup(key) ?? []
  return value === undefined || more.length > 0 ? otherwise : value
}

interface Reading {
  readonly lookup: Lookup
  /** Policies from before 2012 know no variables. */
  readonly hasVariables: boolean
}

/**
 * A text of a policy as a pattern.
 *
 * @returns nothing where a variable in it stands for nothing: then it is like no value at all
 */
export const patternOf = (
  text: string,
  { lookup, hasVariables }: Reading,
  hasWildcards: boolean,
): Pattern | undefined => {
  const signs: Sign[] = []
  const plain = (part: string) => {
    for (const sign of part)
      signs.push(hasWildcards && sign === '*' ? MANY : hasWildcards && sign === '?' ? ONE : sign)
  }
  let at = 0
  for (const match of hasVariables ? text.matchAll(variable) : []) {
    plain(text.slice(at, match.index))
    const value = valueOf(match[1] ?? '', lookup)
    if (value === undefined) return undefined
    signs.push(...Array.from(value))
    at = match.index + match[0].length
  }
  plain(text.slice(at))
  return signs
}

/** Whether a text is what a pattern says. Never takes longer than one length times the other. */
export const fits = (pattern: Pattern, text: string): boolean => {
  const signs = Array.from(text)
  let [at, on] = [0, 0]
  let [star, mark] = [-1, 0]
  while (on < signs.length) {
    const wanted = pattern[at]
    if (wanted === MANY) {
      star = at
      mark = on
      at += 1
    } else if (wanted === ONE || wanted === signs[on]) {
      at += 1
      on += 1
    } else if (star >= 0) {
      at = star + 1
      mark += 1
      on = mark
    } else return false
  }
  while (pattern[at] === MANY) at += 1
  return at === pattern.length
}

/** Six parts: what comes after the fifth colon is one of them. */
const partsOf = (pattern: Pattern): Pattern[] => {
  const parts: Sign[][] = [[]]
  for (const sign of pattern)
    if (sign === ':' && parts.length < 6) parts.push([])
    else parts.at(-1)?.push(sign)
  return parts
}

const isEverything = (pattern: Pattern) => pattern.length === 1 && pattern[0] === MANY

/** Whether an ARN is what a pattern says, part by part: a wildcard does not reach over into the next part. */
export const fitsArn = (pattern: Pattern, text: string): boolean => {
  if (isEverything(pattern)) return true
  const wanted = partsOf(pattern)
  const had = partsOf(Array.from(text))
  return (
    wanted.length === 6 &&
    had.length === 6 &&
    wanted.every((part, index) => fits(part, (had[index] ?? []).join('')))
  )
}

const reading: Reading = { lookup: () => undefined, hasVariables: false }

/** The same for what has no variables and no case: actions. */
export const fitsAction = (wanted: string, action: string): boolean =>
  fits(patternOf(wanted.toLowerCase(), reading, true) ?? [], action.toLowerCase())
