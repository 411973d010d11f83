import { defineRoleRule } from '../rule.js'

export const queueRoleUnknown = defineRoleRule({
  code: 'queue-role-unknown',
  title: 'does not say which role its instances have',
  field: 'trust',
  over: 'ours',
  check: () => [],
  beside: ({ world }) =>
    world.queues
      .filter(
        ({ isPrivileged, instanceRole, hasNoRole }) =>
          isPrivileged && instanceRole === undefined && hasNoRole !== true,
      )
      .map(({ address }) => ({
        at: address,
        words: 'does not say which role its instances have: any, for all that bridle knows',
        facts: [],
      })),
})
