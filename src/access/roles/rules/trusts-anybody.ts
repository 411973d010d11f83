import { atDoor, defineRoleRule } from '../rule.js'

/** `AWS: "*"` is every principal of every account. A condition that keeps strangers out makes it another thing. */
export const trustsAnybody = defineRoleRule({
  code: 'role-trusts-anybody',
  title: 'trusts everybody',
  field: 'trust',
  over: 'all',
  check: (role, roles) =>
    role.doors
      .filter(({ principals }) => principals.includes('*'))
      .flatMap((door) => {
        const { answer, picks } = roles.stranger(role, door)
        if (answer === 'no') return []
        const picked = Object.entries(picks).find(
          ([key, value]) => value !== null && key !== 'aws:principalarn',
        )
        return [
          atDoor(role, door, {
            words:
              answer === 'depends'
                ? 'trusts everybody, and what keeps them out is a network or a key that bridle can not read'
                : `trusts everybody who has an AWS account${picked === undefined ? '' : `, with ${picked[0]} ${picked[1] ?? ''}`}`,
            opens: answer === 'yes',
          }),
        ]
      }),
})
