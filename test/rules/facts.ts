import { factsOf, type Facts } from '../../src/access/facts.js'
import type { Address } from '../../src/model/address.js'
import { powers, type Fact, type Power } from '../../src/model/grant.js'

const shape =
  /^(?<power>\S+) (?<of>[a-z-]+:\S+|organization)(?: (?<on>[a-z-]+:\S+|organization))?(?: "(?<by>[^"]*)")?(?<unsure> \?)?$/

/** The organization has no name in tables: a colon at the end of a word would be YAML's. */
const addressIn = (word: string) => (word === 'organization' ? 'organization:' : word) as Address

/** A line of a table as a fact: `starts-on pipeline:web "fork" ?`. */
const factIn = (line: string): Fact => {
  const parts = shape.exec(line)?.groups
  if (parts === undefined) throw new Error(`not a fact: ${line}`)
  const { power = '', of = '', on = of, by, unsure } = parts
  if (!Object.hasOwn(powers, power)) throw new Error(`not a power: ${line}`)
  return {
    power: power as Power,
    of: addressIn(of),
    on: addressIn(on),
    ...(by === undefined ? {} : { by }),
    sure: unsure === undefined,
    field: power,
    at: { from: 'api', address: addressIn(of), field: power, api: 'a table of cases' },
  }
}

export const factsIn = (lines: readonly string[]): Facts => factsOf(lines.map(factIn))
