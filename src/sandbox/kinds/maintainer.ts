import * as z from 'zod'
import { memberOf, type Context } from '../context.js'
import { idOf } from '../ids.js'
import type { SandboxKind } from '../kind.js'
import { Refused } from '../refused.js'
import { restPage } from '../pages.js'
import { isAdmin } from '../rights.js'
import { created, gone, inOrganization, ok, read, type OrganizationRequest } from '../route.js'
import type { Cluster, Maintainer } from '../rows.js'
import { at, clusterSeen, teamSeen, userOf } from '../seen.js'
import { get, where } from '../table.js'
import { allow, make, remove, there } from '../write.js'

/** A user or a team, by uuid. */
export const maintainerWanted = z.object({ user: z.string().optional(), team: z.string().optional() })

/** The cluster at a REST address. */
export const clusterAt = (request: OrganizationRequest): Cluster =>
  at(request, clusterSeen(request.context, request.params['cluster']), 'cluster')

export const addMaintainer = (
  context: Context,
  cluster: Cluster,
  { user, team }: z.infer<typeof maintainerWanted>,
): Maintainer => {
  const { organization } = cluster
  allow(isAdmin(context, organization))
  if ((user === undefined) === (team === undefined))
    throw new Refused('Validation failed: Either user or team must be given')
  if (user !== undefined) there(memberOf(context.state, organization, user), 'user')
  else there(teamSeen(context, team), 'team')
  const actor = user ?? team ?? ''
  if (where(context.state.tables.maintainers, 'cluster', cluster.uuid).some((row) => row.actor === actor))
    throw new Refused('Validation failed: Actor is already a maintainer of this cluster')
  const actorType = user === undefined ? 'team' : 'user'
  return make(context, 'maintainers', {
    organization,
    cluster: cluster.uuid,
    actorType,
    actor,
    manages: true,
  })
}

const removeMaintainer = (context: Context, maintainer: Maintainer): void => {
  allow(isAdmin(context, maintainer.organization))
  remove(context, 'maintainers', maintainer)
}

const actorBody = (context: Context, { actorType, actor }: Maintainer) => {
  if (actorType === 'user') {
    const user = userOf(context, actor)
    return {
      id: actor,
      graphql_id: idOf('User', actor),
      type: 'user',
      name: user?.name ?? null,
      email: user?.email ?? null,
    }
  }
  const slug = get(context.state.tables.teams, actor)?.slug ?? null
  return { id: actor, graphql_id: idOf('Team', actor), type: 'team', slug }
}

const body = (context: Context, row: Maintainer) => ({ id: row.uuid, actor: actorBody(context, row) })

/** A secret team is not named to who does not see it, and nobody is who may only add pipelines. */
const seen = (context: Context, { actorType, actor, manages }: Maintainer) =>
  manages && (actorType === 'user' || teamSeen(context, actor) !== undefined)

const maintainersOf = (context: Context, cluster: Cluster) =>
  where(context.state.tables.maintainers, 'cluster', cluster.uuid).filter((row) => seen(context, row))

/** All of a cluster's maintainers, as its own REST object has them. */
export const maintainersBody = (context: Context, cluster: Cluster) => {
  const of = (type: Maintainer['actorType']) =>
    maintainersOf(context, cluster)
      .filter(({ actorType }) => actorType === type)
      .map((row) => body(context, row))
  return { users: of('user'), teams: of('team') }
}

const maintainerAt = (request: OrganizationRequest): Maintainer => {
  const rows = maintainersOf(request.context, clusterAt(request))
  return there(
    rows.find(({ uuid }) => uuid === request.params['maintainer']),
    'maintainer',
  )
}

const PATH = '/clusters/:cluster/maintainers'

/** Who may change a cluster without being an admin. Only REST knows them. */
export const maintainer: SandboxKind = {
  routes: [
    inOrganization('GET', PATH, 'read_clusters', (request) =>
      restPage(maintainersOf(request.context, clusterAt(request)), request.url, (row) =>
        body(request.context, row),
      ),
    ),
    inOrganization('POST', PATH, 'write_clusters', (request) => {
      const actor = read(maintainerWanted, request.body)
      return created(body(request.context, addMaintainer(request.context, clusterAt(request), actor)))
    }),
    inOrganization('GET', `${PATH}/:maintainer`, 'read_clusters', (request) =>
      ok(body(request.context, maintainerAt(request))),
    ),
    inOrganization('DELETE', `${PATH}/:maintainer`, 'write_clusters', (request) => {
      removeMaintainer(request.context, maintainerAt(request))
      return gone
    }),
  ],
}
