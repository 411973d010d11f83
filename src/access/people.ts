import { addressOf, keyIn, type Address } from '../model/address.js'
import type { Trust } from '../model/declared-access.js'
import type { Finding } from '../model/finding.js'
import type { Facts } from './facts.js'

/** Everybody in the organization, as people are written; whoever is invited is as good as there. */
export const peopleIn = (facts: Facts): ReadonlySet<Address> =>
  new Set(facts.of('belongs').map(({ of }) => addressOf('user', keyIn(of))))

/** Those whom the files trust with everything, and who administer nothing: they stay allowed everywhere, unnoticed. */
export const trustedForNothing = (facts: Facts, { admins, automation }: Trust): readonly Finding[] => {
  const people = peopleIn(facts)
  const administrators = new Set(facts.of('administers').map(({ of }) => keyIn(of)))
  return [...admins, ...(automation === undefined ? [] : [automation])]
    .filter(({ value }) => people.has(addressOf('user', value)))
    .filter(({ value }) => !administrators.has(keyIn(addressOf('user', value))))
    .map(({ value, at }) => ({
      code: 'trusted-not-admin',
      severity: 'warning',
      what: `user:${value} is trusted with everything, and is no administrator of the organization`,
      where: [at],
      why: 'whatever they reach counts as meant, in every privileged cluster',
      fix: 'take them out of `trust`, and allow them where they should be; or make them an administrator again',
    }))
}
