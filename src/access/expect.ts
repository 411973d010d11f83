import type { Address } from '../model/address.js'
import type { Expect } from '../model/declared-access.js'
import type { Expected, Path } from '../model/verdict.js'
import type { MembersOf } from './borders.js'
import type { Ground } from './ground.js'
import { can, outsider, type Node } from './node.js'
import { edgesTo, pathOf, trace } from './paths.js'
import { sliceTo } from './reach.js'
import { never, rankOf, type Rank } from './sureness.js'

/** Somebody to try an expectation with: what they are, or are given. */
interface Somebody {
  readonly name: string
  readonly starts: readonly Node[]
}

/**
 * Holds the expectations of the files against the graph. `cannot` must hold for each known member of a team and for
 * one whose only team it is; `can`, for that one, and over what was read alone.
 *
 * @param membersOf  who is known to be in a team, declared or there
 */
export const expectationsOf = (
  ground: Ground,
  expects: readonly Expect[],
  membersOf: MembersOf,
): readonly Expected[] => expects.map((expect) => hold(ground, expect, membersOf))

const hold = (ground: Ground, expect: Expect, membersOf: MembersOf): Expected => {
  const { who, can: wanted, verb, on, at } = expect
  const said = { who, can: wanted, verb, on, at }
  const ends = endsOf(verb, on)
  if (wanted) {
    const one = hypothetical(who)
    const path = pathTo(ground, one, ends, isSure(ground))
    return {
      ...said,
      holds: path !== undefined,
      why: path === undefined ? `nothing declared lets ${one.name}` : `${one.name} ${lastOf(path)}`,
      ...(path === undefined ? {} : { path }),
    }
  }
  if (!isKnown(ground, on))
    return { ...said, holds: false, why: `${on} is not in what was read, so nothing can be said of it` }
  // A path that is open tells more than one that something assumed would have to go wrong for.
  for (const most of ['open', 'assumed'] as const)
    for (const one of [...knownOf(who, membersOf), hypothetical(who)]) {
      const path = pathTo(ground, one, ends, isNotSettled(ground, one, on, most))
      if (path !== undefined) return { ...said, holds: false, why: `${one.name} ${lastOf(path)}`, path }
    }
  return { ...said, holds: true, why: 'there is no path' }
}

/** Whether something was read at all: about what was not, the answer would be that nobody reaches it. */
const isKnown = ({ access: { facts } }: Ground, on: Address): boolean =>
  on.startsWith('queue:')
    ? facts.on('has-queue', on).length > 0
    : !on.startsWith('pipeline:') ||
      facts.from('active', on).length > 0 ||
      facts.from('archived', on).length > 0

const lastOf = ({ hops, sureness }: Path): string =>
  `${hops.at(-1)?.says ?? 'does'}${sureness === 'assumed' ? ', for all that anybody can read' : ''}`

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
      return []
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

const knownOf = (who: string, membersOf: MembersOf): Somebody[] =>
  who.startsWith('team:')
    ? membersOf(who.slice('team:'.length)).map((email) => ({
        name: `user:${email}`,
        starts: [`user:${email}`],
      }))
    : []

/** Which edges count: all those that are as sure as this. */
type Counting = (edge: number) => Rank

/** Only what was read counts for a `can`. */
const isSure =
  ({ access }: Ground): Counting =>
  (n) =>
    access.graph.edges[n]?.assumes === undefined ? rankOf('open') : never

/** What is open counts against a `cannot`, and what is assumed and not accepted. */
const isNotSettled = (
  ground: Ground,
  { starts }: Somebody,
  on: Address,
  most: 'open' | 'assumed',
): Counting => {
  const { access, settled, borders } = ground
  const own = borders.find(({ queue }) => queue === on)
  // Whom the cluster allows, the hook may keep from a queue; nobody else meets the hook first.
  const isInside = own !== undefined && starts.every((start) => own.allowed.has(start))
  const border = isInside ? (own.narrower ?? own) : own
  if (border !== undefined) {
    const { ranks } = ground.seenFrom(border)
    return (n) => ((ranks[n] ?? never) <= rankOf(most) ? rankOf('open') : never)
  }
  return (n) => {
    const assumes = access.graph.edges[n]?.assumes
    if (assumes === undefined) return rankOf('open')
    return most === 'assumed' && settled.by(assumes) === undefined ? rankOf('open') : never
  }
}

const pathTo = (
  { access: { graph }, hopOver }: Ground,
  { name, starts }: Somebody,
  ends: readonly Node[],
  counting: Counting,
): Path | undefined => {
  for (const end of ends) {
    const node = graph.number(end)
    if (node === undefined) continue
    const begin = starts.flatMap((start) => graph.number(start) ?? [])
    const { ranks } = sliceTo(graph, [node], counting)
    const edges = edgesTo(graph, trace(graph, ranks, rankOf('open'), begin), node)
    if (edges === undefined) continue
    const assumes = edges.some((n) => graph.edges[n]?.assumes !== undefined)
    return pathOf(name, edges, assumes ? 'assumed' : 'open', hopOver)
  }
  return undefined
}
