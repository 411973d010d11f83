import * as z from 'zod'
import { memberOf, organizationSeen, type Context } from '../context.js'
import { newTeamFlags } from '../defaults.js'
import { idOf } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { edgeOf, finds, inOrder, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { isAdmin, permission, runsTeam, seesTeam } from '../rights.js'
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
import { slugOf } from '../slug.js'
import { get, where } from '../table.js'
import { allow, change, make, remove, textOf, wantedOf, type Changes } from '../write.js'
import { personOf } from './user.js'

/** @source Buildkite docs, "Manage teams" */
const TEAMS_AT_MOST = 250

type Flag =
  | 'membersCanCreatePipelines'
  | 'membersCanCreateSuites'
  | 'membersCanCreateRegistries'
  | 'membersCanDestroyRegistries'
  | 'membersCanDestroyPackages'
  | 'membersCanDeletePipelines'
type Wanted = Changes<
  'teams',
  'name' | 'isDefaultTeam' | 'defaultMemberRole' | 'privacy' | 'description' | Flag
>
type New = Wanted & Pick<Team, 'name' | 'isDefaultTeam' | 'defaultMemberRole'>

const teamsSeen = (context: Context, organization: string) =>
  where(context.state.tables.teams, 'organization', organization).filter((team) => seesTeam(context, team))

/** Names make slugs, and a slug is one team's alone. */
const slugFor = (context: Context, organization: string, name: string, self?: Team): string => {
  const slug = slugOf(name)
  if (slug === '') throw new Refused('Validation failed: Name must contain a letter or a digit')
  const taken = where(context.state.tables.teams, 'slug', slug).some(
    (team) => team.organization === organization && team.uuid !== self?.uuid,
  )
  if (taken) throw new Refused('Validation failed: Name has already been taken')
  return slug
}

/** Plans without the permission refuse its being set to anything but what it is. */
const checkPlan = ({ features }: Organization, wanted: Wanted, have: boolean) => {
  const flag = wanted.membersCanCreatePipelines
  if (!features.membersCanCreatePipelines && flag !== undefined && flag !== have)
    throw new Refused('You cannot modify members_can_create_pipelines on your current plan')
}

const onlyDefault = (context: Context, organization: string, wanted: boolean, self?: Team) => {
  const another = (team: Team) => team.isDefaultTeam && team.uuid !== self?.uuid
  if (
    wanted &&
    context.switches.singleDefaultTeam &&
    where(context.state.tables.teams, 'organization', organization).some(another)
  )
    throw new Refused('Validation failed: Only one team can be the default team')
}

export const createTeam = (context: Context, organization: Organization, wanted: New): Team => {
  const { uuid } = organization
  allow(isAdmin(context, uuid))
  if (!organization.isTeamsEnabled) throw new Refused('Teams have not been enabled for your organization')
  checkPlan(organization, wanted, true)
  onlyDefault(context, uuid, wanted.isDefaultTeam)
  if (where(context.state.tables.teams, 'organization', uuid).length >= TEAMS_AT_MOST)
    throw new Refused(`Validation failed: Organization has reached the limit of ${TEAMS_AT_MOST} teams`)
  const team = make(context, 'teams', {
    organization: uuid,
    name: wanted.name,
    slug: slugFor(context, uuid, wanted.name),
    description: textOf(context, wanted.description ?? null),
    privacy: wanted.privacy ?? 'VISIBLE',
    isDefaultTeam: wanted.isDefaultTeam,
    defaultMemberRole: wanted.defaultMemberRole,
    ...newTeamFlags,
    ...wantedOf({
      membersCanCreatePipelines: wanted.membersCanCreatePipelines,
      membersCanCreateSuites: wanted.membersCanCreateSuites,
      membersCanCreateRegistries: wanted.membersCanCreateRegistries,
      membersCanDestroyRegistries: wanted.membersCanDestroyRegistries,
      membersCanDestroyPackages: wanted.membersCanDestroyPackages,
      membersCanDeletePipelines: wanted.membersCanDeletePipelines,
    }),
  })
  if (context.switches.teamCreatorJoins)
    make(context, 'teamMembers', {
      organization: uuid,
      team: team.uuid,
      user: context.viewer.user.uuid,
      role: 'MAINTAINER',
    })
  return team
}

export const updateTeam = (context: Context, team: Team, asked: Wanted): Team => {
  allow(runsTeam(context, team))
  const wanted = wantedOf(asked, ['description'])
  checkPlan(organizationOf(context, team), wanted, team.membersCanCreatePipelines)
  if (wanted.isDefaultTeam !== undefined) onlyDefault(context, team.organization, wanted.isDefaultTeam, team)
  return change(context, 'teams', team, {
    ...wanted,
    description: textOf(context, wanted.description),
    slug: wanted.name === undefined ? undefined : slugFor(context, team.organization, wanted.name, team),
  })
}

/** Its members and its pipelines stay; what it gave them does not. */
export const deleteTeam = (context: Context, team: Team): void => {
  allow(runsTeam(context, team))
  const { grants, teamMembers, maintainers } = context.state.tables
  for (const grant of where(grants, 'team', team.uuid)) remove(context, 'grants', grant)
  for (const member of where(teamMembers, 'team', team.uuid)) remove(context, 'teamMembers', member)
  for (const maintainer of where(maintainers, 'actor', team.uuid)) remove(context, 'maintainers', maintainer)
  remove(context, 'teams', team)
}

/** The first time brings a team of everybody and everything, so that nobody loses what they had. */
const enableTeams = (context: Context, organization: Organization): void => {
  allow(isAdmin(context, organization.uuid))
  if (!organization.features.teams)
    throw new Refused("Your plan doesn't include team permissions. Upgrade your plan to enable teams.", {
      status: 403,
    })
  if (organization.isTeamsEnabled) return
  const enabled = change(
    context,
    'organizations',
    organization,
    { isTeamsEnabled: true },
    { event: 'ORGANIZATION_TEAMS_ENABLED' },
  )
  const { uuid } = organization
  const { teams, members, pipelines } = context.state.tables
  if (where(teams, 'organization', uuid).length > 0) return
  const everyone = createTeam(context, enabled, {
    name: 'Everyone',
    isDefaultTeam: true,
    defaultMemberRole: 'MEMBER',
  })
  for (const { user } of where(members, 'organization', uuid))
    make(context, 'teamMembers', { organization: uuid, team: everyone.uuid, user, role: 'MEMBER' })
  for (const pipeline of where(pipelines, 'organization', uuid))
    make(context, 'grants', {
      organization: uuid,
      team: everyone.uuid,
      pipeline: pipeline.uuid,
      accessLevel: 'MANAGE_BUILD_AND_READ',
    })
}

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

const wantedIn = (body: z.infer<typeof given>): Wanted => ({
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
    teamCreate: ({ organizationID, ...wanted }: New & { readonly organizationID: string }, context) => {
      const organization = organizationById(context, organizationID)
      return { teamEdge: edgeOf(createTeam(context, organization, wanted)), organization }
    },
    teamUpdate: ({ id, ...wanted }: Wanted & { readonly id: string }, context) => ({
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
