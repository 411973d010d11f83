import { listed } from '../../findings.js'
import { atDoor, defineRoleRule } from '../rule.js'

export const trustsAnyAction = defineRoleRule({
  code: 'role-trusts-any-action',
  title: 'has a wildcard among the actions of its trust policy',
  field: 'trust',
  over: 'all',
  check: (role) =>
    role.doors.flatMap((door) => {
      const { actions, notActions } = door.statement
      const wild = (actions ?? []).filter((action) => /[*?]/.test(action))
      if (wild.length === 0 && notActions === null) return []
      return [
        atDoor(role, door, {
          words: `may be entered by ${notActions === null ? listed(wild) : `every action but ${listed(notActions)}`}`,
        }),
      ]
    }),
})
