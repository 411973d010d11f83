import { accessThings, asksFirst, closer, kinds, readClosely, things } from '../kinds/index.js'
import type { AnyKind, Asks, Organization, Scope, Sources, Thing } from '../kinds/index.js'
export type { Asks, Scope, Sources } from '../kinds/index.js'
import type { SeenAccount } from '../model/aws.js'
import type { Fact } from '../model/grant.js'
import type { Live } from '../model/live.js'
import type { Wanted } from '../model/wanted.js'
import { keyIn, kindOf, namesIn, type Address } from '../model/address.js'
import { rolesFrom, wantedRoleFacts } from './facts.js'
import { keptBy, kindNamed } from './kind-named.js'
import { grantsLeadingTo } from './role-facts.js'
import { clustersLeadingTo, judgedRoles } from './role-scope.js'
import { roleWorldOf } from './role-world.js'
import type { Survey } from './surveyed.js'
export type { Survey } from './surveyed.js'

const all = async <Spec>(thing: Thing<Spec>, reader: Sources, scope?: Scope): Promise<Live<Spec>[]> => {
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
  const declared = declaredIn(wanted)
  const known = kinds.filter(isWithin(wanted))
  if (allow.length > 0)
    return [
      ...known.filter(({ sparing, plural }) => sparing !== 'closely' || declared.has(plural)),
      ...things,
    ]
  return [
    ...known.filter(({ sparing, plural }) => sparing === undefined || declared.has(plural)),
    ...things.filter(({ name }) => named.has(name)),
  ]
}

/** What is in AWS is asked for where the files declare an account. */
const isWithin =
  ({ aws }: Wanted) =>
  ({ provider }: AnyKind): boolean =>
    provider !== 'aws' || aws !== undefined

/** The kinds that the files declare some of, by their plurals. */
const declaredIn = ({ covers }: Wanted): ReadonlySet<string> =>
  new Set([...covers].map((cover) => cover.slice(cover.lastIndexOf('/') + 1)))

/** All that a whole reading will ask. */
export const asksOf = (wanted: Wanted): Asks[] => [
  asksFirst,
  ...readings(wanted).map(({ asks: { graphql = [], rest = [] } }) => ({ graphql, rest })),
  ...sparedIn(wanted).map(({ asks: { closely = [] } }) => ({ closely })),
  ...aboutAccess(wanted).map(({ asks }) => asks),
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
  reader: Sources,
  organization: Organization,
  wanted: Wanted,
  again?: { readonly earlier: Survey; readonly kinds: ReadonlySet<string> },
  now?: string,
): Promise<Survey> => {
  const aws = await accountsOf(reader, wanted)
  const sources: Sources = { ...reader, declared: keysDeclaredIn(wanted), specs: specsDeclaredIn(wanted) }
  const earlier = (thing: Thing<unknown>) =>
    again?.kinds.has(thing.name) === false ? again.earlier.live.get(thing.name) : undefined
  const live = new Map(
    await Promise.all(
      readings(wanted).map(
        async (thing) => [thing.name, earlier(thing) ?? (await all(thing, sources))] as const,
      ),
    ),
  )
  // What is in privileged clusters, or will be, is known only when the rest has been read.
  const scope = scopeOf(wanted, { organization, live, ...(aws && { aws }) })
  const looked = await Promise.all(
    [...sparedIn(wanted), ...aboutAccess(wanted)].map(
      async (thing) => [thing.name, earlier(thing) ?? (await all(thing, sources, scope))] as const,
    ),
  )
  return {
    organization,
    live: new Map([...live, ...looked]),
    ...(aws && { aws }),
    ...(now !== undefined && { now }),
  }
}

/** Who reads in each account is asked before anything else is, so that nothing is read of a stranger's. */
const accountsOf = async ({ aws }: Sources, wanted: Wanted): Promise<Survey['aws']> => {
  if (wanted.aws === undefined) return undefined
  if (aws === undefined) throw new Error('there are AWS accounts to read, and nobody to ask')
  const identities = await Promise.all(wanted.aws.accounts.map(({ name }) => aws.identity(name)))
  return new Map(
    await Promise.all(
      wanted.aws.accounts.map(async (account, i): Promise<[string, SeenAccount]> => {
        const identity = identities[i]
        if (identity === undefined) throw new Error(`nobody asked who reads in ${account.name}`)
        const [authorization, providers] = await Promise.all([
          aws.authorization(account.name),
          aws.providers(account.name),
        ])
        return [account.name, { account, identity, authorization, providers }]
      }),
    ),
  )
}

/** What is kept for something declared is asked for like what is declared itself. */
const keysDeclaredIn = ({ wants }: Wanted) => {
  const addresses = [...wants.map(({ address }) => address), ...keptBy(wants)]
  return (kind: string) => addresses.flatMap((one) => (kindOf(one) === kind ? [keyIn(one)] : []))
}

const specsDeclaredIn = (wanted: Wanted) => (kind: string) =>
  wanted.wants.flatMap((want) => (want.kind === kind ? [want.spec] : []))

/** What a close reading tells, what is about no cluster and costs as much as all pipelines, and what costs as all agents. */
const notAgain: ReadonlySet<string> = new Set(['pipeline', 'grant', 'schedule', 'unclustered', 'host'])

/**
 * Reads again what privileged clusters hang on: people, teams, clusters, rules, tokens, unfinished builds, and of all
 * pipelines only those that are in such a cluster, come into one or start something there. The rest is as it was.
 */
export const surveyAgain = async (
  reader: Sources,
  organization: Organization,
  wanted: Wanted,
  earlier: Survey,
): Promise<Survey> => {
  const read = [...kinds, ...things, ...accessThings].map(({ name }) => name)
  const kindsAgain = new Set(read.filter((name) => !notAgain.has(name)))
  const scope = scopeOf(wanted, earlier)
  const [again, close] = await Promise.all([
    survey(reader, organization, wanted, { earlier, kinds: kindsAgain }),
    readClosely(reader, scope),
  ])
  return { ...again, live: closer(again.live, close, scope.clusters) }
}

/** What bears on access alone: read where something is privileged. */
const aboutAccess = ({ access }: Wanted): readonly Thing<unknown>[] =>
  access.allow.length > 0 ? accessThings : []

/** Kinds that nobody declares, of which only so much is read as bears on what is privileged. */
const sparedIn = (wanted: Wanted): readonly Thing<unknown>[] => {
  const declared = declaredIn(wanted)
  return wanted.access.allow.length === 0
    ? []
    : kinds.filter(({ sparing, plural }) => sparing === 'closely' && !declared.has(plural))
}

/** The names of the clusters that only some may reach, or of which only some may reach a queue. */
const privilegedIn = ({ access }: Wanted): ReadonlySet<string> =>
  new Set(access.allow.map(({ on }) => namesIn(keyIn(on))[0] ?? ''))

interface Somewhere {
  readonly cluster?: string | null
}

interface RuleSpec {
  readonly type?: string
  readonly source_pipeline?: string
  readonly target_pipeline?: string
}

/**
 * Privileged clusters, those from which a role is entered that is as privileged, the clusters from which a rule lets
 * something start builds there, and the pipelines that will come into them. Whoever has a job in a cluster may have one in any pipeline of it, so such a rule makes all of its
 * source's cluster part of the border.
 *
 * @source access model R14, R16
 */
const scopeOf = (wanted: Wanted, survey: Survey): Scope => {
  const { live } = survey
  const pipelines = (live.get('pipeline') ?? []) as readonly Live<Somewhere>[]
  return scopeAmong(
    wanted,
    pipelines.map(({ key, spec }) => ({ key, spec })),
    (live.get('rule') ?? []).map(({ spec }) => spec as RuleSpec),
    (roles) =>
      grantsLeadingTo(
        roleWorldOf({
          ...rolesFrom(survey),
          of: (kind) => (live.get(kind) ?? []) as readonly Live<Readonly<Record<string, unknown>>>[],
        }),
        roles,
      ),
    (live.get('queue') ?? []).map(({ key }) => `queue:${key}` as const),
  )
}

/** Where a reading of an organization has to have looked closely, by what it found. */
export const scopeIn = (wanted: Wanted, survey: Survey): Scope => scopeOf(wanted, survey)

/** The same, by the facts of a reading that is over. */
export const scopeByFacts = (wanted: Wanted, facts: readonly Fact[]): Scope => {
  const pipelines = facts.flatMap(({ power, of, on }) =>
    kindOf(of) === 'pipeline' && (power === 'runs-in' || power === 'unclustered')
      ? [{ key: lastIn(of), spec: { cluster: power === 'runs-in' ? lastIn(on) : null } }]
      : [],
  )
  const rules = facts.flatMap(({ power, of, on }) =>
    power === 'triggers' ? [{ source_pipeline: lastIn(of), target_pipeline: lastIn(on) }] : [],
  )
  return scopeAmong(
    wanted,
    pipelines,
    rules,
    () => facts,
    facts.flatMap(({ power, on }) => (power === 'has-queue' ? [on] : [])),
  )
}

const lastIn = (address: Address) => namesIn(keyIn(address)).at(-1) ?? ''

const scopeAmong = (
  wanted: Wanted,
  pipelines: readonly { readonly key: string; readonly spec: Somewhere }[],
  liveRules: readonly RuleSpec[],
  leadingTo: (roles: ReadonlySet<Address>) => readonly Pick<Fact, 'power' | 'of' | 'on' | 'by'>[],
  queues: readonly Address[],
): Scope => {
  const { wants } = wanted
  const clusterOf = new Map(pipelines.map(({ key, spec }) => [key, spec.cluster]))
  const clusters = new Set(privilegedIn(wanted))
  const roles = judgedRoles(wantedRoleFacts(wanted), wanted, clusters)
  if (roles.size > 0) {
    const placed = { clusterOf: (of: Address) => clusterOf.get(lastIn(of)), queues }
    for (const name of clustersLeadingTo(roles, leadingTo(roles), wanted, placed)) clusters.add(name)
  }
  const isIn = (cluster: unknown) => typeof cluster === 'string' && clusters.has(cluster)
  // What will be renamed is there under its old name.
  const named = new Set(
    wants
      .filter(({ kind, spec }) => kind === 'pipeline' && isIn(spec['cluster']))
      .flatMap(({ key, was }) => (was === undefined ? [key] : [key, was])),
  )
  for (const { kind, key, was } of wants)
    if (kind === 'cluster' && was !== undefined && clusters.has(key)) clusters.add(was)
  const rules = [
    ...liveRules,
    ...wants.filter(({ kind }) => kind === 'rule').map(({ spec }) => spec as RuleSpec),
  ].filter(({ type }) => type !== 'pipeline.artifacts_read.pipeline')
  for (let grows = true; grows;) {
    const before = clusters.size + named.size
    for (const { source_pipeline: source = '', target_pipeline: target = '' } of rules) {
      if (!named.has(target) && !isIn(clusterOf.get(target))) continue
      const cluster = clusterOf.get(source)
      if (typeof cluster === 'string') clusters.add(cluster)
      else named.add(source)
    }
    grows = clusters.size + named.size > before
  }
  return {
    clusters,
    pipelines: new Set(
      pipelines.filter(({ key, spec }) => named.has(key) && !isIn(spec.cluster)).map(({ key }) => key),
    ),
  }
}
