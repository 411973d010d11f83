import { accountNamed, arnOf } from '../../../policy/principal.js'
import { asks } from '../claims.js'
import { atDoor, defineRoleRule } from '../rule.js'

const guards = [
  'sts:externalid',
  'aws:principalorgid',
  'aws:principalorgpaths',
  'aws:principalarn',
  'aws:principalaccount',
]

/** Of a role of ours that is named whole, nobody else can make use: it works for nobody but us. */
export const noExternalId = defineRoleRule({
  code: 'role-no-external-id',
  title: 'trusts another account, and asks for no ExternalId',
  field: 'trust',
  over: 'all',
  check: (role, { names }) =>
    role.doors
      .filter(
        ({ statement }) =>
          !statement.conditions.some((one) => asks(one) && guards.includes(one.key.toLowerCase())),
      )
      .flatMap((door) =>
        door.principals.flatMap((name) => {
          const root = accountNamed(name)
          const account = root ?? arnOf(name).account
          return account === '' ||
            account === role.account.id ||
            (root === undefined && names.accounts.has(account))
            ? []
            : [
                atDoor(role, door, {
                  words: `trusts ${root === undefined ? name : `account ${account}`}, and asks for no ExternalId and no organization`,
                }),
              ]
        }),
      ),
})
