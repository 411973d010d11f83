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
import { printPipeline } from './print-pipeline.js'
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
export const asksLast = ['cluster', 'team', 'schedule', 'account', 'repository', 'branch', 'admins'] as const

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

/** What the answers come to. */
export interface Drawn {
  /** The files with the border in them. */
  readonly texts: Texts
  /** What that changes of those that say what is there. */
  readonly diff: string
  /** The same with the scheduled check, where it was wanted: what it needs is not there yet. */
  readonly scheduled?: { readonly texts: Texts; readonly fresh: readonly string[] }
  readonly findings: readonly Finding[]
}

/** Where files stand: what the scheduled check clones. */
export interface Standing {
  readonly repository?: string | undefined
  /** From the top of the repository to the folder of the root file: empty, or ending in a slash. */
  readonly folder: string
}

/** The questions about the first border and the scheduled check, over files that say what is there. */
export const bordering = (
  declared: Declared,
  texts: Texts,
  {
    trusted,
    standing,
    now,
  }: { readonly trusted: Trusted; readonly standing: Standing; readonly now: string },
): {
  readonly asking: (answers: ReadonlyMap<string, Answer>) => Turn
  readonly drawn: (answers: ReadonlyMap<string, Answer>) => Drawn
} => {
  const session = sessionOf(over(declared, texts), { here: {}, now })
  if (!('wanted' in session)) throw new Error('imported files are wrong')
  const ask = (answers: ReadonlyMap<string, Answer>) => {
    const interview = interviewWith(answers)
    return { turn: interview.turn, border: askBorder(session, interview, trusted, standing) }
  }
  return {
    asking: (answers) => ask(answers).turn,
    drawn: (answers) => {
      const { border } = ask(answers)
      const changed = border === undefined ? {} : drawnIn(session, texts, border, trusted)
      const diff = Object.entries(changed)
        .map(([path, text]) => difference(path, texts[path] ?? '', text))
        .join('')
      const bordered = { ...texts, ...changed }
      const none = { texts: bordered, diff, findings: [] }
      if (border?.check === undefined) return none
      const check = scheduledIn(declared, bordered, border.check, standing)
      return 'findings' in check ? { ...none, ...check } : { ...none, scheduled: check }
    },
  }
}

/** The files of the scheduled check, and the lines of the root file that take them in. */
const scheduledIn = (
  declared: Declared,
  texts: Texts,
  { account, repository, branch }: Check,
  { folder }: Standing,
): NonNullable<Drawn['scheduled']> | Pick<Drawn, 'findings'> => {
  const [name = '', id = '', region = ''] = account.split(/\s+/)
  const { root } = declared
  const withAccount = edited(texts[root] ?? '', [
    { act: 'set', path: ['aws', 'accounts', name], value: { id, region }, lines: true },
  ])
  const printed = printPipeline(over(declared, { ...texts, [root]: withAccount }), {
    account: name,
    repository,
    branch,
    folder,
    root,
  })
  if ('findings' in printed) return printed
  if (!('files' in printed)) throw new Error('the account was declared, and is not')
  const may = ['clusters', 'allow', 'pipelines', 'aws', 'drift']
  const including = edited(withAccount, [
    { act: 'append', path: ['include'], value: { files: 'drift.yaml', may } },
  ])
  const whole = { ...texts, ...printed.files, [root]: including }
  const { findings } = declare(over(declared, whole))
  const wrong = findings.filter(({ severity }) => severity === 'error')
  return wrong.length > 0 ? { findings: wrong } : { texts: whole, fresh: Object.keys(printed.files) }
}

const none = 'none'

interface Check {
  readonly account: string
  readonly repository: string
  readonly branch: string
}

interface Border {
  readonly cluster: string
  readonly team: string
  readonly admins: readonly string[]
  /** Where the scheduled check is wanted. */
  readonly check?: Check
}

const askBorder = (
  session: Session,
  interview: Interview,
  { self, admins }: Trusted,
  standing: Standing,
): Border | undefined => {
  const { ask } = interview
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
  const team =
    cluster === none
      ? none
      : ask({
          name: 'team',
          message: 'Who may?',
          why: ['A team: those who are in it now are written down, and nobody else counts.'],
          choices: teams.map((value) => ({ value, about: membersIn(session, value) })),
        })
  const schedule = ask({
    name: 'schedule',
    message: 'Shall a pipeline compare the files with the organization every night?',
    why: [
      'It gets a cluster, a queue and roles of its own, and its token from SSM, in an AWS account. It can be added later: `bridle drift --print-pipeline`.',
    ],
    choices: [{ value: 'no' }, { value: 'yes' }],
    suggestion: 'no',
    isUsual: true,
  })
  const check = schedule === 'yes' ? askCheck(interview, standing) : undefined
  if (cluster === none && schedule === 'no') return { cluster, team: none, admins }
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
  if (cluster === undefined || team === undefined || trust === undefined || schedule === undefined)
    return undefined
  return {
    cluster,
    team,
    admins: listIn(trust).map((one) => one.toLowerCase()),
    ...(check && { check }),
  }
}

const askCheck = ({ ask }: Interview, { repository: origin }: Standing): Check | undefined => {
  const account = ask({
    name: 'account',
    message: 'In which AWS account?',
    why: ['A name of your choice, its number and a region: management 111111111111 eu-west-1'],
    check: (value) =>
      /^[a-z][\w-]*\s+\d{12}\s+[a-z]{2}(-[a-z]+)+-\d$/i.test(value)
        ? undefined
        : {
            code: 'bad-answer',
            what: `${quoted(value)} is not a name, a number of twelve digits, and a region`,
            why: 'the token of the check is kept there, and a role of its own reads it',
            fix: 'write it as management 111111111111 eu-west-1',
          },
  })
  const repository = ask({
    name: 'repository',
    message: 'In which repository are these files?',
    why: ['The check clones it: git@github.com:OWNER/NAME.git'],
    settled: origin === undefined ? undefined : { value: origin, because: 'git remote get-url origin' },
  })
  const branch = ask({
    name: 'branch',
    message: 'Which of its branches is protected?',
    why: ['What is merged there runs with the token, so nobody should push to it without a review.'],
    suggestion: 'main',
    isUsual: true,
  })
  return account === undefined || repository === undefined || branch === undefined
    ? undefined
    : { account, repository, branch }
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
  { cluster, team, admins, check }: Border,
  { self }: Trusted,
): Texts => {
  const { declared } = session
  if (cluster === none && check === undefined) return {}
  const file = wantsOf(session, 'cluster').find(({ key }) => key === cluster)?.at.file ?? declared.root
  const allow: Edit = { act: 'set', path: ['clusters', cluster, 'allow'], value: { teams: [team] } }
  const others = admins.filter((one) => one !== self)
  const root: Edit[] = [
    ...(cluster === none || file === declared.root ? [] : mayAllow(session, file)),
    { act: 'set', path: ['trust'], value: { admins: others, automation: self }, lines: true },
  ]
  const changed = new Map<string, readonly Edit[]>([[declared.root, root]])
  if (cluster !== none) changed.set(file, [...(changed.get(file) ?? []), allow])
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
