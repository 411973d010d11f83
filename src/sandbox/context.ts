import { createHash } from 'node:crypto'
import type { Member, Organization, Token, User } from './rows.js'
import type { State } from './state.js'
import type { Switches } from './switches.js'
import { first, get, where } from './table.js'

/** Whose request it is: the user of the token that came with it. */
export interface Viewer {
  readonly user: User
  readonly token: Token
  /** The one organization that the token is good for. */
  readonly organization: Organization
}

/** What an answer depends on, besides the question. */
export interface Context {
  /** Mutations change it in place. Who wants to keep what was, forks first. */
  readonly state: State
  readonly viewer: Viewer
  /** ISO 8601, in UTC. */
  readonly now: string
  readonly switches: Switches
  /** True for what is done in the browser: then the audit log names no token. */
  readonly byHand?: boolean
  /** Who is really behind it, where that is not the viewer: who has found a token. */
  readonly principal?: string
  /** True where nobody will read the audit log. */
  readonly unaudited?: boolean
  /** For the audit log. */
  readonly userAgent?: string | null
  readonly ipAddress?: string | null
}

export const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex')

/** The viewer whose token this is; nothing if it is unknown or has expired. */
export const authenticate = (state: State, token: string, now: string): Viewer | undefined => {
  const row = first(state.tables.tokens, 'hash', hashOf(token))
  if (!row || (row.expiresAt !== null && row.expiresAt <= now)) return undefined
  const user = get(state.tables.users, row.user)
  const organization = get(state.tables.organizations, row.organization)
  return user && organization ? { user, token: row, organization } : undefined
}

/** A user's membership in an organization. */
export const memberOf = (state: State, organization: string, user: string): Member | undefined =>
  where(state.tables.members, 'user', user).find((member) => member.organization === organization)

/** An organization as the viewer may see it: only with a token made for it, and while they are a member. */
export const organizationSeen = (
  { state, viewer }: Context,
  test: (organization: Organization) => boolean,
): Organization | undefined => {
  const organization = get(state.tables.organizations, viewer.organization.uuid)
  return organization && test(organization) && memberOf(state, organization.uuid, viewer.user.uuid)
    ? organization
    : undefined
}
