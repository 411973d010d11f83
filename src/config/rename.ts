import type { Address } from '../model/address.js'
import type { Made } from './complete.js'
import { quoted, type Problem } from './problem.js'
import type { Place } from './source.js'

/** Renames that could mean two things, and names that a rename leaves behind. */
export const renameProblems = (made: readonly Made[]): Problem[] => {
  const declared = new Map(made.map((one) => [one.want.address, one]))
  const renamed = new Map<Address, Made>()
  const conflicts = made.flatMap((one): Problem[] => {
    const { want, was } = one
    if (was === undefined || want.was === undefined) return []
    const old: Address = `${want.kind}:${want.was}`
    const still = declared.get(old)
    const other = renamed.get(old)
    if (!other) renamed.set(old, one)
    const name = quoted(want.was)
    if (still === one) return [conflict(was, undefined, `${want.kind} ${name} has that name already`)]
    if (still)
      return [
        conflict(was, still.key, `${want.kind} ${quoted(want.key)} was ${name}, which is still declared`),
      ]
    return other ? [conflict(was, other.was, `two things say that they were ${want.kind} ${name}`)] : []
  })
  return renamed.size === 0
    ? []
    : [...conflicts, ...made.flatMap((one) => leftBehind(one, renamed, declared))]
}

const conflict = (at: Place, also: Place | undefined, what: string): Problem => ({
  code: 'rename-conflict',
  at,
  ...(also && { also: [also] }),
  words: () => ({ what, fix: also ? 'take one of the two out' : 'take `was` out' }),
})

/** References to the name that something is about to lose: valid before the apply, and unknown after it. */
const leftBehind = (
  { kind, want, key, fields }: Made,
  renamed: ReadonlyMap<Address, Made>,
  declared: ReadonlyMap<Address, Made>,
): Problem[] =>
  kind.dependencies(want.spec).flatMap(({ address, field }): Problem[] => {
    const now = renamed.get(address)
    if (!now || declared.has(address)) return []
    return [
      {
        code: 'unknown-reference',
        at: fields[field] ?? key,
        ...(now.was && { also: [now.was] }),
        about: address,
        words: () => ({
          what: `${want.kind} ${quoted(want.key)} names ${address}, which is renamed to ${now.want.address}`,
          label: 'its old name',
          fix: `write ${quoted(now.want.key)}`,
        }),
      },
    ]
  })
