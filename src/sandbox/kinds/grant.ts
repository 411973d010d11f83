import * as z from 'zod'
import type { Context } from '../context.js'
import { uuidIn } from '../ids.js'
import { fields, type SandboxKind } from '../kind.js'
import { edgeOf, finds, inOrder, listed, pageOf } from '../order.js'
import { restPage, type PageArguments } from '../pages.js'
import { Refused } from '../refused.js'
import { changesGrant, givesGrant, permission } from '../rights.js'
import { created, gone, inOrganization, ok, read, updates, type OrganizationRequest } from '../route.js'
import type { Grant, Pipeline, Team } from '../rows.js'
import { ofCreator, pipelineById, pipelineSeen, teamById, teamSeen } from '../seen.js'
import { get, where } from '../table.js'
import { allow, change, make, remove, there } from '../write.js'
import { READ_TEAMS, teamAt } from './team.js'

type Level = Grant['accessLevel']

const given = (context: Context, team: string, pipeline: string) =>
  where(context.state.tables.grants, 'pipeline', pipeline).find((grant) => grant.team === team)

/** A grant is seen by who sees both of its ends. */
const grantSeen = (context: Context, uuid: string | undefined) => {
  const grant = get(context.state.tables.grants, uuid)
  return grant && teamSeen(context, grant.team) && pipelineSeen(context, grant.pipeline) ? grant : undefined
}

const grantById = (context: Context, id: string) =>
  there(grantSeen(context, uuidIn('TeamPipeline', id)), 'Team Pipeline')

const giveGrant = (
  context: Context,
  team: Team,
  pipeline: Pipeline,
  accessLevel: Level = 'READ_ONLY',
): Grant => {
  allow(givesGrant(context, pipeline, team))
  if (given(context, team.uuid, pipeline.uuid))
    throw new Refused('This pipeline has already been added to this team')
  return make(context, 'grants', {
    organization: team.organization,
    team: team.uuid,
    pipeline: pipeline.uuid,
    accessLevel,
  })
}

const changeGrant = (context: Context, grant: Grant, accessLevel: Level): Grant => {
  allow(changesGrant(context, grant))
  return change(context, 'grants', grant, { accessLevel })
}

const takeGrant = (context: Context, grant: Grant): void => {
  allow(changesGrant(context, grant))
  remove(context, 'grants', grant)
}

interface GrantsArguments extends PageArguments {
  readonly order?: string
  readonly search?: string | null
}

/** What a team was given, as far as the viewer sees it. */
const grantsOf = (context: Context, team: Team, order = 'RECENTLY_CREATED', search: string | null = null) =>
  listed(context, `pipelines of ${team.uuid} ${order} ${search ?? ''}`, () => {
    const { grants, pipelines } = context.state.tables
    const nameOf = ({ pipeline }: Grant) => get(pipelines, pipeline)?.name ?? ''
    const rows = where(grants, 'team', team.uuid).filter(
      (grant) => pipelineSeen(context, grant.pipeline) && finds(search, nameOf(grant)),
    )
    return inOrder(rows, order, nameOf)
  })

const pipelinesOf = (team: Team, { order, search, ...page }: GrantsArguments, context: Context) =>
  pageOf(context, grantsOf(context, team, order, search ?? null), page)

const teamsOf = (pipeline: Pipeline, args: GrantsArguments, context: Context) => {
  const { grants, teams } = context.state.tables
  const nameOf = ({ team }: Grant) => get(teams, team)?.name ?? ''
  const rows = where(grants, 'pipeline', pipeline.uuid).filter(
    (grant) => teamSeen(context, grant.team) && finds(args.search, nameOf(grant)),
  )
  return pageOf(context, inOrder(rows, args.order, nameOf), args)
}

/** A level as REST writes it. */
export const accessLevel = z
  .enum(['read_only', 'build_and_read', 'manage_build_and_read'])
  .transform((text) => text.toUpperCase() as Level)

const body = (context: Context, grant: Grant, base: string) => ({
  access_level: grant.accessLevel.toLowerCase(),
  created_at: grant.createdAt,
  pipeline_id: grant.pipeline,
  pipeline_url: `${base}/pipelines/${get(context.state.tables.pipelines, grant.pipeline)?.slug ?? ''}`,
})

const grantAt = (request: OrganizationRequest): Grant => {
  const { context, params } = request
  const grant = given(context, teamAt(request).uuid, params['pipeline'] ?? '')
  return there(grantSeen(context, grant?.uuid), 'team pipeline')
}

/** What a team may do with a pipeline. */
export const grant: SandboxKind = {
  types: {
    Team: fields<Team>({ pipelines: pipelinesOf }),
    Pipeline: fields<Pipeline>({ teams: teamsOf }),
    TeamPipeline: fields<Grant>({
      team: ({ team }, _args, context) => teamSeen(context, team) ?? null,
      pipeline: ({ pipeline }, _args, context) => pipelineSeen(context, pipeline) ?? null,
      createdBy: ofCreator,
      permissions: (row, _args, context) => {
        const changes = permission(changesGrant(context, row))
        return { teamPipelineDelete: changes, teamPipelineUpdate: changes }
      },
    }),
  },
  nodes: { TeamPipeline: grantSeen },
  mutations: {
    teamPipelineCreate: (
      input: { readonly teamID: string; readonly pipelineID: string; readonly accessLevel?: Level | null },
      context,
    ) => {
      const team = teamById(context, input.teamID)
      const pipeline = pipelineById(context, input.pipelineID)
      const row = giveGrant(context, team, pipeline, input.accessLevel ?? undefined)
      return { teamPipeline: row, teamPipelineEdge: edgeOf(row), team, pipeline }
    },
    teamPipelineUpdate: (input: { readonly id: string; readonly accessLevel: Level }, context) => ({
      teamPipeline: changeGrant(context, grantById(context, input.id), input.accessLevel),
    }),
    // `force` overrides a refusal that nobody has described, so there is none to override.
    teamPipelineDelete: ({ id }: { readonly id: string }, context) => {
      const row = grantById(context, id)
      takeGrant(context, row)
      return { deletedTeamPipelineID: id, team: teamSeen(context, row.team) ?? null }
    },
  },
  routes: [
    inOrganization('GET', '/teams/:team/pipelines', READ_TEAMS, (request) => {
      const { context, url, base } = request
      return restPage(grantsOf(context, teamAt(request)), url, (row) => body(context, row, base))
    }),
    inOrganization('POST', '/teams/:team/pipelines', 'write_teams', (request) => {
      const { context, base } = request
      const wanted = read(
        z.object({ pipeline_id: z.string(), access_level: accessLevel.optional() }),
        request.body,
      )
      const pipeline = there(pipelineSeen(context, wanted.pipeline_id), 'pipeline')
      return created(body(context, giveGrant(context, teamAt(request), pipeline, wanted.access_level), base))
    }),
    inOrganization('GET', '/teams/:team/pipelines/:pipeline', READ_TEAMS, (request) =>
      ok(body(request.context, grantAt(request), request.base)),
    ),
    ...updates('/teams/:team/pipelines/:pipeline', 'write_teams', (request) => {
      const wanted = read(z.object({ access_level: accessLevel }), request.body)
      const changed = changeGrant(request.context, grantAt(request), wanted.access_level)
      return ok(body(request.context, changed, request.base))
    }),
    inOrganization('DELETE', '/teams/:team/pipelines/:pipeline', 'write_teams', (request) => {
      takeGrant(request.context, grantAt(request))
      return gone
    }),
  ],
}
