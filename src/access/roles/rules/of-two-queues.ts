import { listed } from '../../findings.js'
import { isPrivilegedRole } from '../declared.js'
import { isPrivileged } from '../roles.js'
import { atRole, defineRoleRule } from '../rule.js'

export const ofTwoQueues = defineRoleRule({
  code: 'role-of-two-queues',
  title: 'can be had on more than one queue',
  field: 'trust',
  over: 'ours',
  check: (role, roles) => {
    const by = roles.assumedBy(role)
    const queues = [...new Set(by.flatMap((one) => one.queues.map(({ address }) => address)))].sort()
    return by.length < 2 || queues.length < 2 || !(isPrivilegedRole(role, roles) || by.some(isPrivileged))
      ? []
      : [
          atRole(role, {
            words: `can be had on ${listed(queues)}, by ${listed(by.map(({ address }) => address))}`,
            facts: [...queues, ...by.map(({ arn }) => arn)],
          }),
        ]
  },
})
