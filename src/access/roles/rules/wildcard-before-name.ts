import { atDoor, defineRoleRule } from '../rule.js'
import { branchBehindWildcard, gettingIn, subjectValues } from '../subjects.js'

/** A star runs over colons, so what stands behind it can stand in a branch or a step key. @source aws-enforcement §4.4 */
export const wildcardBeforeName = defineRoleRule({
  code: 'role-wildcard-before-name',
  title: 'has a wildcard before a name that it means to test',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    subjectValues(role, roles.world).flatMap(({ door, condition, value, tied }) => {
      if (tied === 'name-after-wildcard') {
        const decision = roles.other(role, door)
        return decision.answer === 'no'
          ? []
          : [
              atDoor(
                role,
                door,
                {
                  words: `takes subjects like ${value}, whose pipeline can stand in a branch or a step key${gettingIn(decision)}`,
                  opens: decision.answer === 'yes',
                },
                condition,
              ),
            ]
      }
      const meant = tied === 'pipeline' ? branchBehindWildcard(condition, value) : undefined
      const decision = meant && roles.onOtherBranch(role, door, meant)
      return decision === undefined || decision.answer === 'no'
        ? []
        : [
            atDoor(
              role,
              door,
              {
                words: `takes subjects like ${value}, whose branch can stand in a longer one, or in a step key${gettingIn(decision)}`,
              },
              condition,
            ),
          ]
    }),
})
