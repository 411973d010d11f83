import { accountNamed, arnOf } from '../../../policy/principal.js'
import { atDoor, defineRoleRule } from '../rule.js'

/** A whole account that nobody knows is said by `trusts-account`. */
export const trustsUnknownAccount = defineRoleRule({
  code: 'role-trusts-unknown-account',
  title: 'trusts somebody of an account that is not declared',
  field: 'trust',
  over: 'all',
  check: (role, { names }) =>
    role.doors.flatMap((door) =>
      [...door.principals, ...door.providers].flatMap((name) => {
        const { account } = arnOf(name)
        if (!/^\d{12}$/.test(account) || accountNamed(name) !== undefined || names.accounts.has(account))
          return []
        return [atDoor(role, door, { words: `trusts ${name}, whose account is not declared`, opens: true })]
      }),
    ),
})
