import type { Result } from '../model/result.js'
import type { Span } from '../model/span.js'
import { json } from './json.js'
import { markdown } from './markdown.js'
import type { Paint } from './paint.js'
import { text } from './text.js'

/** The forms that an answer can take. None changes the verdict. */
export const formats = ['text', 'json', 'markdown'] as const
export type Format = (typeof formats)[number]

/** What a report needs to know besides the result. */
export interface Setting {
  readonly paint: Paint
  /** What leads from where the reader stands to the root file's folder, ending in a slash; empty if it is here. */
  readonly folder?: string
  /** The sentence that says the organization is make-believe, where it is. */
  readonly sandbox?: string
}

/** The same, with files under the path by which the reader finds them. A program is told the declaration's own. */
const seenFrom = (folder: string, result: Result): Result => {
  const seen = (span: Span) => ({ ...span, file: `${folder}${span.file}` })
  const findings = result.findings.map((finding) => ({ ...finding, where: finding.where.map(seen) }))
  return result.result === 'validation'
    ? { ...result, findings, elsewhere: result.elsewhere.map((one) => ({ ...one, where: seen(one.where) })) }
    : { ...result, findings }
}

/** A result in the form that was asked for. The sandbox is named before anything else. */
export const report = (result: Result, format: Format, { paint, sandbox, folder = '' }: Setting): string => {
  switch (format) {
    case 'json':
      return json(result, sandbox)
    case 'markdown':
      return markdown(seenFrom(folder, result), sandbox)
    case 'text':
      return `${sandbox === undefined ? '' : `${paint('warning', sandbox)}\n\n`}${text(seenFrom(folder, result), paint)}`
  }
}
