import { listed } from '../../findings.js'
import { atRole, defineRoleRule } from '../rule.js'

const names = /^arn:[a-z-]+:iam::aws:policy\/(?:[^/]+\/)*(AdministratorAccess|PowerUserAccess|IAMFullAccess)$/

export const administers = defineRoleRule({
  code: 'role-administers',
  title: 'has a policy of AWS for administrators',
  field: 'managed_policies',
  over: 'ours',
  check: (role) => {
    const found = role.detail.attached.flatMap(({ arn }) => names.exec(arn)?.[1] ?? []).sort()
    return found.length === 0 ? [] : [atRole(role, { words: `has ${listed(found)}`, facts: found })]
  },
})
