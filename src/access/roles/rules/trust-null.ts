import { atDoor, defineRoleRule } from '../rule.js'

export const trustNull = defineRoleRule({
  code: 'role-trust-null',
  title: 'tests only whether keys are there',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors.flatMap((door) => {
      const { conditions } = door.statement
      const [first] = conditions
      if (first === undefined || !conditions.every(({ operator }) => operator.name === 'Null')) return []
      return [
        atDoor(
          role,
          door,
          {
            words: `tests only whether the request has ${first.key}, and no value`,
            opens: roles.isOpen(role, door),
          },
          first,
        ),
      ]
    }),
})
