import { deltaOf } from '../access/delta.js'
import { decisive, listed } from '../access/findings.js'
import type { Judging } from '../access/ground.js'
import { judge } from '../access/judge.js'
import { clusterOf } from '../access/places.js'
import { canReadIn, everyOne, toRotate } from '../access/leaving.js'
import { atStake, beyondAll, staysWithin, type State } from '../access/safety.js'
import { accessCodes } from '../model/access-codes.js'
import { addressOf, keyIn, type Address } from '../model/address.js'
import { cancelling } from '../access/unfinished.js'
import type { Fact } from '../model/grant.js'
import type { Finding } from '../model/finding.js'
import type { AccessDelta, Gain } from '../model/plan.js'
import type { Span } from '../model/span.js'
import type { Path, QueueVerdict, Reacher, RoleVerdict } from '../model/verdict.js'
import type { Wanted } from '../model/wanted.js'
import { unplaced } from '../plan/finding.js'
import type { Look } from '../plan/make.js'
import { check } from './access.js'
import { footholds } from './footholds.js'
import { groundsOn, type Grounds } from './ground.js'
import { gatesAround } from './held.js'

/** What a person has agreed to, as far as access goes. */
export interface Agreed {
  /** Somebody may gain what the plan says that they gain. */
  readonly allowWidening?: boolean
  /** Whether a lock keeps every privileged name. */
  readonly locked?: boolean
  /** Who was allowed once, as the lock remembers. */
  readonly left?: readonly Fact[]
  /** The flags that it is asked with: commands that findings name repeat them. */
  readonly asked?: string | undefined
}

/** Why a plan is looked at: to be shown, to be carried out, or to see what has drifted. */
export type Purpose = 'plan' | 'apply' | 'drift'

/** A look at a plan, and what it remembers for the apply of the plan. */
export interface Looking {
  readonly look: Look
  /**
   * Proves that nobody reaches a queue or a role who neither did before the plan nor would after it.
   *
   * @param now   what is there
   * @param then  what will be there when the rest of the plan has been carried out: who puts something where it will come
   *   along reaches nothing yet
   * @returns why not
   */
  prove(now: readonly Fact[], then: readonly Fact[], place: Address): string | undefined
  /**
   * Who reaches a queue for certain when a plan has been carried out, and should not.
   *
   * @param isWhole  whether all of it was: then whoever was there before it should be gone
   * @returns what to say of each queue, or of all that the same people reach
   */
  beyond(now: readonly Fact[], isWhole: boolean): readonly string[]
  /**
   * Whoever reaches a privileged cluster and is not allowed to, could read there what lets anybody in, and does not reach
   * it after the plan: emails, by cluster. They know as much as whoever was allowed.
   */
  leavers(): ReadonlyMap<Address, readonly string[]>
}

/** How a plan is looked at where the files make something privileged; nothing where they do not. */
export const looking = (
  wanted: Wanted,
  now: string,
  purpose: Purpose,
  agreed: Agreed = {},
): Looking | undefined => {
  if (wanted.access.allow.length === 0) return undefined
  let seen: { readonly before: State; readonly after: State } | undefined
  let leavers: ReadonlyMap<Address, readonly string[]> = new Map()
  const groundsFor = (facts: readonly Fact[]) =>
    groundsOn(
      wanted,
      { facts: [...facts, ...(agreed.left ?? [])], basis: { on: 'plan' }, locked: agreed.locked ?? false },
      now,
      [],
    )
  return {
    look: (before, after, onTheWay, there) => {
      const is = groundsFor(before)
      const willBe = groundsFor(after)
      const gates = gatesAround(wanted, there)
      const judging = {
        before: { ...is.judging, ...gates.before },
        after: { ...willBe.judging, ...gates.after },
      }
      seen = {
        before: { access: is.access, judging: judging.before },
        after: { access: willBe.access, judging: judging.after },
      }
      const delta = deltaOf({ before: is.access, after: willBe.access, judging })
      leavers = leaversBy(delta, is)
      const told = purpose === 'drift' ? is : willBe
      const { findings } = check(told, {
        suggest: false,
        now,
        ...(agreed.asked !== undefined && { asked: agreed.asked }),
      })
      const { queues, roles } = judge(willBe.access, willBe.judging)
      const left = footholds(delta, { before, after }, willBe.borders, wanted)
      const leftIn = new Set(left.map(({ cluster }) => cluster))
      return {
        delta,
        open: new Set([
          ...queues.filter(({ verdict }) => verdict === 'open').map(({ queue }) => queue),
          ...willBe.borders
            .filter(({ cluster }) => cluster !== undefined && leftIn.has(cluster))
            .map(({ on }) => on),
        ]),
        stakes: atStake(is.access, willBe.access, onTheWay, judging),
        findings:
          purpose === 'drift'
            ? findings
            : [
                ...opened(delta, willBe, queues, 'the plan'),
                ...openedRoles(delta, willBe, roles, 'the plan'),
                ...widened(delta, purpose, agreed),
                ...left.map(({ finding }) => finding),
                // The files alone have said which days have passed.
                ...findings.filter(({ code }) => code !== 'accept-expired').map(asTold),
                ...leaving(leavers, is, agreed.left ?? []),
              ],
      }
    },
    leavers: () => leavers,
    prove: (facts, then, queue) => {
      if (seen === undefined) return undefined
      for (const [when, some] of [
        ['can reach', facts],
        ['would come to reach', then],
      ] as const) {
        const is = groundsFor(some)
        const strangers = staysWithin(some, [seen.before, seen.after], judgedAs(seen.after, is), queue)
        const [first] = strangers
        if (first === undefined) continue
        const path = reachersOf(is, queue).find(({ who }) => who === first)?.shortest
        return `${listed(strangers)} ${when} ${queue}, and could not before${byWhat(path)}`
      }
      return undefined
    },
    beyond: (facts, isWhole) => {
      if (seen === undefined) return []
      const is = groundsFor(facts)
      const others = isWhole ? [seen.after] : [seen.before, seen.after]
      const found = beyondAll(facts, others, judgedAs(seen.after, is))
      if (found.size === 0) return []
      const alike = new Map<string, Address[]>()
      for (const [queue, who] of found)
        alike.set(who.join('\n'), [...(alike.get(who.join('\n')) ?? []), queue])
      return [...alike].map(([names, on]) => {
        const who = names.split('\n')
        const path = on[0] && reachersOf(is, on[0]).find((reacher) => reacher.who === who[0])?.shortest
        return `${listed(who)} can reach ${listed(on)}, and ${isWhole ? 'should not after the plan' : 'could not before'}${byWhat(path)}`
      })
    },
  }
}

/** What is there now is judged by what gates go by around the plan. */
const judgedAs = ({ judging: { gates, lax } }: State, { judging }: Grounds): Judging => ({
  ...judging,
  ...(gates && { gates }),
  ...(lax && { lax }),
})

/** Who reaches a queue or a role and is not allowed to. */
const reachersOf = ({ access, judging, borders }: Grounds, place: Address): readonly Reacher[] => {
  const own = borders.filter(({ on }) => on === place)
  const { queues, roles } = judge(access, { ...judging, borders: own })
  return [...queues, ...roles].flatMap(({ reachers }) => reachers)
}

/** The hop by which a path is known, after a colon. */
const byWhat = (path: Path | undefined): string => {
  const hop = path === undefined ? undefined : decisive(path.hops)
  return hop === undefined ? '' : `: ${hop.says} (${hop.to})`
}

const leaversBy = ({ losses }: AccessDelta, { access, judging, wanted }: Grounds) => {
  const found = new Map<Address, string[]>()
  const lost = losses.filter(({ who, can }) => can === undefined && who.startsWith('user:'))
  if (lost.length === 0) return found
  const { queues } = judge(access, judging)
  for (const { who, on } of lost) {
    const reacher = queues.find(({ queue }) => queue === on)?.reachers.find((one) => one.who === who)
    if (reacher?.shortest.sureness !== 'open') continue
    const cluster = clusterOf(on)
    const teams = new Set(
      wanted.access.allow
        .filter((allow) => allow.on === on || allow.on === cluster)
        .flatMap((allow) => allow.teams.map(({ value }) => addressOf('team', value))),
    )
    if (!canReadIn(access.facts, cluster, who as Address, teams)) continue
    const known = found.get(cluster) ?? []
    found.set(cluster, [...new Set([...known, who.slice('user:'.length)])])
  }
  return found
}

/** Those of whom the lock does not know yet that they leave: from the next reading on it is assumed of them, too. */
const leaving = (
  leavers: ReadonlyMap<Address, readonly string[]>,
  { access }: Grounds,
  left: readonly Fact[],
): Finding[] =>
  [...leavers].flatMap(([cluster, emails]): Finding[] => {
    const who = emails
      .map((email) => addressOf('user', email))
      .filter((user) => !left.some(({ of, on }) => of === user && on === cluster))
    const rotate = toRotate(access.facts, cluster)
    if (who.length === 0 || rotate === '') return []
    return [
      {
        ...unplaced(
          'former-members',
          `the plan takes ${everyOne(who)} out of ${cluster}, and ${who.length === 1 ? 'that person keeps' : 'they keep'} what could be read there`,
          accessCodes['former-members'].why,
          `after the apply, ${rotate}; then take ${who.length === 1 ? 'the name' : 'their names'} out of \`left\` in bridle.lock.yaml by hand`,
        ),
        severity: 'warning',
      },
    ]
  })

/** What is assumed is for a verdict to fail on; a plan says it, and goes on. */
const asTold = (finding: Finding): Finding =>
  finding.assumes === undefined && !finding.code.startsWith('accept-')
    ? finding
    : { ...finding, severity: 'warning' }

/**
 * What a change opens, by the facts after it.
 *
 * @param by  what does it: `the plan`
 */
export const openings = (delta: AccessDelta, after: Grounds, by: string): Finding[] => {
  const { queues, roles } = judge(after.access, after.judging)
  return [...opened(delta, after, queues, by), ...openedRoles(delta, after, roles, by)]
}

/** One finding for all queues of a border that the same people come to. */
const opened = (
  { opens, gains }: AccessDelta,
  ground: Grounds,
  queues: readonly QueueVerdict[],
  by: string,
): Finding[] => {
  const { allow } = ground.wanted.access
  const found = new Map<string, { readonly opening: Opening; readonly on: Address[] }>()
  for (const queue of opens.filter((on) => !isRole(on))) {
    const opening = openingOf(queue, gains, queues)
    const at = (allow.find(({ on }) => on === queue) ?? allow.find(({ on }) => holds(on, queue)))?.at
    const key = [at?.file, at?.line, ...opening.who].join(' ')
    const known = found.get(key)
    if (known === undefined) found.set(key, { opening: { ...opening, ...(at && { at }) }, on: [queue] })
    else known.on.push(queue)
  }
  return [...found.values()].map(({ opening, on }) => told(opening, on, ground, by))
}

const isRole = (on: Address): boolean => on.startsWith('role:')

/** One finding for all roles that the same people come to. */
const openedRoles = (
  { opens, gains }: AccessDelta,
  { borders }: Grounds,
  roles: readonly RoleVerdict[],
  by: string,
): Finding[] => {
  const found = new Map<string, { readonly opening: Opening; readonly on: Address[] }>()
  for (const role of opens.filter(isRole)) {
    const who = strangersOn(role, gains)
    const judged = roles.find((one) => one.role === role)?.reachers.find(isOpen)
    const path = who.flatMap(({ paths }) => paths)[0] ?? judged?.shortest
    const at = borders.find(({ on }) => on === role)?.at
    const opening = { who: who.map((one) => one.who), path, ...(at && { at }) }
    const key = opening.who.join(' ')
    const known = found.get(key)
    if (known === undefined) found.set(key, { opening, on: [role] })
    else known.on.push(role)
  }
  return [...found.values()].map(({ opening: { who, path, at }, on }) => ({
    code: 'opens-role',
    severity: 'error',
    what:
      who.length > 0
        ? `${by} would let ${listed(who)} assume ${listed(on)}, whom nothing allows`
        : `${by} would add to the ways in which ${listed(on)} ${on.length === 1 ? 'is' : 'are'} open`,
    where: at === undefined ? [] : [at],
    why: 'a plan that opens is refused whatever the flags: what it lets in could be used before anybody looks',
    fix: 'take out the change that lets them in, or allow them at the cluster of the queue that leads to it',
    ...(path === undefined ? {} : { trail: path.hops }),
  }))
}

/** Those who come to something by a plan, for certain, and whom nothing allows. */
const strangersOn = (place: Address, gains: AccessDelta['gains']) =>
  gains.filter(
    ({ on, by, paths }) =>
      on === place && by === undefined && paths.some(({ sureness }) => sureness === 'open'),
  )

const isOpen = ({ allowed, shortest }: Reacher): boolean => allowed !== true && shortest.sureness === 'open'

const holds = (cluster: Address, queue: Address) => queue.startsWith(`queue:${keyIn(cluster)}/`)

/** Who would be let onto a queue, and how the first of them comes there. */
interface Opening {
  readonly who: readonly string[]
  readonly path?: Path | undefined
  readonly at?: Span
}

const openingOf = (queue: Address, gains: AccessDelta['gains'], queues: readonly QueueVerdict[]): Opening => {
  const strangers = strangersOn(queue, gains)
  if (strangers.length > 0)
    return { who: strangers.map(({ who }) => who), path: strangers.flatMap(({ paths }) => paths)[0] }
  // Where nobody gains, what is there already is let go: what waits in a queue that was paused.
  const waiters = (queues.find((one) => one.queue === queue)?.reachers ?? []).filter(
    ({ allowed, shortest }) => !allowed && shortest.sureness === 'open' && waitsIn(shortest) !== undefined,
  )
  return { who: waiters.map(({ who }) => who), path: waiters[0]?.shortest }
}

const told = ({ who, path, at }: Opening, on: readonly Address[], ground: Grounds, by: string): Finding => {
  const waiting = path && waitsIn(path)
  if (waiting !== undefined && path !== undefined) return backlog(on, ground, path, at)
  return {
    code: 'opens-queue',
    severity: 'error',
    what:
      who.length > 0
        ? `${by} would let ${listed(who)} onto ${listed(on)}, whom nothing allows`
        : `${by} would add to the ways in which ${listed(on)} ${on.length === 1 ? 'is' : 'are'} open`,
    where: at === undefined ? [] : [at],
    why: 'a plan that opens is refused whatever the flags: what it lets in could be used before anybody looks',
    fix: 'take out the change that lets them in, or allow them',
    ...(path === undefined ? {} : { trail: path.hops }),
  }
}

const waitsIn = (path: Path) => path.hops.find((hop) => hop.path === 'R49')

/** What waits runs as it was made: it is cancelled before it may come in, and not closed out afterwards. */
const backlog = (
  on: readonly Address[],
  { access: { facts }, borders }: Grounds,
  path: Path,
  at: Span | undefined,
): Finding => {
  const own = borders.filter((border) => on.includes(border.on))
  const pipelines = own.flatMap(({ cluster }) =>
    cluster === undefined ? [] : facts.on('runs-in', cluster).map(({ of }) => of),
  )
  const commands = cancelling(facts, pipelines, (who) => own.every(({ allowed }) => allowed.has(who)))
  const who = [...new Set(commands.map(({ about }) => about))]
  return {
    code: 'backlog-waits',
    severity: 'error',
    what: `${commands.length === 1 ? 'a build' : `${commands.length} builds`} that ${listed(who)} had a hand in would go on on ${listed(on)}`,
    where: at === undefined ? [] : [at],
    why: 'they run as soon as they can, with what was decided when they were made',
    fix: `cancel ${commands.length === 1 ? 'it' : 'them'}, then run this again`,
    trail: path.hops,
    commands,
  }
}

/** `run on queue:a/b`, `assume role:a/b`, `edit pipeline:web`, `create pipelines`. */
const deed = ({ can = 'run', on }: Gain): string => {
  if (can === 'run') return `run on ${on}`
  if (on !== 'organization:') return `${can} ${on}`
  return can === 'administer' ? 'administer the organization' : can
}

const widened = (delta: AccessDelta, purpose: Purpose, { allowWidening = false }: Agreed): Finding[] => {
  if (!delta.widens || allowWidening || delta.opens.length > 0) return []
  const gains = delta.gains.map((gain) => `${gain.who} may ${deed(gain)}`)
  const finding = unplaced(
    'widens-access',
    `the plan gives access away: ${listed(gains)}`,
    'a yes to a long plan is easily given, so this takes a second word',
    'read the access part of the plan, and pass --allow-widening if it is meant',
  )
  return [purpose === 'plan' ? { ...finding, severity: 'warning' } : finding]
}
