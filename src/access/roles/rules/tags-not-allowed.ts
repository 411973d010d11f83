import { asks, claimIn } from '../claims.js'
import { atDoor, defineRoleRule } from '../rule.js'
import { isAbout } from '../seen.js'

export const tagsNotAllowed = defineRoleRule({
  code: 'role-tags-not-allowed',
  title: 'tests session tags and does not allow them',
  field: 'trust',
  over: 'all',
  check: (role) =>
    role.doors
      .filter(({ isBuildkite }) => isBuildkite)
      .flatMap((door) => {
        const tested = door.statement.conditions.find(
          (condition) => asks(condition) && claimIn(condition.key)?.as === 'tag',
        )
        const isAllowed = role.doors.some(
          ({ statement, providers }) =>
            isAbout(statement, 'sts:TagSession') && door.providers.every((arn) => providers.includes(arn)),
        )
        return tested === undefined || isAllowed
          ? []
          : [
              atDoor(
                role,
                door,
                { words: `tests ${tested.key} and does not allow sts:TagSession: nobody can have it so` },
                tested,
              ),
            ]
      }),
})
