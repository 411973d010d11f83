import { accessThings, kinds, things, type AnyKind, type Known, type Thing } from '../kinds/index.js'
import type { Address } from '../model/address.js'
import { addressOf, keyIn, kindOf } from '../model/address.js'
import type { Change } from '../model/change.js'
import { granted, grantKey, type Fact, type Grant } from '../model/grant.js'
import type { Live } from '../model/live.js'
import type { Span } from '../model/span.js'
import type { Want, Wanted } from '../model/wanted.js'
import { withLeast, type Difference } from './diff.js'
import { differing } from './equal.js'
import { kindNamed } from './kind-named.js'
import { roleFacts } from './role-facts.js'
import { standIn, type Present, type RolesFrom } from './role-world.js'
import type { Survey } from './surveyed.js'

type Spec = Readonly<Record<string, unknown>>

/**
 * What was read of an organization says about access.
 *
 * @param wanted  where it is given, what is there just as the files have it was looked at by whoever reviewed the files,
 *   and it no longer matters who put it there
 */
export const liveFacts = (survey: Survey, wanted?: Wanted): readonly Fact[] => {
  const { live, organization } = survey
  const wants = new Map((wanted?.wants ?? []).map((want) => [want.address, want]))
  const facts = everything().flatMap((thing) =>
    (live.get(thing.name) ?? []).flatMap(({ key, spec }) => {
      const facts = factsOfLive(thing, key, spec as Spec)
      const want = wants.get(`${thing.name}:${key}`)
      return want !== undefined && isAsWanted(want, spec as Spec) ? facts.filter(isNotAboutItsMaker) : facts
    }),
  )
  const roles = roleFacts(
    { ...rolesFrom(survey), of: (kind) => (live.get(kind) ?? []) as readonly Live<Spec>[] },
    placedInIam,
  )
  return [...facts, ...roles, ...(organization.teamsEnabled ? [] : [teamsOff])]
}

/** What of a survey roles are told from, beside things by their kinds. */
export const rolesFrom = ({
  organization,
  aws,
}: Pick<Survey, 'organization' | 'aws'>): Omit<RolesFrom, 'of'> => ({
  organization,
  accounts: [...(aws?.values() ?? [])].map(({ account }) => account),
  aws,
})

const placedInIam = (grant: Grant, role: Address): Fact => ({
  ...grant,
  at: { from: 'api', address: role, field: grant.field, api: 'IAM GetAccountAuthorizationDetails' },
})

/** With teams off everybody may do everything, whatever their teams and levels say. */
const teamsOff: Fact = {
  ...granted('teams-off', 'organization:', 'organization:', 'isTeamsEnabled'),
  at: { from: 'api', address: 'organization:', field: 'isTeamsEnabled', api: 'GraphQL Organization' },
}

/** Who made a schedule decided what it starts. Nobody else's hand is told by a grant of its own. */
const isNotAboutItsMaker = ({ power }: Grant): boolean => power !== 'scheduled'

const isAsWanted = ({ kind: name, spec: written }: Want, have: Spec): boolean => {
  const kind = kindNamed(name)
  const { fields, unreadable } = differing(kind, withLeast(kind, written), have)
  const isPlanted = kind.plantable?.some((field) => written[field] === undefined && !isNothing(have[field]))
  return fields.length === 0 && unreadable.length === 0 && isPlanted !== true
}

/** Nothing that anybody chose: `HEAD` is whatever a branch has then. */
const isNothing = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === '' ||
  value === 'HEAD' ||
  (typeof value === 'object' && Object.keys(value).length === 0)

const everything = (): readonly Thing<unknown>[] => [...kinds, ...things, ...accessThings]

const factsOfLive = (thing: Thing<unknown>, key: string, spec: Spec): Fact[] =>
  (thing.grants?.(spec) ?? []).map((grant) => ({
    ...grant,
    at: { from: 'api', address: `${thing.name}:${key}`, field: grant.field, api: thing.source ?? thing.name },
  }))

/**
 * What the files say about access, judged as if they were the whole organization: with creation values for what is
 * unwritten, and with the people whom they name.
 */
export const wantedFacts = (wanted: Wanted): readonly Fact[] => [
  ...wanted.wants.flatMap((want) => {
    const kind = kindNamed(want.kind)
    // What is wanted is put there by bridle.
    return factsOfWant(kind, want, withLeast(kind, want.spec)).filter(isNotAboutItsMaker)
  }),
  ...peopleOf(wanted),
  ...wantedRoleFacts(wanted),
]

/** What the declared roles say by themselves, with everything that they name as if it were there. */
export const wantedRoleFacts = (wanted: Wanted): readonly Fact[] => {
  const known = toldOf.get(wanted)
  if (known !== undefined) return known
  const told = rolesWanted(wanted)
  toldOf.set(wanted, told)
  return told
}

/** They are asked for at every look at a plan, and take a second where there are many. */
const toldOf = new WeakMap<Wanted, readonly Fact[]>()

/** What is known where the files are all there is. */
const knownAlone = (wanted: Wanted): Known => ({
  organization: { slug: wanted.organization, uuid: standIn('organization:') },
  accounts: wanted.aws?.accounts ?? [],
  made: () => undefined,
  live: () => undefined,
  declared: (kind) => wanted.wants.filter((want) => want.kind === kind),
  now: '',
  serial: () => 0,
  appliers: new Set(),
})

/** The files with their roles as documents, in which everything that they name goes by its address. */
export const resolvedAlone = (wanted: Wanted): Wanted => {
  const known = knownAlone(wanted)
  return {
    ...wanted,
    wants: wanted.wants.map((want) => {
      const kind = kindNamed(want.kind)
      return want.kind === 'role' && kind.resolve !== undefined
        ? { ...want, spec: kind.resolve(withLeast(kind, want.spec), known) as Spec }
        : want
    }),
  }
}

const rolesWanted = (wanted: Wanted): readonly Fact[] => {
  const accounts = wanted.aws?.accounts ?? []
  if (accounts.length === 0) return []
  const known = knownAlone(wanted)
  const wants = new Map(wanted.wants.map((want) => [want.address, want]))
  const of = (name: string): readonly Present[] =>
    wanted.wants
      .filter((want) => want.kind === name)
      .map(({ key, spec }) => {
        const kind = kindNamed(name)
        const least = withLeast(kind, spec)
        return { key, spec: (kind.resolve?.(least, known) ?? least) as Spec }
      })
  return roleFacts({ organization: { slug: wanted.organization }, accounts, of }, (grant, role) => {
    const want = wants.get(role)
    return want === undefined
      ? placedInIam(grant, role)
      : placed(grant, role, want.spans[grant.field] ?? want.at)
  })
}

const factsOfWant = (kind: AnyKind, want: Want, spec: Spec): Fact[] =>
  (kind.grants?.(spec) ?? []).map((grant) =>
    placed(grant, want.address, want.spans[grant.field.split('.')[0] ?? ''] ?? want.at),
  )

const placed = (grant: Grant, address: Address, span: Span): Fact => ({
  ...grant,
  at: { from: 'file', address, span },
})

/** Everybody whom the files name is a member, and those who are trusted administer. */
const peopleOf = ({ wants, access: { trust } }: Wanted): Fact[] => {
  const organization: Address = 'organization:'
  const members = wants
    .filter(({ kind }) => kind === 'member')
    .map(({ spec, at, address }) =>
      placed(granted('belongs', addressOf('user', String(spec['user'])), organization, 'user'), address, at),
    )
  const trusted = [...trust.admins, ...(trust.automation === undefined ? [] : [trust.automation])]
  const administrators = trusted.flatMap(({ value, at }) => {
    const user = addressOf('user', value)
    return [
      placed(granted('belongs', user, organization, 'user'), user, at),
      placed(granted('administers', user, organization, 'role'), user, at),
    ]
  })
  return uniqueByKey([...members, ...administrators])
}

const uniqueByKey = (facts: readonly Fact[]): Fact[] => [
  ...new Map([...facts].reverse().map((fact) => [grantKey(fact), fact])).values(),
]

/** What a change makes of an object: its spec before and after. A map that merges does so here as well. */
export const specsOf = (kind: AnyKind, change: Change<Spec>): { before?: Spec; after?: Spec } => {
  switch (change.verb) {
    case 'create':
      return { after: change.want }
    case 'update': {
      const before = change.have.spec
      const merged = (kind.merged ?? [])
        .filter((field) => field in change.want)
        .map((field) => [field, { ...(before[field] as Spec | undefined), ...(change.want[field] as Spec) }])
      return { before, after: { ...before, ...change.want, ...(Object.fromEntries(merged) as Spec) } }
    }
    case 'remove': {
      const left: Spec | undefined = kind.left?.(change.have.spec, change.outOf) as Spec | undefined
      return { before: change.have.spec, ...(left === undefined ? {} : { after: left }) }
    }
  }
}

/** What will be said about access when all changes are carried out: what is there, with each change's object anew. */
export const factsAfter = (
  present: ReadonlyMap<Address, Live<Spec>>,
  differences: readonly Difference[],
  wanted: Wanted,
  survey: Pick<Survey, 'organization' | 'aws'>,
): readonly Fact[] => {
  const changed = new Map(differences.map((difference) => [difference.address, difference]))
  const wants = new Map(wanted.wants.map((want) => [want.address, want]))
  const byName = new Map(everything().map((thing) => [thing.name, thing]))
  const kept = [...present].flatMap(([address, { key, spec }]) => {
    if (changed.has(address)) return []
    const thing = byName.get(address.slice(0, address.indexOf(':')))
    if (thing === undefined) return []
    const facts = factsOfLive(thing, key, spec)
    const want = wants.get(address)
    return want !== undefined && isAsWanted(want, spec) ? facts.filter(isNotAboutItsMaker) : facts
  })
  const made = differences.flatMap(({ kind, address, change }) => {
    const { after } = specsOf(kind, change)
    if (after === undefined) return []
    const want = wants.get(address)
    if (want === undefined) return factsOfLive(kind, address.slice(address.indexOf(':') + 1), after)
    const facts = factsOfWant(kind, want, after)
    return isAsWanted(want, after) ? facts.filter(isNotAboutItsMaker) : facts
  })
  const roles = roleFacts({ ...rolesFrom(survey), of: thingsAfter(present, differences) }, placedInIam)
  return [...kept, ...made, ...roles, ...(survey.organization.teamsEnabled ? [] : [teamsOff])]
}

/** What there will be of a kind. */
const thingsAfter = (present: ReadonlyMap<Address, Live<Spec>>, differences: readonly Difference[]) => {
  const changed = new Map(differences.map((difference) => [difference.address, difference]))
  const found = new Map<string, Present[]>()
  const add = (address: Address, one: Present) => {
    const kind = kindOf(address)
    const known = found.get(kind)
    if (known === undefined) found.set(kind, [one])
    else known.push(one)
  }
  for (const [address, one] of present) {
    const difference = changed.get(address)
    const spec = difference === undefined ? one.spec : specsOf(difference.kind, difference.change).after
    // What is renamed goes by its new name.
    if (spec !== undefined) add(address, { key: keyIn(address), spec, id: one.id, uuid: one.uuid })
  }
  for (const { address, kind, change } of differences)
    if (!present.has(address)) {
      const { after } = specsOf(kind, change)
      if (after !== undefined) add(address, { key: keyIn(address), spec: after })
    }
  return (kind: string): readonly Present[] => found.get(kind) ?? []
}

/**
 * The grants that a change takes and gives, told one object at a time.
 *
 * @param how  `isAsWanted` where it is just as the files have it afterwards, and it no longer matters who made it
 */
export const grantsChanged = (
  kind: AnyKind,
  before: Spec | undefined,
  after: Spec | undefined,
  { isAsWanted }: { readonly isAsWanted: boolean },
): { readonly takes: readonly Grant[]; readonly gives: readonly Grant[] } => {
  const grantsOf = (spec: Spec | undefined): readonly Grant[] =>
    spec === undefined ? [] : (kind.grants?.(spec) ?? [])
  const has = grantsOf(after)
  return changedBetween(grantsOf(before), isAsWanted ? has.filter(isNotAboutItsMaker) : has)
}

/** The grants that are not there any more, and those that are new. */
export const changedBetween = (
  had: readonly Grant[],
  has: readonly Grant[],
): { readonly takes: readonly Grant[]; readonly gives: readonly Grant[] } => {
  const [hadKeys, hasKeys] = [new Set(had.map(grantKey)), new Set(has.map(grantKey))]
  return {
    takes: had.filter((grant) => !hasKeys.has(grantKey(grant))),
    gives: has.filter((grant) => !hadKeys.has(grantKey(grant))),
  }
}
