import { certain, every, not, some, type Answer } from './answer.js'
import { spelling, type Operator, type OperatorName } from './operator.js'
import { arnParts, caseless, matches, onlyText, type Pattern } from './pattern.js'

/** A value of a policy: a pattern; null for a variable that stands for nothing, undefined for one nobody knows. */
export type Wanted = Pattern | null | undefined

/** A value of a policy, made ready to be compared with many. */
type Ready = (value: string) => Answer

/** @param has  the values of a condition's key; null where the request has no such key */
export type Comparison = (has: readonly string[] | null) => Answer

/** Whether a condition holds for what a request has under its key. */
export const comparison = (operator: Operator, wanted: readonly Wanted[]): Comparison => {
  const { name, over, ifExists } = operator
  const { negated = false } = spelling(name)
  if (name === 'Null') {
    const asked = new Set(wanted.map((one) => textIn(one)?.toLowerCase()))
    return (has) => certain(asked.has(has === null ? 'true' : 'false'))
  }
  const ready = wanted.map((one) => readied(name, one, negated))
  const one = (value: string): Answer => {
    // IAM says nothing of a condition without values, and may take none for all.
    if (ready.length === 0) return 'depends'
    const met = some(ready.map((is) => is(value)))
    return negated ? not(met) : met
  }
  return (has) => {
    if (has === null) {
      if (ifExists || over === 'all') return 'yes'
      // Two rules of IAM meet here: of no value none holds, and what is negated holds of nothing.
      if (over === 'any') return negated ? 'depends' : 'no'
      return certain(negated)
    }
    const [first] = has
    if (over === 'one' && has.length === 1 && first !== undefined) return one(first)
    const answers = has.map(one)
    const empty = has.every((value) => value === '')
    switch (over) {
      case 'all':
        return empty && every(answers) === 'no' ? 'depends' : every(answers)
      case 'any':
        return empty && some(answers) === 'yes' ? 'depends' : some(answers)
      case 'one':
        // A key with several values asks for an operator over them; without one, IAM does not say which counts.
        return answers.every((answer) => answer === answers[0]) ? (answers[0] ?? 'depends') : 'depends'
    }
  }
}

const textIn = (wanted: Wanted): string | undefined => (wanted ? onlyText(wanted) : undefined)

const readied = (name: OperatorName, wanted: Wanted, negated: boolean): Ready => {
  if (wanted === undefined) return () => 'depends'
  // A variable without a value makes a statement invalid, says IAM, and not what becomes of "is not".
  if (wanted === null) return () => (negated ? 'depends' : 'no')
  const { compares, ignoresCase = false } = spelling(name)
  const text = onlyText(wanted)
  switch (compares) {
    case 'string': {
      if (text !== undefined)
        return ignoresCase
          ? (value) => certain(value.toLowerCase() === text.toLowerCase())
          : (value) => certain(value === text)
      const pattern = ignoresCase ? caseless(wanted) : wanted
      return (value) => certain(matches(pattern, value))
    }
    case 'arn': {
      const parts = arnParts(wanted)
      // A pattern with too few parts may be read as none, or as a pattern over all of them.
      return parts === undefined
        ? (value) => (matches(wanted, value) ? 'depends' : 'no')
        : (value) => certain(value.split(':').length >= 6 && matches(parts, value))
    }
    case 'bool':
      return (value) => certain(/^(true|false)$/i.test(value) && value.toLowerCase() === text?.toLowerCase())
    case 'binary':
      return (value) => certain(text !== undefined && bytes(value) === bytes(text))
    case 'ip':
      return within(text, negated)
    case 'number':
      return ordered(name, text, numberIn, negated)
    case 'date':
      return ordered(name, text, momentIn, negated)
    case 'null':
      return () => 'no'
  }
}

const bytes = (base64: string): string => base64.replaceAll(/[\s=]/g, '')

const numberIn = (text: string): number | undefined =>
  /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text.trim()) ? Number(text) : undefined

/** ISO 8601 in the forms of the W3C, or seconds since 1970. @returns milliseconds */
const momentIn = (text: string): number | undefined => {
  if (/^\d{5,}(\.\d+)?$/.test(text)) return Number(text) * 1000
  const parts =
    /^(\d{4}(?:-\d\d(?:-\d\d)?)?)(T\d\d:\d\d(?::\d\d(?:\.\d+)?)?)?(?:(Z)|([+-]\d\d):?(\d\d))?$/.exec(text)
  if (parts === null) return undefined
  const [, day = '', time, , hours, minutes = '00'] = parts
  const zone = hours === undefined ? 'Z' : `${hours}:${minutes}`
  const moment = Date.parse(time === undefined ? day : `${day}${time}${zone}`)
  return Number.isNaN(moment) ? undefined : moment
}

/** What can't be read is not equal, and whether it is unequal IAM doesn't say. */
const ordered = (
  name: OperatorName,
  text: string | undefined,
  read: (text: string) => number | undefined,
  negated: boolean,
): Ready => {
  const limit = text === undefined ? undefined : read(text)
  const order = name.replace(/^(Numeric|Date)/, '')
  return (value) => {
    const number = read(value)
    if (limit === undefined || number === undefined) return negated ? 'depends' : 'no'
    switch (order) {
      case 'LessThan':
        return certain(number < limit)
      case 'LessThanEquals':
        return certain(number <= limit)
      case 'GreaterThan':
        return certain(number > limit)
      case 'GreaterThanEquals':
        return certain(number >= limit)
      default:
        return certain(number === limit)
    }
  }
}

interface Block {
  readonly bits: bigint
  readonly length: number
  readonly prefix: number
}

const v4 = (text: string): bigint | undefined => {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256))
    return undefined
  return parts.reduce((bits, part) => bits * 256n + BigInt(part), 0n)
}

const v6 = (text: string): bigint | undefined => {
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const last = dotted === null ? undefined : v4(dotted[2] ?? '')
  if (dotted !== null && last === undefined) return undefined
  const whole =
    last === undefined
      ? text
      : `${dotted?.[1] ?? ''}${(last >> 16n).toString(16)}:${(last & 0xffffn).toString(16)}`
  const halves = whole.split('::')
  if (halves.length > 2) return undefined
  const [head = [], tail = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const missing = 8 - head.length - tail.length
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined
  const groups = [...head, ...Array.from({ length: missing }, () => '0'), ...tail]
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined
  return groups.reduce((bits, group) => bits * 65536n + BigInt(`0x${group}`), 0n)
}

/** An address, or a block of them as CIDR writes it. */
const blockIn = (text: string): Block | undefined => {
  const [address = '', prefix, more] = text.split('/')
  const four = v4(address)
  const bits = four ?? v6(address)
  const length = four === undefined ? 128 : 32
  if (bits === undefined || more !== undefined) return undefined
  if (prefix === undefined) return { bits, length, prefix: length }
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= length
    ? { bits, length, prefix: Number(prefix) }
    : undefined
}

const within = (text: string | undefined, negated: boolean): Ready => {
  const block = text === undefined ? undefined : blockIn(text)
  return (value) => {
    const address = blockIn(value)
    if (block === undefined || address === undefined) return negated ? 'depends' : 'no'
    if (address.length !== block.length) return 'no'
    const host = BigInt(block.length - block.prefix)
    if (address.prefix >= block.prefix) return certain(address.bits >> host === block.bits >> host)
    // A range that is wider than the block is in it here and there.
    const wide = BigInt(block.length - address.prefix)
    return address.bits >> wide === block.bits >> wide ? 'depends' : 'no'
  }
}

/** Values worth trying where anything may be chosen: those around what a policy compares with. */
export const around = (name: OperatorName, text: string): readonly string[] => {
  const { compares } = spelling(name)
  if (compares === 'ip') return [text.split('/')[0] ?? text, '192.0.2.1', '2001:db8::1']
  const number = compares === 'number' ? numberIn(text) : undefined
  const moment = compares === 'date' ? momentIn(text) : undefined
  if (compares === 'number')
    return number === undefined ? ['1'] : [number - 1, number, number + 1].map(String)
  if (compares !== 'date') return []
  return moment === undefined
    ? ['2000-01-01T00:00:00Z']
    : [moment - 1000, moment, moment + 1000].map((one) => new Date(one).toISOString())
}
