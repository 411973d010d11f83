import { like, may, placeOf } from '../may.js'
import { atRole, defineRoleRule } from '../rule.js'

export const signs = defineRoleRule({
  code: 'role-signs',
  title: 'may sign with keys of KMS',
  field: 'inline_policies',
  over: 'ours',
  check: (role) => {
    const permission = may(role, 'kms:Sign', like(`arn:${role.account.partition}:kms:*:*:key/*`))
    return permission === undefined
      ? []
      : [
          atRole(role, {
            words: `may sign with keys of KMS [${placeOf(permission)}]`,
            facts: [placeOf(permission)],
          }),
        ]
  },
})
