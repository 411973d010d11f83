import type { Context } from './context.js'
import { kinds } from './kinds/index.js'
import type { Organization } from './rows.js'
import type { RestAnswer, Route } from './route.js'
import type { State } from './state.js'
import { switchesOf } from './switches.js'
import { where } from './table.js'
import { asMember } from './world/viewer.js'

// What somebody does in the browser. It is done by an admin, by the same rules as everything else.

/** The organization's first admin, in a browser. Nobody, if there is none. */
export const byHand = (state: State, organization: Organization, now: string): Context | undefined => {
  const { uuid } = organization
  const admin = where(state.tables.members, 'organization', uuid).find(({ role }) => role === 'ADMIN')
  return admin && asMember({ state, now, switches: switchesOf(state.switches) }, uuid, admin.user)
}

const routes = new Map<string, Route>(
  kinds.flatMap(({ routes: all = [] }) =>
    all.map((route) => [`${route.method} ${route.path}`, route] as const),
  ),
)

/** Does what a REST endpoint does: `POST /teams/:team/members`, below the organization. */
export const through = (
  context: Context,
  endpoint: string,
  params: Readonly<Record<string, string>> = {},
  body: Readonly<Record<string, unknown>> = {},
  check: (scopes: readonly string[]) => void = () => undefined,
): RestAnswer => {
  const route = routes.get(endpoint.replace(' ', ' /v2/organizations/:org'))
  if (!route) throw new Error(`there is no endpoint ${endpoint}`)
  check(route.scopes)
  const { slug } = context.viewer.organization
  const url = new URL(`https://api.buildkite.com/v2/organizations/${slug}`)
  return route.handle({ context, params: { ...params, org: slug }, body, url })
}
