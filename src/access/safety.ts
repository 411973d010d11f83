import type { Address } from '../model/address.js'
import { grantKey, type Fact } from '../model/grant.js'
import { accessOf, type Access } from './access.js'
import { isEmpty, members, noBits } from './bits.js'
import type { Border } from './borders.js'
import type { Judging } from './judge.js'
import { groundOf, reachesOf } from './judge.js'
import type { Node } from './node.js'
import { sliceTo } from './reach.js'

/** What an order of calls has to heed for one privileged queue. */
export interface AtStake {
  readonly queue: Address
  /** The grants, by key, over which somebody who is not allowed could come on the way. */
  readonly grants: ReadonlySet<string>
  /**
   * Whether everybody who reaches the queue with some of these grants reaches it before the plan or after it, too.
   *
   * @param there  which of the grants there are
   */
  readonly isSafe: (there: ReadonlySet<string>) => boolean
}

/**
 * What is at stake while a plan is carried out. Halfway there can be any mixture of what is and what will be; in the
 * mixture of all of it together, whoever is not allowed and comes nowhere near a queue comes there in none.
 */
export const atStake = (
  before: Access,
  after: Access,
  judging: { readonly before: Judging; readonly after: Judging },
): readonly AtStake[] => {
  const known = new Set(before.facts.all.map(grantKey))
  const mixed = accessOf([
    ...before.facts.all,
    ...after.facts.all.filter((fact) => !known.has(grantKey(fact))),
  ])
  const borders = bothBorders(judging.before.borders, judging.after.borders)
  const ground = groundOf(mixed, { ...judging.after, borders })
  const reachedBefore = peopleBy(before, { ...judging.before, borders })
  const reachedAfter = peopleBy(after, { ...judging.after, borders })
  return reachesOf(ground, borders).map(({ border, end, usable, reached }) => {
    const { graph } = mixed
    const reachable =
      end === undefined
        ? noBits(graph.principals.length)
        : (reached.assumed[end] ?? noBits(graph.principals.length))
    const strangers = new Set(
      members(reachable)
        .map((place) => graph.nodes[graph.principals[place] ?? -1] ?? '')
        .filter((who) => !border.allowed.has(who)),
    )
    const facts: Fact[] = []
    if (end !== undefined && strangers.size > 0) {
      const used = new Set<Fact>()
      const { edges } = sliceTo(graph, [end])
      for (const n of edges) {
        if (!usable.assumed(n)) continue
        const starts = (graph.from[n] ?? []).map((start) => reached.assumed[start] ?? noBits(0))
        if (starts.some(isEmpty)) continue
        for (const fact of graph.edges[n]?.facts ?? []) used.add(fact)
      }
      facts.push(...used)
    }
    const may = new Set([
      ...(reachedBefore.get(border.queue) ?? []),
      ...(reachedAfter.get(border.queue) ?? []),
    ])
    // A queue is let go last of all: what waits for it runs at once.
    const grants = new Set([...facts, ...mixed.facts.from('dispatches', border.queue)].map(grantKey))
    return {
      queue: border.queue,
      grants,
      isSafe: (there) => {
        const kept = mixed.facts.all.filter((fact) => {
          const key = grantKey(fact)
          return !grants.has(key) || there.has(key)
        })
        const now = peopleBy(accessOf(kept), { ...judging.after, borders: [border] }).get(border.queue)
        return [...(now ?? [])].every((who) => may.has(who) || border.allowed.has(who))
      },
    }
  })
}

const bothBorders = (before: readonly Border[], after: readonly Border[]): readonly Border[] => [
  ...new Map([...before, ...after].map((border) => [border.queue, border])).values(),
]

/** Who reaches each queue, open or assumed and not accepted. */
const peopleBy = (access: Access, judging: Judging): ReadonlyMap<Address, ReadonlySet<Node>> => {
  const { graph } = access
  return new Map(
    reachesOf(groundOf(access, judging), judging.borders).map(({ border, end, reached }) => [
      border.queue,
      new Set(
        members(end === undefined ? noBits(0) : (reached.assumed[end] ?? noBits(0))).map(
          (place) => graph.nodes[graph.principals[place] ?? -1] ?? '',
        ),
      ),
    ]),
  )
}

/** Whether everybody who reaches a queue now reached it before, or would after. Asked at a barrier, of what is there. */
export const staysWithin = (
  now: readonly Fact[],
  before: Access,
  after: Access,
  judging: Judging,
  queue: Address,
): readonly Node[] => {
  const border = judging.borders.find((one) => one.queue === queue)
  if (border === undefined) return []
  const one = { ...judging, borders: [border] }
  const may = new Set([
    ...(peopleBy(before, one).get(queue) ?? []),
    ...(peopleBy(after, one).get(queue) ?? []),
  ])
  return [...(peopleBy(accessOf(now), one).get(queue) ?? [])].filter(
    (who) => !may.has(who) && !border.allowed.has(who),
  )
}
