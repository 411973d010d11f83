import { atRole, defineRoleRule, factOf } from '../rule.js'

/** What AWS itself writes is for `administers`. */
export const allowsAllBut = defineRoleRule({
  code: 'role-allows-all-but',
  title: 'is allowed everything but some',
  field: 'inline_policies',
  over: 'ours',
  check: (role) =>
    role.identity
      .filter(({ name }) => !/^arn:[a-z-]+:iam::aws:/.test(name))
      .flatMap(({ name, document }) =>
        (document?.statements ?? []).flatMap((statement, at) => {
          const { effect, notActions, notResources } = statement
          if (effect === 'Deny' || (notActions === null && notResources === null)) return []
          return [
            atRole(role, {
              words: `is allowed all but some ${notActions === null ? 'resources' : 'actions'} by policy ${name.split('/').at(-1) ?? name}, statement ${at + 1}`,
              facts: [name, factOf(statement)],
            }),
          ]
        }),
      ),
})
