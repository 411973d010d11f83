import type { Known } from '../kinds/index.js'
import { addressOf, type Address } from '../model/address.js'
import type { Live } from '../model/live.js'
import type { Want, Wanted } from '../model/wanted.js'
import { kindNamed } from './kind-named.js'
import { renamed } from './renames.js'
import type { Survey } from './survey.js'

type Spec = Readonly<Record<string, unknown>>

/** The same of the things of one kind. */
export const resolvedOf = (kind: string, wanted: Wanted, survey: Survey): readonly Want[] =>
  resolved({ ...wanted, wants: wanted.wants.filter((want) => want.kind === kind) }, survey, wanted).wants

/** The files in the terms of what is there, so that the two can be compared: names have become uuids and ARNs. */
export const resolved = (wanted: Wanted, survey: Survey, all = wanted): Wanted => {
  const known = knownOf(all, survey)
  return {
    ...wanted,
    wants: wanted.wants.map((want) => {
      const kind = kindNamed(want.kind)
      return kind.resolve === undefined ? want : { ...want, spec: kind.resolve(want.spec, known) as Spec }
    }),
  }
}

const knownOf = (wanted: Wanted, survey: Survey): Known => {
  const { organization } = survey
  const { automation } = wanted.access.trust
  const there = new Map<Address, Live<unknown>>()
  for (const [kind, found] of renamed(wanted, survey).live)
    for (const one of found) there.set(`${kind}:${one.key}`, one)
  return {
    organization: { slug: organization.slug, uuid: organization.uuid },
    accounts: wanted.aws?.accounts ?? [],
    made: (address) => {
      if (address === addressOf('organization')) return { id: organization.id, uuid: organization.uuid }
      const found = there.get(address)
      return (
        found && { id: found.id, uuid: found.uuid, ...(found.slug === undefined ? {} : { slug: found.slug }) }
      )
    },
    live: (address) => there.get(address),
    declared: (kind) => wanted.wants.filter((want) => want.kind === kind),
    now: survey.now ?? '',
    ...(survey.policyKey && { policyKey: survey.policyKey }),
    serial: (queue) => survey.serials?.get(queue) ?? 0,
    appliers: new Set([organization.identity.email, ...(automation === undefined ? [] : [automation.value])]),
  }
}
