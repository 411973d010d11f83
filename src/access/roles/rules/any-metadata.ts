import { isPrivileged } from '../roles.js'
import { atRole, defineRoleRule } from '../rule.js'
import type { SeenRole } from '../seen.js'

/** Launch templates are not read. The role itself can refuse what IMDSv1 gave out. @source aws-enforcement §5 */
export const anyMetadata = defineRoleRule({
  code: 'role-any-metadata',
  title: 'takes credentials of the old metadata service',
  field: 'inline_policies',
  over: 'ours',
  check: (role) =>
    !isPrivileged(role) || refusesOld(role)
      ? []
      : [atRole(role, { words: 'takes credentials that IMDSv1 gave out', facts: [] })],
})

const refusesOld = ({ identity, boundary }: SeenRole): boolean =>
  [...identity, ...(boundary === null ? [] : [boundary])].some(({ document }) =>
    document?.statements.some(
      ({ effect, actions, resources, conditions }) =>
        effect === 'Deny' &&
        actions?.includes('*') === true &&
        resources?.includes('*') === true &&
        conditions.length === 1 &&
        conditions.every(
          ({ operator: { name }, key, values }) =>
            key.toLowerCase() === 'ec2:roledelivery' &&
            ((name === 'NumericLessThan' && values.some((value) => Number(value) >= 2)) ||
              (name === 'NumericNotEquals' && values.every((value) => Number(value) === 2)) ||
              (name === 'StringNotEquals' && values.every((value) => value === '2.0')) ||
              (name === 'StringEquals' && values.includes('1.0')) ||
              (name === 'NumericEquals' && values.some((value) => Number(value) === 1))),
        ),
    ),
  )
