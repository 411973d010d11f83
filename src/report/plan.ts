import type { PlannedChange } from '../model/change.js'
import { isTold } from '../model/codes.js'
import type { Finding } from '../model/finding.js'
import type { Budget, Plan, Undeclared } from '../model/plan.js'
import type { ChangedBy, Created, Drifted, Spent } from '../model/result.js'
import { byKind } from './by-kind.js'
import { titleOf } from './change.js'
import { visible, widthOf } from './escape.js'
import { block, capped, columns, type Part } from './part.js'
import { minute, standingOf } from './standing.js'
import { counted, listed, thousands } from './words.js'

const tally = (changes: readonly PlannedChange[], verb: PlannedChange['verb'], words: string) => {
  const count = changes.filter((change) => change.verb === verb).length
  return count === 0 ? [] : [`${thousands(count)} ${words}`]
}

/** Whether a plan opens a privileged queue: then none of it is carried out, whatever the flags. */
export const isRefused = ({ access }: Plan): boolean => (access?.opens.length ?? 0) > 0

/** How many queues a sentence names. */
const mostQueues = 3

/** `3 to create, 1 to change and 1 to remove, in 8 calls.` */
export const planSummary = (plan: Plan): string => {
  const { changes, steps, access } = plan
  if (isRefused(plan)) {
    const queues = access?.opens ?? []
    const named =
      queues.length <= mostQueues
        ? listed(queues.map((one) => visible(one)))
        : counted(queues.length, queues.some((one) => one.startsWith('role:')) ? 'place' : 'privileged queue')
    return `Refused: it would open ${named}.`
  }
  if (changes.length === 0) return 'Nothing to do: the organization is as declared.'
  const verbs = [
    ...tally(changes, 'create', 'to create'),
    ...tally(changes, 'update', 'to change'),
    ...tally(changes, 'remove', 'to remove'),
  ]
  return `${listed(verbs)}, in ${counted(steps.length, 'call')}.`
}

/** `2 differences. ...`: what is not as declared, what nobody declared, and what is new. */
export const driftSummary = (
  { changes, undeclared }: Plan,
  created: readonly Created[] | undefined = [],
  findings: readonly Finding[] = [],
): string => {
  // What only tells how access is stands in the way of nothing that makes it better.
  const isRefused = findings.some(({ code, severity }) => severity === 'error' && !isTold(code))
  const strangers = undeclared.filter(({ ignored }) => !ignored).length
  const sentences = [
    ...(changes.length === 0
      ? []
      : [
          isRefused
            ? `${counted(changes.length, 'difference')}. \`bridle apply\` is refused until the errors are settled.`
            : `${counted(changes.length, 'difference')}. \`bridle apply\` would put ${changes.length === 1 ? 'it' : 'them'} back.`,
        ]),
    ...(strangers === 0
      ? []
      : [
          `${counted(strangers, 'thing')} that no file declares: declare ${strangers === 1 ? 'it' : 'them'}, or write an \`ignore\` pattern.`,
        ]),
  ]
  const nothing = sentences.length === 0 ? ['No difference: the organization is as declared.'] : sentences
  const news =
    created.length === 0
      ? []
      : [
          `${counted(created.length, 'thing')} in privileged clusters ${created.length === 1 ? 'is' : 'are'} new.`,
        ]
  return [...nothing, ...news].join(' ')
}

const requests = ({ graphqlRequests, restRequests }: Omit<Budget, 'points'>) =>
  counted(graphqlRequests + restRequests, 'request')

const cost = (budget: Budget) =>
  `${counted(budget.points, 'point')} in ${requests(budget)}${budget.awsRequests === undefined ? '' : ` and ${budget.awsRequests} of AWS`}`

const waited = ({ waitedSeconds }: Spent) =>
  waitedSeconds > 0 ? `, after waiting ${counted(Math.ceil(waitedSeconds), 'second')} for the rate limit` : ''

/** What reading and applying cost of the API budget: forecast, and taken where it is known. */
export const budgetLine = (plan: Plan, spent: Spent | undefined): string => {
  const { budget, steps } = plan
  const reading = `reading ${cost(budget.reading)}`
  const taken = spent === undefined ? '' : ` (took ${cost(spent)}${waited(spent)})`
  const applying = steps.length === 0 || isRefused(plan) ? '' : `; applying ${cost(budget.applying)}`
  return `API budget: ${reading}${taken}${applying}.`
}

/** What a conversation took, where there is no forecast to hold it against. */
export const spentLine = (spent: Spent): string => `API budget: took ${cost(spent)}${waited(spent)}.`

/** How many undeclared things of one kind a report names. The JSON report has them all. */
const mostOfKind = 10

/** What no file declares, by kind: a name each, and one line for those that are too many to name. */
export const undeclaredLines = (
  undeclared: readonly Undeclared[],
): { readonly name: string; readonly note: string }[] => {
  const strangers = undeclared.filter(({ ignored }) => !ignored)
  const others = undeclared.length - strangers.length
  return [
    ...byKind(strangers, mostOfKind).flatMap(({ named, left }) => [
      ...named.map((one) => {
        const standing = standingOf(one)
        return { name: `${titleOf(one.address)}${standing === undefined ? '' : ` (${standing})`}`, note: '' }
      }),
      ...(left > 0
        ? [{ name: '', note: `… and ${thousands(left)} more, all of them in --format json` }]
        : []),
    ]),
    ...(others > 0
      ? [
          {
            name: '',
            note: `${strangers.length > 0 ? '… and ' : ''}${thousands(others)} that \`ignore\` leaves to somebody else`,
          },
        ]
      : []),
  ]
}

/** How many new things a report names. The JSON report has them all. */
const mostCreated = 40

/** What is new in privileged clusters, the newest first, and who made it. */
export const createdParts = ({ created, createdUntold = [] }: Drifted): Part[] => {
  if (created === undefined) return []
  const untold: Part[] =
    createdUntold.length === 0
      ? []
      : [{ says: `When ${listed(createdUntold)} were made is not told.`, tone: 'faint' }]
  if (created.length === 0) return [{ says: 'Nothing is new in a privileged cluster.' }, ...untold]
  const rows = created.map(({ address, at, by }) => [
    visible(at),
    titleOf(address),
    by === undefined ? 'by nobody that Buildkite names' : `by ${visible(by)}`,
  ])
  return [
    ...block(
      'new in privileged clusters',
      capped(
        columns(rows, widthOf).map((text) => ({ text })),
        mostCreated,
      ),
    ),
    ...untold,
  ]
}

const wayOf = ({ way, agent }: ChangedBy): string => {
  switch (way) {
    case 'browser':
      return 'in the browser'
    case 'API':
      return `by the API${agent === undefined ? '' : `, as ${visible(agent)}`}`
    case 'agent':
      return 'by an agent'
    case 'unknown':
      return 'by a way that is not told'
  }
}

/** Who changed last what differs, where it was asked for. */
export const changedByParts = ({ changedBy, changedByUntold }: Drifted): Part[] => {
  if (changedByUntold === true)
    return [
      {
        says: 'Who changed it is not told: the organization has no audit log, or the token may not read it.',
        tone: 'faint',
      },
    ]
  const rows = (changedBy ?? []).map((one) => [
    titleOf(one.address),
    minute(one.at),
    one.by === undefined ? 'by nobody that Buildkite names' : `by ${visible(one.by)}`,
    wayOf(one),
  ])
  return block(
    'changed last',
    capped(
      columns(rows, widthOf).map((text) => ({ text })),
      mostCreated,
    ),
  )
}
