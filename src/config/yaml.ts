import {
  Composer,
  CST,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type ErrorCode,
  type YAMLParseError,
} from 'yaml'
import type { Entry, Node } from './node.js'
import { quoted, type Problem, type Words } from './problem.js'
import type { Place, Source } from './source.js'

/** Nothing that could be declared is a quarter as deep. */
const deepest = 64
/** A declaration of ten megabytes, written by a person or by `import`, has three million. */
const mostLexemes = 4_000_000
/** One mistake can look like many; after this many nothing new is to be learned. */
const mostErrors = 100
const shownErrors = 10

/** A file's values and what is wrong with it as YAML. No root: nothing can be said about what it declares. */
export interface Parsed {
  readonly root?: Node
  readonly problems: readonly Problem[]
}

export const parseYaml = (source: Source): Parsed => {
  const { tokens, problems, whole } = lex(source)
  if (!whole) return { problems }
  const { contents, errors } = compose(tokens, source)
  if (errors.length > 0)
    return { problems: [...problems, ...errors.slice(0, shownErrors).map((error) => syntax(source, error))] }
  const found: Problem[] = [...problems]
  const root = contents ? read(source, contents, found) : undefined
  return { root: root ?? { is: 'scalar', at: { source, start: 0, end: 0 }, value: null }, problems: found }
}

/**
 * The text as tokens, for as long as it makes sense to go on. The parser keeps the brackets that are open on a stack of
 * its own, so that depth is known here, before anything recurses.
 */
const lex = (source: Source) => {
  const tokens: CST.Token[] = []
  const problems: Problem[] = []
  const parser = new Parser()
  const stop = (problem: Problem) => ({ tokens, problems: [...problems, problem], whole: false })
  let lexemes = 0
  let errors = 0
  let documents = 0
  let inScalar = false
  const take = (token: CST.Token) => {
    tokens.push(token)
    if (token.type === 'document') documents += 1
    if (token.type === 'error') errors += 1
  }
  for (const lexeme of new Lexer().lex(source.text)) {
    const at: Place = { source, start: parser.offset, end: parser.offset + lexeme.length }
    const feature = inScalar ? undefined : features[CST.tokenType(lexeme) ?? '']
    if (feature && problems.length < mostErrors)
      problems.push({ code: 'yaml-feature', at, words: () => feature })
    inScalar = !inScalar && lexeme === CST.SCALAR
    for (const token of parser.next(lexeme)) take(token)
    lexemes += 1
    if (parser.stack.length > deepest) return stop({ code: 'too-deep', at, words: tooDeep })
    if (lexemes > mostLexemes) return stop({ code: 'file-too-large', at, words: tooMany })
    if (documents > 0 && parser.stack[0]?.type === 'document')
      return stop({ code: 'yaml-feature', at, words: secondDocument })
    if (errors > mostErrors || problems.length >= mostErrors) break
  }
  for (const token of parser.end()) take(token)
  return { tokens, problems, whole: true }
}

const features: Readonly<Record<string, Words>> = {
  anchor: { what: 'a YAML anchor', fix: 'take it out; what several things share goes into `defaults`' },
  alias: { what: 'a YAML alias', fix: 'write the value out, or put it into `defaults`' },
  tag: { what: 'a YAML tag', fix: 'take it out; for text write quotes' },
  'directive-line': { what: 'a YAML directive', fix: 'take it out: files are YAML 1.2' },
}
const mergeKey: Words = { what: 'a YAML merge key', fix: 'put what several things share into `defaults`' }
const secondDocument = (): Words => ({
  what: 'a second YAML document in one file',
  fix: 'put it into a file of its own, and add that under `include`',
})
const tooDeep = (): Words => ({
  what: `values nested more than ${deepest} deep`,
  fix: 'close the brackets, or mend the indents',
})
const tooMany = (): Words => ({
  what: 'a file of more than four million tokens',
  fix: 'split it over several files',
})

const compose = (tokens: readonly CST.Token[], source: Source) => {
  const composer = new Composer({
    version: '1.2',
    schema: 'core',
    merge: false,
    stringKeys: true,
    uniqueKeys: false, // compares each key with all before it; `read` has a map for that
    strict: true,
    prettyErrors: false,
    logLevel: 'silent',
  })
  tameErrors(composer)
  const [document] = composer.compose(tokens, true, source.text.length)
  return { contents: document?.contents, errors: document?.errors ?? [] }
}

/** The composer makes an Error for every mistake, stack and all: enough commas in a row would fill the memory. */
const tameErrors = (composer: Composer) => {
  const inside = composer as unknown as { onError?: (...mistake: unknown[]) => void }
  const report = inside.onError
  let count = 0
  if (report)
    inside.onError = (...mistake) => {
      count += 1
      if (count <= mostErrors) report(...mistake)
    }
}

/** The document's nodes as ours. Depth is bounded by now. */
const read = (
  source: Source,
  node: unknown,
  problems: Problem[],
  after: Place = { source, start: 0, end: 0 },
): Node => {
  const at = placeOf(source, node) ?? after
  if (isAlias(node) || ((isScalar(node) || isMap(node) || isSeq(node)) && node.tag !== undefined))
    return { is: 'unknown', at }
  if (isScalar(node)) {
    const { value } = node
    if (
      value === null ||
      typeof value === 'boolean' ||
      typeof value === 'number' ||
      typeof value === 'string'
    )
      return { is: 'scalar', at, value }
    return { is: 'unknown', at }
  }
  if (isSeq(node))
    return { is: 'list', at, items: node.items.map((item) => read(source, item, problems, at)) }
  if (!isMap(node)) return node == null ? { is: 'scalar', at, value: null } : { is: 'unknown', at }
  const entries = new Map<string, Entry>()
  for (const pair of node.items) {
    const key = placeOf(source, pair.key) ?? at
    const name = isScalar(pair.key) ? String(pair.key.value) : ''
    const first = entries.get(name)
    const problem = keyProblem(name, key, first)
    if (problem) problems.push(problem)
    else
      entries.set(name, {
        key,
        value: read(source, pair.value, problems, { source, start: key.end, end: key.end }),
      })
  }
  return { is: 'map', at, entries }
}

const placeOf = (source: Source, node: unknown): Place | undefined => {
  const range = isScalar(node) || isMap(node) || isSeq(node) || isAlias(node) ? node.range : undefined
  return range ? { source, start: range[0], end: range[1] } : undefined
}

const keyProblem = (name: string, at: Place, first: Entry | undefined): Problem | undefined => {
  if (first)
    return {
      code: 'duplicate-key',
      at,
      also: [first.key],
      words: () => ({
        what: `${quoted(name)} is written twice in one map`,
        label: 'the second time',
        fix: 'take one of the two out, or merge them',
      }),
    }
  if (name === '<<') return { code: 'yaml-feature', at, words: () => mergeKey }
  if (name === '__proto__')
    return {
      code: 'bad-name',
      at,
      words: () => ({
        what: '"__proto__" is no name that bridle can keep apart from the machinery of its language',
        fix: 'call it something else',
      }),
    }
  return undefined
}

const syntax = (source: Source, { code, message, pos: [start, end] }: Mistake): Problem => ({
  code: 'yaml-syntax',
  at: { source, start, end },
  // Brackets that are open at one place are one mistake, however many they are.
  about: unclosed(message) ?? message,
  words: () => ({
    what: source.path.endsWith('.json') ? 'this is not JSON' : 'this is not YAML',
    label: message.slice(0, 200),
    fix: unclosed(message) ?? syntaxFixes[code] ?? 'mend the line; the mistake can also be just above it',
  }),
})

const unclosed = (message: string) =>
  /^Missing closing .*quote/.test(message)
    ? 'close the quote where the text ends'
    : /^Flow .*(?:end with|must end)/.test(message)
      ? 'close the bracket where the list or map ends'
      : undefined

type Mistake = Pick<YAMLParseError, 'code' | 'message' | 'pos'>

const syntaxFixes: Readonly<Partial<Record<ErrorCode, string>>> = {
  TAB_AS_INDENT: 'indent with spaces: YAML allows no tabs there',
  BAD_INDENT: 'give it the indent of its neighbours',
  BLOCK_AS_IMPLICIT_KEY: 'put text that holds a colon into quotes, or begin a new line after the first colon',
  MULTILINE_IMPLICIT_KEY: 'write a colon and a space after the key',
  BAD_SCALAR_START: 'put text that begins with such a character into quotes',
  BAD_DQ_ESCAPE: 'write the backslash twice, or use single quotes',
  NON_STRING_KEY: 'keys are names: write text',
  KEY_OVER_1024_CHARS: 'keys are names: write a shorter one',
}
