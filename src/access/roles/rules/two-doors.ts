import { isOfAgents } from '../accounts.js'
import { atRole, defineRoleRule, factOf } from '../rule.js'

/**
 * Statements of a trust are alternatives. The worst are a pipeline and an instance role: whoever has a job on that
 * role's queues comes in as whoever they like.
 *
 * @source aws-enforcement §0
 */
export const twoDoors = defineRoleRule({
  code: 'role-two-doors',
  title: 'can be entered in two ways',
  field: 'trust',
  over: 'all',
  check: (role, roles) => {
    const entered = role.doors.filter((door) => !namesItselfAlone(door.principals, role.arn))
    const ways = [
      ['by tokens', entered.some(({ providers }) => providers.length > 0)],
      ['by roles or users', entered.some(({ principals }) => principals.some((name) => name !== role.arn))],
      ['by a service', entered.some(({ services }) => services.length > 0)],
    ].flatMap(([says, is]) => (is === true ? [String(says)] : []))
    if (ways.length < 2) return []
    const byTokens = entered.some(({ isBuildkite }) => isBuildkite)
    return [
      atRole(role, {
        words: `can be entered ${ways.join(' and ')}`,
        opens:
          byTokens && entered.some(({ principals }) => principals.some((name) => isOfAgents(name, roles))),
        facts: entered.map(({ statement }) => factOf(statement)),
      }),
    ]
  },
})

/** That a role may become itself is no other way in, and has a rule of its own. */
const namesItselfAlone = (principals: readonly string[], arn: string): boolean =>
  principals.length > 0 && principals.every((name) => name === arn)
