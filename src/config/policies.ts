import type { AnyKind } from '../kinds/kind.js'
import { parsePolicy } from '../policy/document.js'
import { nearest } from './nearest.js'
import type { NamedFiles } from './named-files.js'
import { find, plain, textOf, withEntries, type Entry, type Node } from './node.js'
import { quoted, type Problem } from './problem.js'
import type { Place } from './source.js'

/** The paths in a kind's keys that lead further in than to a key of its own. */
const deep = (paths: Readonly<Record<string, string>> = {}) =>
  Object.entries(paths).flatMap(([path, to]) => (path.includes('.') ? [{ path: path.split('.'), to }] : []))

/**
 * A thing with the documents that its keys name further inside in place of the files' names. Every value of them keeps
 * its place in its own file.
 */
export const withDocuments = (
  kind: AnyKind,
  node: Node,
  named: NamedFiles,
): { readonly own: Node; readonly problems: readonly Problem[] } => {
  const problems: Problem[] = []
  const own = deep(kind.files).reduce((from, { path, to }) => replaced(from, path, to, named, problems), node)
  return { own, problems }
}

const replaced = (
  node: Node,
  [step = '', ...rest]: readonly string[],
  to: string,
  named: NamedFiles,
  problems: Problem[],
): Node => {
  const next = (inner: Node) => replaced(inner, rest, to, named, problems)
  if (node.is === 'list') return step === '*' ? { ...node, items: node.items.map(next) } : node
  if (node.is !== 'map') return node
  const entries = new Map<string, Entry>(node.entries)
  if (rest.length > 0) {
    for (const [key, entry] of node.entries)
      if (step === '*' || step === key) entries.set(key, { ...entry, value: next(entry.value) })
    return withEntries(node, entries)
  }
  const entry = entries.get(step)
  const file = textOf(entry?.value)
  if (entry === undefined || file === undefined) return node
  const answer = named.document(file, entry.value.at)
  problems.push(...answer.problems)
  entries.delete(step)
  entries.set(to, { key: entry.key, value: answer.root ?? { is: 'unknown', at: entry.value.at } })
  return withEntries(node, entries)
}

/** What is wrong with the policy documents of a thing, each at its place in the file that it is written in. */
export const policyProblems = (kind: AnyKind, node: Node): readonly Problem[] =>
  Object.entries(kind.policies ?? {}).flatMap(([path, meant]) =>
    documentsAt(node, path.split('.')).flatMap(({ document, key }) => {
      const parsed = parsePolicy(plain(document) as Parameters<typeof parsePolicy>[0], { for: meant })
      return 'problems' in parsed
        ? withoutMissing(parsed.problems).map(({ path, what }) =>
            malformed(path, what, placeOf(document, stepsOf(path), key)),
          )
        : []
    }),
  )

const placeOf = (document: Node, path: readonly (string | number)[], key: Place): Place => {
  const found = find(document, path, key)
  return found.node?.is === 'scalar' ? found.node.at : found.key
}

const documentsAt = (
  node: Node,
  [step, ...rest]: readonly string[],
): readonly { readonly document: Node; readonly key: Place }[] => {
  if (step === undefined) return []
  const at = (key: Place, value: Node) =>
    rest.length === 0 ? (value.is === 'unknown' ? [] : [{ document: value, key }]) : documentsAt(value, rest)
  if (node.is === 'list') return step === '*' ? node.items.flatMap((item) => at(item.at, item)) : []
  if (node.is !== 'map') return []
  return [...node.entries].flatMap(([name, { key, value }]) =>
    step === '*' || step === name ? at(key, value) : [],
  )
}

/** `Statement[0].Condition["a:b"]` as steps. */
const stepsOf = (path: string): readonly (string | number)[] =>
  [...path.matchAll(/\[(\d+)\]|\["((?:[^"\\]|\\.)*)"\]|([^.[\]]+)/g)].map(([, index, key, name]) =>
    index !== undefined
      ? Number(index)
      : key !== undefined
        ? (JSON.parse(`"${key}"`) as string)
        : (name ?? ''),
  )

interface Wrong {
  readonly path: string
  readonly what: string
}

/** The key that was meant, where a document has a misspelt one. */
const meantBy = ({ path, what }: Wrong): string | undefined => {
  const [, known] = /^is not one of (.+)$/.exec(what) ?? []
  return known === undefined ? undefined : nearest(String(stepsOf(path).at(-1) ?? ''), known.split(', '))
}

/** A key that is missing because it was misspelt is told as the misspelt key. */
const withoutMissing = (problems: readonly Wrong[]): readonly Wrong[] => {
  const told = problems.flatMap((one) => {
    const meant = meantBy(one)
    const above = JSON.stringify(stepsOf(one.path).slice(0, -1))
    return meant === undefined ? [] : [`${above} has no ${meant}`]
  })
  return problems.filter(({ path, what }) => !told.includes(`${JSON.stringify(stepsOf(path))} ${what}`))
}

const malformed = (path: string, what: string, at: Place): Problem => ({
  code: 'malformed-policy',
  at,
  about: `${path} ${what}`,
  words: () => ({
    what: `${path === '' ? 'the policy document' : path} ${what}`,
    fix: fixOf({ path, what }),
  }),
})

const fixOf = (wrong: Wrong): string => {
  const meant = meantBy(wrong)
  return meant === undefined
    ? 'correct the document: IAM would refuse it, or would not do what it says'
    : `write ${quoted(meant)}`
}
