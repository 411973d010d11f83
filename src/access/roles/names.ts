import type { RoleCluster, RolePipeline, RoleQueue, RoleWorld } from './world.js'

/** What there is in Buildkite, by what policies call it: its uuid, or its slug. */
export interface Names {
  readonly clusters: ReadonlyMap<string, RoleCluster>
  readonly queues: ReadonlyMap<string, RoleQueue>
  readonly pipelines: ReadonlyMap<string, RolePipeline>
  readonly slugs: ReadonlyMap<string, RolePipeline>
  /** The names of the declared accounts, by their ids. */
  readonly accounts: ReadonlyMap<string, string>
}

const known = new WeakMap<RoleWorld, Names>()

export const namesIn = (world: RoleWorld): Names => {
  const before = known.get(world)
  if (before !== undefined) return before
  const byUuid = <One extends { readonly uuid?: string }>(all: readonly One[]): ReadonlyMap<string, One> =>
    new Map(all.flatMap((one) => (one.uuid === undefined ? [] : [[one.uuid, one]])))
  const names = {
    clusters: byUuid(world.clusters),
    queues: byUuid(world.queues),
    pipelines: byUuid(world.pipelines),
    slugs: new Map(world.pipelines.map((one) => [one.slug, one])),
    accounts: new Map([...world.accounts].map(([name, { account }]) => [account.id, name])),
  }
  known.set(world, names)
  return names
}

/** Whether something of the organization has an id. */
export const isOurs = (id: string, world: RoleWorld): boolean => {
  const { clusters, queues, pipelines } = namesIn(world)
  return id === world.organization.uuid || clusters.has(id) || queues.has(id) || pipelines.has(id)
}
