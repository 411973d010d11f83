import { mayAssume } from '../../policy/assume.js'
import { accountNamed, arnOf } from '../../policy/principal.js'
import { isAbout, type SeenRole } from './seen.js'

/** Which roles may become which. */
export interface Becoming {
  /** The roles that a role may become, in the order of their addresses. */
  from(role: SeenRole): readonly SeenRole[]
  /** Every role that the given ones may come to be, with the way there; themselves left out. */
  closure(roles: readonly SeenRole[]): ReadonlyMap<SeenRole, readonly SeenRole[]>
}

const assume = 'sts:assumerole'

/** Whether one role may become another: names, tags and external ids are its own to say. */
const mayBecome = (role: SeenRole, other: SeenRole): boolean =>
  role !== other &&
  other.trust !== undefined &&
  mayAssume(
    {
      arn: role.arn,
      id: role.detail.id,
      tags: role.detail.tags,
      begun: role.doors.every(({ services }) => services.length > 0) ? 'by-ec2' : 'by-choice',
      identity: role.identity,
      boundary: role.boundary,
    },
    { arn: other.arn, tags: other.detail.tags, trust: { name: 'trust', document: other.trust } },
  ).answer !== 'no'

/** Looks for candidates by whom trusts name, and asks the policies about those alone. */
export const becoming = (roles: readonly SeenRole[]): Becoming => {
  const byPrincipal = new Map<string, SeenRole[]>()
  const loose: SeenRole[] = []
  for (const role of roles) {
    const names = new Set<string>()
    for (const { statement, principals } of role.doors) {
      if (!isAbout(statement, assume)) continue
      if (statement.notPrincipals !== null || principals.includes('*')) loose.push(role)
      for (const name of principals) names.add(accountNamed(name) ?? sessionRole(name) ?? name)
    }
    for (const name of names) byPrincipal.set(name, [...(byPrincipal.get(name) ?? []), role])
  }
  const known = new Map<SeenRole, readonly SeenRole[]>()
  const from = (role: SeenRole): readonly SeenRole[] => {
    const before = known.get(role)
    if (before !== undefined) return before
    const named = [role.arn, role.detail.id, `${role.account.id}/${role.detail.name.toLowerCase()}`].flatMap(
      (name) => byPrincipal.get(name) ?? [],
    )
    const byAccount = mayAssumeSome(role) ? [...(byPrincipal.get(role.account.id) ?? []), ...loose] : []
    const found = [...new Set([...named, ...byAccount, ...loose])]
      .filter((other) => mayBecome(role, other))
      .sort((a, b) => (a.address < b.address ? -1 : 1))
    known.set(role, found)
    return found
  }
  return {
    from,
    closure: (start) => {
      const ways = new Map<SeenRole, readonly SeenRole[]>(start.map((role) => [role, [role]]))
      const queue = [...start]
      for (const role of queue)
        for (const next of from(role))
          if (!ways.has(next)) {
            ways.set(next, [...(ways.get(role) ?? []), next])
            queue.push(next)
          }
      for (const role of start) ways.delete(role)
      return ways
    },
  }
}

/** A trust that names a session names its role as well, if by the name alone. */
const sessionRole = (name: string): string | undefined => {
  const { service, account, resource } = arnOf(name)
  const [kind, role] = resource.split('/')
  return service === 'sts' && kind === 'assumed-role' && role !== undefined
    ? `${account}/${role.toLowerCase()}`
    : undefined
}

const mayAssumeSome = ({ identity }: SeenRole): boolean =>
  identity.some(
    ({ document }) =>
      document === undefined ||
      document.statements.some((statement) => statement.effect === 'Allow' && isAbout(statement, assume)),
  )
