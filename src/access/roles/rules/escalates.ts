import { listed } from '../../findings.js'
import { isBridles } from '../declared.js'
import { escalations, rewriting } from '../escalations.js'
import { known } from '../../../policy/value.js'
import { may, placeOf, spokenOf } from '../may.js'
import type { Roles } from '../roles.js'
import { covers, type SeenRole } from '../seen.js'
import { atRole, defineRoleRule } from '../rule.js'

/** @source aws-enforcement §9 */
export const escalates = defineRoleRule({
  code: 'role-escalates',
  title: 'may do what gets it more',
  field: 'inline_policies',
  over: 'ours',
  check: (role, roles) => {
    if (isBridles(role, roles.world)) return []
    const found = spoken(role).flatMap((action) => {
      const permission = may(role, action)
      return permission === undefined ? [] : [{ action, permission }]
    })
    const [first] = found
    if (first === undefined) return []
    return [
      atRole(role, {
        words: `may do ${listed(found.map(({ action }) => action))} [${placeOf(first.permission)}]`,
        opens: found.some(
          ({ action }) =>
            rewriting.includes(action) &&
            reached(role, roles).some((arn) => may(role, action, known(arn))?.isCertain === true),
        ),
        facts: found.map(({ action }) => action),
      }),
    ]
  },
})

const speaks = spokenOf(escalations)

/** What its policies allow before anything is denied. */
const spoken = ({ identity }: SeenRole): readonly string[] => {
  const found = new Set(
    identity.flatMap(({ document }) =>
      (document?.statements ?? []).flatMap((one) => (one.effect === 'Allow' ? speaks(one) : [])),
    ),
  )
  return found.size === 0 ? [] : escalations.filter((action) => found.has(action))
}

/** Enough to see whether it can write one of them: where it can not, a Deny is about more than a few. */
const most = 20

/** What a job should not write, and its policies name. */
const reached = ({ account, identity }: SeenRole, roles: Roles): readonly string[] => {
  const resources = identity
    .flatMap(({ document }) => document?.statements ?? [])
    .filter(({ effect }) => effect === 'Allow')
    .flatMap((statement) => statement.resources ?? ['*'])
  return roles
    .guarded(account.id)
    .filter((arn) => resources.some((resource) => resource.includes('${') || covers(arn)(resource)))
    .slice(0, most)
}
