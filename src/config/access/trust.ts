import { itemsOf, valueAt } from '../node.js'
import type { Problem, Words } from '../problem.js'
import { allowsIn, spoken, type Whole } from './whole.js'

/** Whether the files say whom they trust with everything, where something is worth it. */
export const trustProblems = (whole: Whole): Problem[] => {
  const [privileged] = [...allowsIn(whole, 'cluster'), ...allowsIn(whole, 'queue')]
  if (privileged === undefined) return []
  const what = `${spoken(privileged.of)} is privileged, and`
  const unsaid = (about: string, words: Words): Problem => ({
    code: 'trust-unsaid',
    severity: 'warning',
    at: trust?.key ?? privileged.key,
    ...(trust && { also: [privileged.key] }),
    about,
    words: () => words,
  })
  const [trust] = whole.sections.trust
  if (trust === undefined)
    return [
      unsaid('trust', {
        what: `${what} the files trust nobody with everything`,
        fix: 'write `trust: { admins: […], automation: … }`, with emails',
      }),
    ]
  return [
    ...(itemsOf(valueAt(trust.value, 'admins')).length > 0
      ? []
      : [
          unsaid('admins', {
            what: `${what} \`trust\` names no admins`,
            fix: 'write `admins`, with the emails of those who administer the organization',
          }),
        ]),
    ...(valueAt(trust.value, 'automation')
      ? []
      : [
          unsaid('automation', {
            what: `${what} \`trust\` does not name the identity that applies`,
            fix: 'write `automation`, with the email of the user whose token applies',
          }),
        ]),
  ]
}
