import { glob, literal } from '../../../policy/pattern.js'
import { may, placeOf } from '../may.js'
import { atRole, defineRoleRule } from '../rule.js'
import { isAbout, type SeenRole } from '../seen.js'

/** What a boundary cuts down to exact ARNs is no pattern any more. */
export const assumesAnything = defineRoleRule({
  code: 'role-assumes-anything',
  title: 'may become roles by a pattern',
  field: 'inline_policies',
  over: 'ours',
  check: (role) => {
    if (role.queues.length === 0) return []
    const patterns = patternsOf(role)
    if (patterns.length === 0) return []
    const exact = role.identity
      .concat(role.boundary ?? [])
      .flatMap(({ document }) => document?.statements ?? [])
      .flatMap(({ effect, resources }) => (effect === 'Allow' ? (resources ?? []) : []))
      .filter((resource) => !/[*?$]/.test(resource))
    const found = patterns.flatMap((pattern) => {
      const permission = may(role, 'sts:AssumeRole', {
        is: 'chosen',
        always: true,
        from: [{ begins: '', rest: glob(pattern), but: exact.map(literal) }],
      })
      return permission === undefined ? [] : [{ pattern, permission }]
    })
    return found.map(({ pattern, permission }) =>
      atRole(role, {
        words: `may become every role like ${pattern} [${placeOf(permission)}]`,
        facts: [pattern],
      }),
    )
  },
})

/** Where sts:AssumeRole is allowed on more than what is written out. */
const patternsOf = ({ identity }: SeenRole): readonly string[] => [
  ...new Set(
    identity
      .flatMap(({ document }) => document?.statements ?? [])
      .filter((statement) => statement.effect === 'Allow' && isAbout(statement, 'sts:AssumeRole'))
      .flatMap(({ resources }) =>
        resources === null ? ['arn:*:iam::*:role/*'] : resources.filter((resource) => /[*?]/.test(resource)),
      ),
  ),
]
