import { addressOf, keyIn, namesIn, type Address } from '../../model/address.js'
import type { Made } from '../complete.js'
import type { AsideAt, Sections } from './read.js'

/** All files together, once every single thing in them is right. */
export interface Whole {
  readonly sections: Sections
  readonly asides: readonly AsideAt[]
  readonly made: readonly Made[]
  /** The maps that are written at all. */
  readonly covers: ReadonlySet<string>
  /** `2026-11-22`, in UTC; without it nothing that depends on the day is looked at. */
  readonly today?: string | undefined
}

/** What is written beside the keys of one thing. */
export const asideOf = ({ asides }: Whole, of: Address, name: string): AsideAt | undefined =>
  asides.find((aside) => aside.of === of && aside.name === name)

/** Every `allow`, the clusters' first, in the order in which they are written. */
export const allowsIn = ({ asides }: Whole, kind: 'cluster' | 'queue'): AsideAt[] =>
  asides.filter(({ of, name }) => name === 'allow' && of.startsWith(`${kind}:`))

/** The things of a kind, by address. */
export const madeOf = ({ made }: Whole, kind: string): ReadonlyMap<Address, Made> =>
  new Map(made.filter(({ want }) => want.kind === kind).map((one) => [one.want.address, one]))

/** The cluster that a queue is of. */
export const clusterOf = (queue: Address): Address => addressOf('cluster', namesIn(keyIn(queue))[0] ?? '')

/** An address in words: `queue "production/deploy"`. */
export const spoken = (address: Address): string =>
  `${address.slice(0, address.indexOf(':'))} "${namesIn(keyIn(address)).join('/')}"`
