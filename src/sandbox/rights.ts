import { memberOf, type Context } from './context.js'
import type { Cluster, Grant, Organization, Pipeline, Team, TeamMember } from './rows.js'
import { get, where } from './table.js'

/** The higher number may do all that the lower may. @source Buildkite docs, "Permissions": the highest level over all teams wins */
const LEVELS = { READ_ONLY: 1, BUILD_AND_READ: 2, MANAGE_BUILD_AND_READ: 3 } as const

const NONE = 0
const READ = LEVELS.READ_ONLY
const BUILD = LEVELS.BUILD_AND_READ
const FULL = LEVELS.MANAGE_BUILD_AND_READ

const organizationOf = (c: Context, row: { readonly organization: string }) =>
  get(c.state.tables.organizations, row.organization)

const isMember = (c: Context, organization: string) =>
  organization === c.viewer.organization.uuid &&
  memberOf(c.state, organization, c.viewer.user.uuid) !== undefined

export const isAdmin = (c: Context, organization: string): boolean =>
  organization === c.viewer.organization.uuid &&
  memberOf(c.state, organization, c.viewer.user.uuid)?.role === 'ADMIN'

/** The viewer's memberships in the organization's teams. */
export const ownTeams = (c: Context, organization: string): TeamMember[] =>
  isMember(c, organization)
    ? where(c.state.tables.teamMembers, 'user', c.viewer.user.uuid).filter(
        (member) => member.organization === organization,
      )
    : []

const ownRole = (c: Context, team: string) =>
  where(c.state.tables.teamMembers, 'user', c.viewer.user.uuid).find((member) => member.team === team)?.role

export const seesTeam = (c: Context, team: Team): boolean =>
  isMember(c, team.organization) &&
  (team.privacy === 'VISIBLE' || ownRole(c, team.uuid) !== undefined || isAdmin(c, team.organization))

/** Whether the viewer may change a team, its members and its settings. */
export const runsTeam = (c: Context, team: Team): boolean =>
  isAdmin(c, team.organization) || (isMember(c, team.organization) && ownRole(c, team.uuid) === 'MAINTAINER')

const fromTeams = (c: Context, pipeline: Pipeline) =>
  where(c.state.tables.grants, 'pipeline', pipeline.uuid).reduce<number>(
    (level, grant) =>
      LEVELS[grant.accessLevel] > level && ownRole(c, grant.team) !== undefined
        ? LEVELS[grant.accessLevel]
        : level,
    NONE,
  )

const levelOn = (c: Context, pipeline: Pipeline): number => {
  const { organization } = pipeline
  if (!isMember(c, organization)) return NONE
  if (isAdmin(c, organization) || organizationOf(c, pipeline)?.isTeamsEnabled === false) return FULL
  if (c.switches.creatorKeepsFullAccess && pipeline.createdBy === c.viewer.user.uuid) return FULL
  return Math.max(fromTeams(c, pipeline), pipeline.visibility === 'PUBLIC' ? READ : NONE)
}

export const seesPipeline = (c: Context, pipeline: Pipeline): boolean => levelOn(c, pipeline) >= READ
export const buildsPipeline = (c: Context, pipeline: Pipeline): boolean => levelOn(c, pipeline) >= BUILD
/** Full Access: steps, repository, settings, schedules, archiving. */
export const editsPipeline = (c: Context, pipeline: Pipeline): boolean => levelOn(c, pipeline) >= FULL

export const deletesPipeline = (c: Context, pipeline: Pipeline): boolean =>
  isAdmin(c, pipeline.organization) ||
  (editsPipeline(c, pipeline) &&
    (organizationOf(c, pipeline)?.memberPermissions.deletePipelines === true ||
      (c.switches.teamFlagDeletesPipelines &&
        ownTeams(c, pipeline.organization).some(
          ({ team }) => get(c.state.tables.teams, team)?.membersCanDeletePipelines === true,
        ))))

export const showsPipelineToAll = (c: Context, pipeline: Pipeline): boolean =>
  isAdmin(c, pipeline.organization) ||
  (!c.switches.visibilityNeedsAdmin &&
    editsPipeline(c, pipeline) &&
    organizationOf(c, pipeline)?.memberPermissions.changePipelineVisibility === true)

/** Whether the viewer may change or take away what a team may do with a pipeline. */
export const changesGrant = (c: Context, grant: Grant): boolean => {
  const pipeline = get(c.state.tables.pipelines, grant.pipeline)
  const team = get(c.state.tables.teams, grant.team)
  return (
    (pipeline !== undefined && editsPipeline(c, pipeline)) ||
    (team !== undefined && c.switches.teamMaintainerChangesLevels && runsTeam(c, team))
  )
}

/** Whether the viewer may give a pipeline to a team: who edits the one and runs the other. */
export const givesGrant = (c: Context, pipeline: Pipeline, team: Team): boolean =>
  editsPipeline(c, pipeline) && runsTeam(c, team)

/** What the viewer was given in a cluster, themselves or through a team. */
const maintains = (c: Context, cluster: Cluster) =>
  where(c.state.tables.maintainers, 'cluster', cluster.uuid).filter(({ actorType, actor }) =>
    actorType === 'user' ? actor === c.viewer.user.uuid : ownRole(c, actor) !== undefined,
  )

/** Whether the viewer may change a cluster, its queues and its secrets. */
export const runsCluster = (c: Context, cluster: Cluster): boolean =>
  isAdmin(c, cluster.organization) ||
  (isMember(c, cluster.organization) && maintains(c, cluster).some(({ manages }) => manages))

/** Whether the viewer may put pipelines into a cluster. */
const addsToCluster = (c: Context, cluster: Cluster): boolean =>
  runsCluster(c, cluster) ||
  (c.switches.narrowMaintainersAdd && isMember(c, cluster.organization) && maintains(c, cluster).length > 0)

export const runsAgentTokens = (c: Context, cluster: Cluster): boolean =>
  runsCluster(c, cluster) ||
  (c.switches.memberTokensCoverClusters &&
    isMember(c, cluster.organization) &&
    organizationOf(c, cluster)?.memberPermissions.manageAgentTokens === true)

/** The teams that let the viewer create pipelines: by the team's flag, or as its maintainer. */
const creatingTeams = (c: Context, organization: string) =>
  ownTeams(c, organization).filter(
    ({ team, role }) =>
      role === 'MAINTAINER' || get(c.state.tables.teams, team)?.membersCanCreatePipelines === true,
  )

export const createsPipelines = (c: Context, organization: Organization): boolean => {
  if (isAdmin(c, organization.uuid)) return true
  if (!organization.isTeamsEnabled)
    return isMember(c, organization.uuid) && organization.memberPermissions.createPipelines
  return creatingTeams(c, organization.uuid).length > 0
}

/** @source Buildkite docs, "Manage clusters": members create in the default cluster, maintainers in theirs too */
export const createsPipelinesIn = (
  c: Context,
  organization: Organization,
  cluster: Cluster | undefined,
): boolean =>
  createsPipelines(c, organization) &&
  (isAdmin(c, organization.uuid) ||
    cluster === undefined ||
    cluster.uuid === organization.defaultCluster ||
    addsToCluster(c, cluster))

/** Whether the viewer may put an existing pipeline into a cluster, or (`undefined`) into none. */
export const movesPipeline = (c: Context, pipeline: Pipeline, to: Cluster | undefined): boolean => {
  if (isAdmin(c, pipeline.organization)) return true
  const edits = editsPipeline(c, pipeline)
  const toDefault = to === undefined || to.uuid === organizationOf(c, pipeline)?.defaultCluster
  if (edits && toDefault && c.switches.fullAccessMovesToDefault) return true
  const from = get(c.state.tables.clusters, pipeline.cluster)
  const adds = to === undefined ? from !== undefined && addsToCluster(c, from) : addsToCluster(c, to)
  switch (c.switches.moveIntoCluster) {
    case 'maintainer':
      return adds
    case 'maintainer_with_full_access':
      return adds && edits
    case 'admin':
      return false
  }
}

export const stopsAgents = (c: Context, organization: Organization, cluster: Cluster | undefined): boolean =>
  (cluster ? runsCluster(c, cluster) : isAdmin(c, organization.uuid)) ||
  (isMember(c, organization.uuid) && organization.memberPermissions.stopAgents)

/** A right as the API tells it to who asks. */
export const permission = (allowed: boolean) => ({
  allowed,
  code: allowed ? null : 'not_permitted',
  message: allowed ? null : "You're not allowed to do that",
})
