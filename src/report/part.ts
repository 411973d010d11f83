import type { Finding } from '../model/finding.js'
import type { Tone } from './paint.js'

/** A line of a block. Whoever makes it has made it visible. */
export interface BlockLine {
  readonly text: string
  readonly tone?: Tone
}

/**
 * A piece of an answer about access, before it is text or markdown: a sentence, lines under a heading, or a finding.
 * Headings and sentences hold our own words alone; names stand in lines and in `about`, so that in markdown they are code.
 */
export type Part =
  | { readonly says: string; readonly about?: string; readonly tone?: Tone }
  | {
      readonly heading?: string
      readonly lines: readonly BlockLine[]
      /** What the lines are, for whoever colours code. */
      readonly language?: 'diff' | 'yaml'
    }
  | { readonly finding: Finding }

/** A block, where there are lines for it. */
export const block = (
  heading: string | undefined,
  lines: readonly BlockLine[],
  language?: 'diff' | 'yaml',
): Part[] =>
  lines.length === 0
    ? []
    : [
        {
          ...(heading === undefined ? {} : { heading }),
          lines,
          ...(language === undefined ? {} : { language }),
        },
      ]

/** The first so many lines, and one that says how many more there are. */
export const capped = (lines: readonly BlockLine[], most: number): BlockLine[] =>
  lines.length <= most + 1
    ? [...lines]
    : [
        ...lines.slice(0, most),
        { text: `… and ${String(lines.length - most)} more, all of them in --format json`, tone: 'faint' },
      ]

/** Rows of visible cells as lines, each column as wide as its widest cell. */
export const columns = (
  rows: readonly (readonly string[])[],
  widthOf: (text: string) => number,
): string[] => {
  const widths = rows.reduce<number[]>(
    (known, row) =>
      Array.from({ length: Math.max(known.length, row.length) }, (_, at) =>
        Math.max(known[at] ?? 0, widthOf(row[at] ?? '')),
      ),
    [],
  )
  return rows.map((row) =>
    row
      .map((cell, at) => cell + ' '.repeat((widths[at] ?? 0) - widthOf(cell)))
      .join('  ')
      .trimEnd(),
  )
}
