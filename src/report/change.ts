import { keyIn, kindOf } from '../model/address.js'
import type { Address } from '../model/address.js'
import type { FieldChange, PlannedChange } from '../model/change.js'
import type { Json } from '../model/json.js'
import { visible } from './escape.js'
import { standingOf } from './standing.js'
import { difference } from './lines.js'
import type { Line } from './lines.js'
import { block, inline, isLong } from './value.js'
import { counted } from './words.js'

/** One line about a change. Inner rows are the lines of a value that has several. */
export interface Row {
  readonly sign: '+' | '~' | '-' | '!' | ' '
  readonly text: string
  readonly inner?: boolean
}

/** `queue production/deploy`: an address as people say it. */
export const titleOf = (address: Address): string => visible(`${kindOf(address)} ${keyIn(address)}`.trimEnd())

/** What a heading says of a change beyond its name: the words differ between what will be done and what was found. */
export type VerbWords = Readonly<Record<PlannedChange['verb'], string>>
/** In a plan. */
export const inPlan: VerbWords = { create: 'create', update: '', remove: 'remove' }
/** In a drift: the files are right, and the organization is not. */
export const inDrift: VerbWords = { create: 'missing', update: '', remove: 'not declared' }

/** `queue production/deploy (create)`. */
export const headingOf = (change: PlannedChange, words: VerbWords): string => {
  const { address, verb, was } = change
  const notes = [
    words[verb],
    was === undefined ? '' : `was ${visible(keyIn(was))}`,
    standingOf(change) ?? '',
  ].filter((word) => word !== '')
  return `${titleOf(address)}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`
}

/** How many lines of one value a report shows. The JSON report has them all. */
const mostLines = 40

const capped = (rows: readonly Row[]): Row[] => {
  if (rows.length <= mostLines + 1) return [...rows]
  const left = rows.length - mostLines
  return [
    ...rows.slice(0, mostLines),
    { sign: ' ', text: `… ${counted(left, 'more line')} in --format json`, inner: true },
  ]
}

const whole = (sign: '+' | '-', name: string, value: Json): Row[] => {
  if (!isLong(value)) return [{ sign, text: `${name}  ${inline(value)}` }]
  const lines = block(value)
  return [
    { sign, text: `${name}  ${counted(lines.length, 'line')}` },
    ...capped(lines.map((text) => ({ sign, text, inner: true }))),
  ]
}

const lineRow = (line: Line): Row =>
  line.sign === '…'
    ? { sign: ' ', text: `… ${counted(line.same, 'line')} the same`, inner: true }
    : { sign: line.sign, text: line.text, inner: true }

const shownBefore = (before: Json | undefined) => (before === undefined ? 'not readable' : inline(before))

const update = (name: string, { before, after }: FieldChange): Row[] => {
  const isShort = !isLong(after) && (before === undefined || !isLong(before))
  if (isShort) return [{ sign: '~', text: `${name}  ${shownBefore(before)} → ${inline(after)}` }]
  const lines = difference(
    before === undefined || before === null ? [] : block(before),
    after === null ? [] : block(after),
  )
  const [out, into] = ['-', '+'].map((sign) => lines.filter((line) => line.sign === sign).length)
  const from = before === undefined ? 'not readable → ' : ''
  return [
    { sign: '~', text: `${name}  ${from}${counted(out ?? 0, 'line')} out, ${counted(into ?? 0, 'line')} in` },
    ...capped(lines.map(lineRow)),
  ]
}

const field = (verb: PlannedChange['verb'], name: string, change: FieldChange): Row[] =>
  verb === 'create'
    ? whole('+', name, change.after)
    : verb === 'remove'
      ? whole('-', name, change.before ?? change.after)
      : update(name, change)

/** What differs, field by field, and then what it may cost whom. */
export const rowsOf = ({ verb, fields, risk }: PlannedChange): Row[] => {
  const width = Math.max(0, ...fields.map((one) => visible(one.field).length))
  return [
    ...fields.flatMap((one) => field(verb, visible(one.field).padEnd(width), one)),
    ...(risk.level === 'safe' ? [] : [{ sign: '!', text: `${risk.level}: ${visible(risk.why)}` } as const]),
  ]
}
