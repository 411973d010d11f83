import type { Json } from '../model/json.js'

/** Where a value stands in its text, and the key before it: offsets in characters. */
export interface Place {
  readonly value: number
  readonly key?: number
}

/** A text as JSON, with the place of everything in it, by path. */
export interface Placed {
  readonly value: Json
  readonly places: ReadonlyMap<string, Place>
  /** Keys that an object has a second time, where JSON.parse would keep the last without a word. */
  readonly twice: readonly { readonly path: string; readonly offset: number }[]
}

/** No JSON, and where it stops being any. */
export interface NotJson {
  readonly what: string
  readonly offset: number
}

/** The path of what is under a key: `Statement[0].Condition["StringEquals"]` without the quotes where they aren't needed. */
export const under = (path: string, key: string | number): string =>
  typeof key === 'number'
    ? `${path}[${key}]`
    : !/^[A-Za-z0-9_]+$/.test(key)
      ? `${path}[${JSON.stringify(key)}]`
      : path === ''
        ? key
        : `${path}.${key}`

const deepest = 64
const blank = /[\t\n\r ]*/y
// eslint-disable-next-line no-control-regex -- JSON's own rule
const plain = /[^"\\\u0000-\u001f]*/y
const number = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y
const escapes: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** JSON.parse that remembers where things stood. */
export const placesIn = (text: string): Placed | NotJson => {
  const places = new Map<string, Place>()
  const twice: { path: string; offset: number }[] = []
  let at = 0
  let wrong: NotJson | undefined

  const fail = (what: string, offset = at): null => {
    wrong ??= { what, offset }
    return null
  }
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at
    const found = pattern.exec(text)?.[0] ?? ''
    at += found.length
    return found
  }
  const next = () => {
    take(blank)
    return text[at]
  }
  const sees = () =>
    at >= text.length ? 'the text ends here' : `${JSON.stringify(text[at])} is not expected here`

  const string = (): string | null => {
    const opened = at++
    let read = ''
    for (;;) {
      read += take(plain)
      const sign = text[at]
      if (sign === undefined) return fail('this string never ends', opened)
      if (sign === '"') {
        at++
        return read
      }
      if (sign !== '\\') return fail('a string can’t hold a line end or another control character')
      const letter = text[at + 1] ?? ''
      const unit = /^[0-9a-fA-F]{4}$/.exec(text.slice(at + 2, at + 6))?.[0]
      if (letter === 'u' && unit !== undefined) {
        read += String.fromCharCode(Number.parseInt(unit, 16))
        at += 6
      } else if (escapes[letter] !== undefined) {
        read += escapes[letter]
        at += 2
      } else return fail('this escape means nothing in JSON')
    }
  }

  const value = (path: string, depth: number, key?: number): Json => {
    const sign = next()
    places.set(path, { value: at, ...(key === undefined ? {} : { key }) })
    if (depth > deepest) return fail('nested too deeply')
    if (sign === '{') return object(path, depth)
    if (sign === '[') return list(path, depth)
    if (sign === '"') return string()
    for (const [word, means] of [
      ['true', true],
      ['false', false],
      ['null', null],
    ] as const)
      if (text.startsWith(word, at)) {
        at += word.length
        return means
      }
    const digits = take(number)
    return digits === '' ? fail(sees()) : Number(digits)
  }

  const object = (path: string, depth: number): Json => {
    const found: Record<string, Json> = {}
    at++
    if (next() === '}') {
      at++
      return found
    }
    while (wrong === undefined) {
      if (next() !== '"') return fail(sees())
      const keyAt = at
      const key = string()
      if (key === null) return null
      if (next() !== ':') return fail(sees())
      at++
      const inner = under(path, key)
      if (Object.hasOwn(found, key)) twice.push({ path: inner, offset: keyAt })
      const read = value(inner, depth + 1, keyAt)
      Object.defineProperty(found, key, { value: read, enumerable: true, configurable: true, writable: true })
      const sign = next()
      if (sign !== ',' && sign !== '}') return fail(sees())
      at++
      if (sign === '}') return found
    }
    return null
  }

  const list = (path: string, depth: number): Json => {
    const found: Json[] = []
    at++
    if (next() === ']') {
      at++
      return found
    }
    while (wrong === undefined) {
      found.push(value(under(path, found.length), depth + 1))
      const sign = next()
      if (sign !== ',' && sign !== ']') return fail(sees())
      at++
      if (sign === ']') return found
    }
    return null
  }

  const read = value('', 0)
  if (wrong === undefined && next() !== undefined) fail('there is more after the document')
  return wrong ?? { value: read, places, twice }
}
