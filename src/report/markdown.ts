import type { PlannedChange } from '../model/change.js'
import type { Finding } from '../model/finding.js'
import type { Plan } from '../model/plan.js'
import type { Applied, Drifted, Examined, Planned, Result, Validation } from '../model/result.js'
import { accessParts, commandOf, isAboutAccess } from './access.js'
import { deltaParts } from './access-delta.js'
import { findingParts } from './assumed.js'
import { applySummary, stepLines } from './apply.js'
import { headingOf, inDrift, inPlan, rowsOf } from './change.js'
import type { Row, VerbWords } from './change.js'
import { codeBlock, codeSpan, visible } from './escape.js'
import { findingCount, findingText } from './finding.js'
import { gateCommandOf, gateParts, isAboutGates } from './hook.js'
import { importParts } from './import.js'
import { orderParts } from './order.js'
import { unpainted } from './paint.js'
import type { Part } from './part.js'
import {
  budgetLine,
  changedByParts,
  createdParts,
  driftSummary,
  planSummary,
  spentLine,
  undeclaredLines,
} from './plan.js'
import { sinceParts } from './since.js'
import { stackDriftParts, stackDriftSummary } from './stack.js'
import { elsewhereLines, validationSummary } from './validation.js'

// What comes from outside stands in code spans and code blocks alone, where no markup, HTML, link or mention works.

/** A diff block colours a line by its first character, and knows `!` for what needs a look. */
const row = ({ sign, text, inner }: Row) =>
  `${sign === '~' ? '!' : sign}${inner ? '     ' : ' '}${text}`.trimEnd()

const change = (one: PlannedChange, words: VerbWords) => {
  const rows = rowsOf(one)
  const heading = `#### ${codeSpan(headingOf(one, words))}`
  return rows.length === 0 ? heading : `${heading}\n\n${codeBlock('diff', rows.map(row).join('\n'))}`
}

const findings = (all: readonly Finding[]) => findingParts(all).map(part)

const part = (one: Part): string => {
  if ('finding' in one) return codeBlock('text', findingText(one.finding, unpainted))
  if ('says' in one)
    return `${one.about === undefined ? '' : `About ${codeSpan(one.about)}: `}**${one.says}**`
  const lines = codeBlock(one.language ?? 'text', one.lines.map(({ text }) => text).join('\n'))
  return one.heading === undefined ? lines : `**${one.heading}**\n\n${lines}`
}

const delta = (plan: Plan | undefined, isDrift = false) => deltaParts(plan, isDrift).map(part)

const undeclared = (plan: Plan | undefined) => {
  if (plan === undefined || plan.undeclared.length === 0) return []
  const lines = undeclaredLines(plan.undeclared).map(({ name, note }) =>
    name === '' ? `- ${note}` : `- ${codeSpan(name)}`,
  )
  return [['Declared by no file, and left alone:', '', ...lines].join('\n')]
}

const counts = (all: readonly Finding[]) => (all.length === 0 ? [] : [`${findingCount(all)}.`])

const validation = (result: Validation) => {
  const elsewhere = elsewhereLines(result).map(
    ({ name, place, nearest }) =>
      `- ${codeSpan(name)} ${codeSpan(place)}${nearest === undefined ? '' : `, did you mean ${codeSpan(nearest)}?`}`,
  )
  return [
    '### bridle validate',
    `**${validationSummary(result)}**`,
    ...findings(result.findings),
    ...(elsewhere.length === 0
      ? []
      : [
          ['Declared by no file; `bridle plan` looks for them in the organization:', '', ...elsewhere].join(
            '\n',
          ),
        ]),
  ]
}

const planned = ({ plan, findings: all, spent }: Planned) => [
  '### bridle plan',
  ...delta(plan),
  ...(plan === undefined ? counts(all) : [`**${planSummary(plan)}**`]),
  ...findings(all),
  ...(plan?.changes.map((one) => change(one, inPlan)) ?? []),
  ...(plan === undefined ? [] : orderParts(plan).map(part)),
  ...undeclared(plan),
  ...(plan === undefined ? [] : [budgetLine(plan, spent)]),
]

/** A piece of a drift, and what it tells of. */
export interface Piece {
  readonly of: 'all' | 'finding' | 'difference'
  readonly text: string
}

const pieces =
  (of: Piece['of']) =>
  (text: string): Piece => ({ of, text })

/** A drift piece by piece: the sum of it first, for that may be all that anybody reads. */
export const driftPieces = (result: Drifted): Piece[] => {
  const { plan, findings: all, created, stacks = [], spent } = result
  const sum =
    plan !== undefined
      ? [`**${driftSummary(plan, created, all)}**`]
      : stacks.length > 0
        ? [`**${stackDriftSummary(stacks)}**`]
        : []
  return [
    ...['### bridle drift', [...sum, ...counts(all)].join(' '), ...delta(plan, true)].map(pieces('all')),
    ...sinceParts(result).map(part).map(pieces('all')),
    ...findings(all).map(pieces('finding')),
    ...stackDriftParts(stacks).map(part).map(pieces('difference')),
    ...(plan?.changes.map((one) => change(one, inDrift)) ?? []).map(pieces('difference')),
    ...[...undeclared(plan), ...[...changedByParts(result), ...createdParts(result)].map(part)].map(
      pieces('all'),
    ),
    ...(spent === undefined ? [] : [spentLine(spent)]).map(pieces('all')),
  ].filter(({ text }) => text !== '')
}

const applied = (result: Applied) => {
  const steps = stepLines(result).map(
    ({ state, title, why }) => `- ${state} ${codeSpan(title)}${why === '' ? '' : `: ${codeSpan(why)}`}`,
  )
  return [
    '### bridle apply',
    ...(result.plan === undefined ? counts(result.findings) : [`**${applySummary(result)}**`]),
    ...(steps.length === 0 ? [] : [steps.join('\n')]),
    ...findings(result.findings),
    ...(result.spent === undefined ? [] : [spentLine(result.spent)]),
  ]
}

const examined = ({ checks, findings: all }: Examined) => [
  '### bridle doctor',
  checks
    .map(
      ({ name, state, what, fix }) =>
        `- ${state} ${codeSpan(name)}: ${codeSpan(what)}${fix === undefined ? '' : `; fix: ${codeSpan(fix)}`}`,
    )
    .join('\n'),
  ...findings(all),
]

const parts = (result: Result): string[] => {
  if (isAboutAccess(result)) return [`### ${commandOf(result)}`, ...accessParts(result).map(part)]
  if (isAboutGates(result)) return [`### ${gateCommandOf(result)}`, ...gateParts(result).map(part)]
  switch (result.result) {
    case 'validation':
      return validation(result)
    case 'plan':
      return planned(result)
    case 'apply':
      return applied(result)
    case 'drift':
      return driftPieces(result).map(({ text }) => text)
    case 'import':
      return ['### bridle import', ...importParts(result).map(part)]
    case 'doctor':
      return examined(result)
  }
}

/** A result for a pull request, a build annotation or a wiki. */
export const markdown = (result: Result, sandbox: string | undefined): string => {
  const first = sandbox === undefined ? [] : [`> ${visible(sandbox)}`]
  return `${[...first, ...parts(result)].join('\n\n')}\n`
}
