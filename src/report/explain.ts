import { jsonText } from '../model/json-text.js'
import type { Paint } from './paint.js'
import type { Explanation, PagesTold, PageTold } from './told.js'
import { wrapped } from './words.js'

/** The forms that pages can take. */
export type PageFormat = 'text' | 'json' | 'markdown'

/** How pages are looked at. */
export interface Look {
  readonly paint: Paint
  /** The width of the terminal; left out where there is none. */
  readonly columns?: number
}

/** Longer lines are hard to read, however wide a terminal is. */
const widest = 80

const paragraph = (name: string, words: string, { paint, columns = widest }: Look) =>
  wrapped(words, Math.min(columns, widest) - 6)
    .map((line, at) => `${at === 0 ? paint('faint', name.padEnd(6)) : ' '.repeat(6)}${line}`)
    .join('\n')

const nameOf = ({ code, path, rule }: Explanation) => {
  const number = path ?? rule
  return number === undefined ? code : `${code} (${number})`
}

const pageText = (page: Explanation, look: Look) => {
  const { paint, columns = widest } = look
  const { what, why, fix, exit } = page
  return [
    `${paint('heading', nameOf(page))}\n${wrapped(what, Math.min(columns, widest)).join('\n')}`,
    paragraph('why', why, look),
    paragraph('fix', fix, look),
    paragraph('exit', String(exit), look),
  ].join('\n\n')
}

const pageMarkdown = (page: Explanation) => {
  const { what, why, fix, exit } = page
  return `### ${nameOf(page)}\n\n${what}\n\n**Why it matters.** ${why}\n\n**What to do.** ${fix}\n\nA command that finds it ends with ${exit}.`
}

/** What one code means. */
export const explained = (page: Explanation, format: PageFormat, look: Look): string =>
  format === 'json'
    ? `${jsonText({ format: 'bridle.explanation/1', ...page } satisfies PageTold)}\n`
    : format === 'markdown'
      ? `${pageMarkdown(page)}\n`
      : `${pageText(page, look)}\n`

/** Fewer columns than this leave no sentence in one piece: it stands below its code. */
const narrowest = 40

/** A code and its sentence: on one line where a program may read it, within the terminal where a person does. */
const row = ({ code, what }: Explanation, width: number, { paint, columns }: Look): string => {
  const name = paint('heading', code.padEnd(width))
  if (columns === undefined) return `${name}  ${what}`
  const left = columns - width - 2
  const lines = wrapped(what, left < narrowest ? columns - 4 : left)
  return left < narrowest
    ? [paint('heading', code), ...lines.map((line) => `    ${line}`)].join('\n')
    : lines.map((line, at) => `${at === 0 ? name : ' '.repeat(width)}  ${line}`).join('\n')
}

/** All codes, each with its first sentence. */
export const explanations = (pages: readonly Explanation[], format: PageFormat, look: Look): string => {
  if (format === 'json')
    return `${jsonText({ format: 'bridle.explanations/1', pages } satisfies PagesTold)}\n`
  if (format === 'markdown') return `${pages.map(pageMarkdown).join('\n\n')}\n`
  const width = Math.max(0, ...pages.map(({ code }) => code.length))
  return `${pages.map((page) => row(page, width, look)).join('\n')}\n`
}
