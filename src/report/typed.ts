import { visible } from './escape.js'

/** Words that no shell reads anything else into. */
const plain = /^[\w@%+:,./-]+$/

/** A command as one would type it. What a shell would take for something else stands in quotes. */
export const typed = (...words: readonly string[]): string =>
  words.map((word) => (plain.test(word) ? word : `'${visible(word).replaceAll("'", `'\\''`)}'`)).join(' ')
