import { quoted, type Problem } from './problem.js'
import type { Place } from './source.js'

const longest = 255

/** What is wrong with a name, whatever it names. What a kind asks of its names beyond that, the kind says. */
export const nameProblem = (name: string, at: Place): Problem | undefined => {
  const wrong = faultOf(name)
  if (!wrong) return undefined
  const [, what, fix] = wrong
  return { code: 'bad-name', at, words: () => ({ what: `${quoted(name)} ${what}`, fix }) }
}

/** What keeps a name that something has from being written: "has spaces at its ends". */
export const nameFault = (name: string): string | undefined =>
  unreadable.has(name) ? 'is no name that a file can have' : faultOf(name)?.[1]

/** What reading a file refuses as a key: something else is meant by it. */
const unreadable: ReadonlySet<string> = new Set(['<<', '__proto__'])

const faultOf = (name: string) => wrongs.find(([is]) => is(name))

/** Controls, half characters, line ends, and what turns the direction of writing around. */
const unseen = /[\p{Cc}\p{Cs}\u2028\u2029\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\u200B]/u

const wrongs: readonly (readonly [(name: string) => boolean, string, string])[] = [
  [(name) => name === '', 'is an empty name', 'write a name'],
  [(name) => name.length > longest, `is longer than ${longest} characters`, 'write a shorter one'],
  [(name) => name.trim() !== name, 'has spaces at its ends', 'take them out'],
  [(name) => unseen.test(name), 'holds characters that can’t be seen', 'type it anew'],
]
