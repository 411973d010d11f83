import type { Address } from '../model/address.js'
import { comesAndGoes, grantKey, type Fact } from '../model/grant.js'
import { accessOf, type Access } from './access.js'
import type { Border } from './borders.js'
import { whoComes } from './coming.js'
import type { Graph } from './graph.js'
import { gatedGround, withNarrower, type Judging } from './ground.js'
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
 * What is at stake while a plan is carried out: for the border that a queue draws within its cluster's, by the policies that
 * its gate has before the plan. A new policy is written after all that takes. Halfway there can be any mixture of what is and what will be; in the
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
  const { gates = new Map(), lax = new Set() } = judging.before
  const between = { ...judging.after, gates, lax, borders }
  const ground = gatedGround(mixed, between)
  const { graph } = ground.access
  const reachedBefore = peopleBy(before, { ...judging.before, borders })
  const reachedAfter = peopleBy(after, { ...judging.after, borders })
  const reached = new Map(reachesOf(ground, withNarrower(borders)).map((one) => [one.border, one]))
  return borders.map((border) => {
    const facts = withNarrower([border]).flatMap((one) => factsInReach(graph, reached.get(one)))
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
        const now = peopleBy(accessOf(kept), { ...between, borders: [border] })
        return strangersOn(border, now, [reachedBefore, reachedAfter]).length === 0
      },
    }
  })
}

/** Everything that bears on how somebody who is not allowed, and comes to a queue, could come there. */
const factsInReach = (graph: Graph, one: QueueReach | undefined): readonly Fact[] => {
  if (one === undefined) return []
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

/** By borders, the narrower ones too. */
type Reached = ReadonlyMap<string, People>

const keyOf = ({ on, narrowed }: Border): string => `${on} ${narrowed ? 'by its gate' : ''}`

const peopleBy = (access: Access, judging: Judging): Reached => {
  const ground = gatedGround(access, judging)
  const { graph } = ground.access
  const coming = (one: QueueReach, sureness: Sureness) =>
    new Set(one.end === undefined ? [] : whoComes(graph, one, rankOf(sureness)))
  return new Map(
    reachesOf(ground, withNarrower(judging.borders)).map((one) => [
      keyOf(one.border),
      { open: coming(one, 'open'), assumed: coming(one, 'assumed') },
    ]),
  )
}

/** Those who reach a queue, are not allowed, and in none of other states reach it as surely. */
const strangersOn = (
  queue: Border,
  now: Reached,
  others: readonly Reached[],
  surenesses: readonly (keyof People)[] = ['open', 'assumed'],
): readonly Node[] => [
  ...new Set(
    withNarrower([queue]).flatMap((border) => {
      const key = keyOf(border)
      return surenesses.flatMap((sureness) =>
        [...(now.get(key)?.[sureness] ?? [])].filter(
          (who) =>
            !border.allowed.has(who) && !others.some((other) => other.get(key)?.[sureness].has(who) === true),
        ),
      )
    }),
  ),
]

/** Agents come and go by themselves: that one has connected meanwhile says nothing about anybody. */
const lasting = (facts: readonly Fact[]): readonly Fact[] =>
  facts.filter(({ power }) => !comesAndGoes.has(power))

/** A state of an organization, and how it is judged. */
export interface State {
  readonly access: Access
  readonly judging: Judging
}

/** Who reaches a queue now that neither reached it before, nor would after. Asked at a barrier, of what is there. */
export const staysWithin = (
  now: readonly Fact[],
  others: readonly State[],
  judging: Judging,
  queue: Address,
): readonly Node[] => {
  const border = judging.borders.find(({ on }) => on === queue)
  if (border === undefined) return []
  const borders = [border]
  const may = others.map((one) => peopleBy(one.access, { ...one.judging, borders }))
  return strangersOn(border, peopleBy(accessOf(lasting(now)), { ...judging, borders }), may)
}

/**
 * Who reaches which queue now for certain, and in none of other states: the queues of which there are some. What somebody
 * assumes counts in none of them: there is more to assume of what is there than of what was to be.
 */
export const beyondAll = (
  now: readonly Fact[],
  others: readonly State[],
  judging: Judging,
): ReadonlyMap<Address, readonly Node[]> => {
  const { borders } = judging
  const reached = peopleBy(accessOf(lasting(now)), judging)
  const may = others.map((one) => peopleBy(one.access, { ...one.judging, borders }))
  return new Map(
    borders.flatMap((border): [Address, readonly Node[]][] => {
      const strangers = strangersOn(border, reached, may, ['open'])
      return strangers.length === 0 ? [] : [[border.on, strangers]]
    }),
  )
}
