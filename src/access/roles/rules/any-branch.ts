import { asking, plainValues } from '../claims.js'
import { declaredDoors, isPrivilegedRole } from '../declared.js'
import { atDoor, defineRoleRule, factOf } from '../rule.js'

/** What the files have written without branches is meant so. A branch is no proof anyway. @source aws-enforcement §0 */
export const anyBranch = defineRoleRule({
  code: 'role-any-branch',
  title: 'can be had from builds of every branch',
  field: 'trust',
  over: 'ours',
  check: (role, roles) => {
    if (!role.doors.some(({ isBuildkite }) => isBuildkite) || !isPrivilegedRole(role, roles)) return []
    const declared = declaredDoors(role, roles.world)
    return role.doors
      .filter(({ isBuildkite, statement }) => isBuildkite && !declared.has(factOf(statement)))
      .filter(({ statement }) => !limitsBranch(statement.conditions))
      .map((door) => atDoor(role, door, { words: 'can be had from builds of every branch' }))
  },
})

type Conditions = Parameters<typeof asking>[0]

const limitsBranch = (conditions: Conditions): boolean =>
  asking(conditions, 'build_branch').some(
    (condition) => !condition.values.some((value) => /^[*?]*$/.test(value)),
  ) ||
  asking(conditions, 'sub').some((condition) =>
    (plainValues(condition) ?? condition.values).every((value) =>
      /:ref:refs\/(heads|tags)\/[^:*?]/.test(value),
    ),
  )
