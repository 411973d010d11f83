import type { Finding } from '../model/finding.js'
import type { Choice, Question, Settled } from '../model/onboarding.js'
import type { Check } from '../model/result.js'
import { visible, widthOf } from './escape.js'
import { columns } from './part.js'
import { wrapped } from './words.js'

/** Lines are read in one glance up to here, however wide the terminal is. */
const widest = 80
/** More choices than these nobody looks through. */
const mostChoices = 30

const inLines = (text: string, width: number, indent = ''): string[] =>
  wrapped(visible(text), Math.max(20, Math.min(width, widest) - indent.length)).map(
    (line) => `${indent}${line}`,
  )

/** A column of words, and beside it what is said of each, in lines of their own where they need them. */
const table = (rows: readonly (readonly [string, string])[], width: number): string[] => {
  const first = Math.max(0, ...rows.map(([word]) => widthOf(word)))
  return rows.flatMap(([word, about]) => {
    const [line = '', ...more] = inLines(about, width - first - 4)
    const lead = word + ' '.repeat(first - widthOf(word))
    return [`  ${lead}  ${line}`.trimEnd(), ...more.map((one) => `  ${' '.repeat(first)}  ${one}`)]
  })
}

/** What is said before a question: why it is asked, and the choices by their numbers. */
export const questionLines = ({ message, why = [], choices = [] }: Question, width: number): string[] => [
  ...(choices.length === 0 ? [] : inLines(message, width)),
  ...why.flatMap((one) => inLines(one, width)),
  ...choiceLines(choices, width),
]

const choiceLines = (choices: readonly Choice[], width: number): string[] => {
  const shown = choices.length > mostChoices + 1 ? choices.slice(0, mostChoices) : choices
  const numbered = columns(
    shown.map(({ value }, at) => [String(at + 1), visible(value)]),
    widthOf,
  )
  return [
    ...table(
      shown.map(({ about = '' }, at) => [numbered[at] ?? '', about]),
      width,
    ),
    ...(shown.length < choices.length
      ? [`  … and ${String(choices.length - shown.length)} more: type the name of one`]
      : []),
  ]
}

/** What was found out without asking. */
export const settledLines = (settled: readonly Settled[], width: number): string[] =>
  settled.length === 0
    ? []
    : [
        'Known already, so not asked:',
        ...table(
          settled.map(({ name, value, because }) => [name, `${value} (${because})`]),
          width,
        ),
      ]

/** Why a typed answer can't be: two sentences, for somebody who is about to type another. */
export const noLines = ({ what, fix }: Finding, width: number): string[] =>
  inLines(`No: ${what}. ${fix.charAt(0).toUpperCase()}${fix.slice(1)}${/[.?!]$/.test(fix) ? '' : '.'}`, width)

/** What flags are missing where nobody can be asked, all at once. */
export const missingLines = (open: readonly Question[], width: number): string[] =>
  table(
    open.map(({ name, message, choices = [] }) => [
      `--${name}`,
      `${message}${
        choices.length === 0
          ? ''
          : ` ${choices
              .slice(0, 8)
              .map(({ value }) => value)
              .join(', ')}${choices.length > 8 ? ', …' : ''}`
      }`,
    ]),
    width,
  )

/** Sentences in lines. */
export const saidIn = (sentences: readonly string[], width: number): string[] =>
  sentences.flatMap((one) => inLines(one, width))

/** What works, in a sentence, and what does not in one each: for somebody who has not asked for a list. */
export const checkLines = (checks: readonly Check[], width: number): string[] => {
  const works = checks.filter(({ state }) => state === 'works').map(({ name }) => name)
  return [
    ...(works.length === 0 ? [] : inLines(`Works: ${works.join(', ')}.`, width)),
    ...checks
      .filter(({ state }) => state !== 'works')
      .flatMap(({ name, state, what, fix }) => [
        ...inLines(`${state === 'missing' ? 'Missing' : 'Worth knowing'}, ${name}: ${what}.`, width),
        ...(fix === undefined ? [] : inLines(`fix: ${fix}`, width, '  ')),
      ]),
  ]
}
