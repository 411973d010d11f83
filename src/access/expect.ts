import type { Address } from '../model/address.js'
import type { Expect } from '../model/declared-access.js'
import type { Expected, Path } from '../model/verdict.js'
import type { Border, MembersOf } from './borders.js'
import { decisive } from './findings.js'
import type { Ground } from './ground.js'
import { can, outsider, type Node } from './node.js'
import { edgesTo, pathOf, trace } from './paths.js'
import { sliceTo, surenessTo } from './reach.js'
import { never, rankOf, type Rank, type Ranks, type Sureness } from './sureness.js'

/** Somebody to try an expectation with: what they are, or are given. */
interface Somebody {
  readonly name: string
  readonly starts: readonly Node[]
}

/**
 * Holds the expectations of the files against the graph. `cannot` must hold for each known member of a team and for
 * one whose only team it is, each of whom may do what anybody on the internet may; `can`, for that one, and over what
 * was read alone.
 *
 * @param membersOf  who is known to be in a team, declared or there
 * @param people  everybody there is, by address, where that was read: the files alone name only some
 */
export const expectationsOf = (
  ground: Ground,
  expects: readonly Expect[],
  membersOf: MembersOf,
  people: ReadonlySet<string> | undefined,
): readonly Expected[] => {
  const find = pathsIn(ground)
  const named = people ?? new Set(ground.access.facts.of('belongs').map(({ of }) => of))
  return expects.map((expect) => {
    const { who, can: wanted, verb, on, at } = expect
    const isNobody = who.startsWith('user:') && !named.has(who)
    if (!isNobody) return hold(ground, expect, membersOf, find)
    if (people !== undefined)
      return { who, can: wanted, verb, on, at, holds: false, why: `there is no ${who} in the organization` }
    const held = hold(ground, expect, membersOf, find)
    return wanted
      ? held
      : { ...held, why: `${held.why}; no file names them, so the organization has to tell` }
  })
}

const hold = (ground: Ground, expect: Expect, membersOf: MembersOf, find: Find): Expected => {
  const { who, can: wanted, verb, on, at } = expect
  const said = { who, can: wanted, verb, on, at }
  const ends = endsOf(verb, on)
  if (wanted) {
    const one = hypothetical(who)
    const path = find(one, ends, undefined, 'open')
    return {
      ...said,
      holds: path !== undefined,
      why: path === undefined ? `by what is declared, ${one.name} can not` : `${one.name} ${saidOf(path)}`,
      ...(path === undefined ? {} : { path }),
    }
  }
  if (!isKnown(ground, on))
    return { ...said, holds: false, why: `${on} is not in what was read, so nothing can be said of it` }
  // A path that is open tells more than one that something assumed would have to go wrong for.
  const everybody = [...knownOf(who, membersOf), hypothetical(who)].map((one) => ({
    one: isPerson(who) ? withInternet(one) : one,
    border: borderFor(ground, one, on),
  }))
  for (const most of ['open', 'assumed'] as const)
    for (const { one, border } of everybody) {
      const path = find(one, ends, border, most)
      if (path !== undefined) return { ...said, holds: false, why: `${one.name} ${saidOf(path)}`, path }
    }
  const comes = (most: 'held' | 'accepted') =>
    everybody.some(({ one, border }) => find(one, ends, border, most) !== undefined)
  const but = comes('held')
    ? ' but what the hook holds'
    : comes('accepted')
      ? ' but over what is accepted'
      : ''
  return { ...said, holds: true, why: `there is no path${but}` }
}

/** Whether something was read at all: about what was not, the answer would be that nobody reaches it. */
const isKnown = ({ access: { facts } }: Ground, on: Address): boolean =>
  on.startsWith('queue:')
    ? facts.on('has-queue', on).length > 0
    : on.startsWith('role:')
      ? facts.on('is-role', on).length > 0
      : !on.startsWith('pipeline:') ||
        facts.from('active', on).length > 0 ||
        facts.from('archived', on).length > 0

/** The hop by which a path is known, or the last where it has no number. */
const hopOf = ({ hops }: Path) => decisive(hops) ?? hops.at(-1)

const saidOf = (path: Path): string =>
  `${hopOf(path)?.says ?? 'does'}${path.sureness === 'assumed' ? ', for all that anybody can read' : ''}`

/** What it takes to do something. Whoever builds may watch. */
const endsOf = (verb: Expect['verb'], on: Address): readonly Node[] => {
  switch (verb) {
    case 'watch':
      return [can.watch(on), can.build(on), can.edit(on)]
    case 'edit':
      return [can.edit(on)]
    case 'run':
      return on.startsWith('queue:') ? [can.run(on)] : [can.build(on), can.code(on)]
    case 'assume':
      return [can.assume(on)]
  }
}

const hypothetical = (who: string): Somebody => {
  const on = who as Address
  if (who === 'outsider') return { name: 'anybody on the internet', starts: [outsider] }
  if (who.startsWith('team:'))
    return { name: `somebody who is in ${who} alone`, starts: [can.beIn(on), can.beMember()] }
  if (who.startsWith('pipeline:')) return { name: `a job of ${who}`, starts: [can.code(on)] }
  return { name: who, starts: [who] }
}

/** A member is somebody on the internet, too. */
const withInternet = ({ name, starts }: Somebody): Somebody => ({ name, starts: [...starts, outsider] })

const isPerson = (who: string): boolean => who.startsWith('team:') || who.startsWith('user:')

const knownOf = (who: string, membersOf: MembersOf): Somebody[] =>
  who.startsWith('team:')
    ? membersOf(who.slice('team:'.length)).map((email) => ({
        name: `user:${email}`,
        starts: [`user:${email}`],
      }))
    : []

/** The border that somebody meets on the way to a queue: whom the cluster allows, the hook may keep from it. */
const borderFor = ({ borders }: Ground, { starts }: Somebody, on: Address): Border | undefined => {
  const own = borders.find((one) => one.on === on)
  const isInside = own !== undefined && starts.every((start) => own.allowed.has(start))
  return isInside ? (own.narrower ?? own) : own
}

/** Finds a path of somebody to one of some ends, over edges that are at least so sure. */
type Find = (
  one: Somebody,
  ends: readonly Node[],
  border: Border | undefined,
  most: Sureness,
) => Path | undefined

/** An end, as it is seen from a border. */
interface Aim {
  readonly ranks: Ranks
  /** How surely each node might lead there. */
  readonly perhaps: Ranks
}

/** Each end is looked at once, whoever is expected not to come there: most of them come nowhere near. */
const pathsIn = (ground: Ground): Find => {
  const { graph } = ground.access
  const known = new Map<Border | undefined, Map<number, Aim>>()
  const aimAt = (end: number, border: Border | undefined): Aim => {
    const there = known.get(border) ?? new Map<number, Aim>()
    known.set(border, there)
    const ranks =
      there.get(end)?.ranks ??
      (border === undefined ? sliceTo(graph, [end], rankIn(ground)) : ground.seenFrom(border).ranks)
    const aim = there.get(end) ?? { ranks, perhaps: surenessTo(graph, ranks, end, true) }
    there.set(end, aim)
    return aim
  }
  return ({ name, starts }, ends, border, most) => {
    const begin = starts.flatMap((start) => graph.number(start) ?? [])
    for (const end of ends.flatMap((node) => graph.number(node) ?? [])) {
      const { ranks, perhaps } = aimAt(end, border)
      if (begin.every((start) => (perhaps[start] ?? never) > rankOf(most))) continue
      const edges = edgesTo(graph, trace(graph, ranks, rankOf(most), begin), end)
      if (edges === undefined) continue
      const assumes = edges.some((n) => graph.edges[n]?.assumes !== undefined)
      return pathOf(name, edges, assumes ? 'assumed' : 'open', ground.hopOver)
    }
    return undefined
  }
}

const rankIn =
  ({ access: { graph }, settled }: Ground) =>
  (n: number): Rank => {
    const assumes = graph.edges[n]?.assumes
    if (assumes === undefined) return rankOf('open')
    return rankOf(settled.by(assumes) === undefined ? 'assumed' : 'accepted')
  }
