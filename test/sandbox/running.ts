import { idOf } from '../../src/sandbox/ids.js'
import type { State } from '../../src/sandbox/state.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { all, get, where, type Row } from '../../src/sandbox/table.js'
import { act, type Done } from '../../src/sandbox/world/act.js'
import { happen, type Event } from '../../src/sandbox/world/happen.js'
import { innocent, reached } from '../../src/sandbox/world/reached.js'
import { settle, type Settling } from '../../src/sandbox/world/settle.js'
import { begun, now } from './world.js'

/** An organization as `begun` makes it, in which nobody has had a hand in anything yet. */
export const fresh = (...lines: readonly string[]): State => innocent(begun(...lines))

type Tables = State['tables']
type RowIn<Name extends keyof Tables> = Tables[Name]['rows'] extends Map<string, infer R> ? R : never

/** The one row whose name, slug, key, label, email or description this is. */
export const rowOf = <Name extends keyof Tables>(state: State, table: Name, name: string): RowIn<Name> => {
  const rows = all<Row & Record<string, unknown>>(state.tables[table] as never)
  const found = rows.filter((one) =>
    ['slug', 'name', 'key', 'label', 'email', 'description'].some((field) => one[field] === name),
  )
  if (found.length !== 1) throw new Error(`${found.length} rows of ${table} are called ${name}`)
  return found[0] as never
}

export const uuidOf = (state: State, table: keyof Tables, name: string): string =>
  rowOf(state, table, name).uuid

const types = {
  pipelines: 'Pipeline',
  teams: 'Team',
  users: 'User',
  clusters: 'Cluster',
  queues: 'ClusterQueue',
  organizations: 'Organization',
} as const

export const idIn = (state: State, table: keyof typeof types, name: string): string =>
  idOf(types[table], uuidOf(state, table, name))

const stateOf = (done: Done): State => {
  if ('refused' in done) throw new Error(done.refused)
  return done.state
}

/** `cat` is cat@acme.test; what is no member is whoever it says. */
export const person = (state: State, name: string): string =>
  all(state.tables.users).find(({ email }) => email === `${name}@acme.test`)?.uuid ?? name

/** Somebody asks for something, and gets it. */
export const acts = (
  state: State,
  who: string,
  name: string,
  input: Readonly<Record<string, unknown>> = {},
  switches: Partial<Switches> = {},
): State => stateOf(act(state, { as: person(state, who), now, switches }, name, input))

/** What is said to somebody who asks and is refused; nothing, if they are not. */
export const refusal = (
  state: State,
  who: string,
  name: string,
  input: Readonly<Record<string, unknown>> = {},
  switches: Partial<Switches> = {},
): string | undefined => {
  const done = act(state, { as: person(state, who), now, switches }, name, input)
  return 'refused' in done ? done.refused : undefined
}

export const happens = (state: State, event: Event, switches: Partial<Switches> = {}): State =>
  stateOf(happen(state, event, { now, switches }))

export const refusedEvent = (
  state: State,
  event: Event,
  switches: Partial<Switches> = {},
): string | undefined => {
  const done = happen(state, event, { now, switches })
  return 'refused' in done ? done.refused : undefined
}

export const settled = (state: State, how: Partial<Settling> = {}): State => settle(state, { now, ...how })

/** Agents take what waits; nobody starts anything. */
export const worked = (state: State, how: Partial<Settling> = {}): State =>
  settle(state, { now, ordinary: false, ...how })

/** Jobs of a pipeline, in the order of making: `command state queue`. */
export const jobsOf = (state: State, slug: string): string[] =>
  where(state.tables.jobs, 'pipeline', uuidOf(state, 'pipelines', slug)).map((job) => {
    const queue = get(state.tables.queues, job.queue)?.key
    return [job.command ?? job.type.toLowerCase(), job.state.toLowerCase(), ...(queue ? [queue] : [])].join(
      ' ',
    )
  })

export const buildsOf = (state: State, slug: string) =>
  where(state.tables.builds, 'pipeline', uuidOf(state, 'pipelines', slug))

/** Who came to which queue, by their names: `{ 'ios/m2': 'cat: env start' }`. */
export const came = (state: State): Record<string, string> => {
  const nameOf = (principal: string) =>
    get(state.tables.users, principal)?.email.replace('@acme.test', '') ?? principal
  return Object.fromEntries(
    [...reached(state)].map(([queue, labels]) => {
      const ways = new Map<string, string[]>()
      for (const [way, hands] of Object.entries(labels))
        for (const hand of hands) ways.set(hand, [...(ways.get(hand) ?? []), way])
      const said = [...ways].map(([hand, all]) => `${nameOf(hand)}: ${all.sort().join(' ')}`)
      return [queue, said.sort().join(', ')]
    }),
  )
}

/** Names only. */
export const whoCame = (state: State): Record<string, string> =>
  Object.fromEntries(
    Object.entries(came(state)).map(([queue, said]) => [queue, said.replace(/: [^,]*/g, '')]),
  )

/** A pipeline's steps, set by nobody in particular. */
export const withSteps = (state: State, slug: string, steps: string): State =>
  innocent(
    stateOf(
      act(state, { as: person(state, 'ada'), now }, 'PATCH /pipelines/:pipeline', {
        params: { pipeline: slug },
        body: { configuration: steps },
      }),
    ),
  )

/** What is in a repository, put there by nobody in particular. */
export const withFiles = (
  state: State,
  repository: string,
  files: Readonly<Record<string, string>>,
  branch = 'main',
): State => innocent(happens(state, { event: 'push', repository, branch, by: 'nobody', files, quiet: true }))
