import { memberOf, type Context } from '../context.js'
import type { Token } from '../rows.js'
import { get } from '../table.js'
import type { World } from './labels.js'

/** The session of a browser is no token, but a viewer has one. */
export const session = (organization: string, user: string, now: string): Token => ({
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

/** A member in a browser, for whom permission checks are made. Nobody, if they are no member. */
export const asMember = (
  { state, now, switches }: World,
  organization: string,
  user: string | null,
): Context | undefined => {
  const person = get(state.tables.users, user)
  const of = get(state.tables.organizations, organization)
  if (!person || !of || !memberOf(state, organization, person.uuid)) return undefined
  return {
    state,
    now,
    switches,
    viewer: { user: person, organization: of, token: session(organization, person.uuid, now) },
    byHand: true,
  }
}
