import { defineRoleRule } from '../rule.js'
import { doesMore } from '../more.js'

export const doesMoreThanDeclared = defineRoleRule({
  code: 'queue-role-does-more',
  title: 'may do more than its declaration',
  field: 'inline_policies',
  over: 'ours',
  check: doesMore,
})
