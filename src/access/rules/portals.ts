import { keyIn } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'

const { assumed } = edgesOf('R29', 'portals')

/**
 * A portal's tokens run its stored operation with an administrator's rights, on whatever the caller names in its
 * variables. They are listed nowhere. Any mutation counts: most lead to code, and the caller chooses on what.
 *
 * @source access model R29, §1.9
 */
export const portals = defineRule({
  path: 'R29',
  code: 'portals',
  title: 'portals that change something',
  decidedFrom: ['GET /portals: query'],
  verdicts: ['assumed', 'closed'],
  replayable: false,
  enforcedAt: ['buildkite', 'trust'],
  *edges(facts) {
    for (const portal of facts.of('runs-operation'))
      yield assumed({
        from: holderOf(`portal/${keyIn(portal.of)}`),
        to: can.administer(),
        says: `calls the portal, which runs ${portal.by ?? 'an unknown operation'} with an administrator’s rights`,
        facts: [portal],
        at: portal.of,
      })
  },
})
