import { asking, plainValues, subjectIn } from './claims.js'
import type { Names } from './names.js'
import type { Roles } from './roles.js'
import { factOf } from './rule.js'
import { isPrivileged } from './roles.js'
import { wantedTrust, type SeenRole } from './seen.js'
import type { RolePipeline, RoleWorld } from './world.js'

/** The statements that the files want the trust to have, each as there is only one of it. */
export const declaredDoors = ({ declared }: SeenRole, world: RoleWorld): ReadonlySet<string> => {
  const wanted = declared && wantedTrust(declared, world)
  return new Set(
    (wanted?.statements ?? [])
      .filter(({ effect }) => effect === 'Allow')
      .map((statement) => factOf(statement, wanted?.version)),
  )
}

/** The pipelines that a role names, by id or by slug. */
export const pipelinesOf = (
  { doors }: Pick<SeenRole, 'doors'>,
  { pipelines, slugs }: Names,
): readonly RolePipeline[] => {
  const found = new Set<RolePipeline | undefined>()
  for (const { isBuildkite, statement } of doors) {
    if (!isBuildkite) continue
    for (const condition of asking(statement.conditions, 'pipeline_id', 'pipeline_slug', 'sub'))
      for (const value of plainValues(condition) ?? []) found.add(pipelines.get(value)).add(slugs.get(value))
    for (const condition of asking(statement.conditions, 'sub'))
      for (const value of condition.values) found.add(slugs.get(subjectIn(value).pipeline ?? ''))
  }
  return [...found].filter((one) => one !== undefined).sort((a, b) => (a.address < b.address ? -1 : 1))
}

/** Whether a role is for what is privileged: had on a privileged queue, or by a pipeline of a privileged cluster. */
export const isPrivilegedRole = (role: SeenRole, { world, names }: Roles): boolean => {
  if (isPrivileged(role)) return true
  const privileged = new Set<string | null | undefined>(
    world.clusters.filter((one) => one.isPrivileged).map(({ address }) => address),
  )
  return pipelinesOf(role, names).some(({ cluster }) => privileged.has(cluster))
}

/** Whether it is the role that bridle itself works with: it writes what no other role should. */
export const isBridles = ({ account, detail, arn }: SeenRole, { accounts }: RoleWorld): boolean => {
  const { assumeRole } = account
  if (assumeRole !== undefined && (assumeRole === arn || assumeRole.split('/').at(-1) === detail.name))
    return true
  const session = /:assumed-role\/([^/]+)\//.exec(accounts.get(account.name)?.identity.arn ?? '')?.[1]
  return session === detail.name
}
