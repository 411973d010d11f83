import { keyIn } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import { can, holderOf, isPrincipal } from '../node.js'
import { defineRule } from '../rule.js'

const { edge } = edgesOf('R58', 'outside-principals')

/**
 * A trust may name an account that the files do not, a user, a service or another identity provider. Who has these,
 * nothing that bridle reads can say: they are a holder of their own.
 *
 * @source AWS enforcement §5, §8
 */
export const outsidePrincipals = defineRule({
  path: 'R58',
  code: 'outside-principals',
  title: 'others whom a role trusts',
  decidedFrom: ['Role.AssumeRolePolicyDocument'],
  verdicts: ['open', 'assumed', 'closed'],
  replayable: true,
  enforcedAt: ['iam'],
  leadsTo: 'roles',
  *edges(facts) {
    for (const admits of facts.of('admits'))
      yield edge({
        from: isPrincipal(admits.of) ? admits.of : holderOf(keyIn(admits.of)),
        to: can.assume(admits.on),
        says: 'may become it, by its trust',
        facts: [admits],
        at: admits.on,
      })
  },
})
