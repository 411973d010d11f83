import { keyIn } from '../model/address.js'
import { jsonText } from '../model/json-text.js'
import type { Finding } from '../model/finding.js'
import type { StackDrift, StackImplied, StackParameter } from '../model/stack.js'
import { visible, widthOf } from './escape.js'
import { findingText } from './finding.js'
import { unpainted, type Paint } from './paint.js'
import { block, type BlockLine, type Part } from './part.js'
import type { ParametersTold } from './told.js'
import { inline } from './value.js'
import { counted, listed, wrapped } from './words.js'

/** The forms of `bridle stack`: for a person, for CloudFormation, for what deploys. */
export type StackForm = 'text' | 'json' | 'yaml'

type Implied = StackImplied & { readonly stack: NonNullable<StackImplied['stack']> }

/** Values longer than this have the reason on a line of its own. */
const shortValue = 10

/** The parameters in the form that was asked for. What a person has to know besides stands in the text alone. */
export const stackReport = (implied: Implied, form: StackForm, paint: Paint): string => {
  const { parameters, notes } = implied.stack
  switch (form) {
    case 'json':
      return `${jsonText(told(parameters))}\n`
    case 'yaml': // a text of JSON is one of YAML, too
      return parameters
        .map(({ ParameterKey, ParameterValue }) => `${ParameterKey}: ${jsonText(ParameterValue)}\n`)
        .join('')
    case 'text':
      return `${[
        [headingOf(implied, paint), ...rows(implied, paint)].join('\n'),
        ...notes.flatMap((note) => wrapped(`note: ${visible(note)}`, 100).join('\n')),
        `${counted(parameters.length, 'parameter')}. Every other one is yours to choose.`,
      ].join('\n\n')}\n`
  }
}

const told = (parameters: readonly StackParameter[]): ParametersTold =>
  parameters.map(({ ParameterKey, ParameterValue }) => ({ ParameterKey, ParameterValue }))

const headingOf = ({ queue, privileged }: Implied, paint: Paint) =>
  paint('heading', `queue ${visible(keyIn(queue))}${privileged ? ', privileged' : ''}`)

const rows = ({ stack: { parameters } }: Implied, paint: Paint): string[] => {
  const width = Math.max(...parameters.map(({ ParameterKey }) => ParameterKey.length))
  return parameters.flatMap(({ ParameterKey, ParameterValue, why }) => {
    const value = ParameterValue === '' ? '""' : visible(ParameterValue)
    const reason = paint('faint', visible(why))
    const key = `  ${ParameterKey.padEnd(width)}  `
    return widthOf(value) > shortValue
      ? [`${key}${value}`, `${' '.repeat(key.length + shortValue + 2)}${reason}`]
      : [`${key}${value}${' '.repeat(shortValue - widthOf(value) + 2)}${reason}`]
  })
}

/** What stands in the way, for whoever wanted a file: the places as the reader finds them. */
export const stackRefused = (findings: readonly Finding[], folder: string): string =>
  findings
    .map((finding) => ({
      ...finding,
      where: finding.where.map((span) => ({ ...span, file: `${folder}${span.file}` })),
    }))
    .map((finding) => findingText(finding, unpainted))
    .join('\n\n')

const titleOf = ({ name, queue }: StackDrift) =>
  `${name === undefined ? 'stack' : `stack ${visible(name)}`} of queue ${visible(keyIn(queue))}`

const driftLines = (drift: StackDrift): BlockLine[] => {
  const width = Math.max(0, ...drift.fields.map(({ field }) => widthOf(visible(field))))
  const padded = (field: string) => `${field}${' '.repeat(width - widthOf(field))}`
  return [
    { text: titleOf(drift), tone: 'heading' },
    ...drift.fields.map(({ field, before, after }): BlockLine => {
      const was = before === undefined ? 'not readable' : inline(before)
      return { text: `  ~ ${padded(visible(field))}  ${was} → ${inline(after)}`, tone: 'changed' }
    }),
    ...(drift.untold.length === 0
      ? []
      : [
          {
            text: `    not told, and not compared: ${listed(drift.untold.map(visible))}`,
            tone: 'faint',
          } as const,
        ]),
  ]
}

/** What differs in each stack that was held against its queue. */
export const stackDriftParts = (stacks: readonly StackDrift[]): Part[] =>
  stacks
    .filter(({ fields, untold }) => fields.length > 0 || untold.length > 0)
    .flatMap((drift) => block(undefined, driftLines(drift)))

/** `2 differences. …` */
export const stackDriftSummary = (stacks: readonly StackDrift[]): string => {
  const count = stacks.reduce((sum, { fields }) => sum + fields.length, 0)
  const many = stacks.length === 1 ? 'the stack is' : 'the stacks are'
  if (count === 0) return `No difference: ${many} as declared.`
  const it = count === 1 ? 'it' : 'them'
  return `${counted(count, 'difference')}. Updating ${stacks.length === 1 ? 'the stack' : 'each stack'} with what \`bridle stack QUEUE\` prints puts ${it} back.`
}
