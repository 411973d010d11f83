import { quoted } from '../../config/problem.js'
import type { Interview } from './interview.js'
import type { Session } from './session.js'
import { isKnown, teamsIn } from './people.js'

/** Who it is for: by git, by the token, or asked. */
export const who = ({ here, wanted }: Session, { ask }: Interview): string | undefined =>
  ask({
    name: 'email',
    message: 'Which email do you have in Buildkite?',
    why: [
      here.email === undefined
        ? 'What you are offered is what the files allow you, and nothing here says who you are.'
        : `${here.email.value} (${here.email.because}) is named nowhere in the files.`,
    ],
    ...(here.email && { suggestion: here.email.value, isUsual: true }),
    settled:
      here.email !== undefined && (isKnown(wanted, here.email.value) || teamsIn(wanted).length === 0)
        ? here.email
        : undefined,
    check: (email) =>
      /^[^\s@]+@[^\s@]+$/.test(email)
        ? undefined
        : {
            code: 'bad-answer',
            what: `${quoted(email)} is not an email address`,
            why: 'people are known by the email that they have in Buildkite',
            fix: 'write it as ada@acme.test',
          },
  })?.toLowerCase()
