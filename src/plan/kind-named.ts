import { kinds } from '../kinds/index.js'
import type { AnyKind } from '../kinds/index.js'
import type { Address } from '../model/address.js'
import type { Want } from '../model/wanted.js'
export { parentOf } from '../kinds/index.js'

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
