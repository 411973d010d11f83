import { atDoor, defineRoleRule } from '../rule.js'

/** IAM puts the id in the place of an ARN when what it names is deleted. @source aws-enforcement §7 */
const deleted = /^A(?:ROA|IDA|GPA|IPA|NPA|NVA|SIA|KIA|SCA|CCA|BIA)[A-Z0-9]{12,}$/

export const trustsDeleted = defineRoleRule({
  code: 'role-trusts-deleted',
  title: 'trusts somebody who was deleted',
  field: 'trust',
  over: 'all',
  check: (role) =>
    role.doors.flatMap((door) =>
      door.principals
        .filter((name) => deleted.test(name))
        .map((name) => atDoor(role, door, { words: `trusts ${name}, which was deleted` })),
    ),
})
