import * as z from 'zod'
import * as api from '../../../graphql/api.js'
import type { RestObject } from '../../../graphql/operation.js'
import { keyOf } from '../../model/address.js'
import { granted } from '../../model/grant.js'
import { uuidOf } from '../../model/ref.js'
import { access } from '../../model/risk.js'
import { rest } from '../call.js'
import { incomplete } from '../incomplete.js'
import { defineKind } from '../kind.js'
import { clusterAddress } from './cluster.js'
import { teamAddress } from './team.js'
import { userAddress } from './user.js'

const written = z
  .string()
  .min(1)
  .max(255)
  .meta({ title: 'Maintainer', description: 'The email of a user, or the slug of a team.' })

export interface Maintainer {
  readonly cluster: string
  /** An email, unless it is a team. */
  readonly user?: string | undefined
  readonly team?: string | undefined
}

/** Whoever it is, a person or everybody in a team. */
const actor = ({ user, team = '' }: Maintainer) =>
  user === undefined ? teamAddress(team) : userAddress(user)

const keyOfMaintainer = ({ cluster, user, team = '' }: Maintainer) =>
  user === undefined ? keyOf(cluster, 'team', team) : keyOf(cluster, 'user', user)

/** Who may change a cluster: its queues, its agent tokens, and which pipelines are in it. REST alone has them. */
export const maintainer = defineKind<Maintainer, string>({
  name: 'maintainer',
  plural: 'maintainers',
  provider: 'buildkite',
  place: ['clusters', '*', 'maintainers', '*'],
  listed: ['users', 'teams'],
  sparing: true,
  written,
  spec: ([cluster = '', list], who) =>
    list === 'users' ? { cluster, user: who.toLowerCase() } : { cluster, team: who },
  worded: ({ cluster, user, team }) =>
    user === undefined
      ? { names: [cluster, 'teams'], written: team }
      : { names: [cluster, 'users'], written: user },
  identity: ['cluster', 'user', 'team'],
  caseless: true,
  key: keyOfMaintainer,
  dependencies: (spec) => [
    { address: clusterAddress(spec.cluster), field: 'cluster' },
    { address: actor(spec), field: spec.user === undefined ? 'team' : 'user' },
  ],
  source: 'REST GET clusters',
  grants: (spec) => [granted('maintains-cluster', actor(spec), clusterAddress(spec.cluster), 'maintainers')],

  asks: { graphql: [api.Clusters], rest: ['one'] },
  async *read(buildkite) {
    const listed = new Map((await gather(buildkite.restPages('clusters'))).map((row) => [row['id'], row]))
    for await (const { uuid, name } of buildkite.pages(api.Clusters, {})) {
      const cluster = listed.get(uuid)
      if (cluster === undefined)
        throw incomplete('GET clusters', `cluster "${name}" is in GraphQL's list and not in REST's`)
      const embedded = embeddedIn(cluster)
      const rows = embedded ?? (await gather(buildkite.restPages(`clusters/${uuid}/maintainers`)))
      for (const row of rows) {
        const spec = specOf(name, row)
        const { id: own } = row
        if (spec === undefined || typeof own !== 'string' || own === '')
          throw incomplete(
            'GET clusters',
            `cluster "${name}" has a maintainer that is neither a user nor a team`,
          )
        yield { key: keyOfMaintainer(spec), id: own, uuid: own, spec }
      }
    }
  },

  operations: {
    create: (spec) => [
      rest(
        'POST',
        ['clusters', uuidOf(clusterAddress(spec.cluster)), 'maintainers'],
        { [spec.user === undefined ? 'team' : 'user']: uuidOf(actor(spec)) },
        { repeatable: false },
      ),
    ],
    update: () => [], // there is nothing about one that could differ
    // The documentation shows the URL of the cluster here, which would delete the cluster.
    remove: ({ id, spec }) => [
      rest(
        'DELETE',
        ['clusters', uuidOf(clusterAddress(spec.cluster)), 'maintainers', id],
        {},
        {
          repeatable: false,
        },
      ),
    ],
  },

  risk: (change) =>
    change.verb === 'remove'
      ? access(`may no longer change cluster "${change.have.spec.cluster}"`)
      : access(`may connect agents to cluster "${change.want.cluster ?? ''}", and move pipelines into it`),
})

const gather = async (rows: AsyncIterable<RestObject>): Promise<RestObject[]> => {
  const all: RestObject[] = []
  for await (const row of rows) all.push(row)
  return all
}

const isObject = (value: unknown): value is RestObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * The maintainers that came with a cluster, if they say what a removal needs: the id of each as a maintainer, beside
 * that of the user or team.
 *
 * @source API reference §4.5
 */
const embeddedIn = ({ maintainers }: RestObject): RestObject[] | undefined => {
  if (!isObject(maintainers)) return undefined
  const rows = Object.values(maintainers).flatMap((list) =>
    Array.isArray(list) ? (list as unknown[]) : [list],
  )
  return rows.every((row): row is RestObject => isObject(row) && isObject(row['actor'])) ? rows : undefined
}

const specOf = (cluster: string, { actor }: RestObject): Maintainer | undefined => {
  if (!isObject(actor)) return undefined
  const { type, email, slug } = actor
  if (type === 'user' && typeof email === 'string') return { cluster, user: email.toLowerCase() }
  if (type === 'team' && typeof slug === 'string') return { cluster, team: slug }
  return undefined
}
