import { kindOf } from '../model/address.js'
import type { AccessWhat, Reached } from '../model/result.js'
import { findingParts } from './assumed.js'
import { visible, widthOf } from './escape.js'
import { block, capped, columns, type BlockLine, type Part } from './part.js'
import { byNumbers, placeName } from './trail.js'
import { basisSentence } from './verdict.js'
import { counted } from './words.js'

/** How many things of a kind are named. The JSON report has them all. */
const mostOfKind = 20

/** What matters most comes first; other kinds follow as they come. */
const kinds = ['organization', 'queue', 'role', 'cluster', 'pipeline', 'team', 'repository'] as const

const rank = (kind: string) => {
  const at = (kinds as readonly string[]).indexOf(kind)
  return at < 0 ? kinds.length : at
}

const lines = (reaches: readonly Reached[]): BlockLine[] =>
  columns(
    reaches.map(({ can, on, path }) => [
      can === 'create' ? 'create pipelines' : visible(can),
      placeName(on),
      `${byNumbers(path)}${path.sureness === 'open' ? '' : `, ${path.sureness}`}`,
    ]),
    widthOf,
  ).map((text) => ({ text }))

/** `bridle access what`: everything that somebody reaches, by kind of thing. */
export const whatParts = ({ basis, who, reaches, findings }: AccessWhat): Part[] => {
  if (basis === undefined) return findings.map((finding) => ({ finding }))
  const kindsReached = [...new Set(reaches.map(({ on }) => kindOf(on)))].sort((a, b) => rank(a) - rank(b))
  const summary =
    reaches.length === 0
      ? 'reaches nothing.'
      : `${counted(reaches.length, 'power')} over ${counted(new Set(reaches.map(({ on }) => on)).size, 'thing')}.`
  return [
    { about: visible(who), says: `${summary} ${basisSentence(basis)}`, tone: 'heading' },
    ...kindsReached.flatMap((kind) =>
      block(
        rank(kind) < kinds.length ? kind : 'other things',
        capped(lines(reaches.filter(({ on }) => kindOf(on) === kind)), mostOfKind),
      ),
    ),
    ...findingParts(findings),
  ]
}
