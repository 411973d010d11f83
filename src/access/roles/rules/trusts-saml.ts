import { atDoor, defineRoleRule } from '../rule.js'

export const trustsSaml = defineRoleRule({
  code: 'role-trusts-saml',
  title: 'takes people who sign in by SAML',
  field: 'trust',
  over: 'all',
  check: (role) =>
    role.doors.flatMap((door) =>
      door.providers
        .filter((arn) => arn.includes(':saml-provider/'))
        .map((arn) =>
          atDoor(role, door, {
            words: `takes people who sign in by ${arn.replace(/^.*:saml-provider\//, '')}`,
          }),
        ),
    ),
})
