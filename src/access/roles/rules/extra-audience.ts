import { addressOf } from '../../../model/address.js'
import { audience } from '../../../kinds/aws/trust.js'
import { issuer } from '../../../policy/principal.js'
import { listed } from '../../findings.js'
import { defineRoleRule } from '../rule.js'

/** About the provider of an account, and not about a role. */
export const extraAudience = defineRoleRule({
  code: 'provider-extra-audience',
  title: 'takes tokens for more audiences',
  field: 'trust',
  over: 'ours',
  check: () => [],
  beside: ({ world }) =>
    [...world.accounts].flatMap(([name, { providers }]) =>
      providers
        .filter(({ url }) => url.toLowerCase() === issuer)
        .flatMap(({ arn, url, clientIds }) => {
          const others = clientIds.filter((id) => id !== audience).sort()
          return others.length === 0
            ? []
            : [
                {
                  at: addressOf('oidc-provider', name, url),
                  arn,
                  words: `takes tokens that were made for ${listed(others)}${clientIds.includes(audience) ? '' : `, and none for ${audience}: no job becomes a role by them`}`,
                  facts: others,
                },
              ]
        }),
    ),
})
