import { isWild, claimIn } from '../claims.js'
import { atDoor, defineRoleRule } from '../rule.js'

export const literalWildcard = defineRoleRule({
  code: 'role-literal-wildcard',
  title: 'compares with a star by an operator that takes it as it stands',
  field: 'trust',
  over: 'all',
  check: (role) =>
    role.doors
      .filter(({ isBuildkite }) => isBuildkite)
      .flatMap((door) =>
        door.statement.conditions
          .filter(
            (condition) =>
              condition.operator.name.startsWith('String') &&
              !isWild(condition) &&
              claimIn(condition.key) !== undefined &&
              condition.values.some(hasWildcard),
          )
          .map((condition) =>
            atDoor(
              role,
              door,
              {
                words: `compares ${condition.key} with ${condition.values.find(hasWildcard) ?? ''}, and takes the wildcard as it stands`,
              },
              condition,
            ),
          ),
      ),
})

/** `${*}` is the way to write a star that is meant. */
const hasWildcard = (value: string): boolean => /[*?]/.test(value.replaceAll(/\$\{[*?$]\}/g, ''))
