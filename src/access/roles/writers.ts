import type { Address } from '../../model/address.js'
import type { PrincipalDetail, SeenAccount } from '../../model/aws.js'
import { mayPerhaps, placeOf, type Actor } from './may.js'
import { policiesOf, seenRoles } from './seen.js'
import { writing, type Writing } from './writing.js'
import type { RoleWorld } from './world.js'

/** Somebody who can change what the gates go by. */
export interface PolicyWriter {
  /** Their ARN. */
  readonly principal: string
  /** The address of a role: whoever comes to that can do the same. */
  readonly role?: Address
  /** The account’s name in the files. */
  readonly account: string
  readonly can: Writing
  /** Every action of it that they may do. */
  readonly actions: readonly string[]
  /** Where it stands: `policy deploy, statement 2 (Write)`. */
  readonly by: string
  /** False where it rests on something that nobody told. */
  readonly isCertain: boolean
}

/**
 * Every user, group and role that may write parameters or secrets under /buildkite/, or sign with a key. A key’s own
 * policy can let in more, and is not read.
 */
export const policyWriters = (world: RoleWorld): readonly PolicyWriter[] => {
  const roles = seenRoles(world)
  return [...world.accounts].flatMap(([name, seen]) =>
    [
      ...seen.authorization.users.map((user) => actorOf(user, seen)),
      ...seen.authorization.groups.map((group) => actorOf(group, seen)),
      ...roles.filter(({ account }) => account.name === name),
    ]
      .flatMap((who) => writesOf(who, name))
      .sort((a, b) => order(a, b)),
  )
}

const order = (a: PolicyWriter, b: PolicyWriter): number =>
  a.principal === b.principal ? (a.can < b.can ? -1 : 1) : a.principal < b.principal ? -1 : 1

/** A user has what their groups have. */
const actorOf = (one: PrincipalDetail, seen: SeenAccount): Actor => {
  const { identity, boundary } = policiesOf(one, seen)
  const groups = seen.authorization.groups.filter(({ name }) => one.groups.includes(name))
  return {
    account: seen.account,
    arn: one.arn,
    identity: [...identity, ...groups.flatMap((group) => policiesOf(group, seen).identity)],
    boundary,
  }
}

const writesOf = (who: Actor & { readonly address?: Address }, account: string): readonly PolicyWriter[] => {
  const found = writing.flatMap(({ can, action, on }) => {
    const permission = mayPerhaps(who, action, on(who.account))
    return permission === undefined ? [] : [{ can, action, permission }]
  })
  return [...new Set(found.map(({ can }) => can))].flatMap((can) => {
    const all = found.filter((one) => one.can === can)
    const [first] = all
    return first === undefined
      ? []
      : [
          {
            principal: who.arn,
            ...(who.address === undefined ? {} : { role: who.address }),
            account,
            can,
            actions: all.map(({ action }) => action),
            by: placeOf(first.permission),
            isCertain: all.some(({ permission }) => permission.isCertain),
          },
        ]
  })
}
