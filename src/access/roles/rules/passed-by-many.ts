import { listed } from '../../findings.js'
import { known } from '../../../policy/value.js'
import { isBridles } from '../declared.js'
import { may } from '../may.js'
import { atRole, defineRoleRule } from '../rule.js'

export const passedByMany = defineRoleRule({
  code: 'role-passed-by-many',
  title: 'can be handed to machines by more than one role',
  field: 'trust',
  over: 'ours',
  check: (role, roles) => {
    if (role.queues.length === 0) return []
    const able = roles.all
      .filter((one) => one.account.id === role.account.id && !isBridles(one, roles.world))
      .filter((one) => may(one, 'iam:PassRole', known(role.arn)) !== undefined)
      .map(({ address }) => address)
    return able.length < 2
      ? []
      : [atRole(role, { words: `can be handed to machines by ${listed(able)}`, facts: able })]
  },
})
