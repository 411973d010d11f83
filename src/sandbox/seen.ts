import { organizationSeen, type Context } from './context.js'
import { readId, uuidIn } from './ids.js'
import { seesPipeline, seesTeam } from './rights.js'
import type { Cluster, Organization, Pipeline, Queue, Team, User } from './rows.js'
import { get, where } from './table.js'
import { there } from './write.js'

// What a viewer can name. What they may not see is not there for them, in a query, a mutation and an address alike.

interface Owned {
  readonly organization: string
}

/** The organization that a mutation names. */
export const organizationById = (context: Context, id: string): Organization =>
  there(
    organizationSeen(context, ({ uuid }) => uuid === uuidIn('Organization', id)),
    'Organization',
  )

/** The organization that a row belongs to. */
export const organizationOf = ({ state }: Context, { organization }: Owned): Organization =>
  there(get(state.tables.organizations, organization), 'Organization')

/** The field `organization` of everything that has one. */
export const ofOrganization = (row: Owned, _args: unknown, context: Context): Organization =>
  organizationOf(context, row)

const inOwn = <R extends Owned>(context: Context, row: R | undefined): R | undefined =>
  row && organizationSeen(context, ({ uuid }) => uuid === row.organization) ? row : undefined

/** A person as other objects name them; nobody, if they are gone. */
export const userOf = ({ state }: Context, uuid: string | null | undefined): User | null =>
  get(state.tables.users, uuid) ?? null

/** The field `createdBy` of everything that has one. */
export const ofCreator = (row: { readonly createdBy: string | null }, _args: unknown, context: Context) =>
  userOf(context, row.createdBy)

export const teamSeen = (context: Context, uuid: string | undefined): Team | undefined => {
  const row = get(context.state.tables.teams, uuid)
  return row && seesTeam(context, row) ? row : undefined
}

export const teamById = (context: Context, id: string): Team =>
  there(teamSeen(context, uuidIn('Team', id)), 'Team')

export const teamBySlug = (context: Context, organization: string, slug: string): Team | undefined =>
  where(context.state.tables.teams, 'slug', slug).find(
    (row) => row.organization === organization && seesTeam(context, row),
  )

/** All members see all clusters. @source Buildkite docs, "Clusters" */
export const clusterSeen = (context: Context, uuid: string | null | undefined): Cluster | undefined =>
  inOwn(context, get(context.state.tables.clusters, uuid))

/** By id, or by bare uuid as one page of the documentation has it. */
export const clusterById = (context: Context, id: string): Cluster =>
  there(clusterSeen(context, readId(id) ? uuidIn('Cluster', id) : id), 'cluster')

export const queueSeen = (context: Context, uuid: string | null | undefined): Queue | undefined =>
  inOwn(context, get(context.state.tables.queues, uuid))

export const pipelineSeen = (context: Context, uuid: string | undefined): Pipeline | undefined => {
  const row = get(context.state.tables.pipelines, uuid)
  return row && seesPipeline(context, row) ? row : undefined
}

export const pipelineById = (context: Context, id: string): Pipeline =>
  there(pipelineSeen(context, uuidIn('Pipeline', id)), 'Pipeline')

export const pipelineBySlug = (context: Context, organization: string, slug: string): Pipeline | undefined =>
  where(context.state.tables.pipelines, 'slug', slug).find(
    (row) => row.organization === organization && seesPipeline(context, row),
  )

/** A row at a REST address of its organization. */
export const at = <R extends Owned>(
  { organization }: { readonly organization: Organization },
  row: R | undefined,
  what: string,
): R => there(row?.organization === organization.uuid ? row : undefined, what)
