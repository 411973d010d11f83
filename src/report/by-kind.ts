import { kindOf } from '../model/address.js'
import type { Address } from '../model/address.js'

/** Things by kind, so many of each, and how many more there are. One more than that is named as well: a line is a line. */
export const byKind = <T extends { readonly address: Address }>(
  things: readonly T[],
  most: number,
): { readonly kind: string; readonly named: readonly T[]; readonly left: number }[] =>
  [...new Set(things.map(({ address }) => kindOf(address)))].map((kind) => {
    const all = things.filter(({ address }) => kindOf(address) === kind)
    const named = all.length > most + 1 ? all.slice(0, most) : all
    return { kind, named, left: all.length - named.length }
  })
