import type { Result } from '../model/result.js'
import { jsonText } from '../model/json-text.js'

/** A result for a program: `bridle.result/1`, as this folder's README describes it. */
export const json = (result: Result, sandbox: string | undefined): string =>
  `${jsonText({ format: 'bridle.result/1', ...(sandbox === undefined ? {} : { sandbox }), ...result })}\n`
