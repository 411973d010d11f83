import { asking, claimIn, free } from '../claims.js'
import { atDoor, defineRoleRule } from '../rule.js'
import { gettingIn } from '../subjects.js'

const freely = (name: string): boolean => free.includes(name) || name.startsWith('agent_tag:')

/** Text that people choose is proof of nothing. It may stand beside ids, and not in their stead. */
export const chosenClaims = defineRoleRule({
  code: 'role-chosen-claims',
  title: 'goes by claims that people choose',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors
      .filter(({ isBuildkite }) => isBuildkite)
      .flatMap((door) => {
        const names = door.statement.conditions.flatMap(({ key }) => claimIn(key)?.name ?? []).filter(freely)
        const [first] = asking(door.statement.conditions, ...names)
        if (first === undefined) return []
        const decision = roles.other(role, door)
        return decision.answer === 'no'
          ? []
          : [
              atDoor(
                role,
                door,
                {
                  words: `goes by ${[...new Set(names)].join(', ')}, which every pipeline can have${gettingIn(decision)}`,
                  opens: decision.answer === 'yes',
                },
                first,
              ),
            ]
      }),
})
