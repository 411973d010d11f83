import { atRole, defineRoleRule } from '../rule.js'

/** What AWS gives where nobody says anything. */
const hour = 3_600

/** Instances renew their sessions by themselves, so the limit is nothing to them. */
export const longSessions = defineRoleRule({
  code: 'role-long-sessions',
  title: 'has longer sessions than needed',
  field: 'max_session_duration',
  over: 'ours',
  check: (role) => {
    const { maxSessionSeconds } = role.detail
    const needed = role.declared?.spec.max_session_duration ?? hour
    const isEntered = role.doors.some(({ providers, principals }) => providers.length + principals.length > 0)
    return !isEntered || maxSessionSeconds <= needed
      ? []
      : [
          atRole(role, {
            words: `has sessions of up to ${spell(maxSessionSeconds)}, and ${role.declared?.spec.max_session_duration === undefined ? 'nobody declared more than' : 'declared is'} ${spell(needed)}`,
            facts: [`${maxSessionSeconds} ${needed}`],
          }),
        ]
  },
})

const spell = (seconds: number): string =>
  seconds % hour === 0
    ? `${seconds / hour} hour${seconds === hour ? '' : 's'}`
    : `${Math.round(seconds / 60)} minutes`
