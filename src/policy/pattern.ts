/**
 * What one place of a text may hold: these code units, or a class of them. `part` is all but a colon, `word` what a
 * session name is made of.
 */
export type Takes = 'any' | 'part' | 'word' | 'hex' | readonly number[]

/** One place, or any number of places that hold the same. */
export interface Token {
  readonly takes: Takes
  readonly many: boolean
}

/** A set of texts: what a value with `*` and `?` means, and what somebody may choose from. */
export type Pattern = readonly Token[]

const colon = 58

const holds = (takes: Takes, unit: number): boolean => {
  switch (takes) {
    case 'any':
      return true
    case 'part':
      return unit !== colon
    case 'hex':
      return (unit >= 48 && unit <= 57) || (unit >= 97 && unit <= 102)
    case 'word':
      return /[\w+=,.@-]/.test(String.fromCharCode(unit))
    default:
      return takes.includes(unit)
  }
}

/** Tokens are many and few of them differ. */
const units: Token[] = []
const unit = (code: number): Token => {
  const before = units[code]
  if (before !== undefined) return before
  const made: Token = { takes: [code], many: false }
  if (code < 256) units[code] = made
  return made
}

const anyRun: Token = { takes: 'any', many: true }
const anyOne: Token = { takes: 'any', many: false }

const tokens = (text: string, wild: boolean): Pattern => {
  const found: Token[] = []
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    found.push(wild && code === 42 ? anyRun : wild && code === 63 ? anyOne : unit(code))
  }
  return found
}

/** Exactly this text. */
export const literal = (text: string): Pattern => tokens(text, false)

/** The text with `*` for any run of characters, colons too, and `?` for any one. */
export const glob = (text: string): Pattern => tokens(text, true)

/** The same in either case. */
export const caseless = (pattern: Pattern): Pattern =>
  pattern.map(({ takes, many }) => ({
    takes:
      typeof takes === 'string'
        ? takes
        : takes.flatMap((code) => {
            const letter = String.fromCharCode(code)
            return [...new Set([letter.toLowerCase(), letter.toUpperCase()])].flatMap((one) =>
              one.length === 1 ? [one.charCodeAt(0)] : [],
            )
          }),
    many,
  }))

/** An ARN's six parts one by one: only the last may run over colons. Undefined for what has fewer parts. */
export const arnParts = (pattern: Pattern): Pattern | undefined => {
  let colons = 0
  const parts = pattern.map((token): Token => {
    if (typeof token.takes !== 'string' && token.takes.includes(colon)) colons++
    return colons < 5 && token.takes === 'any' ? { takes: 'part', many: token.many } : token
  })
  return colons < 5 ? undefined : parts
}

interface Fixed {
  /** The one text of a pattern without wildcards. */
  readonly only: string | undefined
  /** What stands at the beginning of every text of it. */
  readonly beginning: string
}

const fixedParts = new WeakMap<Pattern, Fixed>()

const fixedIn = (pattern: Pattern): Fixed => {
  const before = fixedParts.get(pattern)
  if (before !== undefined) return before
  const end = pattern.findIndex(({ takes, many }) => many || typeof takes === 'string' || takes.length !== 1)
  const beginning = (end === -1 ? pattern : pattern.slice(0, end))
    .map(({ takes }) => (typeof takes === 'string' ? '' : String.fromCharCode(...takes)))
    .join('')
  const made = { only: end === -1 ? beginning : undefined, beginning }
  fixedParts.set(pattern, made)
  return made
}

/** The one text of a pattern without wildcards. */
export const onlyText = (pattern: Pattern): string | undefined => fixedIn(pattern).only

/** What stands at the beginning of every text of a pattern. */
export const beginning = (pattern: Pattern): string => fixedIn(pattern).beginning

/** More states than this, and nobody finds out in time what a pattern means. */
const mostStates = 4_000

/** A pattern as a machine that reads a text unit by unit; its states are numbered as they are met. */
export interface Reader {
  readonly start: number
  /** The state after one unit more; `overflow` where there would be too many. */
  step(state: number, unit: number): number
  accepts(state: number): boolean
  /** No text that goes on from here is one of the pattern's. */
  isDead(state: number): boolean
  /** All texts that go on from here are, or none is. */
  isSettled(state: number): boolean
  /** What may come next, by the places that the state stands at. */
  next(state: number): readonly Takes[]
  /** A short text that from here makes one of the pattern's. */
  finish(state: number): string | undefined
}

export const overflow = -1

const readers = new WeakMap<Pattern, Reader>()

export const readerOf = (pattern: Pattern): Reader => {
  const before = readers.get(pattern)
  if (before !== undefined) return before
  const made = makeReader(pattern)
  readers.set(pattern, made)
  return made
}

interface State {
  readonly places: readonly number[]
  readonly next: readonly Takes[]
  readonly steps: Map<number, number>
}

const makeReader = (pattern: Pattern): Reader => {
  const states: State[] = []
  const numbers = new Map<string, number>()
  const lastStar = pattern.length - 1
  const endsOpen = pattern[lastStar]?.many === true && pattern[lastStar].takes === 'any'

  /** Places that a text may stand at. From the last `*` on everything is possible that was before, so that's enough. */
  const settle = (reached: readonly number[]): readonly number[] => {
    const all = new Set<number>()
    for (const from of reached)
      for (let at = from; !all.has(at); at++) {
        all.add(at)
        if (pattern[at]?.many !== true) break
      }
    const sorted = [...all].sort((a, b) => a - b)
    const star = sorted.findLastIndex((at) => pattern[at]?.many === true && pattern[at].takes === 'any')
    return star === -1 ? sorted : sorted.slice(star)
  }

  const number = (places: readonly number[]): number => {
    const key = places.join()
    const before = numbers.get(key)
    if (before !== undefined) return before
    if (states.length >= mostStates) return overflow
    const next = places.flatMap((at) => {
      const token = pattern[at]
      return token === undefined ? [] : [token.takes]
    })
    states.push({ places, next, steps: new Map() })
    numbers.set(key, states.length - 1)
    return states.length - 1
  }

  const start = number(settle([0]))
  return {
    start,
    step(state, code) {
      const from = states[state]
      if (from === undefined) return overflow
      const before = from.steps.get(code)
      if (before !== undefined) return before
      const reached: number[] = []
      for (const at of from.places) {
        const token = pattern[at]
        if (token !== undefined && holds(token.takes, code)) reached.push(token.many ? at : at + 1)
      }
      const next = number(settle(reached))
      from.steps.set(code, next)
      return next
    },
    accepts: (state) => states[state]?.places.at(-1) === pattern.length,
    isDead: (state) => states[state]?.places.length === 0,
    isSettled: (state) => {
      const places = states[state]?.places
      return places?.length === 0 || (endsOpen && places?.[0] === lastStar)
    },
    next: (state) => states[state]?.next ?? [],
    finish(state) {
      // The last place needs the least after it.
      const at = states[state]?.places.at(-1)
      return at === undefined ? undefined : shortestOf(pattern.slice(at))
    },
  }
}

const example: Readonly<Record<Takes & string, string>> = { any: 'x', part: 'x', word: 'x', hex: '0' }

const shortestOf = (pattern: Pattern): string =>
  pattern
    .map(({ takes, many }) =>
      many ? '' : typeof takes === 'string' ? example[takes] : String.fromCharCode(...takes.slice(0, 1)),
    )
    .join('')

/** Whether a text is one of the pattern's. */
export const matches = (pattern: Pattern, text: string): boolean =>
  pattern.some(({ takes, many }) => many && takes !== 'any')
    ? matchesAnyWay(pattern, text)
    : matchesGlob(pattern, text)

/** Of several `*`, only how much the last one takes ever has to be thought over. */
const matchesGlob = (pattern: Pattern, text: string): boolean => {
  let at = 0
  let star = -1
  let resume = 0
  for (let index = 0; index < text.length;) {
    const token = pattern[at]
    if (token?.many === true) {
      star = at++
      resume = index
    } else if (token !== undefined && holds(token.takes, text.charCodeAt(index))) {
      at++
      index++
    } else if (star !== -1) {
      at = star + 1
      index = ++resume
    } else return false
  }
  while (pattern[at]?.many === true) at++
  return at === pattern.length
}

/** Every place that a text may stand at, side by side. */
const matchesAnyWay = (pattern: Pattern, text: string): boolean => {
  const settle = (from: number, into: Set<number>) => {
    for (let at = from; !into.has(at); at++) {
      into.add(at)
      if (pattern[at]?.many !== true) break
    }
  }
  let places = new Set<number>()
  settle(0, places)
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    const reached = new Set<number>()
    for (const at of places) {
      const token = pattern[at]
      if (token !== undefined && holds(token.takes, code)) settle(token.many ? at : at + 1, reached)
    }
    if (reached.size === 0) return false
    places = reached
  }
  return places.has(pattern.length)
}
