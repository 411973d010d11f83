import { isOfAgents } from '../accounts.js'
import { asks } from '../claims.js'
import { isAbout } from '../seen.js'
import { atDoor, defineRoleRule } from '../rule.js'

/** What whoever has credentials writes into the request. @source aws-enforcement §1 item 1 */
const theirs = /^(aws:requesttag\/|sts:rolesessionname$|sts:sourceidentity$|aws:sourceidentity$)/

export const selfAsserted = defineRoleRule({
  code: 'role-self-asserted',
  title: 'lets roles in by what they say of themselves',
  field: 'trust',
  over: 'all',
  check: (role, roles) => {
    return role.doors
      .filter(
        ({ principals, statement }) =>
          isAbout(statement, 'sts:AssumeRole') &&
          principals.some((name) => isOfAgents(name, roles) || roles.isArnOfJobs(name)),
      )
      .flatMap((door) =>
        door.statement.conditions
          .filter((condition) => asks(condition) && theirs.test(condition.key.toLowerCase()))
          .map((condition) =>
            atDoor(
              role,
              door,
              {
                words: `lets in whoever says ${condition.key} ${condition.values.join(' or ')}, which a job can say`,
                opens: true,
              },
              condition,
            ),
          ),
      )
  },
})
