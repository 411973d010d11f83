import type { Address } from '../../model/address.js'
import { edgesOf } from '../edge.js'
import type { Facts } from '../facts.js'
import { can, holderOf, type Node } from '../node.js'
import { defineRule, type Edge } from '../rule.js'
import { organization } from './out-of-sight.js'

const { edge, assumed } = edgesOf('R28', 'api-tokens')

const someMember = can.by('R28', organization)
const as = (user: Address): Node => can.by('R28', user)

/**
 * Whoever gets hold of a token or a session of somebody's acts as them. Tokens of OAuth, of the command line and of MCP
 * are not listed (Q17), so it is assumed of every member, whether or not a token of theirs is known.
 *
 * That it happens rests on no fact: tokens come and go, and an acceptance of how they are kept outlives them. Which
 * tokens there are is said a step later.
 *
 * @source access model R28, §1.7, Q17
 */
export const apiTokens = defineRule({
  path: 'R28',
  code: 'api-tokens',
  title: 'API tokens and sessions of others',
  decidedFrom: ['Organization.apiAccessTokens { owner scopes }', 'Organization.members'],
  verdicts: ['assumed', 'closed'],
  replayable: true,
  enforcedAt: ['buildkite', 'trust'],
  *edges(facts) {
    const users = usersIn(facts)
    if (users.size > 0)
      yield assumed({
        from: holderOf('api-tokens'),
        to: someMember,
        says: 'gets hold of an API token or a session of a member',
        at: organization,
      })
    for (const user of users) {
      yield edge({ from: someMember, to: as(user), says: `may have one of ${user}`, at: organization })
      for (const token of facts.on('acts-as', user))
        yield edge({
          from: someMember,
          to: as(user),
          says: `may have ${token.of} of ${user}, which can write`,
          facts: [token],
          at: organization,
        })
    }
    yield* whatTheyMay(facts)
  },
})

const isUser = ({ of }: { readonly of: Address }) => of.startsWith('user:')

const usersIn = (facts: Facts): ReadonlySet<Address> =>
  new Set(
    (['belongs', 'administers', 'in-team', 'maintains-team', 'maintains-cluster'] as const).flatMap((power) =>
      facts.of(power).flatMap((fact) => (isUser(fact) ? [fact.of] : [])),
    ),
  )

/** All that is given to people by name: what a team gives follows from being in it. */
function* whatTheyMay(facts: Facts): Iterable<Edge> {
  const acts = 'with it does what its owner may do'
  for (const fact of facts.of('belongs').filter(isUser))
    yield edge({ from: as(fact.of), to: can.beMember(), says: acts, facts: [fact], at: organization })
  for (const fact of facts.of('administers').filter(isUser))
    yield edge({ from: as(fact.of), to: can.administer(), says: acts, facts: [fact], at: organization })
  for (const fact of facts.of('in-team').filter(isUser))
    yield edge({ from: as(fact.of), to: can.beIn(fact.on), says: acts, facts: [fact], at: organization })
  for (const fact of facts.of('maintains-team').filter(isUser))
    yield edge({
      from: as(fact.of),
      to: can.maintainTeam(fact.on),
      says: acts,
      facts: [fact],
      at: organization,
    })
  for (const fact of facts.of('maintains-cluster').filter(isUser))
    yield edge({ from: as(fact.of), to: can.maintain(fact.on), says: acts, facts: [fact], at: organization })
  for (const fact of facts.of('created').filter(isUser))
    yield edge({ from: as(fact.of), to: can.edit(fact.on), says: acts, facts: [fact], at: organization })
}
