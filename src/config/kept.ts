import type { Address } from '../model/address.js'
import type { Made } from './complete.js'
import type { Problem } from './problem.js'
import type { Place } from './source.js'

/** What two would write: a value that is declared and kept by something else as well, or kept by two. */
export const keptTwice = (made: readonly Made[]): Problem[] => {
  const known = new Map<Address, Place>(
    made.flatMap(({ want, key }) => (want.spec['value'] === undefined ? [] : [[want.address, key]])),
  )
  return made.flatMap(({ kind, want, key, fields }) =>
    (kind.keeps?.(want.spec) ?? []).flatMap((address): Problem[] => {
      const first = known.get(address)
      const at = fields['store'] ?? key
      if (first === undefined) {
        known.set(address, at)
        return []
      }
      return [
        {
          code: 'declared-twice',
          at,
          also: [first],
          about: address,
          words: () => ({
            what: `${address} is kept by ${want.address}, and stands somewhere else, too`,
            label: 'the second time',
            why: 'each would write over what the other has written',
            fix: 'write another name here, or take the other one out',
          }),
        },
      ]
    }),
  )
}
