import type { Span } from '../model/span.js'
import { redact } from '../model/redact.js'

/** A file's text, and where its lines are. */
export interface Source {
  readonly path: string
  readonly text: string
  /** The span of `text` from `start` to `end`, in UTF-16 units; clipped to the line that `start` is on. */
  span(start: number, end: number): Span
}

/** A stretch of a file: two offsets are cheap to keep for every value, a span is made for those that are shown. */
export interface Place {
  readonly source: Source
  readonly start: number
  readonly end: number
}

/** A line longer than this was written by no person, and is not shown. */
const longestShownLine = 10_000

export const sourceOf = (path: string, text: string): Source => {
  let starts: readonly number[] | undefined
  const shown = new Map<number, string>()

  const lineShown = (line: number, text: string) => {
    let known = shown.get(line)
    if (known === undefined) {
      known = text.length > longestShownLine ? '' : masked(text)
      shown.set(line, known)
    }
    return known
  }

  return {
    path,
    text,
    span(start, end) {
      starts ??= lineStarts(text)
      const line = lastAtMost(starts, start)
      const from = starts[line] ?? 0
      const whole = text.slice(from, (starts[line + 1] ?? text.length + 1) - 1)
      const content = whole.endsWith('\r') ? whole.slice(0, -1) : whole
      const column = Math.min(start - from, content.length)
      const length = Math.max(1, Math.min(end - from, content.length) - column)
      return { file: path, line: line + 1, column: column + 1, length, text: lineShown(line, content) }
    },
  }
}

export const spanOf = ({ source, start, end }: Place): Span => source.span(start, end)

/** The very beginning of a file. */
export const topOf = (source: Source): Place => ({ source, start: 0, end: 0 })

/** The line without its secrets, as long as it was, so that an underline still stands under its word. */
const masked = (line: string) =>
  line.replace(/\S+/g, (word) => {
    const hidden = redact(word)
    if (hidden === word) return word
    const end = punctuationAfter(word, hidden)
    const secret = hidden.slice(0, hidden.length - end.length)
    return secret.padEnd(word.length - end.length, '…').slice(0, word.length - end.length) + end
  })

/** What follows a secret without being part of it: a comma, a quote, a bracket. */
export const punctuationAfter = (word: string, hidden: string): string => {
  const end = /[^\w-]*$/.exec(word)?.[0] ?? ''
  return hidden.endsWith(end) ? end : ''
}

const lineStarts = (text: string): number[] => {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}

/** The index of the last start that is not after `offset`. */
const lastAtMost = (starts: readonly number[], offset: number): number => {
  let low = 0
  let high = starts.length - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}
