import { atDoor, defineRoleRule } from '../rule.js'
import { gettingIn, subjectValues } from '../subjects.js'

export const openOrganization = defineRoleRule({
  code: 'role-open-organization',
  title: 'has a wildcard in the name of the organization',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    subjectValues(role, roles.world).flatMap(({ door, condition, value, tied, isDead }) =>
      tied !== 'part-of-organization' || isDead
        ? []
        : [
            atDoor(
              role,
              door,
              {
                words: `takes subjects like ${value}, of every organization whose name fits${gettingIn(roles.stranger(role, door), value)}`,
                opens: roles.isOpen(role, door),
              },
              condition,
            ),
          ],
    ),
})
