import type { Answer, Turn } from '../model/onboarding.js'
import { nearest } from '../config/nearest.js'
import { quoted } from '../config/problem.js'
import { interviewWith, type Interview } from './onboard/interview.js'
import { newPipeline } from './onboard/pipeline.js'
import { proposalOf } from './onboard/proposal.js'
import { newQueue } from './onboard/queue.js'
import { newRole } from './onboard/role.js'
import type { Draft, Session } from './onboard/session.js'
import { newTeam } from './onboard/team.js'
import { isKnown } from './onboard/people.js'
import { readOrganization } from '../plan/who.js'
import type { Finding } from '../model/finding.js'
import { unlessRefused } from './refused.js'
import type { World } from './world.js'

export { inOrganization } from './onboard/proposal.js'
export { sessionOf, type Here, type Session } from './onboard/session.js'

/** Whose token it is: who asks, where git does not tell. */
export const viewerIn = async (world: World, { wanted }: Session): Promise<string | Finding> =>
  await unlessRefused(async () => {
    const { identity } = await readOrganization(world.connect(wanted).reader())
    return identity.email.toLowerCase()
  })

/** Whether the files name somebody. */
export const isNamed = ({ wanted }: Session, email: string): boolean => isKnown(wanted, email)

interface Kind {
  readonly about: string
  /** The names of its questions. */
  readonly asks: readonly string[]
  readonly make: (session: Session, interview: Interview) => Draft | undefined
}

/** What can be added, and what is asked about each. */
const kinds: Readonly<Record<'pipeline' | 'team' | 'queue' | 'role', Kind>> = {
  pipeline: {
    about: 'builds, tests or deploys a repository',
    asks: ['email', 'repository', 'slug', 'role', 'queue', 'team', 'level'],
    make: newPipeline,
  },
  team: { about: 'people who work together', asks: ['email', 'slug', 'members'], make: newTeam },
  queue: {
    about: 'agents for one kind of work',
    asks: ['email', 'cluster', 'key', 'description'],
    make: newQueue,
  },
  role: {
    about: 'what a pipeline may do in AWS',
    asks: ['email', 'account', 'pipeline', 'queue', 'name', 'branches', 'policies'],
    make: newRole,
  },
}

/** What answers are given to by name, beside the questions: which organization they are about. */
const always = ['organization', 'what']

/** How far a session comes with these answers. The same answers, the same turn: it has no memory of its own. */
export const onboarding = (session: Session, answers: ReadonlyMap<string, Answer>): Turn => {
  const interview = interviewWith(answers)
  const { turn } = interview
  sameOrganization(session, interview)
  const what = interview.ask({
    name: 'what',
    message: 'What do you need?',
    choices: Object.entries(kinds).map(([value, { about }]) => ({ value, about })),
  })
  if (what === undefined) return turn
  const kind = kinds[what as keyof typeof kinds]
  askedForNothing(kind, what, interview, answers)
  const draft = kind.make(session, interview)
  if (draft === undefined || turn.open.length > 0 || turn.wrong.length > 0) return turn
  return { ...turn, proposal: proposalOf(session, draft) }
}

const sameOrganization = ({ wanted }: Session, { given, refuse }: Interview): void => {
  const organization = given('organization')
  if (organization === undefined || organization.value === wanted.organization) return
  refuse('organization', {
    code: 'another-organization',
    what: `the answers are for organization ${quoted(organization.value)}, and the files declare ${quoted(wanted.organization)}`,
    why: 'names that mean one thing here mean another there',
    fix: 'take the answers that were meant for these files, or other files with --file',
  })
}

const askedForNothing = (
  { asks }: Kind,
  what: string,
  { refuse }: Interview,
  answers: ReadonlyMap<string, Answer>,
): void => {
  const known = [...asks, ...always]
  for (const [name, { from }] of answers) {
    if (known.includes(name)) continue
    const meant = nearest(name, known)
    refuse(name, {
      code: 'unknown-answer',
      what: `${from} answers ${quoted(name)}, which nobody asks for a ${what}`,
      why: 'an answer that is passed over is a wish that looks granted',
      fix: `${meant === undefined ? '' : `did you mean ${meant}? `}For a ${what} there are: ${asks.join(', ')}`,
    })
  }
}
