import { isRecord, several } from '../documents.js'
import { isInRange } from './address.js'
import type { Lookup } from './facts.js'
import { fits, fitsArn, patternOf } from './pattern.js'

interface Reading {
  readonly lookup: Lookup
  readonly hasVariables: boolean
}

/** Whether a value of the request is what one value of the policy says. */
type Compare = (wanted: string, had: string, reading: Reading) => boolean

const text =
  (hasWildcards: boolean, hasCase = true): Compare =>
  (wanted, had, reading) => {
    const pattern = patternOf(wanted, reading, hasWildcards)
    if (!pattern) return false
    if (hasCase) return fits(pattern, had)
    const lowered = pattern.map((sign) => (typeof sign === 'string' ? sign.toLowerCase() : sign))
    return fits(lowered, had.toLowerCase())
  }

const arn: Compare = (wanted, had, reading) => {
  const pattern = patternOf(wanted, reading, true)
  return pattern !== undefined && fitsArn(pattern, had)
}

/** Numbers as people write them, and nothing else that JavaScript would take for one. */
const numberIn = (given: string): number =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(given.trim()) ? Number(given) : NaN

const date = /^\d{4}(-\d\d(-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?)?)?$/

/** A time in ISO 8601, or in seconds since 1970. */
const timeIn = (given: string): number =>
  /^\d{9,}$/.test(given) ? Number(given) * 1000 : date.test(given) ? Date.parse(given) : NaN

const compared =
  (read: (given: string) => number, test: (had: number, wanted: number) => boolean): Compare =>
  (wanted, had) => {
    const [a, b] = [read(had), read(wanted)]
    return !Number.isNaN(a) && !Number.isNaN(b) && test(a, b)
  }

const orders = {
  equals: (a: number, b: number) => a === b,
  lessthan: (a: number, b: number) => a < b,
  lessthanequals: (a: number, b: number) => a <= b,
  greaterthan: (a: number, b: number) => a > b,
  greaterthanequals: (a: number, b: number) => a >= b,
} as const

const compares: Readonly<Record<string, Compare>> = {
  stringequals: text(false),
  stringequalsignorecase: text(false, false),
  stringlike: text(true),
  arnequals: arn,
  arnlike: arn,
  bool: (wanted, had) => wanted.toLowerCase() === had.toLowerCase() && /^(true|false)$/i.test(had),
  binaryequals: (wanted, had) => wanted === had,
  ipaddress: isInRange,
  ...Object.fromEntries(
    Object.entries(orders).map(([name, test]) => [`numeric${name}`, compared(numberIn, test)]),
  ),
  ...Object.fromEntries(
    Object.entries(orders).map(([name, test]) => [`date${name}`, compared(timeIn, test)]),
  ),
}

/** Operators that say no to what others say yes to. */
const negations: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
  notipaddress: 'ipaddress',
  numericnotequals: 'numericequals',
  datenotequals: 'dateequals',
}

interface Operator {
  readonly compare: Compare
  readonly isNegated: boolean
  readonly ifExists: boolean
  /** For operators over all values of a key, or over any of them. */
  readonly over: 'all' | 'any' | undefined
}

const operatorOf = (name: string): Operator | undefined => {
  const [, over, rest = ''] = /^(?:for(all|any)value(?:s)?:)?(.*)$/.exec(name.toLowerCase()) ?? []
  const bare = rest.replace(/ifexists$/, '')
  const positive = negations[bare]
  const compare = compares[positive ?? bare]
  return compare
    ? {
        compare,
        isNegated: positive !== undefined,
        ifExists: bare !== rest,
        over: over === 'all' || over === 'any' ? over : undefined,
      }
    : undefined
}

/** Where the request has no such key. */
const withoutKey = ({ isNegated, ifExists, over }: Operator): boolean => {
  if (ifExists || over === 'all') return true
  return over === undefined && isNegated
}

const withKey = (
  operator: Operator,
  wanted: readonly string[],
  had: readonly string[],
  reading: Reading,
): boolean => {
  const { compare, isNegated, over } = operator
  const meets = (value: string) => wanted.some((one) => compare(one, value, reading)) !== isNegated
  // An operator that is for one value, asked about several: a positive one wants one that fits, a negative one none.
  return over === 'all' || (over === undefined && isNegated) ? had.every(meets) : had.some(meets)
}

const textOf = (value: unknown) =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? [String(value)] : []

/** Whether every operator holds for every key that it names. */
export const holds = (condition: unknown, reading: Reading): boolean => {
  if (condition === undefined) return true
  if (!isRecord(condition)) return false
  return Object.entries(condition).every(
    ([name, keys]) =>
      isRecord(keys) &&
      Object.entries(keys).every(([key, values]) => {
        const had = reading.lookup(key)
        const wanted = several(values).flatMap(textOf)
        if (name.toLowerCase() === 'null')
          return wanted.some((one) => (one.toLowerCase() === 'true') === (had === undefined))
        const operator = operatorOf(name)
        if (!operator) return false
        return had === undefined ? withoutKey(operator) : withKey(operator, wanted, had, reading)
      }),
  )
}
