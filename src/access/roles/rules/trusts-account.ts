import { accountNamed } from '../../../policy/principal.js'
import { agentsAccounts } from '../accounts.js'
import { atDoor, defineRoleRule } from '../rule.js'

/** The accounts of agents have a rule of their own, since there every job on some queue counts. */
export const trustsAccount = defineRoleRule({
  code: 'role-trusts-account',
  title: 'trusts another account as a whole',
  field: 'trust',
  over: 'all',
  check: (role, roles) => {
    const agents = agentsAccounts(roles)
    return role.doors.flatMap((door) =>
      door.principals.flatMap((name) => {
        const account = accountNamed(name)
        if (account === undefined || account === role.account.id || agents.has(account)) return []
        const ours = roles.names.accounts.get(account)
        return [
          atDoor(role, door, {
            words: `trusts all of account ${ours ?? `${account}, which is not declared`}`,
            opens: ours === undefined,
          }),
        ]
      }),
    )
  },
})
