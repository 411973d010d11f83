import { audience } from '../kinds/aws/trust.js'
import type { Role, TrustStatement } from '../kinds/index.js'
import { addressOf, keyIn, namesIn, type Address } from '../model/address.js'
import type { Made } from './complete.js'
import { issuer } from '../policy/principal.js'
import { quoted, type Problem } from './problem.js'

/** `prod/web-deploy` of `role:prod/web-deploy`. */
const nameOf = (address: Address) => namesIn(keyIn(address)).join('/')

const addressed = (key: string): Address => {
  const [account = '', ...name] = key.split('/')
  return addressOf('role', account, name.join('/'))
}

/** What is wrong between roles: who may become whom is said on both sides, and both have to say the same. */
export const roleProblems = (made: readonly Made[]): Problem[] => {
  const roles = new Map(made.filter(({ want }) => want.kind === 'role').map((one) => [one.want.address, one]))
  return [...roles.values()].flatMap((one) => [
    ...twoDoors(one),
    ...untrusted(one, roles),
    ...unable(one, roles),
    ...unheard(one, made),
  ])
}

const specOf = ({ want }: Made): Role => want.spec as unknown as Role

const trustOf = (one: Made): readonly TrustStatement[] => {
  const { trust } = specOf(one)
  return Array.isArray(trust) ? (trust as readonly TrustStatement[]) : []
}

const isDocument = (statement: TrustStatement) => 'document' in statement

/** Statements are alternatives: whoever comes in by the one is not asked for what the other asks. */
const twoDoors = (one: Made): Problem[] => {
  const trust = trustOf(one)
  const byToken = trust.some((statement) => 'pipeline' in statement)
  const byInstance = trust.find((statement) => 'role' in statement || 'service' in statement)
  if (!byToken || byInstance === undefined) return []
  return [
    {
      code: 'two-doors',
      at: one.fields['trust'] ?? one.key,
      words: () => ({
        what: `${one.want.address} is trusted to pipelines by their tokens, and to ${'role' in byInstance ? `role ${quoted(byInstance.role)}` : 'instances'} as well`,
        label: 'two ways in, and the weaker one counts',
        fix: 'make two roles of it: one for the pipelines, one for the instances',
      }),
    },
  ]
}

/** `may_assume` without the trust on the other side. */
const untrusted = (one: Made, roles: ReadonlyMap<Address, Made>): Problem[] =>
  (specOf(one).may_assume ?? []).flatMap((key): Problem[] => {
    const other = roles.get(addressed(key))
    if (other === undefined) return []
    const trust = trustOf(other)
    const self = nameOf(one.want.address)
    if (trust.some(isDocument) || trust.some((statement) => 'role' in statement && statement.role === self))
      return []
    return [
      {
        code: 'one-sided-trust',
        at: one.fields['may_assume'] ?? one.key,
        also: [other.key],
        about: key,
        words: () => ({
          what: `${one.want.address} may assume ${quoted(key)}, which does not trust it`,
          label: 'refused by the other side',
          fix: `write { role: ${self} } under the trust of ${key}, or take it out here`,
        }),
      },
    ]
  })

/** Trust without `may_assume` on the other side. */
const unable = (one: Made, roles: ReadonlyMap<Address, Made>): Problem[] =>
  trustOf(one).flatMap((statement): Problem[] => {
    if (!('role' in statement)) return []
    const other = roles.get(addressed(statement.role))
    const self = nameOf(one.want.address)
    if (other === undefined || (specOf(other).may_assume ?? []).includes(self)) return []
    return [
      {
        code: 'one-sided-trust',
        at: one.fields['trust'] ?? one.key,
        also: [other.key],
        about: statement.role,
        words: () => ({
          what: `${one.want.address} trusts role ${quoted(statement.role)}, which does not say that it may assume it`,
          label: 'nothing on the other side',
          fix: `write may_assume: [${self}] under ${statement.role}, or take the trust out here`,
        }),
      },
    ]
  })

/** A trust in tokens that the provider of the account, as it is declared, takes from nobody. */
const unheard = (one: Made, made: readonly Made[]): Problem[] => {
  const [account = ''] = namesIn(keyIn(one.want.address))
  const provider = made.find(({ want }) => want.address === addressOf('oidc-provider', account, issuer))
  const taken: unknown = provider?.want.spec['client_ids']
  if (provider === undefined || !Array.isArray(taken) || taken.includes(audience)) return []
  if (!trustOf(one).some((statement) => 'pipeline' in statement)) return []
  return [
    {
      code: 'provider-lacks-audience',
      at: provider.fields['client_ids'] ?? provider.key,
      also: [one.fields['trust'] ?? one.key],
      about: one.want.address,
      words: () => ({
        what: `${one.want.address} is trusted to pipelines by tokens for ${audience}, which ${provider.want.address} does not take`,
        label: `without ${audience}`,
        fix: `write client_ids: [${audience}]`,
      }),
    },
  ]
}
