import { isAbout } from '../seen.js'
import { atDoor, defineRoleRule } from '../rule.js'

export const trustsItself = defineRoleRule({
  code: 'role-trusts-itself',
  title: 'may become itself',
  field: 'trust',
  over: 'all',
  check: (role) =>
    role.doors
      .filter(
        ({ principals, statement }) =>
          isAbout(statement, 'sts:AssumeRole') &&
          principals.some((name) => name === role.arn || name === role.detail.id),
      )
      .map((door) => atDoor(role, door, { words: 'may become itself, and so never has to end' })),
})
