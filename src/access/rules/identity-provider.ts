import { edgesOf } from '../edge.js'
import { can, holderOf } from '../node.js'
import { defineRule } from '../rule.js'

const { edge, assumed } = edgesOf('R25', 'identity-provider')

/**
 * At every login an identity provider may say who is in which team and who administers, and nothing in Buildkite shows
 * its mappings. An invitation gives what it promises as soon as it is taken up.
 *
 * @source access model R25, §1.1, §1.8
 */
export const identityProvider = defineRule({
  path: 'R25',
  code: 'identity-provider',
  title: 'identity provider and invitations',
  decidedFrom: ['Organization.ssoProviders', 'OrganizationInvitation.role', 'OrganizationInvitation.teams'],
  verdicts: ['open', 'assumed'],
  replayable: false,
  enforcedAt: ['trust'],
  *edges(facts) {
    yield assumed({
      from: holderOf('identity-provider'),
      to: can.administer(),
      says: 'may make anybody an administrator at their next login',
      facts: facts.of('signs-in'),
      at: 'organization:',
    })
    const kinds = [
      ['in-team', can.beIn, 'is invited into'],
      ['maintains-team', can.maintainTeam, 'is invited to maintain'],
      ['administers', can.administer, 'is invited to administer'],
    ] as const
    for (const [power, to, says] of kinds)
      for (const fact of facts.of(power))
        if (fact.of.startsWith('invitee:'))
          yield edge({
            from: fact.of,
            to: to(fact.on),
            says: `${says} ${power === 'administers' ? 'the organization' : fact.on}`,
            facts: [fact],
            at: 'organization:',
          })
  },
})
