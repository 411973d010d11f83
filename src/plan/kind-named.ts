import { kinds } from '../kinds/index.js'
import type { AnyKind } from '../kinds/index.js'
import type { Address } from '../model/address.js'
import type { Want } from '../model/wanted.js'

const byName = new Map(kinds.map((kind) => [kind.name, kind]))

/** The kind of that name. Asking for another is a bug: names come from the kinds themselves. */
export const kindNamed = (name: string): AnyKind => {
  const kind = byName.get(name)
  if (kind === undefined) throw new Error(`there is no kind "${name}"`)
  return kind
}

/** What things that are declared keep, of other kinds. */
export const keptBy = (wants: readonly Want[]): ReadonlySet<Address> =>
  new Set(wants.flatMap(({ kind, spec }) => kindNamed(kind).keeps?.(spec) ?? []))

const isStar = (segment: string) => segment === '*'

/** The kind whose place a kind's place lies under: a queue's is the cluster. */
export const parentOf = (kind: AnyKind): AnyKind | undefined =>
  kinds
    .filter(
      (other) =>
        other !== kind &&
        other.place.length < kind.place.length &&
        other.place.some(isStar) &&
        other.place.every((segment, i) => segment === kind.place[i]),
    )
    .sort((a, b) => b.place.length - a.place.length)[0]

/** How many names a person chose on the way to something of this kind. */
export const starsIn = (kind: AnyKind): number => kind.place.filter(isStar).length
