import fc from 'fast-check'
import { expect } from 'vitest'
import { keyOf } from '../../src/sandbox/world/key.js'
import type { State } from '../../src/sandbox/state.js'
import type { Switches } from '../../src/sandbox/switches.js'
import { law } from '../support/law.js'
import { commute, footprint, type Footprint } from './footprint.js'
import { lots } from './lots.js'
import { after, movesIn, nameOf, type Move } from './moves.js'
import { organizationOf, outlines } from './organizations.js'
import { principalsOf, type Principal } from './principals.js'
import { groundsIn } from './rightful.js'
import { pass, placesOf } from './search.js'
import { drawnSwitches } from './switches.js'

// What the search leaves out because it is sure to come to nothing new: is it?

/** Somebody of an organization, the states that they come to by a few moves at random, and the switches of that world. */
interface Walk {
  readonly principal: Principal
  readonly states: readonly State[]
  readonly switches: Partial<Switches>
  readonly random: () => number
}

const STEPS = 5

const walks = fc.tuple(outlines, drawnSwitches, fc.nat()).map(([outline, switches, seed]): Walk => {
  const random = lots(seed)
  const { state } = organizationOf(outline)
  const invited = outline.invitations.map(({ name }) => name)
  // Members may do the most: it is they who are mostly drawn.
  const all = principalsOf(state, outline.people, invited)
  const members = all.filter(({ kind }) => kind === 'member')
  const some = random() < 0.7 ? members : all
  const principal = some[Math.floor(random() * some.length)]!
  const states = [principal.begin(state)]
  for (let step = 0; step < STEPS; step += 1) {
    const moves = movesIn(states.at(-1)!, principal)
    for (let attempt = 0; attempt < 40 && moves.length > 0; attempt += 1) {
      const next = after(states.at(-1)!, moves[Math.floor(random() * moves.length)]!, principal, switches)
      if (next === undefined) continue
      states.push(next)
      break
    }
  }
  return { principal, states, switches, random }
})

law(
  'what was refused on some grounds is refused wherever they are the same',
  walks,
  ({ principal, states, switches }) => {
    const refused = new Set<string>()
    for (const state of states) {
      const groundsFor = groundsIn(state)
      for (const move of movesIn(state, principal)) {
        const grounds = 'call' in move ? groundsFor(move.call) : undefined
        if (grounds === undefined) continue
        const name = `${nameOf(move)} ${grounds}`
        const isRefused = after(state, move, principal, switches) === undefined
        if (refused.has(name)) expect(isRefused, nameOf(move)).toBe(true)
        else if (isRefused) refused.add(name)
      }
    }
  },
)

law(
  'two moves that commute come to the same in both orders',
  walks,
  ({ principal, states, switches, random }) => {
    const state = states.at(-1)!
    const made = movesIn(state, principal).flatMap((move): (readonly [Move, Footprint, State])[] => {
      const next = after(state, move, principal, switches)
      return next === undefined ? [] : [[move, footprint(state, next, move), next]]
    })
    for (let n = 0; n < 30 && made.length > 1; n += 1) {
      const [one, other] = [made, made].map((all) => all[Math.floor(random() * all.length)]!)
      if (one === undefined || other === undefined || !commute([one[0], one[1]], [other[0], other[1]]))
        continue
      const [there, back] = [
        after(one[2], other[0], principal, switches),
        after(other[2], one[0], principal, switches),
      ]
      const said = `${nameOf(one[0])}, and ${nameOf(other[0])}`
      expect(there === undefined, said).toBe(back === undefined)
      if (there !== undefined && back !== undefined) expect(keyOf(there), said).toBe(keyOf(back))
    }
  },
)

law(
  'states with one key let the same be done, and the world goes on from them in the same way',
  walks,
  ({ principal, states, switches, random }) => {
    // The same moves in another order, where they are let: it is another history, and often the same state.
    const state = states[0]!
    const some = movesIn(state, principal).filter(() => random() < 0.2)
    const byKey = new Map<string, State>()
    for (const [a, b] of some.flatMap((a) => some.slice(0, 6).map((b) => [a, b] as const)).slice(0, 60)) {
      const first = after(state, a, principal, switches)
      const then = first && after(first, b, principal, switches)
      if (then === undefined) continue
      const key = keyOf(then)
      const have = byKey.get(key)
      byKey.set(key, have ?? then)
      if (have === undefined) continue
      const came = (from: State) =>
        [...placesOf(pass(from, { principal, switches }), principal)].sort().join()
      expect(came(then), `${nameOf(a)}, ${nameOf(b)}`).toBe(came(have))
      expect(permittedIn(then, principal, switches)).toBe(permittedIn(have, principal, switches))
    }
  },
)

/** How many moves of each sort are let. */
const permittedIn = (state: State, principal: Principal, switches: Partial<Switches>): string => {
  const counts = new Map<string, number>()
  for (const move of movesIn(state, principal)) {
    if (after(state, move, principal, switches) === undefined) continue
    const sort = 'call' in move ? move.call : move.event.event
    counts.set(sort, (counts.get(sort) ?? 0) + 1)
  }
  return [...counts]
    .map(([sort, n]) => `${sort} ${n}`)
    .sort()
    .join(', ')
}
