import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'
import { organization } from './out-of-sight.js'

const { assumed } = edgesOf('R30', 'token-exchange')

/** Such an app may act as any member, and nothing lists them, so there may always be one. @source access model R30, §1.9 */
export const tokenExchange = defineRule({
  path: 'R30',
  code: 'token-exchange',
  title: 'apps that exchange tokens',
  decidedFrom: [],
  verdicts: ['assumed'],
  replayable: false,
  enforcedAt: ['trust'],
  *edges() {
    yield assumed({
      from: holderOf('token-exchange-app'),
      to: can.administer(),
      says: 'has the key of an app that exchanges tokens, and acts as an administrator',
      at: organization,
    })
  },
})
