import { stringify } from 'yaml'
import type { Json } from '../../model/json.js'
import { inline } from '../splice.js'

/** What goes into a file, with comments where it says less than is there. */
export interface Tree {
  /** Lines above the key. */
  readonly comments: string[]
  readonly entries: Map<string, Tree | Json>
}

export const newTree = (): Tree => ({ comments: [], entries: new Map() })

const isTree = (value: Tree | Json | undefined): value is Tree =>
  typeof value === 'object' && value !== null && 'entries' in value && value.entries instanceof Map

/** The tree at a path, made where there is none. */
export const reached = (tree: Tree, path: readonly string[]): Tree => {
  let at = tree
  for (const step of path) {
    const next = at.entries.get(step)
    const inner = isTree(next) ? next : newTree()
    if (next !== inner) at.entries.set(step, inner)
    at = inner
  }
  return at
}

/** What fits on a line by itself stands on one line. */
const widest = 88

/** A map of more keys than these has a line for each. */
const mostOnALine = 4

/** A file's text, as a person would have laid it out: short maps on a line, a line free between sections. */
export const textOfTree = ({ comments, entries }: Tree): string => {
  const head = comments.length === 0 ? [] : [...comments.map((line) => `# ${line}`), '']
  const sections = [...entries].map(([name, value]) => entryLines(name, value, 0).join('\n'))
  return `${head.map((line) => `${line}\n`).join('')}${sections.join('\n\n')}\n`
}

const pad = (depth: number) => '  '.repeat(depth)

const linesOf = (tree: Tree, depth: number): string[] =>
  [...tree.entries].flatMap(([name, value]) => entryLines(name, value, depth))

const entryLines = (name: string, value: Tree | Json, depth: number): string[] => {
  const key = `${pad(depth)}${inline(name)}:`
  if (isTree(value)) {
    const above = value.comments.map((line) => `${pad(depth)}# ${line}`)
    const plain = plainOf(value)
    if (value.entries.size === 0) return [...above, `${key} {}`]
    if (depth > 0 && !hasComments(value) && isShort(plain, key)) return [...above, `${key} ${inline(plain)}`]
    return [...above, key, ...linesOf(value, depth + 1)]
  }
  if (typeof value === 'string' && value.includes('\n')) return literal(key, value, depth)
  if (typeof value !== 'object' || value === null || isShort(value, key)) return [`${key} ${inline(value)}`]
  if (Array.isArray(value))
    return [key, ...(value as readonly Json[]).flatMap((one) => itemLines(one, depth + 1))]
  const inner = Object.entries(value).filter((entry): entry is [string, Json] => entry[1] !== undefined)
  return [key, ...inner.flatMap(([field, one]) => entryLines(field, one, depth + 1))]
}

/** An item on a line, or a map with its first key behind the dash. */
const itemLines = (item: Json, depth: number): string[] => {
  const dash = `${pad(depth)}-`
  if (typeof item !== 'object' || item === null || Array.isArray(item) || isShort(item, dash))
    return [`${dash} ${inline(item)}`]
  const lines = Object.entries(item).flatMap(([field, one]) =>
    one === undefined ? [] : entryLines(field, one, depth + 1),
  )
  return lines.map((line, at) => (at === 0 ? `${dash} ${line.trimStart()}` : line))
}

/** A text with a line for each of its lines. The library knows when it has to be quoted. */
const literal = (key: string, text: string, depth: number): string[] => {
  const [head = '', ...lines] = stringify({ k: text }, { blockQuote: 'literal', lineWidth: 0 })
    .replace(/\n$/, '')
    .split('\n')
  return [
    `${key}${head.slice('k:'.length)}`,
    ...lines.map((line) => (line === '' ? '' : `${pad(depth)}${line}`)),
  ]
}

const plainOf = (value: Tree | Json): Json =>
  isTree(value)
    ? Object.fromEntries([...value.entries].map(([name, inner]) => [name, plainOf(inner)]))
    : value

const hasComments = (tree: Tree): boolean =>
  [...tree.entries.values()].some((one) => isTree(one) && (one.comments.length > 0 || hasComments(one)))

const isShort = (value: Json, before: string): boolean =>
  isFew(value) && before.length + 1 + inline(value).length <= widest

/** Whether somebody takes it in at a glance: no long map, no text of several lines. */
const isFew = (value: Json): boolean => {
  if (typeof value === 'string') return !value.includes('\n')
  if (Array.isArray(value))
    return (value as readonly Json[]).every((one) => typeof one !== 'object' || one === null)
  if (typeof value !== 'object' || value === null) return true
  const inner = Object.values(value)
  return inner.length <= mostOnALine && inner.every((one) => one === undefined || isFew(one))
}
