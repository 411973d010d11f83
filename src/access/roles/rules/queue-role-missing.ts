import { defineRoleRule } from '../rule.js'
import { roleAt } from '../world.js'

export const queueRoleMissing = defineRoleRule({
  code: 'queue-role-missing',
  title: 'has a role that is not there',
  field: 'trust',
  over: 'ours',
  check: () => [],
  beside: (roles) =>
    roles.world.queues.flatMap(({ address, instanceRole }) => {
      if (instanceRole === undefined) return []
      const role = roleAt(instanceRole)
      if (roles.roleAt(role) !== undefined || roles.world.declared.has(role)) return []
      const account = instanceRole.split('/')[0] ?? ''
      return [
        {
          at: address,
          words: roles.world.accounts.has(account)
            ? `should have the role ${instanceRole}, which is not there`
            : `should have the role ${instanceRole}, and no account is declared as "${account}"`,
          facts: [instanceRole],
        },
      ]
    }),
})
