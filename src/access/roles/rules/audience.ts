import { audience } from '../../../kinds/aws/trust.js'
import { asking, plainValues } from '../claims.js'
import { atDoor, defineRoleRule } from '../rule.js'

export const tokenAudience = defineRoleRule({
  code: 'role-audience',
  title: 'does not test the audience of Buildkite’s tokens',
  field: 'trust',
  over: 'all',
  check: (role, { world }) =>
    role.doors
      .filter(({ isBuildkite }) => isBuildkite)
      .flatMap((door) => {
        const tests = asking(door.statement.conditions, 'aud')
        if (tests.some((condition) => plainValues(condition)?.every((value) => value === audience) === true))
          return []
        const clients = [...world.accounts.values()]
          .flatMap(({ providers }) => providers)
          .filter(({ arn }) => door.providers.includes(arn))
          .flatMap(({ clientIds }) => clientIds)
        const others = tests.flatMap((condition) => condition.values.filter((value) => value !== audience))
        return [
          atDoor(
            role,
            door,
            {
              words:
                others.length === 0
                  ? 'takes Buildkite’s tokens whomever they were made for'
                  : `takes tokens of Buildkite that were made for ${others.join(', ')}`,
              // The provider tests it, too, and takes no more than these.
              opens: clients.some((client) => client !== audience),
            },
            tests[0],
          ),
        ]
      }),
})
