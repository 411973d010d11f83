import { memberOf, type Context } from '../context.js'
import { Refused } from '../refused.js'
import { isAdmin } from '../rights.js'
import { accept } from '../kinds/invitation.js'
import type { Member, Organization, TeamMember } from '../rows.js'
import { insert } from '../state.js'
import { drop, first, get, put, where } from '../table.js'
import type { World } from './labels.js'
import { asMember } from './viewer.js'

const nobody = (now: string) => ({ createdAt: now, createdBy: null })

/** What Buildkite does by itself, in the name of an admin: there is no other who may do all of it. */
const asAdmin = (world: World, organization: string): Context => {
  const admin = where(world.state.tables.members, 'organization', organization).find(
    ({ role }) => role === 'ADMIN',
  )
  const context = asMember(world, organization, admin?.user ?? null)
  if (!context || !isAdmin(context, organization)) throw new Refused('The organization has no admin')
  return { ...context, unaudited: true }
}

export const acceptInvitation = (world: World, uuid: string): Member => {
  const invitation = get(world.state.tables.invitations, uuid)
  if (invitation?.state !== 'PENDING') throw new Refused('There is no such invitation any more')
  return accept(asAdmin(world, invitation.organization), invitation)
}

const joinTeam = (
  world: World,
  organization: string,
  team: string,
  user: string,
  role: TeamMember['role'],
) => {
  const { teamMembers } = world.state.tables
  const had = where(teamMembers, 'team', team).find((row) => row.user === user)
  if (had) put(teamMembers, { ...had, role })
  else insert(world.state, 'teamMembers', nobody(world.now), { organization, team, user, role })
}

/** Somebody comes in through the identity provider: a member, in every team that takes in whoever comes. */
export const join = (world: World, { uuid }: Organization, email: string): Member => {
  const { state, now } = world
  const user =
    first(state.tables.users, 'email', email) ??
    insert(state, 'users', nobody(now), {
      name: email.split('@')[0] ?? email,
      email,
      bot: false,
      machineUser: false,
      hasPassword: false,
    })
  if (memberOf(state, uuid, user.uuid)) throw new Refused('They are a member already')
  const member = insert(state, 'members', nobody(now), {
    organization: uuid,
    user: user.uuid,
    role: 'MEMBER',
    ssoMode: 'REQUIRED',
    twoFactorEnabled: false,
    complimentary: false,
    lastSeenAt: now,
  })
  for (const team of where(state.tables.teams, 'organization', uuid))
    if (team.isDefaultTeam) joinTeam(world, uuid, team.uuid, user.uuid, team.defaultMemberRole)
  return member
}

export interface Attributes {
  readonly admin?: boolean | undefined
  /** Roles by team, by uuid. Those that are not named are left. */
  readonly teams?: Readonly<Record<string, TeamMember['role']>> | undefined
}

/** A login overwrites what the identity provider has an opinion about. @source Buildkite docs, "SAML user attributes" */
export const login = (
  world: World,
  organization: string,
  user: string,
  { admin, teams }: Attributes,
): Member => {
  const { members, teamMembers } = world.state.tables
  const member = memberOf(world.state, organization, user)
  if (!member) throw new Refused('They are no member')
  if (teams) {
    for (const row of where(teamMembers, 'user', user))
      if (row.organization === organization && !(row.team in teams)) drop(teamMembers, row)
    for (const [team, role] of Object.entries(teams))
      if (get(world.state.tables.teams, team)?.organization === organization)
        joinTeam(world, organization, team, user, role)
  }
  return put(members, {
    ...member,
    lastSeenAt: world.now,
    role: admin === undefined ? member.role : admin ? 'ADMIN' : 'MEMBER',
  })
}
