import { unseen } from '../model/json-text.js'

/** Names and texts come from strangers: whatever a reader could not see, or would see elsewhere, is shown as an escape. */
const short: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

const escaped = (character: string) =>
  short[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}}`

/** The same text on one line, with nothing hidden in it. */
export const visible = (text: string): string => text.replaceAll(unseen, escaped)

/** A text from outside in quotes, so that one can see where it begins and ends. */
export const quoted = (text: string): string =>
  `"${visible(text.replaceAll('\\', '\\\\').replaceAll('"', '\\"'))}"`

const longestRun = (text: string) => Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length))

/** A name in markdown: a code span, in which neither markup nor HTML nor a mention means anything. */
export const codeSpan = (text: string): string => {
  const shown = text === '' ? '""' : visible(text)
  const ticks = '`'.repeat(longestRun(shown) + 1)
  const room = /^[` ]|[` ]$/.test(shown) ? ' ' : ''
  return `${ticks}${room}${shown}${room}${ticks}`
}

/** Lines in markdown, as they are. Each line has been made visible before. */
export const codeBlock = (language: string, lines: string): string => {
  const ticks = '`'.repeat(Math.max(3, longestRun(lines) + 1))
  return `${ticks}${language}\n${lines}\n${ticks}`
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u

/** How many columns of a terminal visible text takes: two for CJK and emoji, none for accents that combine. */
export const widthOf = (text: string): number => {
  let width = 0
  for (const character of text) width += /\p{M}/u.test(character) ? 0 : wide.test(character) ? 2 : 1
  return width
}
