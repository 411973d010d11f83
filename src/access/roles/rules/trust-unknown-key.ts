import { atDoor, defineRoleRule } from '../rule.js'
import { strangeKey } from '../keys.js'

export const trustUnknownKey = defineRoleRule({
  code: 'role-trust-unknown-key',
  title: 'tests a key that no such request has',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors.flatMap((door) =>
      door.statement.conditions.flatMap((condition) => {
        const why = strangeKey(condition.key, door)
        if (why === undefined) return []
        return [
          atDoor(
            role,
            door,
            { words: `tests ${condition.key}, ${why}`, opens: roles.isOpen(role, door) },
            condition,
          ),
        ]
      }),
    ),
})
