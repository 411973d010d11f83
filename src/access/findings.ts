import { accessCodes, type AccessCode } from '../model/access-codes.js'
import type { Accept } from '../model/declared-access.js'
import type { Address } from '../model/address.js'
import type { Fact } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import { roleCodes } from '../model/role-codes.js'
import type { Span } from '../model/span.js'
import type { Assumed, Expected, Hop, QueueVerdict, Reacher } from '../model/verdict.js'
import type { Settled } from './accept.js'
import type { Border } from './borders.js'
import type { Facts } from './facts.js'
import type { Ground } from './ground.js'
import type { Judgement } from './judge.js'
import { clusterOf } from './places.js'
import type { Node } from './node.js'
import { entering, entryKey } from './role-borders.js'
import { rules } from './rules/index.js'
import { cancelling } from './unfinished.js'

/** Where something stands in the files, for facts that were read from the API. */
export type DeclaredAt = (fact: Fact) => Span | undefined

/**
 * All that a judgement has to say: what is open, what is assumed, and what is wrong with what was accepted.
 *
 * @param asked  the flags for commands on the same ground
 */
export const findingsOf = (
  { ground, queues, roles, assumed, settled }: Judgement,
  declaredAt: DeclaredAt,
  asked?: string,
): readonly Finding[] => {
  const places: readonly Place[] = [
    ...queues.map((one) => ({ on: one.queue, at: one.at, reachers: one.reachers })),
    ...roles.map((one) => ({ on: one.role, at: one.at, reachers: one.reachers })),
  ]
  return [
    ...openings(ground, places, declaredAt),
    ...gathered(assumed.filter(({ accepted }) => accepted === undefined)).map((one) =>
      assumption(one, places, ground.access.facts),
    ),
    ...acceptances(settled, places, asked),
  ]
}

/** A queue or a role that was judged. */
interface Place extends Pick<QueueVerdict, 'reachers' | 'at'> {
  readonly on: Address
}

/** A command, to be typed as it stands. */
const command = (words: string, asked = ''): string =>
  `\`bridle access ${words}${asked === '' ? '' : ` ${asked}`}\``

/** The teams that are allowed on each queue: the declared members of each are. */
const allowedTeamsIn = (borders: readonly Border[]): ReadonlyMap<string, ReadonlySet<string>> =>
  new Map(borders.map(({ on, allowed }) => [on, new Set(allowed.values())]))

/** The allowed team that somebody was put into whom the files do not have in it: what it may is in order, and they are not. */
const intrudedIn = ([first]: readonly Hop[], allowedTeams: ReadonlySet<string> | undefined) =>
  first?.facts.find(
    ({ power, of, on }) =>
      power === 'in-team' && !of.startsWith('newcomer:') && allowedTeams?.has(on) === true,
  )?.on

/** `run code on queue:a/b and assume role:c/d`. */
const deedsOn = (on: readonly Address[]): string => {
  const roles = on.filter((one) => one.startsWith('role:'))
  const queues = on.filter((one) => !one.startsWith('role:'))
  return [
    ...(queues.length > 0 ? [`run code on ${listed(queues)}`] : []),
    ...(roles.length > 0 ? [`assume ${listed(roles)}`] : []),
  ].join(', and ')
}

/** The way into a role that no file says: whatever led there, it is what is wrong. */
const unmeant = (hops: readonly Hop[], meant: ReadonlySet<string> | undefined): Hop | undefined =>
  meant &&
  hops.find(({ facts }) => facts.some((fact) => entering.has(fact.power) && !meant.has(entryKey(fact))))

/** One finding for each rule and each door that it leaves open, whoever comes through it. */
const openings = (
  { access: { facts }, borders }: Ground,
  places: readonly Place[],
  declaredAt: DeclaredAt,
): Finding[] => {
  const isAllowedOn = (on: ReadonlySet<string>) => (who: Node) =>
    borders.every((border) => !on.has(border.on) || border.allowed.has(who))
  const allowedTeams = allowedTeamsIn(borders)
  const meant = new Map(borders.map((border) => [border.on, border.meant]))
  const doors = new Map<
    string,
    { code: AccessCode; hop: Hop; team?: string; on: Set<Address>; who: Map<string, Reacher>; at: Span }
  >()
  for (const { on, reachers, at } of places)
    for (const reacher of reachers) {
      if (reacher.shortest.sureness !== 'open') continue
      const hop = unmeant(reacher.shortest.hops, meant.get(on)) ?? decisive(reacher.shortest.hops)
      const code = hop === undefined ? undefined : codeOf(hop.path)
      if (hop === undefined || code === undefined) continue
      // Whom the cluster allows is where the files have them: it is the queue that is for fewer.
      const isInside = isAllowedOn(new Set([on]))(reacher.who)
      const team = isInside ? undefined : intrudedIn(reacher.shortest.hops, allowedTeams.get(on))
      const isEverywhere = code === 'administrators' || hop.facts.some(({ power }) => power === 'teams-off')
      // A role that may write others is one door, however many those are.
      const through = code === 'role-rewriters' ? hop.from.join() : hop.to
      const key = `${code} ${isEverywhere ? '' : through} ${team ?? ''}`
      const door = doors.get(key) ?? {
        code,
        hop,
        ...(team === undefined ? {} : { team }),
        on: new Set(),
        who: new Map(),
        at,
      }
      door.on.add(on)
      if (!door.who.has(reacher.who)) door.who.set(reacher.who, reacher)
      doors.set(key, door)
    }
  return [...doors.values()].map(({ code, hop, team, on, who, at }) => {
    const first = [...who.values()][0]
    const trail = first?.shortest.hops ?? []
    const people = listed([...who.keys()])
    const can = `${people} can ${deedsOn([...on])}: `
    return {
      code,
      severity: 'error',
      where: spansOf(hop, trail, declaredAt, at),
      trail,
      ...(team === undefined
        ? { what: `${can}${hop.says}`, why: accessCodes[code].why, fix: accessCodes[code].fix }
        : {
            what: `${can}in ${team}, which is allowed, and no file has them in it`,
            why: `the declared members of ${team} are allowed, and nobody else whom somebody puts into it`,
            fix: `take ${people} out of ${team}, or declare them under teams.${team.slice('team:'.length)}.members`,
          }),
      ...(code === 'backlog' && {
        commands: cancelling(
          facts,
          hop.facts.map((fact) => fact.on),
          isAllowedOn(on),
        ),
      }),
    }
  })
}

/**
 * The hop by which a path is known: the last that has a number, but for what then holds for everybody inside. With teams
 * off no level says anything, so that is it wherever it is on the way.
 */
export const decisive = (hops: readonly Hop[]): Hop | undefined => {
  const off = hops.find(({ facts }) => facts.some(({ power }) => power === 'teams-off'))
  if (off !== undefined) return off
  const numbered = hops.filter(({ path }) => path !== 'rule')
  return numbered.findLast(({ path }) => !forAllInside.has(path)) ?? numbered.at(-1)
}

/**
 * Whoever has a job in a cluster has its queues, and its data; whoever has a trusted job or a machine has its roles: no
 * path is known by that.
 */
const forAllInside = new Set<string>(['R18', 'R19', 'R55', 'R56', 'R57'])

const codes = new Map(
  (Object.keys(accessCodes) as AccessCode[]).map((code) => [accessCodes[code].path as string, code]),
)

/** The slug of a path's finding. */
export const codeOf = (path: string): AccessCode | undefined => codes.get(path)

/** The lines that say so: those of the decisive hop first, then those of the others, then the promise itself. */
const spansOf = (hop: Hop, trail: readonly Hop[], declaredAt: DeclaredAt, promise: Span): Span[] => {
  const spans = [hop, ...trail]
    .flatMap(({ facts }) => facts)
    .flatMap((fact) => (fact.at.from === 'file' ? [fact.at.span] : (declaredAt(fact) ?? [])))
  const known = new Set<string>()
  return [...spans, promise]
    .filter((span) => {
      const place = `${span.file}:${span.line}:${span.column}`
      if (known.has(place)) return false
      known.add(place)
      return true
    })
    .slice(0, 4)
}

/** Assumptions that are told as one: where they would be accepted together, and where each of them is made. */
interface Gathered extends Assumed {
  readonly all: readonly Address[]
}

/** What is assumed of several queues of a cluster in the same words is one thing to mend, or to accept for the cluster. */
const gathered = (assumed: readonly Assumed[]): readonly Gathered[] => {
  const groups = new Map<string, Gathered>()
  for (const one of assumed) {
    const isOfQueue = one.finding === 'instance-roles' && one.at.startsWith('queue:')
    const key = `${one.finding} ${isOfQueue ? clusterOf(one.at) : one.at}`
    const known = groups.get(key)
    if (known === undefined) groups.set(key, { ...one, all: [one.at] })
    else
      groups.set(key, {
        ...known,
        at: isOfQueue ? clusterOf(one.at) : known.at,
        all: [...known.all, one.at],
        queues: [...new Set([...known.queues, ...one.queues])],
        roles: [...new Set([...(known.roles ?? []), ...(one.roles ?? [])])],
      })
  }
  return [...groups.values()]
}

const assumption = (
  { finding, at, all, queues, roles = [] }: Gathered,
  places: readonly Place[],
  facts: Facts,
): Finding => {
  const own = rules.find(({ code }) => code === finding)?.told?.(facts, at, listed(all))
  const on = [...queues, ...roles]
  const promise = places.find((one) => one.on === on[0])?.at
  const place = at === 'organization:' ? 'the organization' : at
  return {
    code: finding,
    severity: 'error',
    what:
      own?.what ?? `nothing that can be read settles, for ${place}: ${lowered(accessCodes[finding].what)}`,
    where: promise === undefined ? [] : [promise],
    why: `${listed(on)} ${on.length === 1 ? 'rests' : 'rest'} on it. ${accessCodes[finding].why}`,
    fix: own?.fix ?? accessCodes[finding].fix,
    assumes: { finding, at },
    ...(own === undefined ? {} : { whole: true }),
  }
}

const lowered = (text: string) => text.charAt(0).toLowerCase() + text.slice(1).replace(/\.$/, '')

/** Whether a path that is open, and shown as such, is what somebody has tried to accept. */
const isOpen = ({ finding, on }: Accept, places: readonly Place[]): boolean =>
  places
    .flatMap(({ reachers }) => reachers)
    .filter(({ shortest }) => shortest.sureness === 'open')
    .flatMap(({ shortest }) => shortest.hops)
    .filter(({ path }) => codeOf(path) === finding)
    .some(({ to, facts }) => to.endsWith(` ${on}`) || facts.some((fact) => fact.of === on || fact.on === on))

/** What is wrong with what the files accept. */
export const acceptances = (
  { void: voided, unbound, unused, expired }: Omit<Settled, 'by'>,
  places: readonly Place[],
  asked: string | undefined,
): Finding[] => [
  ...voided.map(({ accept, facts }): Finding => ({
    code: 'accept-void',
    severity: 'error',
    what: `what "${accept.finding}" at ${accept.on} was accepted for has changed`,
    where: [accept.at],
    why: 'an acceptance holds for the facts that somebody looked at, and those are others now',
    fix: `look at them again (${command('check', asked)}), then write \`facts: "${facts}"\``,
  })),
  ...unbound.map(({ accept, facts }): Finding => ({
    code: 'accept-without-facts',
    severity: 'warning',
    what: `"${accept.finding}" at ${accept.on} is accepted without \`facts\`, and stays so whatever changes`,
    where: [accept.at],
    why: 'whatever comes to rest on it later is covered too, and nobody will have looked',
    fix: `write \`facts: "${facts}"\` beside it, which holds for what is there now`,
  })),
  ...unused.map((accept): Finding => ({
    code: 'accept-unused',
    severity: 'error',
    what: isOpen(accept, places)
      ? `"${accept.finding}" at ${accept.on} is open, and what is open can't be accepted`
      : `nothing ${Object.hasOwn(roleCodes, accept.finding) ? 'finds' : 'assumes'} "${accept.finding}" at ${accept.on}`,
    where: [accept.at],
    why: 'an acceptance that matches nothing would settle whatever comes to match it, unseen',
    fix: `take it out, or correct \`finding\` and \`at\`: ${command('check --suggest', asked)} prints the lines that match`,
  })),
  ...expired.map((accept): Finding => ({
    code: 'accept-expired',
    severity: 'error',
    what: `"${accept.finding}" at ${accept.on} was accepted until ${accept.until}`,
    where: [accept.at],
    why: 'what nobody looks at again stays accepted for ever',
    fix: 'look at it again, and write another day',
  })),
]

/** What became of expectations that do not hold. */
export const failed = (expected: readonly Expected[], asked?: string): Finding[] =>
  expected
    .filter(({ holds }) => !holds)
    .map(({ who, can, verb, on, why, path, at }) => ({
      code: 'expectation-failed',
      severity: 'error',
      what: `${who} ${can ? 'can not' : path === undefined ? 'may be able to' : 'can'} ${verb} ${verb === 'run' && on.startsWith('queue:') ? 'on ' : ''}${on}, and ${can ? 'should' : 'should not'}`,
      where: [at],
      why,
      fix: can
        ? 'give them what it takes, or take the expectation out'
        : path === undefined
          ? 'correct the name, or apply if it was not made yet, or take the expectation out'
          : `cut the path (${command(`why ${who} ${on}`, asked)} shows where), or take the expectation out`,
      ...(path === undefined ? {} : { trail: path.hops }),
    }))

/** A few names, and how many more. */
export const listed = (names: readonly string[]): string => {
  const few = names.slice(0, 3)
  const more = names.length - few.length
  if (more > 0) return `${few.join(', ')} and ${more} more`
  return few.length < 2 ? few.join('') : `${few.slice(0, -1).join(', ')} and ${few.at(-1) ?? ''}`
}
