import type { Problem } from '../problem.js'
import type { Place } from '../source.js'
import type { Whole } from './whole.js'

/** Keys that bridle reads and does not carry out: what is not done, and what is done. */
const kinds = [
  {
    keys: ['hook', 'held_by'],
    what: 'bridle installs no hook on agents yet',
    why: 'where `hook` names an `account`, what it lets in is published there, signed. No agent reads that yet and no job is refused, so a border that the hook should hold is judged as assumed, never as held',
    label: 'held by nobody yet',
    fix: 'put a hook on the agents by hand, or give the queue a cluster of its own; the lines may stay',
  },
] as const

/** Said once for each kind of key, at the first of them, so that nobody takes the lines for a promise. */
export const notCarriedOut = (whole: Whole): Problem[] =>
  kinds.flatMap(({ keys, what, why, fix, ...said }): Problem[] => {
    const places = placesOf(whole, keys)
    const [first] = places
    if (first === undefined) return []
    return [
      {
        code: 'not-carried-out',
        severity: 'warning',
        at: first,
        about: keys[0],
        words: () => ({
          what: places.length === 1 ? what : `${what}, and ${places.length} lines speak of that`,
          label: 'label' in said ? said.label : 'read, and not carried out',
          why,
          fix,
        }),
      },
    ]
  })

const placesOf = ({ asides }: Whole, keys: readonly string[]): Place[] => {
  const found = asides.flatMap(({ name, key }) => (keys.includes(name) ? [key] : []))
  // A default that many inherit is one line.
  return [...new Map(found.map((place) => [`${place.source.path}\n${place.start}`, place])).values()]
}
