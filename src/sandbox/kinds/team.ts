import * as z from 'zod'
import { memberOf, organizationSeen, type Context } from '../context.js'
import { idOf } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { edgeOf, finds, inOrder, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { permission, runsTeam, seesTeam } from '../rights.js'
import { created, gone, inOrganization, ok, read, updates, type OrganizationRequest } from '../route.js'
import type { Organization, Team } from '../rows.js'
import {
  at,
  ofCreator,
  ofOrganization,
  organizationById,
  organizationOf,
  teamById,
  teamBySlug,
  teamSeen,
} from '../seen.js'
import { get, where } from '../table.js'
import { createTeam, deleteTeam, enableTeams, updateTeam, type TeamNew, type TeamWanted } from '../teams.js'
import { personOf } from './user.js'

const teamsSeen = (context: Context, organization: string) =>
  where(context.state.tables.teams, 'organization', organization).filter((team) => seesTeam(context, team))

interface TeamsArguments extends PageArguments {
  readonly order?: string
  readonly search?: string | null
  readonly privacy?: readonly Team['privacy'][] | null
  readonly pipeline?: string | null
  readonly user?: string | null
}

/** A leading `!` turns a selector around. */
const selects = (selector: string | null | undefined, matches: (name: string) => boolean): boolean =>
  !selector || (selector.startsWith('!') ? !matches(selector.slice(1)) : matches(selector))

const teamsOf = ({ uuid }: Organization, args: TeamsArguments, context: Context) => {
  const { tables } = context.state
  const inTeam = (team: Team, user: string) =>
    where(tables.teamMembers, 'team', team.uuid).some((member) => member.user === user)
  const hasPipeline = (team: Team, slug: string) =>
    where(tables.grants, 'team', team.uuid).some(
      (grant) => get(tables.pipelines, grant.pipeline)?.slug === slug,
    )
  const rows = teamsSeen(context, uuid).filter(
    (team) =>
      finds(args.search, team.name, team.slug) &&
      (!args.privacy || args.privacy.includes(team.privacy)) &&
      selects(args.user, (user) => inTeam(team, user)) &&
      selects(args.pipeline, (slug) => hasPipeline(team, slug)),
  )
  return pageOf(
    context,
    inOrder(rows, args.order, ({ name }) => name),
    args,
  )
}

const permissionsOf = (team: Team, _args: unknown, context: Context) => {
  const runs = permission(runsTeam(context, team))
  return {
    pipelineView: permission(seesTeam(context, team)),
    teamDelete: runs,
    teamMemberCreate: runs,
    teamPipelineCreate: runs,
    teamRegistryCreate: runs,
    teamSuiteCreate: runs,
    teamUpdate: runs,
  }
}

const role = z.enum(['member', 'maintainer'])
const given = z.object({
  name: z.string().optional(),
  description: z.string().nullish(),
  privacy: z.enum(['visible', 'secret']).optional(),
  is_default_team: z.boolean().optional(),
  default_member_role: role.optional(),
  members_can_create_pipelines: z.boolean().optional(),
  members_can_create_suites: z.boolean().optional(),
  members_can_create_registries: z.boolean().optional(),
  members_can_destroy_registries: z.boolean().optional(),
  members_can_destroy_packages: z.boolean().optional(),
  members_can_delete_pipelines: z.boolean().optional(),
})

const upper = <Text extends string>(text: Text | undefined) =>
  text?.toUpperCase() as Uppercase<Text> | undefined

const wantedIn = (body: z.infer<typeof given>): TeamWanted => ({
  name: body.name,
  description: body.description,
  privacy: upper(body.privacy),
  isDefaultTeam: body.is_default_team,
  defaultMemberRole: upper(body.default_member_role),
  membersCanCreatePipelines: body.members_can_create_pipelines,
  membersCanCreateSuites: body.members_can_create_suites,
  membersCanCreateRegistries: body.members_can_create_registries,
  membersCanDestroyRegistries: body.members_can_destroy_registries,
  membersCanDestroyPackages: body.members_can_destroy_packages,
  membersCanDeletePipelines: body.members_can_delete_pipelines,
})

const body = (context: Context, team: Team) => ({
  id: team.uuid,
  graphql_id: idOf('Team', team.uuid),
  name: team.name,
  slug: team.slug,
  description: team.description,
  created_at: team.createdAt,
  privacy: team.privacy.toLowerCase(),
  default: team.isDefaultTeam,
  created_by: personOf(context, team.createdBy),
})

/** Answers to writes say the flags as well. Answers to reads never do. */
const bodyWithFlags = (context: Context, team: Team) => ({
  ...body(context, team),
  is_default_team: team.isDefaultTeam,
  default_member_role: team.defaultMemberRole.toLowerCase(),
  members_can_create_pipelines: team.membersCanCreatePipelines,
  members_can_create_suites: team.membersCanCreateSuites,
  members_can_create_registries: team.membersCanCreateRegistries,
  members_can_destroy_registries: team.membersCanDestroyRegistries,
  members_can_destroy_packages: team.membersCanDestroyPackages,
  members_can_delete_pipelines: team.membersCanDeletePipelines,
})

/** The documentation calls the scope by two names. */
export const READ_TEAMS = ['read_teams', 'view_teams'] as const

/** The team at a REST address. */
export const teamAt = (request: OrganizationRequest): Team =>
  at(request, teamSeen(request.context, request.params['team']), 'team')

/** Who belongs together, and what that lets them do. */
export const team: SandboxKind = {
  types: {
    Query: fields({
      team: (_root, { slug }: { readonly slug: string }, context) => {
        const [organization = '', name = ''] = slug.split('/')
        const seen = organizationSeen(context, (row) => row.slug === organization)
        return (seen && teamBySlug(context, seen.uuid, name)) ?? null
      },
    }),
    Organization: fields<Organization>({ teams: teamsOf }),
    Team: fields<Team>({
      organization: ofOrganization,
      createdBy: ofCreator,
      permissions: permissionsOf,
    }),
  },
  nodes: { Team: teamSeen },
  mutations: {
    teamCreate: ({ organizationID, ...wanted }: TeamNew & { readonly organizationID: string }, context) => {
      const organization = organizationById(context, organizationID)
      return { teamEdge: edgeOf(createTeam(context, organization, wanted)), organization }
    },
    teamUpdate: ({ id, ...wanted }: TeamWanted & { readonly id: string }, context) => ({
      team: updateTeam(context, teamById(context, id), wanted),
    }),
    teamDelete: ({ id }: { readonly id: string }, context) => {
      const gone = teamById(context, id)
      deleteTeam(context, gone)
      return { deletedTeamID: id, organization: organizationOf(context, gone) }
    },
  },
  routes: [
    inOrganization('GET', '/teams', READ_TEAMS, ({ context, organization, url }) => {
      const user = url.searchParams.get('user_id')
      const rows = teamsSeen(context, organization.uuid).filter(
        ({ uuid }) =>
          !user ||
          (memberOf(context.state, organization.uuid, user) &&
            where(context.state.tables.teamMembers, 'team', uuid).some((member) => member.user === user)),
      )
      return restPage(
        inOrder(rows, 'NAME', ({ name }) => name),
        url,
        (row) => body(context, row),
      )
    }),
    inOrganization('POST', '/teams', 'write_teams', ({ context, organization, body: wanted }) => {
      const asked = wantedIn(read(given, wanted))
      if (!asked.name) throw new Refused("Validation failed: Name can't be blank")
      const team = createTeam(context, organization, {
        ...asked,
        name: asked.name,
        isDefaultTeam: asked.isDefaultTeam ?? false,
        defaultMemberRole: asked.defaultMemberRole ?? 'MEMBER',
      })
      return created(bodyWithFlags(context, team))
    }),
    inOrganization('POST', '/teams/enable', 'write_teams', ({ context, organization }) => {
      enableTeams(context, organization)
      return gone
    }),
    inOrganization('GET', '/teams/:team', READ_TEAMS, (request) =>
      ok(body(request.context, teamAt(request))),
    ),
    ...updates('/teams/:team', 'write_teams', (request) => {
      const changed = updateTeam(request.context, teamAt(request), wantedIn(read(given, request.body)))
      return ok(bodyWithFlags(request.context, changed))
    }),
    inOrganization('DELETE', '/teams/:team', 'write_teams', (request) => {
      deleteTeam(request.context, teamAt(request))
      return gone
    }),
  ],
}
