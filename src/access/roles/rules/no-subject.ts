import { listed } from '../../findings.js'
import { claimIn } from '../claims.js'
import { atDoor, defineRoleRule } from '../rule.js'

/** Where other conditions keep strangers out, `frozen-trust` says what AWS thinks of it. */
export const noSubject = defineRoleRule({
  code: 'role-no-subject',
  title: 'tests no subject of Buildkite’s tokens, nor anything in its stead',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors
      .filter(({ isBuildkite, statement }) => isBuildkite && !testsSubject(statement.conditions))
      .flatMap((door) => {
        const { answer, on } = roles.stranger(role, door)
        return answer === 'no'
          ? []
          : [
              atDoor(role, door, {
                words: `takes tokens of Buildkite, and tests ${door.statement.conditions.length === 0 ? 'nothing' : 'no subject'}: those of other organizations will do${answer === 'depends' ? `, unless ${listed(on)} keeps them out` : ''}`,
                opens: answer === 'yes',
              }),
            ]
      }),
})

/** Whether a subject is asked about at all: that is what AWS looks for. */
export const testsSubject = (conditions: readonly { readonly key: string }[]): boolean =>
  conditions.some(({ key }) => {
    const claim = claimIn(key)
    return claim?.as === 'claim' && claim.name === 'sub'
  })
