import * as api from '../../../graphql/api.js'
import { addressOf, keyOf } from '../../model/address.js'
import { switched } from '../../model/grant.js'
import { rowsUnlessHidden } from '../hidden.js'
import type { Thing } from '../kind.js'
import { userAddress } from './user.js'

/** An entry in the inventory of API access tokens: whose it is and what it may say, never its value. */
export interface ApiToken {
  /** Undefined where Buildkite does not say, or where the inventory is out of sight. */
  readonly owner: string | undefined
  readonly description: string
  /** In lower case, as REST spells them, in order. Undefined where the inventory is out of sight. */
  readonly scopes: readonly string[] | undefined
  /** As Buildkite writes times; null is never. */
  readonly expires_at: string | null
}

const unread: ApiToken = { owner: undefined, description: 'unknown', scopes: undefined, expires_at: null }

/** The API access tokens of people that are good for this organization. */
export const apiToken: Thing<ApiToken> = {
  name: 'api-token',
  plural: 'api_tokens',
  source: 'GraphQL Organization.apiAccessTokens',
  asks: { graphql: [api.ApiTokens] },
  async *read(buildkite) {
    const tokens = await rowsUnlessHidden(buildkite.pages(api.ApiTokens, {}))
    if (tokens === undefined) yield { key: 'unknown', id: '', uuid: '', spec: unread }
    for (const { id, uuid, description, scopes, expiresAt, owner } of tokens ?? []) {
      const spec: ApiToken = {
        owner: owner?.email.toLowerCase(),
        description: description ?? '',
        scopes: scopes.map((scope) => scope.toLowerCase()).sort(),
        expires_at: expiresAt,
      }
      yield { key: keyOf(...namesOf(spec)), id, uuid, spec }
    }
  },
  grants: (token) => {
    const writing = token.scopes?.filter(writes)
    return switched(
      token.owner === undefined || writing === undefined ? undefined : writing.length > 0,
      'acts-as',
      addressOf('api-token', ...namesOf(token)),
      userAddress(token.owner ?? 'unknown'),
      'scopes',
      writing === undefined ? 'what could not be read' : writing.join(', '),
    )
  },
}

/** GraphQL is one switch for everything that its owner may do. Scopes that bridle has never heard of may do anything. */
const writes = (scope: string) => !scope.startsWith('read_')

/** Not every token has a description. */
const namesOf = ({ owner = 'unknown', description }: ApiToken) => [
  owner,
  description === '' ? 'without a description' : description,
]
