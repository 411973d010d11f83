import type { Context } from '../context.js'
import { idOf, uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { newestFirst, pageOf } from '../order.js'
import type { PageArguments } from '../pages.js'
import { isAdmin } from '../rights.js'
import type { Organization, Token } from '../rows.js'
import { organizationById, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { allow, remove, there } from '../write.js'

const TYPE = 'OrganizationAPIAccessToken'

/** API access tokens, as an organization's admins see them. Nobody can make one by API. */
export const accessToken: SandboxKind = {
  types: {
    Organization: fields<Organization>({
      apiAccessTokens: ({ uuid }, args: PageArguments, context) => {
        allow(isAdmin(context, uuid))
        return pageOf(context, newestFirst(where(context.state.tables.tokens, 'organization', uuid)), args)
      },
    }),
    [TYPE]: fields<Token>({
      id: ({ uuid }) => idOf(TYPE, uuid),
      owner: (token, _args, context) => userOf(context, token.user),
      scopes: ({ scopes }) => scopes.map((scope) => scope.toUpperCase()),
      ipAddress: () => null,
    }),
  },
  mutations: {
    organizationApiAccessTokenRevoke: (
      input: { readonly organizationId: string; readonly apiAccessTokenId: string },
      context: Context,
    ) => {
      const organization = organizationById(context, input.organizationId)
      allow(isAdmin(context, organization.uuid))
      const token = there(
        get(context.state.tables.tokens, uuidIn(TYPE, input.apiAccessTokenId)),
        'API access token',
      )
      remove(context, 'tokens', token, { event: 'API_ACCESS_TOKEN_ORGANIZATION_ACCESS_REVOKED' })
      return { revokedApiAccessTokenId: input.apiAccessTokenId }
    },
  },
}
