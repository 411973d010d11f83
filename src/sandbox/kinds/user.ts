import type { Context } from '../context.js'
import { memberOf } from '../context.js'
import { idOf } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import type { RestRequest } from '../route.js'
import { gone, ok } from '../route.js'
import type { User } from '../rows.js'
import { userOf } from '../seen.js'
import { get, where } from '../table.js'
import { remove } from '../write.js'

/** A person as REST objects name them. */
export const personOf = (context: Context, uuid: string | null) => {
  const user = userOf(context, uuid)
  return user && userBody(user)
}

const userBody = ({ uuid, name, email, createdAt }: User) => ({
  id: uuid,
  graphql_id: idOf('User', uuid),
  name,
  email,
  avatar_url: avatarOf(uuid),
  created_at: createdAt,
})

const avatarOf = (uuid: string) => `https://www.gravatar.com/avatar/${uuid.replaceAll('-', '')}`

/** People are seen by those who are in an organization with them. */
const seesUser = ({ state, viewer }: Context, uuid: string) =>
  uuid === viewer.user.uuid ||
  (memberOf(state, viewer.organization.uuid, viewer.user.uuid) !== undefined &&
    memberOf(state, viewer.organization.uuid, uuid) !== undefined)

const accessToken = ({ context }: RestRequest) => {
  const { token, user } = context.viewer
  return ok({
    uuid: token.uuid,
    scopes: token.scopes,
    description: token.description,
    created_at: token.createdAt,
    expires_at: token.expiresAt,
    user: { name: user.name, email: user.email },
  })
}

/** Who is asking: users, and the token that they ask with. */
export const user: SandboxKind = {
  types: {
    Query: fields({ viewer: (_root, _args, { viewer }) => viewer.user }),
    Viewer: fields<User>({ user: (viewer) => viewer }),
  },
  nodes: {
    User: (context, uuid) => (seesUser(context, uuid) ? get(context.state.tables.users, uuid) : undefined),
  },
  routes: [
    {
      method: 'GET',
      path: '/v2/user',
      scopes: ['read_user'],
      handle: ({ context }) => ok(userBody(context.viewer.user)),
    },
    { method: 'GET', path: '/v2/access-token', scopes: [], handle: accessToken },
    {
      method: 'DELETE',
      path: '/v2/access-token',
      scopes: [],
      handle: ({ context }) => {
        for (const token of where(context.state.tables.tokens, 'uuid', context.viewer.token.uuid))
          remove(context, 'tokens', token)
        return gone
      },
    },
  ],
}
