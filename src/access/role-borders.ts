import { keyIn, type Address } from '../model/address.js'
import { grantKey, type Fact, type Power } from '../model/grant.js'
import type { Span } from '../model/span.js'
import type { Border } from './borders.js'
import { factsOf, type Facts } from './facts.js'
import { holderOf, isPrincipal, outsider, type Node } from './node.js'

/** The powers by which a role is entered. */
export const entering: ReadonlySet<Power> = new Set<Power>([
  'becomes',
  'becomes-by-name',
  'carries',
  'assumes',
  'admits',
])

/** A grant over a role, whether or not it is sure: what the files mean is as good as said. */
export const entryKey = (fact: Fact): string => grantKey({ ...fact, sure: true })

/**
 * The borders of roles: a role is as privileged as the queues from which the files let it be entered. Allowed are those
 * who are allowed there, and whom else its declared trust lets in by name. A role that no privileged queue leads to has no
 * border.
 *
 * @param queues    the borders of the privileged queues
 * @param declared  who may become which role, by the files alone
 * @param atOf      where a role is declared, or the queue whose machines have it
 */
export const roleBorders = (
  queues: readonly Border[],
  declared: readonly Fact[],
  atOf: (role: Address) => Span | undefined,
): readonly Border[] => {
  const facts = factsOf(declared.filter(({ power }) => entering.has(power) || power === 'has-queue'))
  const borders = new Map(queues.map((border) => [border.on, border]))
  const allowed = allowedIn(facts, borders)
  const isMeant = (fact: Fact) => placesOf(facts, fact)?.some((place) => borders.has(place)) !== false
  const meant = new Set(facts.all.filter(isMeant).map(entryKey))
  return [...allowed].sort(byName).flatMap(([role, who]): Border[] => {
    const at = atOf(role)
    return at === undefined ? [] : [{ on: role, allowed: who, at, narrowed: false, meant }]
  })
}

const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number => (a < b ? -1 : 1)

type Allowed = Map<Node, string>

/** Who is allowed at each role that something privileged leads to; what a role may become is for whoever has the role. */
const allowedIn = (facts: Facts, queues: ReadonlyMap<Address, Border>): ReadonlyMap<Address, Allowed> => {
  const found = new Map<Address, Allowed>()
  const add = (role: Address, who: Border['allowed']): boolean => {
    const known = found.get(role)
    const there = known ?? new Map<Node, string>()
    const before = there.size
    for (const [one, by] of who) if (!there.has(one)) there.set(one, by)
    found.set(role, there)
    return known === undefined || there.size > before
  }
  for (const fact of facts.all)
    for (const place of placesOf(facts, fact) ?? []) {
      const border = queues.get(place)
      if (border !== undefined) add(fact.on, border.allowed)
    }
  for (let grows = true; grows;) {
    grows = false
    for (const { of, on } of facts.of('assumes')) {
      const who = found.get(of)
      if (who !== undefined && add(on, who)) grows = true
    }
  }
  // Whoever lets anybody in has named nobody: what such a trust says is no word on who is allowed.
  for (const { of, on } of facts.of('admits'))
    if (of !== outsider && found.has(on))
      add(on, new Map([[isPrincipal(of) ? of : holderOf(keyIn(of)), 'its trust']]))
  return found
}

/** The queues from which a role is entered, where it is entered from queues. */
const placesOf = (facts: Facts, { power, of, by }: Fact): readonly Address[] | undefined => {
  if (power === 'carries') return [of]
  if (power !== 'becomes' && power !== 'becomes-by-name') return undefined
  return by === undefined ? facts.from('has-queue', of).map(({ on }) => on) : [`queue:${by}`]
}
