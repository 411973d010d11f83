import { listed } from '../../findings.js'
import { atRole, defineRoleRule, factOf } from '../rule.js'

export const twoProviders = defineRoleRule({
  code: 'role-two-providers',
  title: 'takes tokens of more than one identity provider',
  field: 'trust',
  over: 'all',
  check: (role) => {
    const providers = [...new Set(role.doors.flatMap((door) => door.providers))].sort()
    return providers.length < 2
      ? []
      : [
          atRole(role, {
            words: `takes tokens of ${listed(providers.map((arn) => arn.replace(/^.*?:(oidc|saml)-provider\//, '')))}`,
            facts: role.doors
              .filter((door) => door.providers.length > 0)
              .map(({ statement }) => factOf(statement)),
          }),
        ]
  },
})
