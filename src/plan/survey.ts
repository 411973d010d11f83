import { kinds, things } from '../kinds/index.js'
import type { Organization, Reader, Thing } from '../kinds/index.js'
import type { Live } from '../model/live.js'
import type { Wanted } from '../model/wanted.js'
import { kindOf } from '../model/address.js'
import { kindNamed } from './kind-named.js'

/** Everything that is there, as far as the wanted state needs to know it. */
export interface Survey {
  readonly organization: Organization
  /** By kind name. A kind that was not read is not here. */
  readonly live: ReadonlyMap<string, readonly Live<unknown>[]>
}

const all = async <Spec>(thing: Thing<Spec>, reader: Reader): Promise<Live<Spec>[]> => {
  const found: Live<Spec>[] = []
  for await (const one of thing.read(reader)) found.push(one)
  return found
}

/** The kinds of things that the wanted state names. */
export const named = (wanted: Wanted): ReadonlySet<string> =>
  new Set(
    wanted.wants.flatMap(({ kind, spec }) =>
      kindNamed(kind)
        .dependencies(spec)
        .map(({ address }) => kindOf(address)),
    ),
  )

/**
 * Reads the organization whole. People and templates are read only where something names them: they are many, or not
 * on every plan.
 *
 * @param again  an earlier survey, of which everything but some kinds is taken as it was
 */
export const survey = async (
  reader: Reader,
  organization: Organization,
  wanted: Wanted,
  again?: { readonly earlier: Survey; readonly kinds: ReadonlySet<string> },
): Promise<Survey> => {
  const names = named(wanted)
  const read = [...kinds, ...things.filter(({ name }) => names.has(name))]
  const live = await Promise.all(
    read.map(async (thing) => {
      const before = again?.kinds.has(thing.name) === false ? again.earlier.live.get(thing.name) : undefined
      return [thing.name, before ?? (await all(thing, reader))] as const
    }),
  )
  return { organization, live: new Map(live) }
}
