import type { Address } from '../model/address.js'
import type { Fact, Power } from '../model/grant.js'

/** Everything that was read about access, found by power, and by who has it or over what. */
export interface Facts {
  readonly all: readonly Fact[]
  /** All grants of a power. */
  of(power: Power): readonly Fact[]
  /** Those that one has. */
  from(power: Power, of: Address): readonly Fact[]
  /** Those over one thing. */
  on(power: Power, on: Address): readonly Fact[]
}

const none: readonly Fact[] = []

type Index = Map<Address, Fact[]>

/** Indexes facts. Each index is made when it is first asked for. */
export const factsOf = (all: readonly Fact[]): Facts => {
  const byPower = new Map<Power, Fact[]>()
  for (const fact of all) put(byPower, fact.power, fact)
  const indexes = { of: new Map<Power, Index>(), on: new Map<Power, Index>() }
  const index = (power: Power, side: 'of' | 'on') => {
    const known = indexes[side].get(power)
    if (known !== undefined) return known
    const made: Index = new Map()
    for (const fact of byPower.get(power) ?? none) put(made, fact[side], fact)
    indexes[side].set(power, made)
    return made
  }
  return {
    all,
    of: (power) => byPower.get(power) ?? none,
    from: (power, of) => index(power, 'of').get(of) ?? none,
    on: (power, on) => index(power, 'on').get(on) ?? none,
  }
}

const put = <Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value) => {
  const there = map.get(key)
  if (there === undefined) map.set(key, [value])
  else there.push(value)
}
