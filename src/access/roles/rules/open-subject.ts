import { atDoor, defineRoleRule } from '../rule.js'
import { gettingIn, subjectValues } from '../subjects.js'

/** What stands under an operator that takes stars as they are is for `literal-wildcard` to say. */
export const openSubject = defineRoleRule({
  code: 'role-open-subject',
  title: 'has a subject that is not tied to the organization',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    subjectValues(role, roles.world).flatMap(({ door, condition, value, tied, organization, isDead }) => {
      if ((tied !== 'nothing' && tied !== 'foreign') || (isDead && /[*?]/.test(value))) return []
      const decision = roles.stranger(role, door)
      return [
        atDoor(
          role,
          door,
          {
            words:
              tied === 'foreign'
                ? `takes jobs of the organization ${organization}, which is not ${roles.world.organization.slug}`
                : isDead
                  ? `asks for the subject ${value}, which no token of Buildkite has`
                  : `takes subjects like ${value}, of whichever organization${gettingIn(decision, value)}`,
            opens: tied === 'foreign' || roles.isOpen(role, door),
          },
          condition,
        ),
      ]
    }),
})
