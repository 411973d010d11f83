import { defineRoleRule } from '../rule.js'
import { trustedByMore } from '../more.js'

export const trustedByMoreThanDeclared = defineRoleRule({
  code: 'role-trusted-by-more',
  title: 'lets in more than its declaration',
  field: 'trust',
  over: 'ours',
  check: trustedByMore,
})
