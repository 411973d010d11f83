import type { Result } from '../model/result.js'
import { jsonText } from '../model/json-text.js'
import type { Answers, ResultHead } from './told.js'

/** Whoever adds a result and no answer of it hears of it here. */
type Told = Extract<Answers[keyof Answers], ResultHead>

/** A result for a program: `bridle.result/1`, as this folder's README describes it. */
export const json = (result: Result, sandbox: string | undefined): string => {
  const told: Told = {
    format: 'bridle.result/1',
    ...(sandbox === undefined ? {} : { sandbox }),
    ...result,
  }
  return `${jsonText(told)}\n`
}
