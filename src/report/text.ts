import type { Finding } from '../model/finding.js'
import type { PlannedChange } from '../model/change.js'
import type { Plan } from '../model/plan.js'
import type { Applied, Drifted, Examined, Planned, Result, Validation } from '../model/result.js'
import { accessParts, isAboutAccess } from './access.js'
import { deltaParts } from './access-delta.js'
import { findingParts } from './assumed.js'
import { applySummary, stepLines } from './apply.js'
import { headingOf, inDrift, inPlan, rowsOf } from './change.js'
import type { Row, VerbWords } from './change.js'
import { visible } from './escape.js'
import { findingCount, findingText } from './finding.js'
import { gateParts, isAboutGates } from './hook.js'
import type { Paint, Tone } from './paint.js'
import type { Part } from './part.js'
import { importParts } from './import.js'
import { orderParts } from './order.js'
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

const tones: Readonly<Record<Row['sign'], Tone>> = {
  '+': 'added',
  '~': 'changed',
  '-': 'removed',
  '!': 'warning',
  ' ': 'faint',
}

const row = ({ sign, text, inner }: Row, paint: Paint) =>
  paint(tones[sign], `${inner ? '      ' : '  '}${sign} ${text}`.trimEnd())

const change = (one: PlannedChange, words: VerbWords, paint: Paint) =>
  [paint('heading', headingOf(one, words)), ...rowsOf(one).map((line) => row(line, paint))].join('\n')

const undeclared = (plan: Plan | undefined, paint: Paint) => {
  if (plan === undefined || plan.undeclared.length === 0) return []
  const lines = undeclaredLines(plan.undeclared).map(({ name, note }) =>
    name === '' ? paint('faint', `  ${note}`) : `  ${name}`,
  )
  return [[paint('heading', 'declared by no file, and left alone'), ...lines].join('\n')]
}

const findings = (all: readonly Finding[], paint: Paint) =>
  findingParts(all).map((one) => partText(one, paint))

/** A piece of an answer, for a terminal. */
export const partText = (one: Part, paint: Paint): string => {
  if ('finding' in one) return findingText(one.finding, paint)
  const painted = (tone: Tone | undefined, words: string) => (tone === undefined ? words : paint(tone, words))
  if ('says' in one) return painted(one.tone, `${one.about === undefined ? '' : `${one.about}: `}${one.says}`)
  const indent = one.heading === undefined ? '' : '  '
  const lines = one.lines.map((line) => painted(line.tone, `${indent}${line.text}`.trimEnd()))
  return [...(one.heading === undefined ? [] : [paint('heading', one.heading)]), ...lines].join('\n')
}

const delta = (plan: Plan | undefined, paint: Paint, isDrift = false) =>
  deltaParts(plan, isDrift).map((one) => partText(one, paint))

const closing = (all: readonly Finding[]) => (all.length === 0 ? [] : [`${findingCount(all)}.`])

const validation = (result: Validation, paint: Paint) => {
  const elsewhere = elsewhereLines(result).map(
    ({ name, place, nearest }) =>
      `  ${name}  ${place}${nearest === undefined ? '' : `  did you mean ${nearest}?`}`,
  )
  return [
    ...findings(result.findings, paint),
    ...(elsewhere.length === 0
      ? []
      : [
          [
            paint('heading', 'declared by no file; `bridle plan` looks for them in the organization'),
            ...elsewhere,
          ].join('\n'),
        ]),
    validationSummary(result),
  ]
}

const planned = ({ findings: all, plan, spent }: Planned, paint: Paint) => [
  ...delta(plan, paint),
  ...(plan?.changes.map((one) => change(one, inPlan, paint)) ?? []),
  ...(plan === undefined ? [] : orderParts(plan).map((one) => partText(one, paint))),
  ...undeclared(plan, paint),
  ...findings(all, paint),
  ...(plan === undefined
    ? closing(all)
    : [[paint('faint', budgetLine(plan, spent)), planSummary(plan)].join('\n')]),
]

const drifted = (result: Drifted, paint: Paint) => {
  const { findings: all, plan, created, stacks = [], spent } = result
  return [
    ...delta(plan, paint, true),
    ...(plan?.changes.map((one) => change(one, inDrift, paint)) ?? []),
    ...undeclared(plan, paint),
    ...changedByParts(result).map((one) => partText(one, paint)),
    ...createdParts(result).map((one) => partText(one, paint)),
    ...stackDriftParts(stacks).map((one) => partText(one, paint)),
    ...findings(all, paint),
    ...sinceParts(result).map((one) => partText(one, paint)),
    ...(plan === undefined
      ? stacks.length > 0
        ? [stackDriftSummary(stacks)]
        : closing(all)
      : [
          ...(spent === undefined
            ? [driftSummary(plan, created, all)]
            : [[paint('faint', spentLine(spent)), driftSummary(plan, created, all)].join('\n')]),
        ]),
  ]
}

const outcomeTones: Readonly<Record<string, Tone>> = {
  done: 'added',
  proved: 'added',
  failed: 'error',
  unclear: 'warning',
}

const applied = (result: Applied, paint: Paint) => {
  const lines = stepLines(result)
  const width = Math.max(0, ...lines.map(({ state }) => state.length))
  const steps = lines.map(
    ({ state, title, why }) =>
      `${paint(outcomeTones[state] ?? 'faint', state.padEnd(width))}  ${title}${why === '' ? '' : `\n${' '.repeat(width + 2)}${why}`}`,
  )
  const spent = result.spent === undefined ? [] : [paint('faint', spentLine(result.spent))]
  return [
    ...(steps.length === 0 ? [] : [steps.join('\n')]),
    ...findings(result.findings, paint),
    ...(result.plan === undefined ? closing(result.findings) : [[...spent, applySummary(result)].join('\n')]),
  ]
}

const checkTones = { works: 'added', missing: 'error', warning: 'warning', unknown: 'faint' } as const

const examined = ({ checks, findings: all }: Examined, paint: Paint) => {
  const state = Math.max(0, ...checks.map((check) => check.state.length))
  const name = Math.max(0, ...checks.map((check) => visible(check.name).length))
  const lines = checks.flatMap((check) => [
    `${paint(checkTones[check.state], check.state.padEnd(state))}  ${visible(check.name).padEnd(name)}  ${visible(check.what)}`,
    ...(check.fix === undefined ? [] : [`${' '.repeat(state + name + 4)}fix: ${visible(check.fix)}`]),
  ])
  return [...(lines.length === 0 ? [] : [lines.join('\n')]), ...findings(all, paint), ...closing(all)]
}

const parts = (result: Result, paint: Paint): string[] => {
  if (isAboutAccess(result))
    return [
      ...accessParts(result).map((one) => partText(one, paint)),
      ...(result.basis === undefined ? closing(result.findings) : []),
    ]
  if (isAboutGates(result)) return gateParts(result).map((one) => partText(one, paint))
  switch (result.result) {
    case 'validation':
      return validation(result, paint)
    case 'plan':
      return planned(result, paint)
    case 'apply':
      return applied(result, paint)
    case 'drift':
      return drifted(result, paint)
    case 'import':
      return [...importParts(result).map((one) => partText(one, paint)), ...closing(result.findings)]
    case 'doctor':
      return examined(result, paint)
  }
}

/** A result for a person at a terminal, or for a log. */
export const text = (result: Result, paint: Paint): string => `${parts(result, paint).join('\n\n')}\n`
