import { spelling } from '../../../policy/operator.js'
import { atDoor, defineRoleRule } from '../rule.js'

/** @source aws-enforcement §8: what is negated holds where the key is missing */
export const trustNegative = defineRoleRule({
  code: 'role-trust-negative',
  title: 'has a statement with only negative conditions',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors.flatMap((door) => {
      const { conditions } = door.statement
      const [first] = conditions
      if (
        first === undefined ||
        !conditions.every(({ operator }) => spelling(operator.name).negated === true)
      )
        return []
      return [
        atDoor(
          role,
          door,
          {
            words: 'says only what must not be, which holds where the request has no such key',
            opens: roles.isOpen(role, door),
          },
          first,
        ),
      ]
    }),
})
