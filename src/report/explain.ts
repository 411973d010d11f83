import { jsonText } from '../model/json-text.js'
import type { Paint } from './paint.js'
import type { Explanation, PagesTold, PageTold } from './told.js'
import { wrapped } from './words.js'

/** The forms that pages can take. */
export type PageFormat = 'text' | 'json' | 'markdown'

const columns = 80

const paragraph = (name: string, words: string, paint: Paint) =>
  wrapped(words, columns - 6)
    .map((line, at) => `${at === 0 ? paint('faint', name.padEnd(6)) : ' '.repeat(6)}${line}`)
    .join('\n')

const nameOf = ({ code, path, rule }: Explanation) => {
  const number = path ?? rule
  return number === undefined ? code : `${code} (${number})`
}

const pageText = (page: Explanation, paint: Paint) => {
  const { what, why, fix, exit } = page
  return [
    `${paint('heading', nameOf(page))}\n${wrapped(what, columns).join('\n')}`,
    paragraph('why', why, paint),
    paragraph('fix', fix, paint),
    paragraph('exit', String(exit), paint),
  ].join('\n\n')
}

const pageMarkdown = (page: Explanation) => {
  const { what, why, fix, exit } = page
  return `### ${nameOf(page)}\n\n${what}\n\n**Why it matters.** ${why}\n\n**What to do.** ${fix}\n\nA command that finds it ends with ${exit}.`
}

/** What one code means. */
export const explained = (page: Explanation, format: PageFormat, paint: Paint): string =>
  format === 'json'
    ? `${jsonText({ format: 'bridle.explanation/1', ...page } satisfies PageTold)}\n`
    : format === 'markdown'
      ? `${pageMarkdown(page)}\n`
      : `${pageText(page, paint)}\n`

/** All codes, each with its first sentence. */
export const explanations = (pages: readonly Explanation[], format: PageFormat, paint: Paint): string => {
  if (format === 'json')
    return `${jsonText({ format: 'bridle.explanations/1', pages } satisfies PagesTold)}\n`
  if (format === 'markdown') return `${pages.map(pageMarkdown).join('\n\n')}\n`
  const width = Math.max(0, ...pages.map(({ code }) => code.length))
  const lines = pages.map(({ code, what }) => `${paint('heading', code.padEnd(width))}  ${what}`)
  return `${lines.join('\n')}\n`
}
