import { atDoor, defineRoleRule } from '../rule.js'

/** What the Elastic CI Stack has. @source aws-enforcement §2 */
const own = /^(ec2|autoscaling)\.amazonaws\.com(\.cn)?$/

export const trustsOtherService = defineRoleRule({
  code: 'role-trusts-other-service',
  title: 'can be had by other services than a queue’s instances',
  field: 'trust',
  over: 'ours',
  check: (role) =>
    role.queues.length === 0
      ? []
      : role.doors.flatMap((door) =>
          door.services
            .filter((name) => !own.test(name))
            .map((name) =>
              atDoor(role, door, { words: `is for the instances of a queue, and trusts ${name}` }),
            ),
        ),
})
