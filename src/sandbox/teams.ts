import type { Context } from './context.js'
import { newTeamFlags } from './defaults.js'
import { Refused } from './refused.js'
import { isAdmin, runsTeam } from './rights.js'
import type { Organization, Team } from './rows.js'
import { organizationOf } from './seen.js'
import { slugOf } from './slug.js'
import { where } from './table.js'
import { allow, change, make, remove, textOf, wantedOf, type Changes } from './write.js'

// What it takes to make, change and remove a team, whichever API asks.

/** @source Buildkite docs, "Manage teams" */
const TEAMS_AT_MOST = 250

type Flag =
  | 'membersCanCreatePipelines'
  | 'membersCanCreateSuites'
  | 'membersCanCreateRegistries'
  | 'membersCanDestroyRegistries'
  | 'membersCanDestroyPackages'
  | 'membersCanDeletePipelines'
export type TeamWanted = Changes<
  'teams',
  'name' | 'isDefaultTeam' | 'defaultMemberRole' | 'privacy' | 'description' | Flag
>
export type TeamNew = TeamWanted & Pick<Team, 'name' | 'isDefaultTeam' | 'defaultMemberRole'>

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
const checkPlan = ({ features }: Organization, wanted: TeamWanted, have: boolean) => {
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

export const createTeam = (context: Context, organization: Organization, wanted: TeamNew): Team => {
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

export const updateTeam = (context: Context, team: Team, asked: TeamWanted): Team => {
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
export const enableTeams = (context: Context, organization: Organization): void => {
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
