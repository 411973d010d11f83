import { listIn, type Interview } from './interview.js'
import { homeOfTeam } from './home.js'
import { badSlug } from './pipeline.js'
import type { Draft, Session } from './session.js'
import { who } from './who.js'

/** A team: its name and whoever is in it. What it may do is said at pipelines. */
export const newTeam = (session: Session, interview: Interview): Draft | undefined => {
  const email = who(session, interview)
  const slug = interview.ask({
    name: 'slug',
    message: 'What is the team called?',
    why: ['Lower case, digits and dashes, as in web or data-platform.'],
    check: (value) => badSlug(session, 'team', value),
  })
  const members = interview.ask({
    name: 'members',
    message: 'Who is in it?',
    why: [
      'Emails that they have in Buildkite, with commas between. Somebody unknown there has to be invited first.',
    ],
    ...(email !== undefined && { suggestion: email }),
    check: (value) => {
      const wrong = listIn(value).find((one) => !/^[^\s@]+@[^\s@]+$/.test(one))
      return wrong === undefined
        ? undefined
        : {
            code: 'bad-answer',
            what: `"${wrong}" is not an email address`,
            why: 'people are known by the email that they have in Buildkite',
            fix: 'write them as ada@acme.test, bob@acme.test',
          }
    },
  })
  if (email === undefined || slug === undefined || members === undefined) return undefined
  const people = [...new Set(listIn(members).map((one) => one.toLowerCase()))]
  return {
    kind: 'team',
    key: slug,
    edits: [
      {
        file: homeOfTeam(session, slug),
        edit: {
          act: 'set',
          path: ['teams', slug],
          value: { members: Object.fromEntries(people.map((one) => [one, 'member'])) },
          lines: true,
        },
      },
    ],
    notes: ['It may do nothing yet: `bridle onboard pipeline` gives it something to build.'],
  }
}
