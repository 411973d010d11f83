import type { Address } from '../model/address.js'
import type { Finding } from '../model/finding.js'
import type { AccessChecked } from '../model/result.js'
import type { Assumed, Expected, QueueVerdict, RoleVerdict, RuleCard } from '../model/verdict.js'
import { assumptionLines, isShownWhole } from './assumed.js'
import { visible, widthOf } from './escape.js'
import { block, capped, columns, type BlockLine, type Part } from './part.js'
import { basisSentence, checkSentence, openPaths, verdictTones, verdictWords } from './verdict.js'
import { typed } from './typed.js'
import { counted, listed } from './words.js'

/** How many lines a block of an answer about access has at most. */
const mostLines = 40

/** How many of those who reach an open queue its line names. */
const mostNamed = 3

/** A queue or a role, by its name. */
type Judged = (QueueVerdict | RoleVerdict) & { readonly on: Address }

const judgedIn = ({ queues, roles = [] }: AccessChecked): readonly Judged[] => [
  ...queues.map((one) => ({ ...one, on: one.queue })),
  ...roles.map((one) => ({ ...one, on: one.role })),
]

const openTo = ({ reachers, paths }: Judged): string => {
  const open = reachers.filter(({ allowed, shortest }) => !allowed && shortest.sureness === 'open')
  const named = open.length > mostNamed + 1 ? open.slice(0, mostNamed) : open
  const left = open.length - named.length
  const more = left > 0 ? ` and ${String(left)} more` : ''
  const by = openPaths(paths)
  const ways = by.length === 0 ? '' : `, by ${listed(by)}`
  return open.length === 0 ? '' : ` to ${named.map(({ who }) => visible(who)).join(', ')}${more}${ways}`
}

const placeLines = (judged: readonly Judged[]): BlockLine[] => {
  const lines = columns(
    judged.map((one) => [visible(one.on), verdictWords(one, one.verdict === 'open' ? openTo(one) : '')]),
    widthOf,
  )
  return lines.map((text, at) => {
    const verdict = judged[at]?.verdict
    return verdict === undefined ? { text } : { text, tone: verdictTones[verdict] }
  })
}

/** A snapshot and a plan have who may become which role, and of the policies nothing. */
const untold = ({ basis, roles = [] }: AccessChecked): string =>
  roles.length > 0 && (basis?.on === 'snapshot' || basis?.on === 'plan')
    ? ' What is wrong with roles themselves is not to be seen there.'
    : ''

const onWhat = ({ queues, roles = [] }: Assumed) =>
  queues.length + roles.length === 1
    ? visible(queues[0] ?? roles[0] ?? '')
    : listed([
        ...(queues.length > 0 ? [counted(queues.length, 'queue')] : []),
        ...(roles.length > 0 ? [counted(roles.length, 'role')] : []),
      ])

const assumedLines = (assumed: readonly Assumed[]): BlockLine[] =>
  assumptionLines(
    assumed,
    (one) => `for ${onWhat(one)}`,
    (text) => ({ text }),
  )

const acceptedLines = (assumed: readonly Assumed[]): BlockLine[] =>
  assumptionLines(
    assumed,
    ({ accepted }) => `until ${visible(accepted?.until ?? '')}: ${visible(accepted?.reason ?? '')}`,
    (text) => ({ text, tone: 'faint' }),
  )

/** `team:web cannot run on queue:production/deploy`. */
export const expectation = ({ who, can, verb, on }: Expected): string =>
  visible(`${who} ${can ? 'can' : 'cannot'} ${verb}${verb === 'run' ? ' on' : ''} ${on}`)

const expectedLines = (expected: readonly Expected[]): BlockLine[] => {
  const sorted = [...expected.filter(({ holds }) => !holds), ...expected.filter(({ holds }) => holds)]
  const lines = columns(
    sorted.map((one) => [
      one.holds ? 'holds' : 'broken',
      expectation(one),
      `${visible(`${one.at.file}:${one.at.line}:${one.at.column}`)}: ${visible(one.why)}`,
    ]),
    widthOf,
  )
  return lines.map((text, at) => ({ text, tone: sorted[at]?.holds === true ? 'faint' : 'error' }))
}

const ruleLines = (rules: readonly RuleCard[]): BlockLine[] =>
  rules.flatMap(({ path, finding, title, decidedFrom, verdicts, replayable, enforcedAt, gate }) => [
    { text: `${path} ${finding}: ${visible(title)}`, tone: 'heading' },
    {
      text: `     ${verdicts.join(', ')}; ${replayable ? 'can be replayed' : 'can not be replayed'}; enforced at ${enforcedAt.length === 0 ? 'no layer' : enforcedAt.map(visible).join(', ')}`,
    },
    ...(gate === undefined ? [] : [{ text: `     the gate of a queue refuses it ${visible(gate)}` }]),
    {
      text: `     from ${decidedFrom.length === 0 ? 'nothing readable' : decidedFrom.map(visible).join(', ')}`,
      tone: 'faint',
    },
  ])

/** What is open comes first, and what ends no command last. */
const byWeight = ({ severity, trail }: Finding) =>
  severity === 'warning' ? 2 : trail === undefined || trail.length === 0 ? 1 : 0

const nextLines = (result: AccessChecked): BlockLine[] =>
  columns(nextRows(result), widthOf).map((text) => ({ text }))

const nextRows = (result: AccessChecked): string[][] => {
  const { asked, assumed, suggestions } = result
  const here = (...words: readonly string[]) =>
    [typed('bridle', 'access', ...words), ...(asked === undefined ? [] : [asked])].join(' ')
  const open = judgedIn(result).find(({ verdict }) => verdict === 'open')
  const first = open?.reachers.find(({ allowed }) => !allowed)
  const isAsked = suggestions !== undefined || assumed.every(({ accepted }) => accepted !== undefined)
  return [
    ...(open === undefined || first === undefined
      ? []
      : [
          {
            text: here('why', first.who, open.on),
            note: 'every path, and what cuts them',
          },
          { text: here('who', open.on), note: 'everybody who reaches it' },
        ]),
    ...(isAsked
      ? []
      : [
          {
            text: here('check', '--suggest'),
            note: 'the `accept` lines for what is assumed, to be looked at one by one',
          },
        ]),
  ].map(({ text, note }) => [text, `# ${note}`])
}

/** The lines as they stand in a file that has an `accept:` already: a block is moved in by as much as a list is. */
const suggestionLines = (suggestions: string): BlockLine[] =>
  suggestions
    .split('\n')
    .filter((line) => line.startsWith('  '))
    .map((line) => ({ text: visible(line.slice('  '.length)) }))

/** `bridle access check`: the verdict, the queues, what is open and how, what is assumed, what was expected, what next. */
export const checkParts = (result: AccessChecked): Part[] => {
  const { basis, assumed, expected, rules, suggestions, findings } = result
  const every = block('every path, and what it is decided from', ruleLines(rules ?? []))
  if (basis === undefined) return [...every, ...findings.map((finding) => ({ finding }))]
  const waiting = assumed.filter(({ accepted }) => accepted === undefined)
  const accepted = assumed.filter((one) => one.accepted !== undefined)
  const shown = (waiting.length === 0 ? findings : findings.filter(isShownWhole)).toSorted(
    (a, b) => byWeight(a) - byWeight(b),
  )
  return [
    { says: `${checkSentence(result)} ${basisSentence(basis)}${untold(result)}`, tone: 'heading' },
    ...block(undefined, placeLines(judgedIn(result))),
    ...shown.map((finding) => ({ finding })),
    ...block('assumed: nothing readable settles these, so an `accept` has to', assumedLines(waiting)),
    ...block('accepted', acceptedLines(accepted)),
    ...block('expected', capped(expectedLines(expected), mostLines)),
    ...every,
    ...block(
      'to stand under `accept:`, each with a reason once somebody has looked at it',
      suggestionLines(suggestions ?? ''),
      'yaml',
    ),
    ...block('next', nextLines(result)),
  ]
}
