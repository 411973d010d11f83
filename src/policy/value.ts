import { glob, literal, matches, type Pattern, type Token } from './pattern.js'

/** Texts that somebody may choose from: a fixed beginning, and what may follow. */
export interface Texts {
  readonly begins: string
  readonly rest: Pattern
  /** But none of these. */
  readonly but?: readonly Pattern[]
  /** Drawn by lot: whoever asks often enough gets any beginning, and never one text that is named whole. */
  readonly drawn?: true
}

/** What is known of a condition key's value. */
export type Value =
  | { readonly is: 'absent' }
  | { readonly is: 'known'; readonly values: readonly string[] }
  /** Whoever asks picks it, or leaves it out where it is not `always` there. */
  | ({ readonly is: 'chosen' } & Open)
  /** Nobody told us. */
  | ({ readonly is: 'unknown' } & Open)

interface Open {
  /** Anything where this is missing. */
  readonly from?: readonly Texts[]
  readonly always?: true
  /** Several at once: tag keys. */
  readonly many?: true
  /** The session tag whose value it is: one that is there is among the tag keys. */
  readonly tag?: string
}

/** What a request is known to come with, by condition keys in small letters. */
export type Context = (key: string) => Value

export const absent: Value = { is: 'absent' }
export const known = (...values: readonly string[]): Value => ({ is: 'known', values })
export const unknown: Value = { is: 'unknown' }
/** What whoever asks may pick freely. */
export const chosen: Value = { is: 'chosen' }

const many = (takes: Token['takes']): Pattern => [{ takes, many: true }]
const one = (takes: Token['takes']): Pattern => [{ takes, many: false }]
const digits = (count: number): Pattern => Array.from({ length: count }, () => one('hex')).flat()

/** Pieces of a text that are free. */
export const free = {
  /** Anything, or nothing. */
  text: many('any'),
  /** Anything without a colon, but something. */
  part: [...one('part'), ...many('part')],
  uuid: [8, 4, 4, 4, 12].flatMap((count, at) => [...(at === 0 ? [] : literal('-')), ...digits(count)]),
  /** What a role session may be called. */
  sessionName: [...one('word'), ...one('word'), ...many('word')],
} satisfies Record<string, Pattern>

const nothing: Pattern = []

/** This text alone. */
export const exactly = (text: string): Texts => ({ begins: text, rest: nothing })
/** Texts as `*` and `?` mean them. */
export const textsLike = (pattern: string): Texts => ({ begins: '', rest: glob(pattern) })
export const anyText: Texts = { begins: '', rest: free.text }

/** Whether a text can be chosen. */
export const isOne = ({ begins, rest, but = [] }: Texts, text: string): boolean =>
  text.startsWith(begins) &&
  matches(rest, text.slice(begins.length)) &&
  !but.some((one) => matches(one, text))
