import { accessCodes } from '../model/access-codes.js'
import type { AccessWho, Observed, PolicyWriter } from '../model/result.js'
import type { Path, PathNumber, Reacher } from '../model/verdict.js'
import { findingParts } from './assumed.js'
import { visible, widthOf } from './escape.js'
import { block, capped, columns, type BlockLine, type Part } from './part.js'
import { numberAndSlug, trailLines } from './trail.js'
import { basisSentence, verdictWords } from './verdict.js'
import { counted, thousands } from './words.js'

/** How many of those who reach something in the same way are named. */
const mostNamed = 20

/** How many ways are told of those who are kept away. */
const mostWays = 40

type Sureness = Path['sureness']

const grouped = <T>(
  things: readonly T[],
  keyOf: (thing: T) => string,
): (readonly [string, readonly T[]])[] => {
  const groups = new Map<string, T[]>()
  for (const thing of things) {
    const group = groups.get(keyOf(thing))
    if (group === undefined) groups.set(keyOf(thing), [thing])
    else group.push(thing)
  }
  return [...groups]
}

const firstSentence = new Map<PathNumber, string>(
  Object.values(accessCodes).map(({ path, what }) => [path, what]),
)

const wayOf = ({ shortest }: Reacher): readonly PathNumber[] =>
  shortest.numbers.filter((path) => path !== 'rule')

const wayKey = (reacher: Reacher): string => `${reacher.shortest.sureness} ${wayOf(reacher).join()}`

const headingOf = (numbers: readonly PathNumber[]): string =>
  numbers.length === 0 ? 'as their level allows' : numbers.map(numberAndSlug).join(', ')

const namesIn = (group: readonly Reacher[]): string => {
  const names = group.map(({ who }) => visible(who))
  const named = names.length > mostNamed + 1 ? names.slice(0, mostNamed) : names
  const left = names.length - named.length
  return `${named.join(', ')}${left > 0 ? ` and ${thousands(left)} more` : ''}`
}

const groupPart = (group: readonly Reacher[]): Part[] => {
  const [first] = group
  if (first === undefined) return []
  const numbers = wayOf(first)
  const isPrivileged = first.allowed !== undefined
  const trail = trailLines(first.shortest.hops)
  return block(headingOf(numbers), [
    // The page of a path speaks of what is privileged.
    ...numbers
      .slice(0, isPrivileged ? 1 : 0)
      .map((path): BlockLine => ({ text: firstSentence.get(path) ?? '', tone: 'faint' })),
    ...capped(
      group.map(({ who, shortest: { sureness } }): BlockLine => ({
        text: `${visible(who)}${sureness === 'open' ? '' : `, ${sureness}`}`,
        ...(isPrivileged && { tone: sureness === 'open' ? 'error' : 'warning' }),
      })),
      mostNamed,
    ),
    ...(group.length > 1 ? [{ text: `as ${trail.who} does:`, tone: 'faint' } as const] : []),
    ...trail.hops.map((text) => ({ text: `  ${text}` })),
  ])
}

const allowedLines = (reachers: readonly Reacher[]): BlockLine[] => {
  const rows = grouped(reachers, ({ by }) => by ?? 'allow').map(([by, group]) => [
    visible(by),
    namesIn(group),
  ])
  return columns(rows, widthOf).map((text) => ({ text, tone: 'faint' }))
}

const observedLines = (observed: readonly Observed[]): BlockLine[] => {
  const rows = observed.map(({ who, pipeline, jobs, last, allowedToday, pipelineThere }) => [
    allowedToday ? 'allowed' : 'not allowed today',
    visible(who),
    visible(pipeline),
    `${counted(jobs, 'job')}, the last ${visible(last)}${pipelineThere ? '' : '; the pipeline is gone'}`,
  ])
  const lines = columns(rows, widthOf)
  return capped(
    lines.map((text, at) => {
      const one = observed[at]
      return { text, tone: one?.allowedToday === true && one.pipelineThere ? 'faint' : 'error' }
    }),
    mostNamed,
  )
}

const writerLines = (writers: readonly PolicyWriter[]): BlockLine[] =>
  capped(
    columns(
      writers.map(({ principal, can, by, isCertain, role }) => [
        visible(principal),
        `${isCertain ? 'can' : 'can, perhaps,'} ${can}`,
        visible(by),
        role === undefined ? '' : `and so can whoever reaches ${visible(role)}`,
      ]),
      widthOf,
    ).map((text) => ({ text: text.trimEnd(), tone: 'faint' })),
    mostNamed,
  )

/** `closed, resting on 18 accepted assumptions; 0 not allowed reach it, and 2 allowed do.` */
const sentence = ({ verdict, accepted = 0, contained = false, reachers }: AccessWho): string => {
  if (reachers.length === 0) return 'nobody reaches it.'
  const others = reachers.filter(({ allowed }) => allowed !== true)
  const count = (some: readonly Reacher[], ...words: readonly Sureness[]) =>
    some.filter(({ shortest }) => words.includes(shortest.sureness)).length
  const [open, assumed] = [count(others, 'open'), count(others, 'assumed')]
  const perhaps = assumed === 0 ? '' : `, ${thousands(assumed)} more may if something assumed is not so`
  // Nothing says who is allowed: then nobody is said not to be.
  if (others.some(({ allowed }) => allowed === undefined))
    return `${counted(open, 'principal')} ${open === 1 ? 'reaches' : 'reach'} it${perhaps}.`
  const allowed = reachers.length - others.length
  const word = verdict === undefined ? '' : `${verdictWords({ verdict, accepted, contained })}; `
  return `${word}${thousands(open)} not allowed ${open === 1 ? 'reaches' : 'reach'} it${perhaps}, and ${thousands(allowed)} allowed ${allowed === 1 ? 'does' : 'do'}.`
}

/** Those whom nothing but something held or accepted keeps away: a line for each way. */
const keptAway = (reachers: readonly Reacher[]): BlockLine[] => {
  const rows = grouped(reachers, wayKey).map(([, group]) => [
    group[0] === undefined ? '' : headingOf(wayOf(group[0])),
    namesIn(group),
  ])
  return capped(
    columns(rows, widthOf).map((text) => ({ text, tone: 'faint' })),
    mostWays,
  )
}

/** `bridle access who`: those who are not allowed, by path; then those who are; then who really ran there. */
export const whoParts = (result: AccessWho): Part[] => {
  const { basis, on, reachers, observed, findings } = result
  if (basis === undefined) return findings.map((finding) => ({ finding }))
  const others = reachers.filter(({ allowed }) => allowed !== true)
  const as = (...words: readonly Sureness[]) =>
    others.filter(({ shortest }) => words.includes(shortest.sureness))
  const shown = as('open', 'assumed')
  return [
    { about: visible(on), says: `${sentence(result)} ${basisSentence(basis)}`, tone: 'heading' },
    ...grouped(shown, wayKey).flatMap(([, group]) => groupPart(group)),
    ...block('allowed', allowedLines(reachers.filter(({ allowed }) => allowed === true))),
    ...block('would reach it, if the hook did not hold', keptAway(as('held'))),
    ...block('would reach it, if what is accepted were not so', keptAway(as('accepted'))),
    ...(shown.length === 0
      ? []
      : [
          {
            says: 'Each is told once, by their shortest way; `bridle access why` tells the others.',
            tone: 'faint',
          } as const,
        ]),
    ...block('in AWS, can change what the gates of every queue go by', writerLines(result.writers ?? [])),
    ...(result.writers === undefined
      ? []
      : [
          {
            says: 'The policies of keys of KMS are not read: whoever one of them lets sign is not told here.',
            tone: 'faint',
          } as const,
        ]),
    ...block('who really ran there', observedLines(observed ?? [])),
    ...(observed?.length === 0 ? [{ says: 'Nobody ran anything there in that time.' }] : []),
    ...findingParts(findings),
  ]
}
