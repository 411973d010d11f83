import { accessCodes } from '../model/access-codes.js'
import type { AccessWho, Observed } from '../model/result.js'
import type { PathNumber, Reacher } from '../model/verdict.js'
import { findingParts } from './assumed.js'
import { visible, widthOf } from './escape.js'
import { block, capped, columns, type BlockLine, type Part } from './part.js'
import { numberAndSlug, trailLines } from './trail.js'
import { basisSentence } from './verdict.js'
import { counted } from './words.js'

/** How many of those who reach something in the same way are named. */
const mostNamed = 20

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

const groupPart = (group: readonly Reacher[]): Part[] => {
  const [first] = group
  if (first === undefined) return []
  const numbers = wayOf(first)
  const trail = trailLines(first.shortest.hops)
  const heading = numbers.length === 0 ? 'as their level allows' : numbers.map(numberAndSlug).join(', ')
  return block(heading, [
    ...numbers.slice(0, 1).map((path): BlockLine => ({ text: firstSentence.get(path) ?? '', tone: 'faint' })),
    ...capped(
      group.map(({ who, shortest }) => ({
        text: `${visible(who)}${shortest.sureness === 'open' ? '' : `, ${shortest.sureness}`}`,
        tone: shortest.sureness === 'open' ? 'error' : 'warning',
      })),
      mostNamed,
    ),
    ...(group.length > 1 ? [{ text: `as ${trail.who} does:`, tone: 'faint' } as const] : []),
    ...trail.hops.map((text) => ({ text: `  ${text}` })),
  ])
}

const allowedLines = (reachers: readonly Reacher[]): BlockLine[] => {
  const rows = grouped(reachers, ({ by }) => by ?? 'allow').map(([by, group]) => {
    const names = group.map(({ who }) => visible(who))
    const named = names.length > mostNamed + 1 ? names.slice(0, mostNamed) : names
    const left = names.length - named.length
    return [visible(by), `${named.join(', ')}${left > 0 ? ` and ${String(left)} more` : ''}`]
  })
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

/** `2 reach it who are not allowed, 19 more might, and 2 who are allowed do.` */
const sentence = ({ verdict, reachers }: AccessWho): string => {
  const allowed = reachers.filter((reacher) => reacher.allowed).length
  const others = reachers.filter((reacher) => !reacher.allowed)
  const open = others.filter(({ shortest }) => shortest.sureness === 'open').length
  const perhaps = others.length - open
  if (verdict === undefined)
    return reachers.length === 0 ? 'nobody reaches it.' : `${counted(reachers.length, 'principal')} reach it.`
  const more = perhaps === 0 ? '' : `, ${String(perhaps)} more may if something assumed is not so`
  return `${verdict}; ${String(open)} not allowed ${open === 1 ? 'reaches' : 'reach'} it${more}, and ${String(allowed)} allowed ${allowed === 1 ? 'does' : 'do'}.`
}

/** `bridle access who`: those who are not allowed, by path; then those who are; then who really ran there. */
export const whoParts = (result: AccessWho): Part[] => {
  const { basis, on, reachers, observed, findings } = result
  if (basis === undefined) return findings.map((finding) => ({ finding }))
  const others = reachers.filter(({ allowed }) => !allowed)
  return [
    { about: visible(on), says: `${sentence(result)} ${basisSentence(basis)}`, tone: 'heading' },
    ...grouped(others, (reacher) => `${reacher.shortest.sureness} ${wayOf(reacher).join()}`).flatMap(
      ([, group]) => groupPart(group),
    ),
    ...block('allowed', allowedLines(reachers.filter(({ allowed }) => allowed))),
    ...block('who really ran there', observedLines(observed ?? [])),
    ...(observed?.length === 0 ? [{ says: 'Nobody ran anything there in that time.' }] : []),
    ...findingParts(findings),
  ]
}
