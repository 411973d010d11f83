import { asksFirst, kinds, things } from '../kinds/index.js'
import type { Asks, Organization, Reader, Thing } from '../kinds/index.js'
export type { Asks, Reader } from '../kinds/index.js'
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

/**
 * What is read: every kind, the sparing ones where some are declared, and of the rest what something names, as people
 * are many and templates not on every plan.
 * Where something is privileged, all of it bears on the verdict.
 */
const readings = (wanted: Wanted): readonly Thing<unknown>[] => {
  const named = new Set(
    wanted.wants.flatMap(({ kind, spec }) =>
      kindNamed(kind)
        .dependencies(spec)
        .map(({ address }) => kindOf(address)),
    ),
  )
  const { allow, trust, expect } = wanted.access
  if (trust.admins.length > 0 || trust.automation || expect.some(({ who }) => who.startsWith('user:')))
    named.add('user')
  if (allow.length > 0) return [...kinds, ...things]
  const declared = new Set([...wanted.covers].map((cover) => cover.slice(cover.lastIndexOf('/') + 1)))
  return [
    ...kinds.filter(({ sparing, plural }) => sparing !== true || declared.has(plural)),
    ...things.filter(({ name }) => named.has(name)),
  ]
}

/** All that a whole reading will ask. */
export const asksOf = (wanted: Wanted): Asks[] => [asksFirst, ...readings(wanted).map(({ asks }) => asks)]

/**
 * Reads the organization whole.
 *
 * @param again  an earlier survey, of which everything but some kinds is taken as it was
 */
export const survey = async (
  reader: Reader,
  organization: Organization,
  wanted: Wanted,
  again?: { readonly earlier: Survey; readonly kinds: ReadonlySet<string> },
): Promise<Survey> => {
  const live = await Promise.all(
    readings(wanted).map(async (thing) => {
      const before = again?.kinds.has(thing.name) === false ? again.earlier.live.get(thing.name) : undefined
      return [thing.name, before ?? (await all(thing, reader))] as const
    }),
  )
  return { organization, live: new Map(live) }
}
