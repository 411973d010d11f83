import type { Address } from '../model/address.js'
import { grantKey, type Fact, type Grant } from '../model/grant.js'
import { beyond, byItself, byOthers, byRole } from './role-chains.js'
import { byWriting } from './role-rewriters.js'
import { leadingTo } from './role-scope.js'
import { byToken } from './role-tokens.js'
import { roleWorldOf, type RolesFrom } from './role-world.js'
import { readRole, type RoleGrant, type RoleWorld } from './roles.js'

/** Who may become which role, told from everything that decides it together. */
export const roleGrants = (world: RoleWorld): readonly RoleGrant[] => {
  if (world.roles.length === 0) return []
  const roles = world.roles.map(readRole)
  return [
    ...roles.flatMap((role) => [...byItself(role)]),
    ...byToken(world, roles),
    ...byRole(roles),
    ...byWriting(roles),
    ...byOthers(world, roles),
    ...beyond(world, roles),
  ]
}

/** Who may become some roles, or one that may become them. Tokens are not held against the other roles. */
export const grantsLeadingTo = (
  world: RoleWorld,
  roles: ReadonlySet<Address>,
): readonly RoleGrant['grant'][] => {
  const all = world.roles.map(readRole)
  const chains = [...byRole(all), ...byWriting(all)]
  const leading = leadingTo(
    roles,
    chains.map(({ grant }) => grant),
  )
  const some = all.filter(({ version }) => leading.has(version.address))
  // Which roles there are at all says which machines have another role than the files say.
  return [...chains, ...all.flatMap((role) => [...byItself(role)]), ...byToken(world, some)].map(
    ({ grant }) => grant,
  )
}

/** The same as facts, each once: a sure one where there is one. */
export const roleFacts = (
  from: RolesFrom,
  placed: (grant: Grant, role: Address) => Fact,
): readonly Fact[] => {
  const found = new Map<string, Fact>()
  for (const { grant, role } of roleGrants(roleWorldOf(from))) {
    const key = grantKey({ ...grant, sure: true })
    if (found.get(key)?.sure !== true) found.set(key, placed(grant, role.address))
  }
  return [...found.values()]
}
