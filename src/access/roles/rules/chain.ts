import { listed } from '../../findings.js'
import { atRole, defineRoleRule } from '../rule.js'

export const chain = defineRoleRule({
  code: 'role-chain',
  title: 'may become a role that may become others',
  field: 'inline_policies',
  over: 'ours',
  check: (role, { becomes }) => {
    if (role.queues.length === 0) return []
    const far = [...becomes.closure([role]).values()]
      .filter((way) => way.length > 2)
      .map((way) => way.map(({ address }) => address).join(' → '))
      .sort()
    return far.length === 0 ? [] : [atRole(role, { words: `goes on and on: ${listed(far)}`, facts: far })]
  },
})
