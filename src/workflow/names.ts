import type { Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { Wanted } from '../model/wanted.js'
import {
  asDeclared,
  changedIdentities,
  droppedPromises,
  goneNames,
  lacksLock,
  privilegedNames,
  takenNames,
  type Identity,
  type Lock,
} from './lock.js'

type Identities = ReadonlyMap<Address, Identity>

/** What privileged names stand for now, in the names of the files. */
export interface Named {
  readonly now: Identities
  /** Asks who made some of it. Where nobody can be asked, nobody is. */
  readonly ask?: ((some: Identities) => Promise<Identities>) | undefined
  /** uuids by name that a person agreed to. */
  readonly accepted?: ReadonlyMap<string, string>
}

/** What there is to say about privileged names. */
export interface AboutNames {
  /** They stand for something else than they did: nothing is planned from that. */
  readonly changed: readonly Finding[]
  /** They stand for nothing any more. */
  readonly gone: readonly Finding[]
  /** There is no lock, and there would be much to keep in it. */
  readonly lacking: readonly Finding[]
  /** What the lock promises, and the files do not any more. */
  readonly dropped: readonly Finding[]
}

/** Holds privileged names to what the lock knows of them. */
export const aboutNames = async (
  wanted: Wanted,
  lock: Lock | undefined,
  { now, ask, accepted = new Map() }: Named,
): Promise<AboutNames> => {
  const names = privilegedNames(wanted)
  const known = lock && { identities: asDeclared(wanted, lock.identities) }
  const taken = takenNames(names, known, now, accepted)
  const told = taken.size === 0 || ask === undefined ? now : new Map([...now, ...(await ask(taken))])
  return {
    changed: changedIdentities(names, known, told, accepted),
    gone: goneNames(names, known, now),
    lacking: lacksLock(names, lock, now),
    dropped: droppedPromises(wanted, lock, now),
  }
}
