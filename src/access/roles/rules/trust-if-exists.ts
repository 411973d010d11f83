import { spelling } from '../../../policy/operator.js'
import { atDoor, defineRoleRule } from '../rule.js'

/** What is negated holds of a missing key with and without it. @source aws-enforcement §8 */
export const trustIfExists = defineRoleRule({
  code: 'role-trust-if-exists',
  title: 'tests something only where it is there',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors.flatMap((door) =>
      door.statement.conditions
        .filter(({ operator: { name, ifExists } }) => ifExists && spelling(name).negated !== true)
        .map((condition) =>
          atDoor(
            role,
            door,
            {
              words: `tests ${condition.key} only where the request has it`,
              opens: roles.isOpen(role, door),
            },
            condition,
          ),
        ),
    ),
})
