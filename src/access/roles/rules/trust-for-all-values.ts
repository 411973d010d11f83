import { spelling } from '../../../policy/operator.js'
import { atDoor, defineRoleRule } from '../rule.js'

/** Keys that are a list of what may be there: limiting them is what the operator is for. */
const lists = ['aws:tagkeys', 'sts:transitivetagkeys']

export const trustForAllValues = defineRoleRule({
  code: 'role-trust-for-all-values',
  title: 'tests something with ForAllValues:, which holds of nothing',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors.flatMap((door) =>
      door.statement.conditions
        .filter(
          ({ operator: { name, over }, key }) =>
            over === 'all' && spelling(name).negated !== true && !lists.includes(key.toLowerCase()),
        )
        .map((condition) =>
          atDoor(
            role,
            door,
            {
              words: `tests ${condition.key} with ForAllValues:, which holds where the request has none`,
              opens: roles.isOpen(role, door),
            },
            condition,
          ),
        ),
    ),
})
