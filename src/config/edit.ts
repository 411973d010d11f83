import {
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml'
import type { Json } from '../model/json.js'
import { contentOf, spliced, type Slot, type Target } from './splice.js'

/**
 * One change of a file's values. A path is made of keys, and of the numbers of list items. With `lines`, what is new has
 * a line for each of its keys, as far as the place lets it.
 */
export type Edit =
  | { readonly act: 'set'; readonly path: Path; readonly value: Json; readonly lines?: boolean }
  | { readonly act: 'remove'; readonly path: Path }
  | { readonly act: 'append'; readonly path: Path; readonly value: Json }

export type Path = readonly (string | number)[]

/**
 * A file's text after some edits, one after another. Only what they name changes: comments, order, quotes and spaces
 * of all else stay as they are, byte for byte.
 *
 * What has to be there on the way to a path is made; appending to nothing makes a list. What is removed takes the
 * comment on its own line along. The last thing that is removed leaves `{}` or `[]`: nothing at all would say
 * something else.
 *
 * @param text  YAML as declarations are: without anchors, tags, and mistakes
 * @throws TypeError where a path leads through something that holds nothing, such as a text
 */
export const edited = (text: string, edits: readonly Edit[]): string => edits.reduce(editedOnce, text)

const editedOnce = (text: string, edit: Edit): string => {
  const document = parsed(text)
  const target = targetOf(document.contents, edit)
  if (target === undefined) return text
  const kept = spliced(text, target)
  change(document, target)
  // Where cutting would take along what is about something else, the library writes the file anew.
  return kept !== undefined && saysTheSame(kept, document) ? kept : document.toString({ lineWidth: 0 })
}

/** What a file says at a path; undefined where it says nothing there. */
export const valueIn = (text: string, path: Path): Json | undefined => {
  let value = parsed(text).toJS() as Json | undefined
  for (const step of path)
    value =
      typeof value === 'object' && value !== null && Object.hasOwn(value, step)
        ? (value as Readonly<Record<string | number, Json | undefined>>)[step]
        : undefined
  return value
}

/** Every key and list item of a file, with its path. What an alias stands for has the path of what it stands for. */
function* everyPath(
  node: unknown,
  path: Path = [],
): Iterable<{ readonly node: unknown; readonly path: Path }> {
  if (isMap(node))
    for (const { key, value } of node.items) {
      if (!isScalar(key)) continue
      const inner = [...path, String(key.value)]
      yield { node: key, path: inner }
      yield* everyPath(value, inner)
    }
  if (isSeq(node))
    for (const [index, item] of node.items.entries()) {
      const inner = [...path, index]
      yield { node: item, path: inner }
      yield* everyPath(item, inner)
    }
}

/** Every path of a file that ends in a key. */
export const pathsTo = (text: string, key: string): readonly Path[] =>
  [...everyPath(parsed(text).contents)].flatMap(({ path }) => (path.at(-1) === key ? [path] : []))

/** The path of every key and list item, by where it begins: `3:5`. */
export const pathsByPlace = (text: string): ReadonlyMap<string, Path> => {
  const found = new Map<string, Path>()
  const lineCounter = new LineCounter()
  for (const { node, path } of everyPath(parsed(text, lineCounter).contents)) {
    const range = isNode(node) ? node.range : undefined
    if (!range) continue
    const { line, col: column } = lineCounter.linePos(range[0])
    const place = placeOf({ line, column })
    // An item that is a map begins where its first key does, and is what people mean by that place.
    if (!found.has(place)) found.set(place, path)
  }
  return found
}

/** A place as `pathsByPlace` names it. */
export const placeOf = ({ line, column }: { readonly line: number; readonly column: number }): string =>
  `${line}:${column}`

const parsed = (text: string, lineCounter?: LineCounter): Document =>
  parseDocument(text, {
    version: '1.2',
    schema: 'core',
    merge: false,
    stringKeys: true,
    logLevel: 'silent',
    ...(lineCounter && { lineCounter }),
  })

const saysTheSame = (text: string, document: Document): boolean =>
  parsed(text).errors.length === 0 && said(parsed(text)) === said(document)

/** What a file says. One of comments alone says an empty map. */
const said = (document: Document) => JSON.stringify((document.toJS() as Json) ?? {})

const targetOf = (contents: unknown, edit: Edit): Target | undefined => {
  const way = walk(contents, edit.path)
  const { rest, node } = way
  const slot = way.slots.at(-1)
  if (edit.act === 'remove') {
    if (rest.length > 0 || slot === undefined) return undefined
    const around = way.slots.at(-2)
    return slot.of.items.length > 1 || around === undefined
      ? { act: 'remove', slot }
      : { act: 'replace', slot: around, value: isMap(slot.of) ? {} : [] }
  }
  if (edit.act === 'append' && rest.length === 0 && isSeq(node))
    return { act: 'add', to: node, key: '', value: edit.value }
  if (edit.act === 'append' && rest.length === 0 && !isNothing(node)) throw holdsNothing(edit.path)
  const [step, ...below] = rest
  const value = edit.act === 'append' ? [edit.value] : edit.value
  const lined = (path: Path) =>
    edit.act === 'set' && edit.lines === true ? { lines: { levels: path.length + 1 } } : {}
  if (
    step !== undefined &&
    (isMap(node) || isSeq(node)) &&
    !(isEmptyIn(node, slot) && edit.act === 'set' && edit.lines)
  )
    return { act: 'add', to: node, key: String(step), value: nested(below, value), ...lined(below) }
  return slot === undefined
    ? { act: 'begin', value: nested(rest, value), ...lined(rest) }
    : { act: 'replace', slot, value: nested(rest, value), ...lined(rest) }
}

/** `{}` where lines could stand instead. */
const isEmptyIn = (node: YAMLMap | YAMLSeq, slot: Slot | undefined): boolean =>
  isMap(node) && node.items.length === 0 && slot !== undefined && isMap(slot.of) && slot.of.flow !== true

/** As far down a path as there is something. */
const walk = (contents: unknown, path: Path) => {
  const slots: Slot[] = []
  let node = contents
  for (const [depth, step] of path.entries()) {
    const slot = slotIn(node, step)
    if (slot === undefined) {
      if (!isMap(node) && !isSeq(node) && !isNothing(node)) throw holdsNothing(path.slice(0, depth))
      return { slots, node, rest: path.slice(depth) }
    }
    slots.push(slot)
    node = contentOf(slot)
  }
  return { slots, node, rest: [] }
}

const slotIn = (node: unknown, step: string | number): Slot | undefined => {
  if (!isMap(node) && !isSeq(node)) return undefined
  const index = isMap(node)
    ? node.items.findIndex(({ key }) => isScalar(key) && String(key.value) === String(step))
    : typeof step === 'number' && step < node.items.length
      ? step
      : -1
  return index === -1 ? undefined : { of: node, index }
}

const isNothing = (node: unknown) => node == null || (isScalar(node) && node.value === null)

const holdsNothing = (path: Path) => new TypeError(`nothing can stand under ${path.join('.')}`)

const nested = (path: Path, value: Json): Json =>
  path.reduceRight<Json>((inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }), value)

/** The same change in the library's own document. */
const change = (document: Document, target: Target): void => {
  if (target.act === 'begin') document.contents = document.createNode(target.value)
  else if (target.act === 'add') {
    const { to, key, value } = target
    if (isMap(to)) to.items.push(document.createPair(key, value))
    else to.items.push(document.createNode(value))
  } else {
    const { of, index } = target.slot
    if (target.act === 'remove') of.items.splice(index, 1)
    else if (isMap(of)) of.items.splice(index, 1, document.createPair(of.items[index]?.key, target.value))
    else of.items.splice(index, 1, document.createNode(target.value))
  }
}
