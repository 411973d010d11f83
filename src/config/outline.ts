import type { AnyKind } from '../kinds/kind.js'
import { asides, type Aside } from './access/keys.js'

/** What may stand somewhere in a file: the places of all kinds, as one tree. */
export interface Branch {
  /** The kind of thing that is declared here. */
  readonly kind?: AnyKind
  /** The kind of thing that gets defaults from here. */
  readonly defaultsOf?: AnyKind
  /** What may be written here beside a thing's own keys, and is no thing. */
  readonly aside?: Aside
  /** What stands under every name that a person chose. */
  readonly star?: Branch
  readonly named: ReadonlyMap<string, Branch>
}

interface Growing {
  kind?: AnyKind
  defaultsOf?: AnyKind
  aside?: Aside
  star?: Growing
  named: Map<string, Growing>
}

export const outlineOf = (kinds: readonly AnyKind[]): Branch => {
  const root: Growing = { named: new Map() }
  for (const kind of kinds) reach(root, kind.place).kind = kind
  for (const aside of asidesOf(kinds)) reach(root, aside.place).aside = aside
  for (const kind of kinds)
    if (kind.defaultsFrom)
      Object.assign(reach(root, kind.defaultsFrom.place), {
        defaultsOf: kind,
        named: reach(root, kind.place).named, // what stands under the kind can stand under its defaults
      })
  return root
}

/** What may be written beside the keys of these kinds: at their places, and at the top. */
export const asidesOf = (kinds: readonly AnyKind[]): readonly Aside[] => {
  const places = new Set(kinds.map(({ place }) => place.join('\0')))
  const sections = new Set(kinds.map(({ place }) => place[0]))
  return asides.filter(
    ({ place }) =>
      place.length === 1 ||
      (place.includes('*') ? places.has(place.slice(0, -1).join('\0')) : sections.has(place[0])),
  )
}

const reach = (from: Growing, place: readonly string[]): Growing => {
  let branch = from
  for (const step of place) {
    const next: Growing = (step === '*' ? branch.star : branch.named.get(step)) ?? { named: new Map() }
    if (step === '*') branch.star = next
    else branch.named.set(step, next)
    branch = next
  }
  return branch
}

/** Whether there can be many of a kind, so that people may speak of all of them at once. */
export const isPlural = ({ place }: AnyKind): boolean => place.at(-1) === '*'

export const branchOf = (outline: Branch, place: readonly string[]): Branch | undefined =>
  place.reduce<Branch | undefined>(
    (from, step) => (step === '*' ? from?.star : from?.named.get(step)),
    outline,
  )
