import { atRole, defineRoleRule } from '../rule.js'

/** A rule that could not read something has found nothing in it, which is not the same as nothing being there. */
export const unreadable = defineRoleRule({
  code: 'role-unreadable',
  title: 'has a policy that bridle can not read',
  field: 'trust',
  over: 'all',
  check: (role, { world }) =>
    (world.isWanted === true ? [] : role.unread).map(({ name, why }) =>
      atRole(role, { words: `has something that bridle can not read: ${name}, ${why}`, facts: [name, why] }),
    ),
})
