import type { Context } from './context.js'
import { kinds } from './kinds/index.js'
import type { Organization, Token } from './rows.js'
import type { RestAnswer } from './route.js'
import type { State } from './state.js'
import { switchesOf } from './switches.js'
import { get, where } from './table.js'

// What somebody does in the browser. It is done by an admin, by the same rules as everything else.

/** The session of a browser is no token, but a viewer has one. */
const session = (organization: string, user: string, now: string): Token => ({
  uuid: user,
  serial: 0,
  createdAt: now,
  createdBy: user,
  organization,
  user,
  description: null,
  scopes: [],
  hash: '',
  expiresAt: null,
  lastAccessedAt: null,
})

/** The organization's first admin, in a browser. Nobody, if there is none. */
export const byHand = (state: State, organization: Organization, now: string): Context | undefined => {
  const { uuid } = organization
  const admin = where(state.tables.members, 'organization', uuid).find(({ role }) => role === 'ADMIN')
  const user = get(state.tables.users, admin?.user)
  if (!user) return undefined
  return {
    state,
    viewer: { user, organization, token: session(uuid, user.uuid, now) },
    now,
    switches: switchesOf(state.switches),
    byHand: true,
  }
}

const routes = kinds.flatMap((kind) => kind.routes ?? [])

/** Does what a REST endpoint does: `POST /teams/:team/members`, below the organization. */
export const through = (
  context: Context,
  endpoint: string,
  params: Readonly<Record<string, string>> = {},
  body: Readonly<Record<string, unknown>> = {},
): RestAnswer => {
  const [method = '', path = ''] = endpoint.split(' ')
  const route = routes.find((one) => one.method === method && one.path === `/v2/organizations/:org${path}`)
  if (!route) throw new Error(`there is no endpoint ${endpoint}`)
  const { slug } = context.viewer.organization
  const url = new URL(`https://api.buildkite.com/v2/organizations/${slug}`)
  return route.handle({ context, params: { ...params, org: slug }, body, url })
}
