import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { switched } from '../../model/grant.js'
import { unlessHidden } from '../hidden.js'
import type { Thing } from '../kind.js'
import { whole } from '../whole.js'

/** Whoever says at a login who somebody is, and may say what they are. */
export interface SsoProvider {
  /** In lower case: `saml`. Undefined where the providers are out of sight. */
  readonly type: string | undefined
  readonly email_domain: string | null
  /** Undefined where nobody can tell. */
  readonly enabled: boolean | undefined
}

/** The most that are asked for. */
const most = 100

const unread: SsoProvider = { type: undefined, email_domain: null, enabled: undefined }

/** The identity providers that people sign in with. */
export const ssoProvider: Thing<SsoProvider> = {
  name: 'sso-provider',
  plural: 'sso_providers',
  source: 'GraphQL Organization.ssoProviders',
  asks: { graphql: [api.SsoProviders] },
  async *read(buildkite) {
    const answer = await unlessHidden(buildkite.ask(api.SsoProviders, {}))
    const providers = answer?.organization?.ssoProviders
    if (providers == null) {
      yield { key: keyOf(...namesOf(unread)), id: '', uuid: '', spec: unread }
      return
    }
    const about = { call: 'SsoProviders', what: 'identity providers' }
    for (const { id, uuid, type, state, emailDomain } of whole(providers, most, about)) {
      const spec: SsoProvider = {
        type: type.toLowerCase(),
        email_domain: emailDomain,
        enabled: { CREATED: false, DISABLED: false, ENABLED: true }[state],
      }
      yield { key: keyOf(...namesOf(spec)), id, uuid, spec }
    }
  },
  grants: (provider) =>
    switched(
      provider.enabled,
      'signs-in',
      addressOf('sso-provider', ...namesOf(provider)),
      addressOf('organization'),
      'state',
    ),
}

const namesOf = ({ type = 'unknown', email_domain }: SsoProvider) => [
  type,
  ...(email_domain === null || email_domain === '' ? [] : [email_domain]),
]
