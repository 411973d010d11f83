import { redact } from '../model/redact.js'
import type { Problem } from './problem.js'
import { punctuationAfter, type Source } from './source.js'

/** Every line of a file that holds something which would be redacted, in a comment too. */
export const secretsIn = (source: Source): Problem[] => {
  const { text } = source
  if (redact(text) === text) return []
  const problems: Problem[] = []
  let start = 0
  for (const line of text.split('\n')) {
    for (const { index, 0: word } of line.matchAll(/\S+/g))
      if (redact(word) !== word) problems.push(secret(source, start + index, word, redact(word)))
    start += line.length + 1
  }
  return problems
}

const secret = (source: Source, start: number, word: string, hidden: string): Problem => ({
  code: 'secret-in-file',
  at: {
    source,
    start: start + firstDifference(word, hidden),
    end: start + word.length - punctuationAfter(word, hidden).length,
  },
  words: () => ({
    what: `a secret stands in ${source.path}`,
    label: 'hidden here, known to all who read the file',
    fix: 'revoke it, then take it out of the file and its history',
  }),
})

const firstDifference = (a: string, b: string): number => {
  let at = 0
  while (at < a.length && a[at] === b[at]) at += 1
  return at
}
