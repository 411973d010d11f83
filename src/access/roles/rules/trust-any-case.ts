import { claimIn } from '../claims.js'
import { atDoor, defineRoleRule } from '../rule.js'

/** Ids are the same in either case; names are not. */
const names = [
  'sub',
  'organization_slug',
  'pipeline_slug',
  'cluster_name',
  'queue_key',
  'build_branch',
  'build_tag',
  'step_key',
]

export const trustAnyCase = defineRoleRule({
  code: 'role-trust-any-case',
  title: 'compares names without regard to case',
  field: 'trust',
  over: 'all',
  check: (role) =>
    role.doors.flatMap((door) =>
      door.statement.conditions
        .filter(
          ({ operator: { name }, key }) =>
            name.endsWith('IgnoreCase') && (names.includes(claimIn(key)?.name ?? '') || key.endsWith(':sub')),
        )
        .map((condition) =>
          atDoor(role, door, { words: `compares ${condition.key} without regard to case` }, condition),
        ),
    ),
})
