import { isBridles } from '../declared.js'
import { atRole, defineRoleRule } from '../rule.js'

export const noBoundary = defineRoleRule({
  code: 'role-no-boundary',
  title: 'has no permissions boundary, or another than declared',
  field: 'permissions_boundary',
  over: 'ours',
  check: (role, { world }) => {
    const { boundary } = role.detail
    const wanted = role.declared?.spec.permissions_boundary
    if (isBridles(role, world)) return []
    if (boundary === null)
      return [
        atRole(role, {
          words:
            wanted == null
              ? 'has no permissions boundary'
              : `has no permissions boundary, and should have ${wanted}`,
          facts: ['none'],
        }),
      ]
    return wanted === undefined || wanted === boundary
      ? []
      : [
          atRole(role, {
            words: `has the permissions boundary ${boundary}, and should have ${wanted ?? 'none'}`,
            facts: [boundary, wanted ?? ''],
          }),
        ]
  },
})
