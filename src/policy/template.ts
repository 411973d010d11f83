import { glob, literal, matches, type Pattern } from './pattern.js'

/** A piece of a value: written text, whose `*` may be a wildcard; text that is meant as it stands; or a variable. */
export type Piece =
  | { readonly written: string }
  | { readonly plain: string }
  | { readonly variable: string; readonly otherwise: string | null }

const inBraces = /\$\{([^{}]*)\}/g
const signs = ['*', '?', '$']

/**
 * The pieces of a value. `${*}`, `${?}` and `${$}` are those signs; `${key}` and `${key, 'default'}` what the request
 * has for the key. The version of 2008 knows none of that.
 */
export const piecesOf = (text: string, version: string): readonly Piece[] => {
  if (version !== '2012-10-17' || !text.includes('${')) return [{ written: text }]
  const pieces: Piece[] = []
  let from = 0
  for (const found of text.matchAll(inBraces)) {
    if (found.index > from) pieces.push({ written: text.slice(from, found.index) })
    const inside = found[1] ?? ''
    const [, key = '', otherwise] = /^\s*([^,]*?)\s*(?:,\s*'(.*)'\s*)?$/s.exec(inside) ?? []
    pieces.push(
      signs.includes(inside)
        ? { plain: inside }
        : { variable: (key === '' ? inside : key).toLowerCase(), otherwise: otherwise ?? null },
    )
    from = found.index + found[0].length
  }
  if (from < text.length) pieces.push({ written: text.slice(from) })
  return pieces
}

export const variablesIn = (pieces: readonly Piece[]): readonly string[] =>
  pieces.flatMap((piece) => ('variable' in piece ? [piece.variable] : []))

/** What a variable stands for: a text, nothing, or nobody knows. */
export type Resolve = (variable: string) => string | null | undefined

/** A value with its variables filled in; null where one has nothing to stand for, undefined where nobody knows. */
export const patternOf = (
  pieces: readonly Piece[],
  wild: boolean,
  resolve: Resolve,
): Pattern | null | undefined => {
  const [first] = pieces
  if (pieces.length === 1 && first !== undefined && 'written' in first)
    return wild ? glob(first.written) : literal(first.written)
  const pattern: Pattern[] = []
  for (const piece of pieces)
    if ('written' in piece) pattern.push(wild ? glob(piece.written) : literal(piece.written))
    else if ('plain' in piece) pattern.push(literal(piece.plain))
    else {
      const text = resolve(piece.variable)
      if (text === undefined) return undefined
      const stands = text ?? piece.otherwise
      if (stands === null) return null
      pattern.push(literal(stands))
    }
  return pattern.flat()
}

/** What a variable has to stand for so that a value becomes this text: what is left between its two ends. */
export const fitting = (
  pieces: readonly Piece[],
  wild: boolean,
  variable: string,
  text: string,
): readonly string[] => {
  const at = pieces.findIndex((piece) => 'variable' in piece && piece.variable === variable)
  // Other variables would each have to be tried with it.
  if (at === -1 || pieces.some((piece, other) => other !== at && 'variable' in piece)) return []
  const before = patternOf(pieces.slice(0, at), wild, () => null) ?? []
  const after = patternOf(pieces.slice(at + 1), wild, () => null) ?? []
  const cuts = Array.from({ length: text.length + 1 }, (_, cut) => cut)
  const begins = cuts.filter((cut) => matches(before, text.slice(0, cut)))
  const ends = cuts.filter((cut) => matches(after, text.slice(cut)))
  return begins
    .flatMap((begin) => ends.filter((end) => end >= begin).map((end) => text.slice(begin, end)))
    .slice(0, mostFits)
}

/** Stars on both sides leave many. */
const mostFits = 50
