import { nearest } from '../nearest.js'
import { textOf } from '../node.js'
import { listed, quoted, type Problem } from '../problem.js'
import type { AsideAt } from './read.js'
import { spoken, type Whole } from './whole.js'

/** What is wrong with the roles that queues' machines are said to have: which account, and which role. */
export const instanceRoleProblems = ({ asides, accounts }: Whole): Problem[] => {
  const written = asides.filter(({ name }) => name === 'instance_role')
  // A default that many inherit is one line.
  const lines = new Map(written.map((one) => [`${one.key.source.path}\n${one.key.start}`, one]))
  return [...lines.values()].flatMap((aside): Problem[] => {
    const role = textOf(aside.value) ?? ''
    if (role === 'none') return []
    const slash = role.indexOf('/')
    if (slash < 1 || slash === role.length - 1) return [withoutAccount(aside, role)]
    const account = role.slice(0, slash)
    return accounts.includes(account) ? [] : [unknown(aside, account, accounts)]
  })
}

const withoutAccount = ({ of, value }: AsideAt, role: string): Problem => ({
  code: 'unknown-account',
  at: value.at,
  about: role,
  words: () => ({
    what: `the machines of ${spoken(of)} have role ${quoted(role)}, and no account is named`,
    label: 'in which account?',
    why: 'two accounts may have a role of the same name, and the verdict is about one of them',
    fix: 'write it as ACCOUNT/NAME, or `none` where the machines have no role of AWS',
  }),
})

const unknown = ({ of, value }: AsideAt, account: string, accounts: readonly string[]): Problem => ({
  code: 'unknown-account',
  // Without any account nothing is said about roles, and the line is as good as a remark.
  ...(accounts.length === 0 && { severity: 'warning' as const }),
  at: value.at,
  about: account,
  words: () => {
    const meant = nearest(account, accounts)
    return {
      what: `the machines of ${spoken(of)} have a role of account ${quoted(account)}, which \`aws.accounts\` does not have`,
      label: meant === undefined ? `it has: ${listed(accounts) ?? 'none'}` : `did you mean ${meant}?`,
      why: 'nobody reads that account, so who can become the role is not known',
      fix: 'correct the name, or declare the account: { id: "111111111111", region: eu-west-1 }',
    }
  },
})
