import { listed } from '../../findings.js'
import { isBridles } from '../declared.js'
import { may, placeOf } from '../may.js'
import { atRole, defineRoleRule } from '../rule.js'
import { writing } from '../writing.js'

export const writesPolicies = defineRoleRule({
  code: 'role-writes-policies',
  title: 'may write parameters or secrets under /buildkite/',
  field: 'inline_policies',
  over: 'ours',
  check: (role, { world }) => {
    if (isBridles(role, world)) return []
    const found = writing
      .filter(({ can }) => can !== 'sign')
      .flatMap(({ action, on }) => {
        const permission = may(role, action, on(role.account))
        return permission === undefined ? [] : [{ action, permission }]
      })
    const [first] = found
    return first === undefined
      ? []
      : [
          atRole(role, {
            words: `may do ${listed(found.map(({ action }) => action))} under /buildkite/ [${placeOf(first.permission)}]`,
            facts: found.map(({ action }) => action),
          }),
        ]
  },
})
