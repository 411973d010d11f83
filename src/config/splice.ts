import { isCollection, isMap, isScalar, stringify, type YAMLMap, type YAMLSeq } from 'yaml'
import type { Json } from '../model/json.js'

/** A place in a map or list where something is. */
export interface Slot {
  readonly of: YAMLMap | YAMLSeq
  readonly index: number
}

/** That what is new goes on lines of its own: maps of the first so many levels, and further in what is too long for one. */
interface Lines {
  readonly lines?: { readonly levels: number }
}

/** An edit, brought down to one place. */
export type Target =
  | ({ readonly act: 'replace'; readonly slot: Slot; readonly value: Json } & Lines)
  | { readonly act: 'remove'; readonly slot: Slot }
  | ({
      readonly act: 'add'
      readonly to: YAMLMap | YAMLSeq
      readonly key: string
      readonly value: Json
    } & Lines)
  | ({ readonly act: 'begin'; readonly value: Json } & Lines)

/** What is in a slot. */
export const contentOf = ({ of, index }: Slot): unknown =>
  isMap(of) ? of.items[index]?.value : of.items[index]

/** A stretch of a text. */
interface Range {
  readonly from: number
  readonly to: number
}

/**
 * A text with one change, and not a byte different elsewhere.
 *
 * @returns undefined where the change would take along a comment that is about something else
 */
export const spliced = (text: string, target: Target): string | undefined => {
  switch (target.act) {
    case 'begin':
      return `${closed(text)}${target.lines ? lined(text, target.value, target.lines.levels) : `${blockOf(target.value)}${lineEnd(text)}`}`
    case 'add':
      return target.lines && isMap(target.to) && target.to.flow !== true
        ? addedLines(text, target, target.lines.levels)
        : added(text, target)
    case 'replace':
      return (
        (target.lines && filledWithLines(text, target.slot, target.value, target.lines.levels)) ??
        replaced(text, target.slot, target.value)
      )
    case 'remove': {
      const cut = target.slot.of.flow === true ? flowCut(text, target.slot) : blockCut(text, target.slot)
      return cut && put(text, cut, '')
    }
  }
}

const put = (text: string, { from, to }: Range, instead: string) =>
  text.slice(0, from) + instead + text.slice(to)

/** How lines end in a text. */
const lineEnd = (text: string) => (text.includes('\r\n') ? '\r\n' : '\n')

/** A text whose last line has an end. */
const closed = (text: string) => (text === '' || text.endsWith('\n') ? text : text + lineEnd(text))

const rangeOf = (node: unknown): Range | undefined => {
  const range = isScalar(node) || isCollection(node) ? node.range : undefined
  return range ? { from: range[0], to: range[1] } : undefined
}

/** From a slot's first character to the last of its value. */
const slotRange = (slot: Slot): Range | undefined => {
  const content = rangeOf(contentOf(slot))
  if (!isMap(slot.of)) return content
  const key = rangeOf(slot.of.items[slot.index]?.key)
  return key && { from: key.from, to: content?.to ?? key.to }
}

/** Where the line begins that a place is on, and where the next one does. */
const lineStart = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1
const nextLine = (text: string, at: number) => {
  if (at > 0 && text[at - 1] === '\n') return at
  const end = text.indexOf('\n', at)
  return end === -1 ? text.length : end + 1
}

/** An item's lines, with the comment at the end of the last. */
const blockCut = (text: string, slot: Slot): Range | undefined => {
  const range = slotRange(slot)
  if (!range) return undefined
  const start = lineStart(text, range.from)
  const lead = text.slice(start, range.from)
  const to = nextLine(text, range.to)
  if (isMap(slot.of) ? /^ *$/.test(lead) : /^ *- +$/.test(lead)) return { from: start, to }
  // The first key of a map in a list stands behind the dash: the next one takes its place.
  const next = slotRange({ of: slot.of, index: slot.index + 1 })
  return slot.index === 0 && next && /^\s*$/.test(text.slice(to, next.from))
    ? { from: range.from, to: next.from }
    : undefined
}

/** An item, and the comma that parts it from the next, or from the one before where it is the last. */
const flowCut = (text: string, slot: Slot): Range | undefined => {
  const range = slotRange(slot)
  const next = slotRange({ of: slot.of, index: slot.index + 1 })
  const before = slotRange({ of: slot.of, index: slot.index - 1 })
  const isPlain = (from: number, to: number) => !text.slice(from, to).includes('#')
  if (range && next) return isPlain(range.to, next.from) ? { from: range.from, to: next.from } : undefined
  return range && before && isPlain(before.to, range.from) ? { from: before.to, to: range.to } : undefined
}

const replaced = (text: string, slot: Slot, value: Json): string | undefined => {
  const range = slotRange(slot)
  const content = rangeOf(contentOf(slot))
  if (!range || !content) return undefined
  const literal = literalOf(text, contentOf(slot), value)
  if (literal !== undefined) return put(text, content, literal)
  const isLines = text.slice(content.from, content.to).endsWith('\n')
  const end = isLines ? lineEnd(text) : ''
  if (!isMap(slot.of)) return put(text, content, inline(value) + end)
  const key = rangeOf(slot.of.items[slot.index]?.key)
  const colon = text.indexOf(':', key?.to ?? range.from) + 1
  const between = text.slice(colon, content.from)
  if (!between.includes('\n'))
    return put(
      text,
      { from: colon, to: content.to },
      `${/^\s+/.exec(between)?.[0] ?? ' '}${inline(value)}${end}`,
    )
  // It began on a line of its own; what is said behind the colon stays there.
  const comment = between.slice(0, between.indexOf('\n')).trimEnd()
  return put(text, { from: colon, to: content.to }, ` ${inline(value)}${comment}${end}`)
}

/** Lines in place of the lines of a literal, `|`, as far in as those are; undefined where there are none. */
const literalOf = (text: string, node: unknown, value: Json): string | undefined => {
  const range = rangeOf(node)
  if (!range || !isScalar(node) || node.type !== 'BLOCK_LITERAL' || typeof value !== 'string')
    return undefined
  const written = text.slice(range.from, range.to)
  const was = written.slice(0, written.indexOf('\n') + 1)
  const indent = /^ +/m.exec(written.slice(was.length))?.[0]
  // What begins with a space, or ends with a free line, is said in quotes: as lines it would say something else.
  if (indent === undefined || !/^\S/.test(value) || /\n\n$|\r/.test(value) || !/^\|[+-]?(?!\d)/.test(was))
    return undefined
  const head = was.replace(/^\|[+-]?/, value.endsWith('\n') ? '|' : '|-')
  const lines = value.endsWith('\n') ? value : `${value}\n`
  return head + lines.replace(/^(?=.)/gm, indent).replaceAll('\n', lineEnd(text))
}

const added = (text: string, { to, key, value }: Extract<Target, { act: 'add' }>): string | undefined => {
  const item = isMap(to) ? `${inline(key)}: ${inline(value)}` : inline(value)
  const whole = rangeOf(to)
  const last = slotRange({ of: to, index: to.items.length - 1 })
  if (!whole) return undefined
  if (to.flow === true) {
    if (last) return put(text, { from: last.to, to: last.to }, `, ${item}`)
    return text.slice(whole.from, whole.to).includes('#')
      ? undefined
      : put(text, whole, isMap(to) ? `{ ${item} }` : `[${item}]`)
  }
  if (!last) return undefined
  const at = nextLine(text, last.to)
  const indent = ' '.repeat(whole.from - lineStart(text, whole.from))
  return `${closed(text.slice(0, at))}${indent}${isMap(to) ? '' : '- '}${item}${lineEnd(text)}${text.slice(at)}`
}

/** How far in the lines of a map's values are, as its first value that has lines shows. */
const stepOf = (text: string, map: YAMLMap | YAMLSeq, indent: number): number => {
  const inner = map.items.map((_, index) => contentOf({ of: map, index }))
  const block = inner.find((node) => isMap(node) && node.flow !== true && node.items.length > 0)
  const range = rangeOf(block)
  const step = range === undefined ? 2 : range.from - lineStart(text, range.from) - indent
  return step > 0 ? step : 2
}

const columnOf = (text: string, at: number) => at - lineStart(text, at)

/** Whether a blank line parts the last two of a map. */
const isSpaced = (text: string, map: YAMLMap | YAMLSeq): boolean => {
  const before = slotRange({ of: map, index: map.items.length - 2 })
  const last = slotRange({ of: map, index: map.items.length - 1 })
  return (
    before !== undefined && last !== undefined && /\n[ \t]*\r?\n/.test(text.slice(before.to - 1, last.from))
  )
}

/** Where the lines end that belong to what ends at a place: without blank lines, and with the comments further in. */
const endOfLines = (text: string, from: number, to: number, column: number): number => {
  let at = nextLine(text, to)
  for (;;) {
    const start = lineStart(text, at - 1)
    if (start <= from || text.slice(start, at).trim() !== '') break
    at = start
  }
  for (;;) {
    const rest = /^(?:[ \t]*\r?\n)*( *)#[^\n]*(?:\n|$)/.exec(text.slice(at))
    if (rest === null || (rest[1] ?? '').length <= column) return at
    at += rest[0].length
  }
}

const addedLines = (
  text: string,
  { to, key, value }: Extract<Target, { act: 'add' }>,
  levels: number,
): string | undefined => {
  const last = slotRange({ of: to, index: to.items.length - 1 })
  if (!last) return undefined
  const column = columnOf(text, last.from)
  const at = endOfLines(text, last.from, last.to, column)
  const end = lineEnd(text)
  const gap = isSpaced(text, to) ? end : ''
  const lines = linesOf(key, value, ' '.repeat(column), ' '.repeat(stepOf(text, to, column)), levels)
  return `${closed(text.slice(0, at))}${gap}${lines.map((line) => line + end).join('')}${text.slice(at)}`
}

/** Lines under a key that has nothing yet; what is said behind the colon stays there. */
const filledWithLines = (text: string, slot: Slot, value: Json, levels: number): string | undefined => {
  const content = rangeOf(contentOf(slot))
  const key = isMap(slot.of) ? rangeOf(slot.of.items[slot.index]?.key) : undefined
  if (!key || slot.of.flow === true || !isObject(value) || Object.keys(value).length === 0) return undefined
  const colon = text.indexOf(':', key.to) + 1
  const lineEnds = nextLine(text, colon)
  const was = content && content.to <= lineEnds ? text.slice(content.from, content.to) : ''
  if (!/^(\{\s*\}|~|null)?$/.test(was) || (content && content.from < colon)) return undefined
  const said = content && was !== '' ? put(text.slice(0, lineEnds), content, '') : text.slice(0, lineEnds)
  const head = closed(said.slice(0, colon) + said.slice(colon).replace(/^[ \t]+(?=\r?\n)/, ''))
  const column = columnOf(text, key.from)
  const step = ' '.repeat(stepOf(text, slot.of, column))
  const lines = Object.entries(value).flatMap(([name, inner]) =>
    linesOf(name, inner, ' '.repeat(column) + step, step, levels - 1),
  )
  return `${head}${lines.map((line) => line + lineEnd(text)).join('')}${text.slice(lineEnds)}`
}

const lined = (text: string, value: Json, levels: number): string =>
  isObject(value) && Object.keys(value).length > 0
    ? Object.entries(value)
        .flatMap(([key, inner]) => linesOf(key, inner, '', '  ', levels - 1))
        .map((line) => line + lineEnd(text))
        .join('')
    : `${inline(value)}${lineEnd(text)}`

const isObject = (value: Json | undefined): value is Readonly<Record<string, Json | undefined>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is longer than this gets lines of its own, further in than people ask for them. */
const longestLine = 100

/**
 * A key with its value, as a person would write it on lines of its own.
 *
 * @param levels  how many levels of maps have a line for each key, however short they are
 */
const linesOf = (
  key: string,
  value: Json | undefined,
  indent: string,
  step: string,
  levels: number,
): string[] => {
  const lead = `${indent}${inline(key)}:`
  const short = `${lead} ${inline(value)}`
  if (typeof value === 'string' && /^\S[^\p{Cc}]*\n(?:[^\p{Cc}]|\n)*[^\p{Cc}\n]\n$/u.test(value))
    return [
      `${lead} |`,
      ...value
        .trimEnd()
        .split('\n')
        .map((line) => (line === '' ? '' : indent + step + line)),
    ]
  const fits = short.length <= longestLine
  if (Array.isArray(value) && value.length > 0 && !fits)
    return [lead, ...value.map((item: Json) => `${indent}${step}- ${inline(item)}`)]
  if (!isObject(value) || Object.keys(value).length === 0 || (levels <= 0 && fits)) return [short]
  return [
    lead,
    ...Object.entries(value).flatMap(([name, inner]) =>
      linesOf(name, inner, indent + step, step, levels - 1),
    ),
  ]
}

/** A value on one line, as a person would write it there. */
export const inline = (value: Json | undefined): string => {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, inner]) => inner !== undefined)
    return entries.length === 0
      ? '{}'
      : `{ ${entries.map(([key, inner]) => `${inline(key)}: ${inline(inner)}`).join(', ')} }`
  }
  if (typeof value === 'string' && /\p{Cc}/u.test(value)) return JSON.stringify(value)
  // Inside of a list, so that a comma or a bracket in it is quoted.
  const list = stringify([value ?? null], { collectionStyle: 'flow', lineWidth: 0 })
  return list.replace(/^\[\s*|\s*\]\s*$/g, '')
}

/** A map with a line for each key, at the beginning of a file. */
const blockOf = (value: Json): string =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
        .map(([key, inner]) => `${inline(key)}: ${inline(inner)}`)
        .join('\n')
    : inline(value)
