import { parentOf } from '../../kinds/index.js'
import type { Want, Wanted } from '../../model/wanted.js'
import { keyOf, type Address } from '../../model/address.js'
import type { Json } from '../../model/json.js'
import { edited, pathsByPlace, placeOf, valueIn, type Edit, type Path } from '../edit.js'
import { withTextsBeside, type Texts } from './files.js'
import { apartFrom } from './shared.js'
import { isFields, pathOf, type Fields, type Worded } from './worded.js'

/** What differs between files and what is there, as an import takes it. */
export interface Drift {
  /** What is there and in the files, and differs: which fields, `provider_settings.build_tags` among them. */
  readonly changed: readonly {
    readonly want: Want
    readonly there: Worded
    readonly fields: readonly string[]
  }[]
  /** What is in the files and not there. */
  readonly gone: readonly Want[]
  /** What is there and in no file, parents first. */
  readonly added: readonly Worded[]
}

/** What could not be taken into the files: an address, and why. */
export interface Kept {
  readonly address: Address
  readonly why: string
}

/**
 * Files that say what is there, changed in nothing else: comments, order and the way in which things are written stay.
 *
 * @param textOf  a file that is there
 */
export const withDrift = (
  wanted: Wanted,
  root: string,
  { changed, gone, added }: Drift,
  textOf: (path: string) => string | undefined,
): { readonly files: Texts; readonly kept: readonly Kept[] } => {
  const texts = new Map<string, string>()
  const kept: Kept[] = []
  const read = (file: string) => texts.get(file) ?? textOf(file) ?? ''
  const edit = (file: string, ...edits: readonly Edit[]) => {
    texts.set(file, edited(read(file), edits))
  }
  /** Where a thing stands now: earlier edits may have moved it. */
  const places = new Map<Address, { readonly file: string; readonly path: Path }>()
  const paths = new Map<string, ReadonlyMap<string, Path>>()
  for (const { address, at } of [...changed.map(({ want }) => want), ...gone]) {
    const known = paths.get(at.file) ?? pathsByPlace(read(at.file))
    paths.set(at.file, known)
    const path = known.get(placeOf(at))
    if (path !== undefined) places.set(address, { file: at.file, path: itemIn(path) })
  }
  for (const { want, there, fields } of changed) {
    const place = places.get(want.address)
    if (place === undefined || there.value === undefined) {
      kept.push({ address: want.address, why: there.left[0]?.why ?? 'it can’t be found in its file' })
      continue
    }
    for (const field of new Set(fields)) {
      const named =
        there.kind.files?.[`${field}_file`] === field
          ? valueIn(read(place.file), [...place.path, `${field}_file`])
          : undefined
      const value = isFields(there.value) ? at(there.value, field.split('.')) : there.value
      const left = there.left.find((one) => one.field === field)
      if (value === undefined && left !== undefined) {
        kept.push({ address: want.address, why: `\`${field}\`: ${left.why}` })
        continue
      }
      const path = isFields(there.value) ? [...place.path, ...field.split('.')] : place.path
      if (typeof named === 'string' && typeof value === 'string') texts.set(named, value)
      // What another Git host does not offer, say, is there no more; what is inherited is taken away.
      else if (value === undefined && valueIn(read(place.file), path) !== undefined)
        edit(place.file, { act: 'remove', path })
      else edit(place.file, { act: 'set', path, value: value ?? null })
    }
  }
  // From the end of a list to its beginning, so that those before it keep their places.
  const isBelow = (path: Path, above: Path) => above.every((step, i) => path[i] === step)
  const outs = gone.flatMap(({ address }) => {
    const place = places.get(address)
    if (place === undefined) kept.push({ address, why: 'it can’t be found in its file' })
    return place === undefined ? [] : [place]
  })
  const tops = outs.filter(
    (one) =>
      !outs.some(
        (other) =>
          other !== one &&
          other.file === one.file &&
          other.path.length < one.path.length &&
          isBelow(one.path, other.path),
      ),
  )
  for (const { file, path } of [...tops].sort((a, b) => Number(b.path.at(-1)) - Number(a.path.at(-1)) || 0))
    edit(file, { act: 'remove', path })
  /** Where what is new stands: what is under it comes along. */
  const fresh = new Map<string, string>()
  for (const thing of inOrderOfOwners(added)) {
    const { kind, names, value } = thing
    if (value === undefined) continue
    const file = fileFor(thing, wanted, { root, fresh })
    if (kind.place.length === 2) fresh.set(`${kind.name}:${keyOf(...names)}`, file)
    const path = pathOf(thing)
    if (kind.listed !== undefined) {
      edit(file, { act: 'append', path, value })
      continue
    }
    const inherited = valueIn(read(file), ['defaults', kind.plural])
    const own = isFields(value) && isFields(inherited) ? apartFrom(value, inherited) : value
    const { named, texts: beside } = withTextsBeside(
      { ...thing, value: own },
      {
        isLong: (text) => text.includes('\n'),
        isTaken: (path) => texts.has(path) || textOf(path) !== undefined,
      },
    )
    for (const [name, text] of beside) texts.set(name, text)
    edit(file, { act: 'set', path, value: named.value ?? null, lines: true })
  }
  return { files: texts, kept }
}

const at = (value: Fields, [step = '', ...rest]: readonly string[]): Json | undefined => {
  const inner = value[step]
  return rest.length === 0 ? inner : isFields(inner) ? at(inner, rest) : undefined
}

/** What stands in a list is all of its item, whichever key of it a finding would point to. */
const itemIn = (path: Path): Path => {
  const last = path.findLastIndex((step) => typeof step === 'number')
  return last === -1 ? path : path.slice(0, last + 1)
}

/** Teams and clusters before pipelines: those may go where these went. */
const inOrderOfOwners = (added: readonly Worded[]): readonly Worded[] => {
  const depth = ({ kind }: Worded) => kind.place.length
  const isPipeline = ({ kind }: Worded) => Number(kind.name === 'pipeline')
  return [...added].sort((a, b) => depth(a) - depth(b) || isPipeline(a) - isPipeline(b))
}

/**
 * Where something new belongs: with its parent, in a file of its own where every other has one that is called after it,
 * with others of its cluster, with others of its kind, or in the root file.
 */
const fileFor = (
  { kind, names, value }: Worded,
  { wants }: Wanted,
  { root, fresh }: { readonly root: string; readonly fresh: ReadonlyMap<string, string> },
): string => {
  const fileOf = (some: readonly Want[]) => some[0]?.at.file
  const above = parentOf(kind)
  if (above !== undefined) {
    const key = keyOf(names[0] ?? '')
    const parent = wants.find((want) => want.kind === above.name && want.key === key)
    const file = parent?.at.file ?? fresh.get(`${above.name}:${key}`)
    if (file !== undefined) return file
  }
  const own = wants.filter((want) => want.kind === kind.name)
  const [, folder, end] = /^(.*\/)[^/]*(\.[^./]+)$/.exec(own[0]?.at.file ?? '') ?? []
  const isOneEach = own.every(({ key, at }) => at.file === `${folder ?? ''}${key}${end ?? ''}`)
  if (above === undefined && folder !== undefined && isOneEach && /^[\w-]+$/.test(names[0] ?? ''))
    return `${folder}${names[0] ?? ''}${end ?? ''}`
  const cluster = isFields(value) ? value['cluster'] : undefined
  const near = cluster === undefined ? [] : own.filter(({ spec }) => spec['cluster'] === cluster)
  return fileOf(near) ?? fileOf(own) ?? root
}
