import type { Address } from '../model/address.js'
import { comesAndGoes, grantKey, type Fact } from '../model/grant.js'
import { accessOf, type Access } from './access.js'
import type { Border } from './borders.js'
import { whoComes } from './coming.js'
import type { Graph } from './graph.js'
import { groundOf, type Judging } from './ground.js'
import { reachesOf, type QueueReach } from './judge.js'
import type { Node } from './node.js'
import { isWithin, trace } from './paths.js'
import { edgesIn, sliceTo } from './reach.js'
import { never, rankOf, type Sureness } from './sureness.js'

/** What an order of calls has to heed for one privileged queue or role. */
export interface AtStake {
  readonly on: Address
  /** The grants, by key, over which somebody who is not allowed could come on the way. */
  readonly grants: ReadonlySet<string>
  /** Those of them that are there before the plan, and those that are there after it. */
  readonly before: ReadonlySet<string>
  readonly after: ReadonlySet<string>
  /**
   * Whether everybody who reaches it with some of these grants reaches it before the plan or after it, too, and
   * as surely.
   *
   * @param there  which of the grants there are
   */
  readonly isSafe: (there: ReadonlySet<string>) => boolean
}

/**
 * What is at stake while a plan is carried out. Halfway there can be any mixture of what is and what will be; in the
 * mixture of all of it together, whoever is not allowed and comes nowhere near a queue comes there in none.
 *
 * @param onTheWay  what some call gives, perhaps only for another to take it again
 */
export const atStake = (
  before: Access,
  after: Access,
  onTheWay: readonly Fact[],
  judging: { readonly before: Judging; readonly after: Judging },
): readonly AtStake[] => {
  const mixed = accessOf(uniqueByKey([...before.facts.all, ...after.facts.all, ...onTheWay]))
  const borders = bothBorders(judging.before.borders, judging.after.borders)
  const ground = groundOf(mixed, { ...judging.after, borders })
  const reachedBefore = peopleBy(before, { ...judging.before, borders })
  const reachedAfter = peopleBy(after, { ...judging.after, borders })
  return reachesOf(ground, borders).map((one) => {
    const { border } = one
    const facts = factsInReach(mixed.graph, one)
    const may = [reachedBefore, reachedAfter].map((reached) => reached.get(border.on))
    // A queue is let go last of all: what waits for it runs at once.
    const grants = new Set([...facts, ...mixed.facts.from('dispatches', border.on)].map(grantKey))
    return {
      on: border.on,
      grants,
      before: keysIn(before, grants),
      after: keysIn(after, grants),
      isSafe: (there) => {
        const kept = mixed.facts.all.filter((fact) => {
          const key = grantKey(fact)
          return !grants.has(key) || there.has(key)
        })
        const now = peopleBy(accessOf(kept), { ...judging.after, borders: [border] }).get(border.on)
        return strangersIn(now, may, border).length === 0
      },
    }
  })
}

/** Everything that bears on how somebody who is not allowed, and comes to a queue, could come there. */
const factsInReach = (graph: Graph, one: QueueReach): readonly Fact[] => {
  const { border, end, seen } = one
  const most = rankOf('assumed')
  const strangers = whoComes(graph, one, most).filter((who) => !border.allowed.has(who))
  if (end === undefined || strangers.length === 0) return []
  const walked = trace(
    graph,
    seen.ranks,
    most,
    strangers.flatMap((who) => graph.number(who) ?? []),
  )
  const ranks = sliceTo(graph, [end], (n) => {
    const rank = seen.ranks[n] ?? never
    return rank <= most && isWithin(graph, walked, n) ? rank : never
  })
  return edgesIn(ranks).flatMap((n) => graph.edges[n]?.facts ?? [])
}

const keysIn = ({ facts }: Access, grants: ReadonlySet<string>): ReadonlySet<string> =>
  new Set(facts.all.map(grantKey).filter((key) => grants.has(key)))

const uniqueByKey = (facts: readonly Fact[]): readonly Fact[] => [
  ...new Map([...facts].reverse().map((fact) => [grantKey(fact), fact])).values(),
]

const bothBorders = (before: readonly Border[], after: readonly Border[]): readonly Border[] => [
  ...new Map([...before, ...after].map((border) => [border.on, border])).values(),
]

/** Whoever reaches a queue: for certain, and where nobody has accepted what it would take, perhaps. */
interface People {
  readonly open: ReadonlySet<Node>
  readonly assumed: ReadonlySet<Node>
}

const peopleBy = (access: Access, judging: Judging): ReadonlyMap<Address, People> => {
  const { graph } = access
  const coming = (one: QueueReach, sureness: Sureness) =>
    new Set(one.end === undefined ? [] : whoComes(graph, one, rankOf(sureness)))
  return new Map(
    reachesOf(groundOf(access, judging), judging.borders).map((one) => [
      one.border.on,
      { open: coming(one, 'open'), assumed: coming(one, 'assumed') },
    ]),
  )
}

/** Those who reach a queue, are not allowed, and in none of other states reach it as surely. */
const strangersIn = (
  now: People | undefined,
  others: readonly (People | undefined)[],
  { allowed }: Border,
  surenesses: readonly (keyof People)[] = ['open', 'assumed'],
): readonly Node[] => [
  ...new Set(
    surenesses.flatMap((sureness) =>
      [...(now?.[sureness] ?? [])].filter(
        (who) => !allowed.has(who) && !others.some((other) => other?.[sureness].has(who) === true),
      ),
    ),
  ),
]

/** Agents come and go by themselves: that one has connected meanwhile says nothing about anybody. */
const lasting = (facts: readonly Fact[]): readonly Fact[] =>
  facts.filter(({ power }) => !comesAndGoes.has(power))

/** Who reaches a queue now that neither reached it before, nor would after. Asked at a barrier, of what is there. */
export const staysWithin = (
  now: readonly Fact[],
  before: Access,
  after: Access,
  judging: Judging,
  queue: Address,
): readonly Node[] => {
  const border = judging.borders.find(({ on }) => on === queue)
  if (border === undefined) return []
  const one = { ...judging, borders: [border] }
  const others = [before, after].map((access) => peopleBy(access, one).get(queue))
  return strangersIn(peopleBy(accessOf(lasting(now)), one).get(queue), others, border)
}

/**
 * Who reaches which queue now for certain, and in neither of two other states: the queues of which there are some. What
 * somebody assumes counts in none of them: there is more to assume of what is there than of what was to be.
 */
export const beyondBoth = (
  now: readonly Fact[],
  one: Access,
  other: Access,
  judging: Judging,
): ReadonlyMap<Address, readonly Node[]> => {
  const reached = peopleBy(accessOf(lasting(now)), judging)
  const others = [one, other].map((access) => peopleBy(access, judging))
  return new Map(
    judging.borders.flatMap((border): [Address, readonly Node[]][] => {
      const { on: queue } = border
      const may = others.map((people) => people.get(queue))
      const strangers = strangersIn(reached.get(queue), may, border, ['open'])
      return strangers.length === 0 ? [] : [[queue, strangers]]
    }),
  )
}
