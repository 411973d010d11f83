import type { Address } from '../../model/address.js'
import type { Fact } from '../../model/grant.js'
import type { Facts } from '../facts.js'
import { can, holderOf, outsider, type Node } from '../node.js'
import { nameOf, placesOf } from '../places.js'

/** Whoever has builds of a pipeline made in any name, or in nobody's. */
interface Author {
  readonly from: readonly Node[]
  readonly facts: readonly Fact[]
}

/**
 * Who writes the creator of a pipeline's builds. Of what starts with a push, it is the author of the commit, and nobody
 * checks that. Whoever has Full Access points the pipeline to a repository of their own. Whoever may build and no more
 * is the creator of what they build.
 *
 * @source access model §3.9, R14
 */
export const authorsOf = (facts: Facts, pipeline: Address): readonly Author[] => {
  const code = can.code(pipeline)
  const forks = facts.on('starts-on', pipeline).filter(({ by }) => by === 'fork')
  const urls = facts.on('takes-webhooks', pipeline)
  return [
    { from: [can.edit(pipeline)], facts: [] },
    ...facts.from('checks-out', pipeline).map((fact) => ({ from: [can.push(fact.on), code], facts: [fact] })),
    ...forks.map((fact) => ({ from: [outsider, code], facts: [fact] })),
    ...urls.flatMap((fact) =>
      placesOf(facts, pipeline).map((place) => ({
        from: [holderOf(`webhook-url/${nameOf(place)}`), code],
        facts: [fact],
      })),
    ),
  ]
}
