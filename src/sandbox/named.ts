import type { Context } from './context.js'
import { Refused } from './refused.js'
import type { Cluster, Grant, Pipeline, Queue, Team, User } from './rows.js'
import { all, first, where } from './table.js'

// From what people call things to the things themselves.

/** `queue:ios/macos-m2`, taken apart. */
export const addressIn = (word: string | undefined, ...kinds: readonly string[]) => {
  const [, kind = '', name = ''] = /^([a-z]+):(.+)$/.exec(word ?? '') ?? []
  if (kinds.includes(kind)) return { kind, name }
  const wanted = kinds.map((one) => `${one}:NAME`).join(' or ')
  throw new Refused(word === undefined ? `${wanted} is missing` : `"${word}" should be ${wanted}`)
}

const listed = (names: readonly string[]) =>
  names.length === 0 ? 'there are none' : `there are: ${[...names].sort().slice(0, 12).join(', ')}`

const found = <Found>(row: Found | undefined, what: string, names: () => readonly string[]): Found => {
  if (row === undefined) throw new Refused(`there is no ${what}; ${listed(names())}`)
  return row
}

const here = <R extends { readonly organization: string }>({ viewer }: Context, rows: readonly R[]) =>
  rows.filter(({ organization }) => organization === viewer.organization.uuid)

export const clusterNamed = (context: Context, name: string): Cluster => {
  const { clusters } = context.state.tables
  return found(here(context, where(clusters, 'name', name))[0], `cluster "${name}"`, () =>
    here(context, all(clusters)).map((row) => row.name),
  )
}

/** `cluster/key`; a cluster's name may have slashes in it, a key has none. */
export const queueNamed = (context: Context, name: string): Queue => {
  const slash = name.lastIndexOf('/')
  const cluster = clusterNamed(context, name.slice(0, Math.max(slash, 0)))
  const queues = where(context.state.tables.queues, 'cluster', cluster.uuid)
  const key = name.slice(slash + 1)
  return found(
    queues.find((row) => row.key === key),
    `queue "${key}" in cluster "${cluster.name}"`,
    () => queues.map((row) => row.key),
  )
}

export const teamNamed = (context: Context, slug: string): Team => {
  const { teams } = context.state.tables
  return found(here(context, where(teams, 'slug', slug))[0], `team "${slug}"`, () =>
    here(context, all(teams)).map((row) => row.slug),
  )
}

export const pipelineNamed = (context: Context, slug: string): Pipeline => {
  const { pipelines } = context.state.tables
  return found(here(context, where(pipelines, 'slug', slug))[0], `pipeline "${slug}"`, () =>
    here(context, all(pipelines)).map((row) => row.slug),
  )
}

export const grantOf = ({ state }: Context, team: Team, pipeline: Pipeline): Grant | undefined =>
  where(state.tables.grants, 'pipeline', pipeline.uuid).find((row) => row.team === team.uuid)

export const personNamed = (context: Context, email: string | undefined): User => {
  const { members, users } = context.state.tables
  const member = here(context, all(members))
  const user = email === undefined ? undefined : first(users, 'email', email)
  return found(
    member.some((row) => row.user === user?.uuid) ? user : undefined,
    email === undefined ? 'person without an email' : `member "${email}"`,
    () => member.map((row) => all(users).find(({ uuid }) => uuid === row.user)?.email ?? ''),
  )
}

/** A person's uuid, by their address; somebody without an account is called what they are called. */
export const accountOf = ({ state }: Context, who: string): string =>
  first(state.tables.users, 'email', who)?.uuid ?? who
