import { atDoor, defineRoleRule } from '../rule.js'
import { testsSubject } from './no-subject.js'

/** Where strangers get in besides, `no-subject` says more. @source aws-enforcement §1 item 4 */
export const frozenTrust = defineRoleRule({
  code: 'role-frozen-trust',
  title: 'has a trust policy that AWS would not take any more',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors
      .filter(
        (door) =>
          door.isBuildkite &&
          !testsSubject(door.statement.conditions) &&
          roles.stranger(role, door).answer === 'no',
      )
      .map((door) =>
        atDoor(role, door, {
          words: 'tests no subject of Buildkite’s tokens, and AWS refuses its next edit',
        }),
      ),
})
