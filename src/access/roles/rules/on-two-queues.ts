import { listed } from '../../findings.js'
import { atRole, defineRoleRule } from '../rule.js'

/** Which instances have which profile is not read: what the files say is. */
export const onTwoQueues = defineRoleRule({
  code: 'role-on-two-queues',
  title: 'is on the instances of more than one queue',
  field: 'trust',
  over: 'ours',
  check: (role) => {
    const queues = role.queues.map(({ address }) => address).sort()
    const profiles = [...role.detail.profiles].sort()
    return [
      ...(queues.length < 2
        ? []
        : [atRole(role, { words: `is on the instances of ${listed(queues)}`, facts: queues })]),
      ...(queues.length === 0 || profiles.length < 2
        ? []
        : [atRole(role, { words: `lies in the instance profiles ${listed(profiles)}`, facts: profiles })]),
    ]
  },
})
