import { listed } from '../../findings.js'
import { accountNamed } from '../../../policy/principal.js'
import { agentsAccounts } from '../accounts.js'
import { atDoor, defineRoleRule } from '../rule.js'

/** Its own account as well, where the agents are in it. */
export const trustsAgentsAccount = defineRoleRule({
  code: 'role-trusts-agents-account',
  title: 'trusts the whole account of the agents',
  field: 'trust',
  over: 'all',
  check: (role, roles) => {
    const agents = agentsAccounts(roles)
    return role.doors.flatMap((door) =>
      door.principals.flatMap((name) => {
        const id = accountNamed(name)
        const account = id === undefined ? undefined : agents.get(id)
        if (id === undefined || account === undefined) return []
        const entering = roles.assumedBy(role).filter((one) => one.account.id === id)
        return [
          atDoor(role, door, {
            words: `trusts all of account ${account}, where agents are${entering.length === 0 ? '' : `: ${listed(entering.map(({ address }) => address))} may become it`}`,
            opens: entering.length > 0,
          }),
        ]
      }),
    )
  },
})
