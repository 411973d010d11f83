import { matching } from '../config/glob.js'
import { edited, type Edit } from '../config/edit.js'
import { difference } from '../config/difference.js'
import { itemsOf, textOf, valueAt } from '../config/node.js'
import { quoted } from '../config/problem.js'
import type { Finding } from '../model/finding.js'
import type { Answer, Turn } from '../model/onboarding.js'
import type { AccessChecked, Planned } from '../model/result.js'
import type { Wanted } from '../model/wanted.js'
import { readOrganization } from '../plan/who.js'
import { accessCheck } from './access.js'
import { declare } from './declare.js'
import { readAgreeing } from './ground.js'
import { filesOver } from './import.js'
import { interviewWith, listIn, type Interview } from './onboard/interview.js'
import { either } from './onboard/people.js'
import { sessionOf, wantsOf, type Session } from './onboard/session.js'
import { plan } from './plan.js'
import { isFinding, unlessRefused } from './refused.js'
import type { Declared, World } from './world.js'

/** Texts of files that are not written yet, by their paths. */
export type Texts = Readonly<Record<string, string>>

/** Who is there that may do anything at all. */
export interface Trusted {
  /** Whose token it is. */
  readonly self: string
  readonly admins: readonly string[]
}

/** What the first questions are: where, and what a file should be about. */
export const asksFirst = ['organization', 'by'] as const
/** And what the last ones are, when it is known what is there. */
export const asksLast = ['cluster', 'team', 'admins'] as const

/** What is asked before anything is read. */
export const beginning = (answers: ReadonlyMap<string, Answer>): Turn => {
  const interview = interviewWith(answers)
  unasked(interview, answers)
  interview.ask({
    name: 'organization',
    message: 'Which organization?',
    why: ['Its slug, as the address bar has it: buildkite.com/acme is acme.'],
    check: (slug) =>
      /^[a-z0-9][a-z0-9-]*$/i.test(slug)
        ? undefined
        : {
            code: 'bad-answer',
            what: `${quoted(slug)} can't be the slug of an organization`,
            why: 'slugs are letters, digits and dashes',
            fix: 'look at the address bar: buildkite.com/acme is acme',
          },
  })
  interview.ask({
    name: 'by',
    message: 'What should each file be about?',
    why: ['Who reviews what follows the files, and they can be moved at any time.'],
    choices: [
      { value: 'cluster', about: 'a file for each cluster, with its pipelines' },
      { value: 'team', about: 'a file for each team, with its pipelines' },
    ],
    suggestion: 'cluster',
    isUsual: true,
  })
  return interview.turn
}

const unasked = ({ refuse }: Interview, answers: ReadonlyMap<string, Answer>): void => {
  const known: readonly string[] = [...asksFirst, ...asksLast]
  for (const [name, { from }] of answers)
    if (!known.includes(name))
      refuse(name, {
        code: 'unknown-answer',
        what: `${from} answers ${quoted(name)}, which nobody asks here`,
        why: 'an answer that is passed over is a wish that looks granted',
        fix: `there are: ${known.join(', ')}`,
      })
}

/** The files as they would be, laid over those that are there. */
const over = (declared: Declared, texts: Texts): Declared => ({
  ...declared,
  files: filesOver(declared.files, new Map(Object.entries(texts))),
})

/** Whose token it is, and who administers the organization: read once. */
export const trustedIn = async (world: World, texts: Texts, now: string): Promise<Trusted | Finding> => {
  const { wanted } = declare(over(world, texts))
  if (wanted === undefined) throw new Error('imported files say nothing')
  const found = await unlessRefused(async () => {
    const reading = await readAgreeing(world, privilegedAll(wanted), now, () => true)
    if (!('facts' in reading)) return reading[0]
    const { identity } = await readOrganization(reading.conversation.reader())
    const admins = reading.facts
      .filter(({ power, of }) => power === 'administers' && of.startsWith('user:'))
      .map(({ of }) => of.slice('user:'.length))
    return { self: identity.email.toLowerCase(), admins: [...new Set(admins)].sort() }
  })
  if (found === undefined) throw new Error('nothing was read, and nothing said why')
  return found
}

/** People are read where something is privileged. */
const privilegedAll = (wanted: Wanted): Wanted => ({
  ...wanted,
  access: {
    ...wanted.access,
    allow: wanted.wants
      .filter(({ kind }) => kind === 'cluster')
      .map(({ address, at }) => ({ on: address, teams: [], users: [], at })),
  },
})

/** The questions about the first border, over files that say what is there. */
export const bordering = (
  declared: Declared,
  texts: Texts,
  trusted: Trusted,
  now: string,
): {
  readonly asking: (answers: ReadonlyMap<string, Answer>) => Turn
  readonly drawn: (answers: ReadonlyMap<string, Answer>) => { readonly texts: Texts; readonly diff: string }
} => {
  const session = sessionOf(over(declared, texts), { here: {}, now })
  if (!('wanted' in session)) throw new Error('imported files are wrong')
  const ask = (answers: ReadonlyMap<string, Answer>) => {
    const interview = interviewWith(answers)
    return { turn: interview.turn, border: askBorder(session, interview, trusted) }
  }
  return {
    asking: (answers) => ask(answers).turn,
    drawn: (answers) => {
      const { border } = ask(answers)
      const changed =
        border === undefined || border.cluster === none ? {} : drawnIn(session, texts, border, trusted)
      const diff = Object.entries(changed)
        .map(([path, text]) => difference(path, texts[path] ?? '', text))
        .join('')
      return { texts: { ...texts, ...changed }, diff }
    },
  }
}

const none = 'none'

interface Border {
  readonly cluster: string
  readonly team: string
  readonly admins: readonly string[]
}

const askBorder = (session: Session, { ask }: Interview, { self, admins }: Trusted): Border | undefined => {
  const clusters = wantsOf(session, 'cluster').map(({ key }) => key)
  const teams = [...new Set(wantsOf(session, 'member').map(({ spec }) => String(spec['team'])))]
  const cluster = ask({
    name: 'cluster',
    message: 'Which agents may only some people get code onto?',
    why: [
      'Those that deploy, mostly. Everybody else may go on watching what runs there. More of them can be added by hand: a line `allow` under a cluster.',
    ],
    choices: [...clusters.map((value) => ({ value, about: queuesOf(session, value) })), { value: none }],
    suggestion: none,
    isUsual: true,
  })
  if (cluster === none) return { cluster, team: none, admins }
  const team = ask({
    name: 'team',
    message: 'Who may?',
    why: ['A team: those who are in it now are written down, and nobody else counts.'],
    choices: teams.map((value) => ({ value, about: membersIn(session, value) })),
  })
  const trust = ask({
    name: 'admins',
    message: 'Who may do anything at all?',
    why: [
      'Administrators reach every queue, and no setting of Buildkite stops them. Whoever is one and not named here is told of, every time. These are administrators now; emails, with commas between.',
    ],
    suggestion: admins.join(', ') || self,
    isUsual: true,
    check: (value) => {
      const wrong = listIn(value).find((one) => !/^[^\s@]+@[^\s@]+$/.test(one))
      return wrong === undefined
        ? undefined
        : {
            code: 'bad-answer',
            what: `${quoted(wrong)} is not an email address`,
            why: 'people are known by the email that they have in Buildkite',
            fix: 'write them as ada@acme.test, bob@acme.test',
          }
    },
  })
  return cluster === undefined || team === undefined || trust === undefined
    ? undefined
    : { cluster, team, admins: listIn(trust).map((one) => one.toLowerCase()) }
}

const queuesOf = (session: Session, cluster: string): string => {
  const keys = wantsOf(session, 'queue')
    .filter(({ spec }) => spec['cluster'] === cluster)
    .map(({ spec }) => String(spec['key']))
  return keys.length === 0
    ? 'no queues'
    : `${keys.length === 1 ? 'queue' : 'queues'} ${keys.slice(0, 6).join(', ')}`
}

const membersIn = (session: Session, team: string): string => {
  const emails = wantsOf(session, 'member')
    .filter(({ spec }) => spec['team'] === team)
    .map(({ spec }) => String(spec['user']))
  return emails.length > 4
    ? `${emails.slice(0, 3).join(', ')} and ${emails.length - 3} more`
    : either(emails).replace(' or ', ' and ')
}

/** The border, in the file of its cluster, which then may hold it; and those who may do anything, in the root file. */
const drawnIn = (
  session: Session,
  texts: Texts,
  { cluster, team, admins }: Border,
  { self }: Trusted,
): Texts => {
  const { declared } = session
  const file = wantsOf(session, 'cluster').find(({ key }) => key === cluster)?.at.file ?? declared.root
  const allow: Edit = { act: 'set', path: ['clusters', cluster, 'allow'], value: { teams: [team] } }
  const others = admins.filter((one) => one !== self)
  const root: Edit[] = [
    ...(file === declared.root ? [] : mayAllow(session, file)),
    { act: 'set', path: ['trust'], value: { admins: others, automation: self }, lines: true },
  ]
  const changed = new Map<string, readonly Edit[]>([[declared.root, root]])
  changed.set(file, [...(changed.get(file) ?? []), allow])
  return Object.fromEntries([...changed].map(([path, edits]) => [path, edited(texts[path] ?? '', edits)]))
}

const mayAllow = ({ declared, parts }: Session, file: string): Edit[] => {
  const root = parts.find(({ grant }) => grant === undefined)?.root
  return itemsOf(valueAt(root, 'include')).flatMap((item, index): Edit[] => {
    const matches = matching(declared.files, textOf(valueAt(item, 'files')) ?? '')
    const may = itemsOf(valueAt(item, 'may')).map(textOf)
    return 'paths' in matches && matches.paths.includes(file) && !may.includes('allow')
      ? [{ act: 'append', path: ['include', index, 'may'], value: 'allow' }]
      : []
  })
}

/** What the files come to against the organization: the plan that they leave, and the verdict on what is guarded. */
export const comingTo = async (
  world: World,
  texts: Texts,
  now: string,
): Promise<{ readonly planned: Planned; readonly checked?: AccessChecked }> => {
  const there = { ...world, ...over(world, texts) }
  const planned = await plan(there, { maxRemoved: 0 })
  const isGuarded = (declare(there).wanted?.access.allow.length ?? 0) > 0
  if (!isGuarded || planned.plan === undefined) return { planned }
  const checked = await unlessRefused(() =>
    accessCheck(there, { basis: 'organization', now, suggest: false }),
  )
  return isFinding(checked) ? { planned } : { planned, checked }
}
