/** What a condition speaks about. */
export type Value = string | number | boolean | null | readonly string[]

/** What a variable is: `source.build.branch`, or `build.env("NAME")` with its argument. */
export type Lookup = (name: string, argument?: string) => Value | undefined

type Test = (lookup: Lookup) => Value | RegExp

class Unreadable extends Error {}

const TOKEN =
  /\s*(?:("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(\/(?:\\.|[^/\\])+\/[a-z]*)|(==|!=|=~|!~|&&|\|\||[!()[\],])|(-?\d+)|([A-Za-z_][\w.]*))/y

type Token = { readonly kind: 'text' | 'pattern' | 'sign' | 'number' | 'name'; readonly text: string }

const tokensIn = (condition: string): Token[] => {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  while (condition.slice(TOKEN.lastIndex).trim() !== '') {
    const found = TOKEN.exec(condition)
    if (!found) throw new Unreadable(condition)
    const [, text, pattern, sign, number, name] = found
    if (text !== undefined) tokens.push({ kind: 'text', text: text.slice(1, -1).replace(/\\(.)/g, '$1') })
    else if (pattern !== undefined) tokens.push({ kind: 'pattern', text: pattern })
    else if (sign !== undefined) tokens.push({ kind: 'sign', text: sign })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else tokens.push({ kind: 'name', text: name ?? '' })
  }
  return tokens
}

const patternIn = (text: string): RegExp => {
  const end = text.lastIndexOf('/')
  try {
    return new RegExp(text.slice(1, end), text.slice(end + 1).replace(/[^im]/g, ''))
  } catch {
    throw new Unreadable(text)
  }
}

const isTrue = (value: Value | RegExp) => value !== false && value !== null

const same = (a: Value | RegExp, b: Value | RegExp) =>
  Array.isArray(a) || Array.isArray(b) ? JSON.stringify(a) === JSON.stringify(b) : a === b

const found = (value: Value | RegExp, pattern: Value | RegExp) =>
  typeof value === 'string' && pattern instanceof RegExp && pattern.test(value)

const operators: Readonly<Record<string, (a: Value | RegExp, b: Value | RegExp) => boolean>> = {
  '==': same,
  '!=': (a, b) => !same(a, b),
  '=~': found,
  '!~': (a, b) => !found(a, b),
  includes: (a, b) => Array.isArray(a) && a.includes(b),
}

/** A reader of tokens: each function takes what it understands from the front. */
const read = (condition: string): Test => {
  const tokens = tokensIn(condition)
  let at = 0
  const peek = () => tokens[at]
  const takes = (text: string) => {
    const next = peek()
    if (next?.text !== text || next.kind === 'text' || next.kind === 'pattern') return false
    at += 1
    return true
  }
  const must = (text: string) => {
    if (!takes(text)) throw new Unreadable(condition)
  }

  const list = (): Test => {
    const items: Test[] = []
    while (!takes(']')) {
      items.push(either())
      if (peek()?.text !== ']') must(',')
    }
    return (lookup) => items.map((item) => String(item(lookup)))
  }

  const single = (): Test => {
    if (takes('!')) {
      const inner = single()
      return (lookup) => !isTrue(inner(lookup))
    }
    if (takes('(')) {
      const inner = either()
      must(')')
      return inner
    }
    if (takes('[')) return list()
    const token = peek()
    at += 1
    switch (token?.kind) {
      case 'text':
        return () => token.text
      case 'number':
        return () => Number(token.text)
      case 'pattern': {
        const pattern = patternIn(token.text)
        return () => pattern
      }
      case 'name':
        return named(token.text)
      case 'sign':
      case undefined:
        throw new Unreadable(condition)
    }
  }

  const named = (name: string): Test => {
    if (name === 'true' || name === 'false') return () => name === 'true'
    if (name === 'null') return () => null
    if (!takes('(')) return (lookup) => lookup(name) ?? null
    const argument = peek()
    at += 1
    must(')')
    if (argument?.kind !== 'text') throw new Unreadable(condition)
    return (lookup) => lookup(name, argument.text) ?? null
  }

  const compared = (): Test => {
    const left = single()
    const sign = peek()
    const operator = sign && sign.kind !== 'text' ? operators[sign.text] : undefined
    if (!operator) return left
    at += 1
    const right = single()
    return (lookup) => operator(left(lookup), right(lookup))
  }

  const joined = (sign: string, inner: () => Test, join: (all: readonly Test[]) => Test): Test => {
    const all = [inner()]
    while (takes(sign)) all.push(inner())
    return all.length === 1 ? (all[0] ?? inner()) : join(all)
  }
  const all = () => joined('&&', compared, (tests) => (lookup) => tests.every((test) => isTrue(test(lookup))))
  const either = (): Test =>
    joined('||', all, (tests) => (lookup) => tests.some((test) => isTrue(test(lookup))))

  const test = either()
  if (at < tokens.length) throw new Unreadable(condition)
  return test
}

/** Whether a condition holds. One that cannot be read never does. */
export const holds = (condition: string, lookup: Lookup): boolean => {
  try {
    return isTrue(read(condition)(lookup))
  } catch (error) {
    if (error instanceof Unreadable) return false
    throw error
  }
}

/** The texts that a condition compares with: what somebody would try who wants it to hold. */
export const textsOf = (condition: string): string[] => {
  try {
    return tokensIn(condition).flatMap(({ kind, text }) => (kind === 'text' ? [text] : []))
  } catch {
    return []
  }
}
