import type { Path } from '../model/verdict.js'

/** How surely somebody comes by a path, the surest first: each word's edges, and those of all words before it. */
export const surenesses = [
  'open',
  'assumed',
  'held',
  'accepted',
] as const satisfies readonly Path['sureness'][]
export type Sureness = (typeof surenesses)[number]

/** The place of a sureness among them; of none, for what may not be used, or does not come to pass. */
export type Rank = number
export const never: Rank = surenesses.length

/** How sure each edge of a graph is, by its number. An edge that is left out of a question is `never`. */
export type Ranks = Uint8Array

export const rankOf = (sureness: Sureness): Rank => surenesses.indexOf(sureness)
