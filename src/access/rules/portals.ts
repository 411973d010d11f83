import { keyIn } from '../../model/address.js'
import type { Fact } from '../../model/grant.js'
import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R29', 'portals')

const webhooks = 'webhook URLs'
const agents = 'agent tokens'
const leadsTo = ({ by = '' }: Fact) => (by.startsWith('token') ? agents : webhooks)

/**
 * A portal's tokens run its stored operation with an administrator's rights, on whatever the caller names in its
 * variables. They are listed nowhere. Any mutation counts: most lead to code, and the caller chooses on what. One that
 * only asks sees with an administrator's eyes: the webhook URL of a pipeline, and the agent token of a cluster, are all
 * that it takes.
 *
 * @source access model R29, §1.9
 */
export const portals = defineRule({
  path: 'R29',
  code: 'portals',
  title: 'portals that change something, or tell secrets',
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
    const tells = facts.of('tells-secrets')
    for (const portal of tells)
      yield assumed({
        from: holderOf(`portal/${keyIn(portal.of)}`),
        to: can.by('R29', leadsTo(portal)),
        says: `calls the portal, which tells \`${portal.by ?? 'a secret'}\` as an administrator sees it`,
        facts: [portal],
        at: portal.of,
      })
    // Nothing to be told: the edges come with the fact.
    if (tells.some((portal) => leadsTo(portal) === webhooks))
      for (const takes of facts.of('takes-webhooks'))
        for (const active of facts.on('active', takes.on))
          yield edge({
            from: can.by('R29', webhooks),
            to: can.code(takes.on),
            says: 'starts builds of it with its webhook URL, at any commit that its repository has',
            facts: [takes, active],
            at: takes.on,
          })
    if (tells.some((portal) => leadsTo(portal) === agents))
      for (const token of facts.of('registers-agents'))
        yield edge({
          from: can.by('R29', agents),
          to: can.register(token.on),
          says: `connects an agent with ${token.of}`,
          facts: [token],
          at: token.on,
        })
  },
})
