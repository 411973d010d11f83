import { keyIn, type Address } from '../../model/address.js'
import type { Fact } from '../../model/grant.js'
import type { Facts } from '../facts.js'
import { can, holderOf, type Node } from '../node.js'

/** A step onto a queue that nothing readable shows or rules out: to be settled where its cluster is. */
export interface Unseen {
  readonly from: Node
  readonly to: Node
  readonly facts: readonly Fact[]
  readonly at: Address
}

/** The address of what belongs to no cluster and to nobody in particular. */
export const organization: Address = 'organization:'

/** A pipeline that a rule names, and that could not be read: no slug is like it, and any pipeline may be it. */
export const unseenPipeline: Address = 'pipeline:?'

/** For each queue: whoever holds something of its cluster's, `holder:job-token/production`. */
export const holdersReach = (facts: Facts, what: string): readonly Unseen[] =>
  facts.of('has-queue').map((queue) => ({
    from: holderOf(`${what}/${keyIn(queue.of)}`),
    to: can.run(queue.on),
    facts: [queue],
    at: queue.of,
  }))

/** For each queue: whoever has a job anywhere in its cluster. R19 says so too, until a hook holds that. */
export const neighboursReach = (facts: Facts): readonly Unseen[] =>
  facts.of('has-queue').map((queue) => ({
    from: can.runAJob(queue.of),
    to: can.run(queue.on),
    facts: [queue],
    at: queue.of,
  }))
