import { atDoor, defineRoleRule } from '../rule.js'

/** Beside Deny it is a way to spare somebody; beside Allow it lets in the rest of the world. */
export const trustsAllBut = defineRoleRule({
  code: 'role-trusts-all-but',
  title: 'trusts everybody but some',
  field: 'trust',
  over: 'all',
  check: (role) =>
    role.doors
      .filter(({ statement }) => statement.notPrincipals !== null)
      .map((door) =>
        atDoor(role, door, { words: 'trusts everybody but those whom NotPrincipal names', opens: true }),
      ),
})
