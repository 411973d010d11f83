import { claimIn, exists } from '../claims.js'
import { atDoor, defineRoleRule } from '../rule.js'

export const unknownClaim = defineRoleRule({
  code: 'role-unknown-claim',
  title: 'tests a session tag that Buildkite can not give',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors
      .filter(({ isBuildkite }) => isBuildkite)
      .flatMap((door) =>
        door.statement.conditions.flatMap((condition) => {
          const claim = claimIn(condition.key)
          return claim?.as !== 'tag' || exists(claim)
            ? []
            : [
                atDoor(
                  role,
                  door,
                  {
                    words: `tests the session tag ${claim.name}, which no token of Buildkite has`,
                    opens: roles.isOpen(role, door),
                  },
                  condition,
                ),
              ]
        }),
      ),
})
