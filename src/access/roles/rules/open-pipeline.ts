import { atDoor, defineRoleRule } from '../rule.js'
import { gettingIn, subjectValues } from '../subjects.js'

/** A subject that is open is no harm where an id or a tag says which pipeline it has to be. */
export const openPipeline = defineRoleRule({
  code: 'role-open-pipeline',
  title: 'leaves the pipeline open',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    subjectValues(role, roles.world).flatMap(({ door, condition, value, tied }) => {
      if (tied !== 'organization') return []
      const decision = roles.other(role, door)
      return decision.answer === 'no'
        ? []
        : [
            atDoor(
              role,
              door,
              {
                words: `takes subjects like ${value}, of every pipeline that fits${gettingIn(decision, value)}`,
                opens: decision.answer === 'yes',
              },
              condition,
            ),
          ]
    }),
})
