import { listed } from '../../findings.js'
import { isPrivileged } from '../roles.js'
import { atRole, defineRoleRule } from '../rule.js'

/** Of a privileged queue’s role more is said by `does-more`. */
export const undeclaredPolicy = defineRoleRule({
  code: 'role-undeclared-policy',
  title: 'has a policy that no file declares',
  field: 'inline_policies',
  over: 'ours',
  check: (role) => {
    const spec = role.declared?.spec
    if (spec === undefined || isPrivileged(role)) return []
    const inline = role.detail.inline
      .map(({ name }) => name)
      .filter((name) => spec.inline_policies?.[name] === undefined)
    const attached = role.detail.attached
      .map(({ arn }) => arn)
      .filter((arn) => spec.managed_policies !== undefined && !spec.managed_policies.includes(arn))
    const names = [...inline, ...attached].sort()
    return names.length === 0
      ? []
      : [atRole(role, { words: `has ${listed(names)}, which no file declares`, facts: names })]
  },
})
