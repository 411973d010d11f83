import * as z from 'zod'
import { memberOf, type Context } from '../context.js'
import { uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { edgeOf, finds, inOrder, newestFirst, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { permission, runsTeam } from '../rights.js'
import { created, gone, inOrganization, ok, read, updates, type OrganizationRequest } from '../route.js'
import type { Member, Team, TeamMember } from '../rows.js'
import { ofCreator, teamById, teamSeen, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, remove, there } from '../write.js'
import { endBuildsOf } from '../world/leaving.js'
import { READ_TEAMS, teamAt } from './team.js'

type Role = TeamMember['role']

const inTeam = (context: Context, team: string, user: string) =>
  where(context.state.tables.teamMembers, 'team', team).find((member) => member.user === user)

const memberSeen = (context: Context, uuid: string | undefined) => {
  const member = get(context.state.tables.teamMembers, uuid)
  return member && teamSeen(context, member.team) ? member : undefined
}

const memberById = (context: Context, id: string) =>
  there(memberSeen(context, uuidIn('TeamMember', id)), 'Team Member')

/** A team's own maintainers look after it, and admins after all. */
const runsTeamOf = (context: Context, member: TeamMember) => {
  const of = teamSeen(context, member.team)
  return of !== undefined && runsTeam(context, of)
}

export const addTeamMember = (
  context: Context,
  team: Team,
  user: string | undefined,
  role?: Role | null,
): TeamMember => {
  allow(runsTeam(context, team))
  if (user === undefined || !memberOf(context.state, team.organization, user))
    throw new Refused('No User found', { status: 404 })
  if (inTeam(context, team.uuid, user)) throw new Refused('This user has already been added to this team')
  return make(context, 'teamMembers', {
    organization: team.organization,
    team: team.uuid,
    user,
    role: role ?? team.defaultMemberRole,
  })
}

const changeTeamMember = (context: Context, member: TeamMember, role: Role): TeamMember => {
  allow(runsTeamOf(context, member))
  return change(context, 'teamMembers', member, { role })
}

const removeTeamMember = (context: Context, member: TeamMember): void => {
  allow(runsTeamOf(context, member))
  remove(context, 'teamMembers', member)
  endBuildsOf(context, member.user)
}

interface MembersArguments extends PageArguments {
  readonly order?: string
  readonly role?: readonly Role[] | null
  readonly search?: string | null
}

const membersOf = (team: Team, args: MembersArguments, context: Context) => {
  const nameOf = ({ user }: TeamMember) => userOf(context, user)?.name ?? ''
  const rows = where(context.state.tables.teamMembers, 'team', team.uuid).filter(
    (member) =>
      (!args.role || args.role.includes(member.role)) &&
      finds(args.search, nameOf(member), userOf(context, member.user)?.email ?? null),
  )
  return pageOf(context, inOrder(rows, args.order, nameOf), args)
}

const teamsOf = (member: Member, args: MembersArguments, context: Context) => {
  const rows = where(context.state.tables.teamMembers, 'user', member.user).filter(
    (row) => row.organization === member.organization && teamSeen(context, row.team),
  )
  const nameOf = ({ team }: TeamMember) => teamSeen(context, team)?.name ?? ''
  return pageOf(context, inOrder(rows, args.order, nameOf), args)
}

const role = z
  .enum(['member', 'maintainer'])
  .transform((text): Role => (text === 'member' ? 'MEMBER' : 'MAINTAINER'))

const body = (context: Context, member: TeamMember) => ({
  role: member.role.toLowerCase(),
  created_at: member.createdAt,
  user_id: member.user,
  user_name: userOf(context, member.user)?.name ?? null,
})

const memberAt = (request: OrganizationRequest): TeamMember =>
  there(inTeam(request.context, teamAt(request).uuid, request.params['user'] ?? ''), 'team member')

/** A person in a team. */
export const teamMember: SandboxKind = {
  types: {
    Team: fields<Team>({ members: membersOf }),
    OrganizationMember: fields<Member>({ teams: teamsOf }),
    TeamMember: fields<TeamMember>({
      user: ({ user }, _args, context) => userOf(context, user),
      team: ({ team }, _args, context) => teamSeen(context, team) ?? null,
      organizationMember: ({ organization, user }, _args, context) =>
        memberOf(context.state, organization, user) ?? null,
      createdBy: ofCreator,
      permissions: (member, _args, context) => {
        const runs = permission(runsTeamOf(context, member))
        return { teamMemberDelete: runs, teamMemberUpdate: runs }
      },
    }),
  },
  nodes: { TeamMember: memberSeen },
  mutations: {
    teamMemberCreate: (
      input: { readonly teamID: string; readonly userID: string; readonly role?: Role | null },
      context,
    ) => {
      const team = teamById(context, input.teamID)
      const member = addTeamMember(context, team, uuidIn('User', input.userID), input.role)
      return { teamMemberEdge: edgeOf(member), team }
    },
    teamMemberUpdate: (input: { readonly id: string; readonly role: Role }, context) => ({
      teamMember: changeTeamMember(context, memberById(context, input.id), input.role),
    }),
    teamMemberDelete: ({ id }: { readonly id: string }, context) => {
      const member = memberById(context, id)
      removeTeamMember(context, member)
      return { deletedTeamMemberID: id, team: teamSeen(context, member.team) ?? null }
    },
  },
  routes: [
    inOrganization('GET', '/teams/:team/members', READ_TEAMS, (request) => {
      const rows = where(request.context.state.tables.teamMembers, 'team', teamAt(request).uuid)
      return restPage(newestFirst(rows), request.url, (member) => body(request.context, member))
    }),
    inOrganization('POST', '/teams/:team/members', 'write_teams', (request) => {
      const given = read(z.object({ user_id: z.string(), role: role.nullish() }), request.body)
      const member = addTeamMember(request.context, teamAt(request), given.user_id, given.role)
      return created(body(request.context, member))
    }),
    inOrganization('GET', '/teams/:team/members/:user', READ_TEAMS, (request) =>
      ok(body(request.context, memberAt(request))),
    ),
    ...updates('/teams/:team/members/:user', 'write_teams', (request) => {
      const given = read(z.object({ role }), request.body)
      return ok(body(request.context, changeTeamMember(request.context, memberAt(request), given.role)))
    }),
    inOrganization('DELETE', '/teams/:team/members/:user', 'write_teams', (request) => {
      removeTeamMember(request.context, memberAt(request))
      return gone
    }),
  ],
}
