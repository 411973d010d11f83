import { hashOf } from './context.js'
import { newCluster, newQueue, newSettings, newTeamFlags, allScopes } from './defaults.js'
import type { Organization, User } from './rows.js'
import { emptyState, insert, type State } from './state.js'
import { first, put } from './table.js'

/** A person to begin with; with a token, if they are to ask anything. */
export interface Person {
  readonly email: string
  readonly name?: string
  /** The value of an API access token. Only its hash is kept. */
  readonly token?: string
}

export interface NewOrganization {
  readonly slug: string
  readonly name?: string
  readonly admin: Person & { readonly token: string }
  /** More of them, by email. */
  readonly admins?: readonly string[]
  /** Members who are no admins, by email. */
  readonly people?: readonly (string | Person)[]
  /** False for an organization where everybody may do everything. */
  readonly teams?: boolean
  /** What all uuids are made from. */
  readonly seed?: string
  /** When it was made: ISO 8601, in UTC. */
  readonly now?: string
}

const LONG_AGO = '2026-01-01T00:00:00.000Z'

const nameIn = ({ name, email }: Person) => name ?? email.split('@')[0] ?? email

const userFor = (state: State, person: Person, createdAt: string): User =>
  first(state.tables.users, 'email', person.email) ??
  insert(
    state,
    'users',
    { createdAt, createdBy: null },
    { name: nameIn(person), email: person.email, bot: false, machineUser: false, hasPassword: true },
  )

/** Somebody becomes a member, outside of every rule: how a world begins, not how it changes. */
export const addPerson = (
  state: State,
  { uuid }: Organization,
  person: Person & { readonly role?: 'ADMIN' | 'MEMBER' },
  createdAt = LONG_AGO,
): User => {
  const user = userFor(state, person, createdAt)
  const made = { createdAt, createdBy: null }
  insert(state, 'members', made, {
    organization: uuid,
    user: user.uuid,
    role: person.role ?? 'MEMBER',
    ssoMode: 'OPTIONAL',
    twoFactorEnabled: true,
    complimentary: false,
    lastSeenAt: createdAt,
  })
  if (person.token !== undefined)
    addToken(state, { uuid }, { email: person.email, token: person.token }, createdAt)
  return user
}

export interface NewToken {
  readonly email: string
  readonly token: string
  /** All of them, if none are named. */
  readonly scopes?: readonly string[]
  readonly description?: string
  readonly expiresAt?: string
}

/** Lets somebody ask. No API can do this. */
export const addToken = (
  state: State,
  { uuid }: Pick<Organization, 'uuid'>,
  token: NewToken,
  createdAt = LONG_AGO,
): void => {
  const user = userFor(state, token, createdAt)
  insert(
    state,
    'tokens',
    { createdAt, createdBy: user.uuid },
    {
      organization: uuid,
      user: user.uuid,
      description: token.description ?? null,
      scopes: token.scopes ?? allScopes,
      hash: hashOf(token.token),
      expiresAt: token.expiresAt ?? null,
      lastAccessedAt: null,
    },
  )
}

/** The team that holds everybody. */
const everyone = (
  state: State,
  organization: string,
  users: readonly User[],
  made: { readonly createdAt: string; readonly createdBy: string | null },
) => {
  const team = insert(state, 'teams', made, {
    organization,
    name: 'Everyone',
    slug: 'everyone',
    description: null,
    privacy: 'VISIBLE',
    isDefaultTeam: true,
    defaultMemberRole: 'MEMBER',
    ...newTeamFlags,
  })
  for (const { uuid } of users)
    insert(state, 'teamMembers', made, { organization, team: team.uuid, user: uuid, role: 'MEMBER' })
}

/** One more organization in a world, as it is on its first day: one cluster, one queue, and (with teams) Everyone. */
export const addOrganization = (
  state: State,
  { slug, name, admin, admins = [], people = [], teams = true, now = LONG_AGO }: NewOrganization,
): Organization => {
  const nobody = { createdAt: now, createdBy: null }
  const bare = insert(state, 'organizations', nobody, {
    ...newSettings,
    slug,
    name: name ?? slug,
    isTeamsEnabled: teams,
  })
  const users = [
    addPerson(state, bare, { ...admin, role: 'ADMIN' }, now),
    ...admins.map((email) => addPerson(state, bare, { email, role: 'ADMIN' }, now)),
    ...people.map((person) =>
      addPerson(state, bare, typeof person === 'string' ? { email: person } : person, now),
    ),
  ]
  const made = { createdAt: now, createdBy: users[0]?.uuid ?? null }
  const organization = bare.uuid
  const cluster = insert(state, 'clusters', made, {
    ...newCluster,
    organization,
    name: 'Default cluster',
  })
  const queue = insert(state, 'queues', made, { ...newQueue, organization, cluster: cluster.uuid })
  put(state.tables.clusters, { ...cluster, defaultQueue: queue.uuid })
  if (teams) everyone(state, organization, users, made)
  return put(state.tables.organizations, { ...bare, defaultCluster: cluster.uuid })
}

/** A world with one organization in it. */
export const newOrganization = (wanted: NewOrganization): State => {
  const state = emptyState(wanted.seed)
  addOrganization(state, wanted)
  return state
}
