import { groundOf, isSettledIn } from '../access/ground.js'
import { judge, type Judgement } from '../access/judge.js'
import { whatReaches, whoReaches, whyReaches, type IsAccepted } from '../access/ask.js'
import type { Border } from '../access/borders.js'
import { cutFor } from '../access/cut.js'
import { expectationsOf } from '../access/expect.js'
import { failed, findingsOf } from '../access/findings.js'
import { outsider } from '../access/node.js'
import { peopleIn, trustedForNothing } from '../access/people.js'
import { policyWriters } from '../access/roles/writers.js'
import type { RoleWorld } from '../access/roles/world.js'
import { ruleCards } from '../access/rules/index.js'
import { nearest } from '../config/nearest.js'
import { unknownPeople } from '../config/references.js'
import type { Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { AccessChecked, AccessWhat, AccessWho, AccessWhy, Snapshotted } from '../model/result.js'
import type { Assumed, QueueVerdict, RoleVerdict } from '../model/verdict.js'
import { liveDigest } from '../plan/digest.js'
import { wantedFacts } from '../plan/facts.js'
import { unplaced } from '../plan/finding.js'
import { scopeIn } from '../plan/survey.js'
import { allowedAt, cutsOf, editsFor } from './cuts.js'
import { declare, standInTheWay } from './declare.js'
import { lintsOf, notSaidBy } from './lints.js'
import { grounds, groundsOn, identitiesIn, readAgreeing, type AccessOptions, type Grounds } from './ground.js'
import { observedOn } from './observed.js'
import { closeIn, printSnapshot } from './snapshot.js'
import type { World } from './world.js'

export interface CheckOptions {
  /** Prints the `accept` lines for what is assumed. */
  readonly suggest: boolean
}

export interface WhoOptions {
  /** An address, as typed. */
  readonly on: string
  /** How far back to look for who really ran there. */
  readonly observedDays?: number
}

export interface WhatOptions {
  /** An address or `outsider`, as typed. */
  readonly who: string
}

export interface WhyOptions extends WhatOptions {
  readonly on: string
}

/** What was read, and the text to save. */
export interface Taken {
  readonly result: Snapshotted
  /** Missing where findings stand in the way. */
  readonly text?: string
}

/** Every rule and every expectation, on the ground that was asked for. */
export const accessCheck = async (
  world: World,
  options: AccessOptions & CheckOptions,
): Promise<AccessChecked> => {
  const found = await grounds(world, options)
  if (!('access' in found)) return unjudged(found)
  const checked = check(found, options)
  const strangers =
    found.basis.on === 'files' ? [] : unknownPeople(found.wanted, peopleIn(found.access.facts))
  return { ...checked, findings: [...checked.findings, ...strangers] }
}

const unjudged = (findings: readonly Finding[]): AccessChecked => ({
  result: 'access-check',
  queues: [],
  assumed: [],
  expected: [],
  findings,
})

/** Every rule: what it is decided from is the same for every organization, so nobody has to be asked. */
export const listRules = (): AccessChecked => ({ ...unjudged([]), rules: ruleCards })

/** The same on grounds that somebody has found already. */
export const check = (
  found: Grounds,
  { suggest, now, asked }: Pick<AccessOptions, 'now' | 'asked'> & Pick<CheckOptions, 'suggest'>,
): AccessChecked => {
  const { access, judging, basis, wanted, knownIn, declaredAt } = found
  const judgement = sparing(judge(access, judging), found)
  const isRead = basis.on !== 'files'
  const people = isRead ? peopleIn(access.facts) : undefined
  const expected = expectationsOf(judgement.ground, wanted.access.expect, knownIn, people)
  const lints = lintsOf(found.roles, wanted, judging.today, asked)
  return {
    result: 'access-check',
    basis,
    ...(asked === undefined || asked === '' ? {} : { asked }),
    queues: judgement.queues,
    ...(judgement.roles.length > 0 && { roles: judgement.roles }),
    assumed: judgement.assumed,
    expected,
    ...(suggest ? { suggestions: suggestionsFor([...judgement.assumed, ...lints.left], now) } : {}),
    findings: [
      // What the files alone say of a day that has passed, the judgement says again.
      ...found.findings.filter(({ code }) => code !== 'accept-expired'),
      ...findingsOf(judgement, declaredAt, asked),
      ...failed(expected, asked),
      ...notSaidBy(found.findings, lints.findings),
      ...(isRead ? trustedForNothing(access.facts, wanted.access.trust) : []),
    ],
  }
}

/**
 * Without what is accepted for nothing that is there, but for something that the files have: it is not there yet, or the
 * lock settles it as well.
 */
const sparing = (judgement: Judgement, { wanted, judging: { today } }: Grounds): Judgement => {
  const { unused } = judgement.settled
  if (unused.length === 0) return judgement
  const asWanted = groundsOn(wanted, { facts: wantedFacts(wanted), basis: { on: 'files' } }, today, [])
  const { settled } = groundOf(asWanted.access, { ...asWanted.judging, accepts: unused })
  return { ...judgement, settled: { ...judgement.settled, unused: settled.unused } }
}

/** Ready lines for what is assumed and not accepted: the reason is for a person to write. */
const suggestionsFor = (
  assumed: readonly (Pick<Assumed, 'at' | 'facts' | 'accepted'> & { readonly finding: string })[],
  now: string,
): string => {
  const open = assumed.filter(({ accepted }) => accepted === undefined)
  if (open.length === 0) return ''
  const until = new Date(Date.parse(now) + quarter).toISOString().slice(0, 'YYYY-MM-DD'.length)
  const lines = open.map(
    ({ finding, at, facts }) =>
      `  - { finding: ${finding}, at: "${at === 'organization:' ? 'organization' : at}", reason: "", until: ${until}, facts: "${facts}" }`,
  )
  return ['accept:', ...lines, ''].join('\n')
}

/** Three months in milliseconds: long enough to be of use, short enough to be looked at again. */
const quarter = 90 * 24 * 60 * 60 * 1000

/** Everybody who reaches something. */
export const accessWho = async (world: World, options: AccessOptions & WhoOptions): Promise<AccessWho> => {
  const on = options.on as Address
  const found = await grounds(world, options)
  if (!('access' in found)) return { result: 'access-who', on, reachers: [], findings: found }
  const unknown = unknownNames(found, [options.on])
  if (unknown.length > 0) return { result: 'access-who', on, reachers: [], findings: unknown }
  const { access, judging, basis, borders } = found
  const border = borders.find((one) => one.on === on)
  const judgement = border && judge(access, { ...judging, borders: [border] })
  const judged: (QueueVerdict | RoleVerdict) | undefined = judgement?.queues[0] ?? judgement?.roles[0]
  const all = whoReaches(access, on, allowedOn(found, on), isSettledIn(groundOf(access, judging)))
  const seen = await observedOn(found, border, options)
  return {
    result: 'access-who',
    basis,
    on,
    ...(judged && {
      verdict: judged.verdict,
      accepted: judged.accepted,
      ...('contained' in judged && judged.contained && { contained: true }),
    }),
    // Who is not allowed has been judged: the answer to one question is never another than that to all of them.
    reachers: judged ? [...judged.reachers, ...all.filter(({ allowed }) => allowed === true)] : all,
    ...(seen?.observed && { observed: seen.observed }),
    ...(found.roles?.isWanted !== true &&
      found.roles &&
      on.startsWith('queue:') && { writers: writersThere(found, found.roles) }),
    findings: [...errorsIn(found), ...(seen?.findings ?? [])],
  }
}

/** Everybody in AWS who can change what gates go by, and which of them are roles that somebody comes to from Buildkite. */
const writersThere = ({ access }: Grounds, world: RoleWorld): NonNullable<AccessWho['writers']> => {
  const known = new Map<Address, boolean>()
  const isReached = (role: Address): boolean => {
    // Whom a trust names comes from AWS: only what begins at Buildkite is told of here, and anybody at all.
    const is =
      known.get(role) ??
      whoReaches(access, role, undefined, () => false).some(
        ({ who, shortest: { hops } }) => who === outsider || hops[0]?.path !== 'R58',
      )
    known.set(role, is)
    return is
  }
  return policyWriters(world).map(({ role, ...writer }) =>
    role !== undefined && isReached(role) ? { ...writer, role } : writer,
  )
}

/** Who is allowed at a queue, by the narrowest of its borders; in a cluster, or at a pipeline, by the cluster's. */
const allowedOn = ({ access, borders }: Grounds, on: Address): Border['allowed'] | undefined => {
  const own = borders.find((one) => one.on === on)
  if (own !== undefined) return (own.narrower ?? own).allowed
  const clusters = [on, ...access.facts.from('runs-in', on).map((fact) => fact.on)]
  return borders.find(({ cluster }) => cluster !== undefined && clusters.includes(cluster))?.allowed
}

/** Everything that somebody reaches. */
export const accessWhat = async (world: World, options: AccessOptions & WhatOptions): Promise<AccessWhat> => {
  const { who } = options
  const found = await grounds(world, options)
  if (!('access' in found)) return { result: 'access-what', who, reaches: [], findings: found }
  const unknown = unknownNames(found, [who])
  if (unknown.length > 0) return { result: 'access-what', who, reaches: [], findings: unknown }
  const { access, judging, basis } = found
  return {
    result: 'access-what',
    basis,
    who,
    reaches: whatReaches(access, who, isSettledIn(groundOf(access, judging))),
    findings: errorsIn(found),
  }
}

/** More paths than these nobody reads. */
const mostPaths = 20

/** By which paths, and what would cut them. */
export const accessWhy = async (world: World, options: AccessOptions & WhyOptions): Promise<AccessWhy> => {
  const found = await grounds(world, options)
  return 'access' in found ? why(world, found, options) : noPath(options, found)
}

const noPath = ({ who, on }: WhyOptions, findings: readonly Finding[]): AccessWhy => ({
  result: 'access-why',
  who,
  on: on as Address,
  paths: [],
  rest: 0,
  roundabout: [],
  findings,
})

/** The same on grounds that somebody has found already. */
export const why = (world: Pick<World, 'files' | 'root'>, found: Grounds, options: WhyOptions): AccessWhy => {
  const { who } = options
  const on = options.on as Address
  const unknown = unknownNames(found, [who, on])
  if (unknown.length > 0) return noPath(options, unknown)
  const { access, judging, basis } = found
  const isAccepted = isSettledIn(groundOf(access, judging))
  const { paths, rest, roundabout } = whyReaches(access, who, on, isAccepted, mostPaths)
  const allowedBy = paths.length === 0 ? undefined : allowedAt(found, on).get(who)
  const cut = paths.length === 0 || allowedBy !== undefined ? undefined : cutOf(found, who, on, isAccepted)
  return {
    result: 'access-why',
    basis,
    who,
    on,
    paths,
    rest,
    roundabout,
    ...(allowedBy === undefined ? {} : { allowedBy }),
    ...(cut === undefined
      ? {}
      : { cut: { exact: cut.set.exact, ...cut.told, ...cutsOf(cut.set, found, world) } }),
    findings: errorsIn(found),
  }
}

/**
 * What would cut somebody off: from all that is not accepted; where something assumed is left in any case, from what is
 * open; and where all is accepted, from that.
 */
const cutOf = (found: Grounds, who: string, on: Address, isAccepted: IsAccepted) => {
  const editOf = editsFor(found, on)
  const cut = (leftOut: IsAccepted) => cutFor(found.access, who, on, leftOut, editOf)
  const whole = cut(isAccepted)
  if (typeof whole === 'object')
    return {
      set: whole,
      told: {
        ...(whole.isMild && { isMild: true }),
        ...(whole.leavesAccepted && { leavesAccepted: true }),
      },
    }
  const isAllAccepted = whole === 'no-path'
  const part = cut(isAllAccepted ? () => false : ({ assumes }) => assumes !== undefined)
  if (typeof part !== 'object') return undefined
  return {
    set: part,
    told: {
      ...(part.isMild && { isMild: true }),
      ...(isAllAccepted ? { ofAccepted: true } : { leavesAssumed: true }),
    },
  }
}

/** A question has one answer: what is only worth a warning is said where the whole is judged. */
const errorsIn = ({ findings }: Grounds): readonly Finding[] =>
  findings.filter(({ severity }) => severity === 'error')

/** Names that nothing was read or declared under: an answer about them would be that nobody reaches them. */
const unknownNames = (
  { access, wanted, basis, identities }: Grounds,
  names: readonly string[],
): Finding[] => {
  const known = new Set<string>([
    ...access.facts.all.flatMap(({ of, on }) => [of, on]),
    ...wanted.wants.map(({ address }) => address),
    ...(identities?.keys() ?? []),
  ])
  // Whoever holds, pushes or left is in the graph alone.
  const isSomebody = (name: string) => access.graph.number(name) !== undefined
  return names
    .filter((name) => name !== 'outsider' && !known.has(name) && !isSomebody(name))
    .map((name) => {
      const kind = name.slice(0, name.indexOf(':') + 1)
      const meant = nearest(name.slice(kind.length), keysOf(kind, [...known, ...access.graph.nodes]))
      return unplaced(
        'nothing-there',
        `there is no ${name} ${basis.on === 'files' ? 'in the files' : 'there, and none declared'}`,
        'about a misspelt name the answer would be that nobody reaches it',
        meant === undefined
          ? 'look at the spelling: queue:CLUSTER/KEY, pipeline:SLUG, team:SLUG, user:EMAIL, repository:HOST/PATH, outsider'
          : `did you mean ${kind}${meant}?`,
      )
    })
}

const keysOf = (kind: string, names: readonly string[]): string[] =>
  names.filter((name) => name.startsWith(kind)).map((name) => name.slice(kind.length))

/** Reads all that access is judged by. */
export const snapshot = async (world: World, options: { readonly now: string }): Promise<Taken> => {
  const { wanted, findings } = declare(world)
  const refused = (more: readonly Finding[]): Taken => ({
    result: { result: 'snapshot', holds: {}, findings: [...findings, ...more] },
  })
  if (wanted === undefined || standInTheWay(findings)) return refused([])
  const reading = await readAgreeing(world, wanted, options.now)
  if (!('facts' in reading)) return refused(reading)
  const { survey, facts, read, conversation } = reading
  const identities = Object.fromEntries([...identitiesIn(survey)].map(([name, { uuid }]) => [name, uuid]))
  const { slug, uuid } = survey.organization
  const live = liveDigest(survey)
  const close = closeIn(scopeIn(wanted, survey), wanted)
  return {
    text: printSnapshot({ organization: slug, uuid, read, identities, live, close }, facts),
    result: {
      result: 'snapshot',
      basis: { on: 'organization', read },
      organization: slug,
      holds: Object.fromEntries([...survey.live].map(([kind, found]) => [kind, found.length])),
      spent: conversation.spent,
      findings,
    },
  }
}
