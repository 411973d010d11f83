import { keyIn, type Address } from '../model/address.js'
import { grantKey, type Fact, type Grant } from '../model/grant.js'
import type { Live } from '../model/live.js'
import type { Difference } from './diff.js'
import { statesOf, type Joined } from './effects.js'
import { roleGrants } from './role-facts.js'
import { roleWorldOf, type Present, type RolesFrom } from './role-world.js'

type Spec = Readonly<Record<string, unknown>>

/**
 * Who may become which role while a plan is carried out. Each role is held, as it is after each of its calls, against
 * everything else as it is before the plan and as it is after it: what two changes give together is given by either,
 * since either may be the last.
 *
 * @param before  what is said of roles before the plan
 * @param after   and after it
 */
export const joinedIn = (
  differences: readonly Difference[],
  present: ReadonlyMap<Address, Live<Spec>>,
  from: Omit<RolesFrom, 'of'>,
  { before, after }: { readonly before: readonly Fact[]; readonly after: readonly Fact[] },
): Joined => {
  const said = saidAt(differences, present, from)
  const [had, has] = [new Set(before.map(grantKey)), new Set(after.map(grantKey))]
  const alone = new Map(
    differences.flatMap(({ kind, address }) =>
      kind.name === 'pipeline' ? [[address, { takes: [] as Grant[], gives: [] as Grant[] }] as const] : [],
    ),
  )
  for (const fact of before)
    if (fact.power === 'becomes' && !has.has(grantKey(fact))) alone.get(fact.of)?.takes.push(fact)
  for (const fact of after)
    if (fact.power === 'becomes' && !had.has(grantKey(fact))) alone.get(fact.of)?.gives.push(fact)
  return {
    at: (address, sent) => said.get(`${address} ${String(sent)}`) ?? [],
    with: (address) => alone.get(address) ?? { takes: [], gives: [] },
  }
}

const saidAt = (
  differences: readonly Difference[],
  present: ReadonlyMap<Address, Live<Spec>>,
  from: Omit<RolesFrom, 'of'>,
): ReadonlyMap<string, readonly Grant[]> => {
  if (!differences.some(({ kind }) => kind.name === 'role')) return new Map()
  const changed = new Map(differences.map((difference) => [difference.address, difference]))
  const things = new Map<string, Present[]>()
  const names: string[] = []
  for (const kind of bearing) things.set(kind, [])
  for (const [address, one] of present) {
    const kind = address.slice(0, address.indexOf(':'))
    if (!bearing.has(kind) || changed.has(address)) continue
    things.get(kind)?.push(one)
    if (kind === 'role') names.push('')
  }
  for (const [address, difference] of changed) {
    const kind = difference.kind.name
    if (!bearing.has(kind)) continue
    const there = present.get(address)
    const ids = there === undefined ? {} : { id: there.id, uuid: there.uuid }
    const states = statesOf(difference)
    for (const [sent, spec] of states.entries()) {
      if (spec === undefined) continue
      // Of what is no role, what it is before and after is enough.
      if (kind !== 'role' && sent > 0 && sent < states.length - 1) continue
      things.get(kind)?.push({ key: keyIn(address), spec, ...ids })
      if (kind === 'role') names.push(`${address} ${String(sent)}`)
    }
  }
  const world = roleWorldOf({ ...from, of: (kind) => things.get(kind) ?? [] })
  const nameOf = new Map(world.roles.map((role, i) => [role, names[i] ?? '']))
  const found = new Map<string, Map<string, Grant>>()
  for (const { grant, role, by } of roleGrants(world))
    for (const one of by === undefined ? [role] : [role, by]) {
      const name = nameOf.get(one) ?? ''
      if (name === '') continue
      const known = found.get(name) ?? new Map<string, Grant>()
      known.set(grantKey(grant), grant)
      found.set(name, known)
    }
  return new Map([...found].map(([name, grants]) => [name, [...grants.values()]]))
}

/** The kinds that decide about roles. */
const bearing: ReadonlySet<string> = new Set([
  'cluster',
  'queue',
  'pipeline',
  'role',
  'oidc-provider',
  'instance-profile',
])
