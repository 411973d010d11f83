import { kindOf, type Address } from '../../model/address.js'
import { nearest } from '../nearest.js'
import { itemsOf, textOf, valueAt, type Node } from '../node.js'
import type { Problem } from '../problem.js'
import { spoken, type Whole } from './whole.js'

/** What is wrong with what is expected: it is about something that nobody declared. */
export const expectProblems = ({ sections, made }: Whole): Problem[] => {
  const declared = new Set(made.map(({ want }) => want.address))
  return sections.expect.flatMap(itemsOf).flatMap((item) =>
    ['who', 'on'].flatMap((key): Problem[] => {
      const node = valueAt(item, key)
      const address = textOf(node) as Address | undefined
      if (node === undefined || !address?.includes(':')) return []
      const kind = kindOf(address)
      return kind === 'user' || declared.has(address) ? [] : [unknown(node, address, declared)] // nobody declares people
    }),
  )
}

const unknown = ({ at }: Node, address: Address, declared: ReadonlySet<Address>): Problem => ({
  code: 'unknown-reference',
  at,
  about: address,
  words: () => {
    const kind = kindOf(address)
    const meant = nearest(
      address,
      [...declared].filter((one) => kindOf(one) === kind),
    )
    return {
      what: `something is expected of ${spoken(address)}, which no file declares`,
      label: meant === undefined ? 'unknown' : `did you mean ${meant}?`,
      why: 'what is expected is held against the files, too, and they know nothing of it',
      fix: meant === undefined ? `declare the ${kind}` : `write "${meant}", or declare ${spoken(address)}`,
    }
  },
})
