import { starsIn } from '../../kinds/index.js'
import { keyOf, namesIn } from '../../model/address.js'
import type { Json } from '../../model/json.js'
import { withDefaults } from './shared.js'
import { newTree, reached, textOfTree, type Tree } from './tree.js'
import { isFields, pathOf, type Worded } from './worded.js'

/** Whether a file is about a cluster and its pipelines, or about a team and its own. */
export type By = 'cluster' | 'team'

/** Steps of more lines than these stand in a file of their own. */
const mostLines = 6

interface Organization {
  readonly slug: string
  readonly things: readonly Worded[]
  readonly by: By
}

/** Texts by path, the root file's first. */
export type Texts = ReadonlyMap<string, string>

/**
 * What is there as files that a person would have written: a file for each cluster, or for each team, what many have in
 * common once, long steps beside them. The same things give the same bytes.
 */
export const filesOf = (root: string, { slug, things, by }: Organization): Texts => {
  const placeOf = places(things, by, root)
  const files = new Map<string, Worded[]>()
  const beside = new Map<string, string>()
  for (const thing of [...things].sort(inOrder)) {
    const file = placeOf(thing)
    const { named, texts } = withTextsBeside(thing, steps)
    for (const [path, text] of texts) beside.set(path, text)
    files.set(file, [...(files.get(file) ?? []), named])
  }
  const own = treeOf(files.get(root) ?? [])
  const others = [...files].filter(([path]) => path !== root).sort(([a], [b]) => (a < b ? -1 : 1))
  const whole = newTree()
  whole.entries.set('organization', slug)
  const include = includeOf(others)
  if (include.length > 0) whole.entries.set('include', include)
  for (const [name, value] of own.entries) whole.entries.set(name, value)
  whole.comments.push(...own.comments)
  return new Map([
    [root, textOfTree(whole)],
    ...others.map(([path, some]): [string, string] => [path, textOfTree(treeOf(some))]),
    ...[...beside].sort(([a], [b]) => (a < b ? -1 : 1)),
  ])
}

const inOrder = (a: Worded, b: Worded) => {
  const [x, y] = [a, b].map(({ kind, key }) => `${kind.name} ${key}`)
  return (x ?? '') < (y ?? '') ? -1 : 1
}

/** The name at the top: of the cluster, team or pipeline that something is, or is in. */
const topOf = ({ names }: Worded) => names[0] ?? ''

/** In which file something stands. */
const places = (things: readonly Worded[], by: By, root: string) => {
  const names = new Map<string, string>()
  const taken = new Set<string>()
  const fileFor = (folder: string, name: string) => {
    const key = `${folder}/${name}`
    const known = names.get(key)
    if (known !== undefined) return known
    const plain =
      name
        .toLowerCase()
        .replace(/[^a-z0-9._-]+/g, '-')
        .replace(/^[-.]+|[-.]+$/g, '') || 'unnamed'
    let file = `${folder}/${plain}.yaml`
    for (let n = 2; taken.has(file); n += 1) file = `${folder}/${plain}-${n}.yaml`
    taken.add(file)
    names.set(key, file)
    return file
  }
  const owners = by === 'team' ? ownersIn(things) : new Map<string, string>()
  const clusters = new Map(
    things.flatMap(({ kind, names, value }) =>
      kind.name === 'pipeline'
        ? [[names[0] ?? '', (value as { cluster?: string } | undefined)?.cluster] as const]
        : [],
    ),
  )
  return (thing: Worded): string => {
    const [section] = thing.kind.place
    if (section === 'teams') return by === 'team' ? fileFor('teams', topOf(thing)) : 'teams.yaml'
    if (section === 'clusters') return by === 'cluster' ? fileFor('clusters', topOf(thing)) : 'clusters.yaml'
    if (section !== 'pipelines') return root
    const of = by === 'team' ? owners.get(topOf(thing)) : clusters.get(topOf(thing))
    return of === undefined ? 'pipelines.yaml' : fileFor(by === 'team' ? 'teams' : 'clusters', of)
  }
}

const levels = ['read_only', 'build_and_read', 'manage_build_and_read']

/** Whose a pipeline is: of the team that may do most with it, the first by name where there are several. */
const ownersIn = (things: readonly Worded[]): ReadonlyMap<string, string> => {
  const owners = new Map<string, { readonly team: string; readonly level: number }>()
  for (const { kind, names, value } of things) {
    if (kind.name !== 'grant') continue
    const [pipeline = '', team = ''] = names
    const level = levels.indexOf(typeof value === 'string' ? value : '')
    const known = owners.get(pipeline)
    if (known === undefined || level > known.level || (level === known.level && team < known.team))
      owners.set(pipeline, { team, level })
  }
  return new Map([...owners].map(([pipeline, { team }]) => [pipeline, team]))
}

/** Which texts stand in files beside, and which of those are there already: somebody else's file stays theirs. */
interface Beside {
  readonly isLong: (text: string) => boolean
  readonly isTaken: (path: string) => boolean
}

/**
 * The same, with long texts in files beside it. A carriage return is no part of a text in a file: such texts stay where
 * they are.
 */
export const withTextsBeside = (
  thing: Worded,
  { isLong, isTaken }: Beside,
): { readonly named: Worded; readonly texts: Texts } => {
  const texts = new Map<string, string>()
  const { kind, names, value } = thing
  if (kind.files === undefined || !isFields(value)) return { named: thing, texts }
  const keys = new Map(Object.entries(kind.files).map(([fileKey, textKey]) => [textKey, fileKey]))
  const fields = Object.entries(value).map(([field, text]): [string, Json] => {
    const fileKey = keys.get(field)
    if (fileKey === undefined || typeof text !== 'string' || text.includes('\r') || !isLong(text))
      return [field, text]
    const plain = `${kind.plural}/${names.join('-')}`
    let file = `${plain}.yaml`
    for (let n = 2; isTaken(file); n += 1) file = `${plain}-${n}.yaml`
    texts.set(file, text)
    return [fileKey, file]
  })
  return { named: { ...thing, value: Object.fromEntries(fields) }, texts }
}

/** What a person would not write among other fields. */
const steps: Beside = {
  isLong: (text) => text.split('\n').length > mostLines && !text.includes('\u0000'),
  isTaken: () => false,
}

const treeOf = (things: readonly Worded[]): Tree => {
  const tree = newTree()
  const { defaults, rest } = withDefaults(things.filter(({ value }) => value !== undefined))
  if (defaults.size > 0) {
    const all = reached(tree, ['defaults'])
    for (const [plural, fields] of defaults) all.entries.set(plural, fields)
  }
  const unwritable = new Map(
    things.flatMap((one) => (one.value === undefined ? [[addressIn(one), one] as const] : [])),
  )
  for (const thing of [...rest].sort(byPlace)) {
    const { kind, value = null, left } = thing
    if (isUnder(thing, unwritable)) continue
    if (kind.listed !== undefined) {
      addToList(tree, thing, value)
      continue
    }
    const path = pathOf(thing)
    if (isFields(value)) {
      const at = reached(tree, path)
      for (const [field, one] of Object.entries(value)) at.entries.set(field, one)
      at.comments.push(...left.map(({ field, why }) => `${field ?? ''} is not written: ${why}`))
    } else reached(tree, path.slice(0, -1)).entries.set(path.at(-1) ?? '', value)
  }
  for (const one of unwritable.values()) {
    if (isUnder(one, unwritable)) continue
    const line = `${one.kind.name} ${JSON.stringify(one.names.at(-1) ?? one.key)} is not written: ${one.left[0]?.why ?? ''}`
    const parent = starsIn(one.kind) > 1 ? tree.entries.get(one.kind.place[0] ?? '') : undefined
    const above = parent !== undefined ? reached(tree, [one.kind.place[0] ?? '', one.names[0] ?? '']) : tree
    above.comments.push(line)
  }
  return tree
}

const addressIn = ({ kind, names, key }: Worded) =>
  `${kind.place[0] ?? ''} ${keyOf(...(names.length > 0 ? names : namesIn(key)))}`

/** Whether it stands under something that can't be written. */
const isUnder = ({ kind, names }: Worded, unwritable: ReadonlyMap<string, Worded>): boolean =>
  starsIn(kind) > 1 && unwritable.has(`${kind.place[0] ?? ''} ${keyOf(names[0] ?? '')}`)

const addToList = (tree: Tree, thing: Worded, value: Json): void => {
  const path = pathOf(thing)
  const at = reached(tree, path.slice(0, -1))
  const list = path.at(-1) ?? ''
  const there = at.entries.get(list)
  at.entries.set(list, [...(Array.isArray(there) ? (there as readonly Json[]) : []), value])
}

/** Clusters before their queues, and everything by its kind's place, then by its names. */
const sections = ['settings', 'teams', 'clusters', 'pipelines', 'rules', 'aws']
const byPlace = (a: Worded, b: Worded): number => {
  const at = ({ kind }: Worded) => sections.indexOf(kind.place[0] ?? '')
  if (at(a) !== at(b)) return at(a) - at(b)
  const [x, y] = [a, b].map(({ names, kind, key }) => [
    names[0] ?? '',
    String(starsIn(kind)),
    kind.place.join('/'),
    keyOf(...(names.length > 0 ? names : namesIn(key))),
    key,
  ])
  const first = x?.findIndex((one, i) => one !== y?.[i]) ?? -1
  return first === -1 ? 0 : (x?.[first] ?? '') < (y?.[first] ?? '') ? -1 : 1
}

/** What the root file includes: a pattern for a folder, and what the files in it may hold. */
const includeOf = (files: readonly (readonly [string, readonly Worded[]])[]): Json[] => {
  const found = new Map<string, Set<string>>()
  for (const [path, things] of files) {
    const slash = path.indexOf('/')
    const pattern = slash === -1 ? path : `${path.slice(0, slash)}/*.yaml`
    const may = found.get(pattern) ?? new Set<string>()
    for (const { kind } of things) may.add(kind.place[0] ?? '')
    found.set(pattern, may)
  }
  return [...found].map(([pattern, may]) => ({ files: pattern, may: [...may].sort() }))
}
