import { accessThings, asksFirst, closer, kinds, readClosely, things } from '../kinds/index.js'
import type { Asks, Organization, Reader, Scope, Thing } from '../kinds/index.js'
export type { Asks, Reader } from '../kinds/index.js'
import type { Live } from '../model/live.js'
import type { Wanted } from '../model/wanted.js'
import { keyIn, kindOf, namesIn } from '../model/address.js'
import { kindNamed } from './kind-named.js'

/** Everything that is there, as far as the wanted state needs to know it. */
export interface Survey {
  readonly organization: Organization
  /** By kind name. A kind that was not read is not here. */
  readonly live: ReadonlyMap<string, readonly Live<unknown>[]>
}

const all = async <Spec>(thing: Thing<Spec>, reader: Reader, scope?: Scope): Promise<Live<Spec>[]> => {
  const found: Live<Spec>[] = []
  for await (const one of thing.read(reader, scope)) found.push(one)
  return found
}

/**
 * What is read: every kind, the sparing ones where some are declared, and of the rest what something names, as people
 * are many and templates not on every plan.
 * Where something is privileged, all of it bears on the verdict.
 */
const readings = (wanted: Wanted): readonly Thing<unknown>[] => {
  const named = new Set(
    wanted.wants.flatMap(({ kind, spec }) =>
      kindNamed(kind)
        .dependencies(spec)
        .map(({ address }) => kindOf(address)),
    ),
  )
  const { allow, trust, expect } = wanted.access
  if (trust.admins.length > 0 || trust.automation || expect.some(({ who }) => who.startsWith('user:')))
    named.add('user')
  if (allow.length > 0) return [...kinds, ...things]
  const declared = new Set([...wanted.covers].map((cover) => cover.slice(cover.lastIndexOf('/') + 1)))
  return [
    ...kinds.filter(({ sparing, plural }) => sparing !== true || declared.has(plural)),
    ...things.filter(({ name }) => named.has(name)),
  ]
}

/** All that a whole reading will ask. */
export const asksOf = (wanted: Wanted): Asks[] => [
  asksFirst,
  ...[...readings(wanted), ...closely(wanted)].map(({ asks }) => asks),
]

/** How much of that is looked at closely, as far as the files say. */
export const closeIn = (wanted: Wanted): { readonly clusters: number; readonly pipelines: number } => {
  const clusters = privilegedIn(wanted)
  const pipelines = wanted.wants.filter(
    ({ kind, spec }) => kind === 'pipeline' && clusters.has(String(spec['cluster'])),
  )
  return { clusters: clusters.size, pipelines: pipelines.length }
}

/**
 * Reads the organization whole.
 *
 * @param again  an earlier survey, of which everything but some kinds is taken as it was
 */
export const survey = async (
  reader: Reader,
  organization: Organization,
  wanted: Wanted,
  again?: { readonly earlier: Survey; readonly kinds: ReadonlySet<string> },
): Promise<Survey> => {
  const earlier = (thing: Thing<unknown>) =>
    again?.kinds.has(thing.name) === false ? again.earlier.live.get(thing.name) : undefined
  const live = new Map(
    await Promise.all(
      readings(wanted).map(
        async (thing) => [thing.name, earlier(thing) ?? (await all(thing, reader))] as const,
      ),
    ),
  )
  // What is in privileged clusters, or will be, is known only when the rest has been read.
  const scope = scopeOf(wanted, live)
  const looked = await Promise.all(
    closely(wanted).map(
      async (thing) => [thing.name, earlier(thing) ?? (await all(thing, reader, scope))] as const,
    ),
  )
  return { organization, live: new Map([...live, ...looked]) }
}

/** What a close reading tells, and what is about no cluster and costs as much as all pipelines. */
const notAgain: ReadonlySet<string> = new Set(['pipeline', 'grant', 'schedule', 'unclustered'])

/**
 * Reads again what privileged clusters hang on: people, teams, clusters, rules, tokens, unfinished builds, and of all
 * pipelines only those that are in such a cluster, come into one or start something there. The rest is as it was.
 */
export const surveyAgain = async (
  reader: Reader,
  organization: Organization,
  wanted: Wanted,
  earlier: Survey,
): Promise<Survey> => {
  const read = [...kinds, ...things, ...accessThings].map(({ name }) => name)
  const kindsAgain = new Set(read.filter((name) => !notAgain.has(name)))
  const scope = scopeOf(wanted, earlier.live)
  const [again, close] = await Promise.all([
    survey(reader, organization, wanted, { earlier, kinds: kindsAgain }),
    readClosely(reader, scope),
  ])
  return { organization, live: closer(again.live, close, scope.clusters) }
}

/** What bears on access alone: read where something is privileged. */
const closely = ({ access }: Wanted): readonly Thing<unknown>[] =>
  access.allow.length > 0 ? accessThings : []

/** The names of the clusters that only some may reach, or of which only some may reach a queue. */
const privilegedIn = ({ access }: Wanted): ReadonlySet<string> =>
  new Set(access.allow.map(({ on }) => namesIn(keyIn(on))[0] ?? ''))

/** Privileged clusters, the pipelines that will come into them, and those that a rule lets start something there. */
const scopeOf = (wanted: Wanted, live: Survey['live']): Scope => {
  const { wants } = wanted
  const clusters = privilegedIn(wanted)
  const pipelines = (live.get('pipeline') ?? []) as readonly Live<{ cluster?: string | null }>[]
  const isPrivileged = (cluster: unknown) => typeof cluster === 'string' && clusters.has(cluster)
  const comingIn = new Set(
    wants
      .filter(({ kind, spec }) => kind === 'pipeline' && isPrivileged(spec['cluster']))
      .map(({ key }) => key),
  )
  const sources = new Set(
    [...(live.get('rule') ?? []), ...wants.filter(({ kind }) => kind === 'rule')].map(
      ({ spec }) => (spec as { source_pipeline?: string }).source_pipeline,
    ),
  )
  return {
    clusters,
    pipelines: new Set(
      pipelines
        .filter(({ key, spec }) => !isPrivileged(spec.cluster) && (comingIn.has(key) || sources.has(key)))
        .map(({ key }) => key),
    ),
  }
}
