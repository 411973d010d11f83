import type { Result } from '../model/result.js'
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
  /** The sentence that says the organization is make-believe, where it is. */
  readonly sandbox?: string
}

/** A result in the form that was asked for. The sandbox is named before anything else. */
export const report = (result: Result, format: Format, { paint, sandbox }: Setting): string => {
  switch (format) {
    case 'json':
      return json(result, sandbox)
    case 'markdown':
      return markdown(result, sandbox)
    case 'text':
      return `${sandbox === undefined ? '' : `${paint('warning', sandbox)}\n\n`}${text(result, paint)}`
  }
}
