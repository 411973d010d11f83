import type { AccessWhy } from '../model/result.js'
import type { Cut, Path } from '../model/verdict.js'
import { findingParts } from './assumed.js'
import { visible } from './escape.js'
import { block, type BlockLine, type Part } from './part.js'
import type { Tone } from './paint.js'
import { numberAndSlug, trailLines } from './trail.js'
import { basisSentence } from './verdict.js'
import { counted, thousands } from './words.js'

const surenesses: Readonly<Record<Path['sureness'], string>> = {
  open: 'open',
  assumed: 'assumed, as nothing readable settles it',
  held: 'held by the hook',
  accepted: 'accepted',
}

const pathPart = ({ numbers, hops, sureness }: Path, at: number): Part[] => {
  const numbered = numbers.filter((path) => path !== 'rule').map(numberAndSlug)
  const heading = `path ${String(at + 1)}${numbered.length === 0 ? '' : `: ${numbered.join(', ')}`}; ${surenesses[sureness]}`
  return block(
    heading,
    trailLines(hops).hops.map((text) => ({ text })),
  )
}

const tones: Readonly<Record<string, Tone>> = { '+': 'added', '-': 'removed', '@': 'faint' }

const diffLines = (diff: string): BlockLine[] =>
  diff
    .replace(/\n$/, '')
    .split('\n')
    .map((line) => {
      const tone = tones[line.charAt(0)]
      return { text: visible(line), ...(tone === undefined ? {} : { tone }) }
    })

const cutLine = ({ says, at, isWritten }: Cut): BlockLine => ({
  text: [
    visible(says),
    ...(at === undefined ? [] : [` (${visible(`${at.file}:${at.line}:${at.column}`)})`]),
    ...(isWritten === true ? [' the files say so already: `bridle apply` carries it out'] : []),
  ].join(' '),
})

type TheCut = NonNullable<AccessWhy['cut']>

/** What is cut, and what is left. */
const extentOf = ({ leavesAssumed, leavesAccepted, ofAccepted }: TheCut): string =>
  leavesAssumed === true
    ? 'what is open, and what is assumed is left'
    : leavesAccepted === true
      ? 'all that is not accepted'
      : ofAccepted === true
        ? 'what is accepted'
        : 'all of them'

const proofOf = ({ exact, isMild, cuts }: TheCut): string => {
  // There is no smaller set than of one.
  const among = isMild === true && cuts.length > 1 ? ' that leaves the allowed what they may' : ''
  return exact ? `no smaller set${among} does` : `found greedily, so a smaller set${among} may do`
}

/** How many edits no file has a line for. */
const diffHeading = ({ cuts }: TheCut): string => {
  const missing = cuts.filter(({ before, isWritten }) => before === undefined && isWritten !== true).length
  const rest = missing === 0 ? '' : `, without the ${thousands(missing)} that no file says`
  return `as a difference of the files${rest}`
}

const allowances: Readonly<Record<string, string>> = { trust: 'by the trust of the files', user: 'by name' }

const cutParts = ({ who, cut, paths, allowedBy }: AccessWhy): Part[] => {
  if (paths.length === 0) return []
  if (allowedBy !== undefined) {
    const how = allowances[allowedBy] ?? (allowedBy === who ? 'by the files' : `as a member of ${allowedBy}`)
    return [{ says: `${visible(who)} is allowed there, ${visible(how)}: there is nothing to cut.` }]
  }
  const isAllAccepted = paths.every(({ sureness }) => sureness === 'accepted')
  if (cut === undefined || cut.cuts.length === 0)
    return [
      {
        says: isAllAccepted
          ? 'All of it is accepted, and no change of the files would cut it.'
          : 'No change of the files cuts them: something that they do not say holds them open.',
      },
    ]
  const { cuts, diff, ofAccepted = false } = cut
  const would = ofAccepted ? 'would cut' : cuts.length === 1 ? 'cuts' : 'cut'
  const heading = `${counted(cuts.length, 'change')} ${would} ${extentOf(cut)}; ${proofOf(cut)}`
  return [
    ...(ofAccepted ? [{ says: 'All of it is accepted.' }] : []),
    ...block(heading, cuts.map(cutLine)),
    ...(diff === undefined ? [] : block(diffHeading(cut), diffLines(diff), 'diff')),
  ]
}

/** By which rules one only comes there by going on where one could have ended. */
const rounds = (rules: readonly string[]): string =>
  rules.length === 0
    ? ''
    : `, which ${rules.length === 1 ? 'goes' : 'go'} further round: by ${rules.join(', ')}`

/** `bridle access why`: each path hop by hop, and what would cut them all. */
export const whyParts = (result: AccessWhy): Part[] => {
  const { basis, who, on, paths, rest, roundabout, findings } = result
  if (basis === undefined) return findings.map((finding) => ({ finding }))
  const summary =
    paths.length === 0
      ? 'no path.'
      : `${counted(paths.length, 'path')}${rest > 0 ? ` shown, and ${thousands(rest)} more${rounds(roundabout)}` : ''}.`
  return [
    {
      about: `${visible(who)} to ${visible(on)}`,
      says: `${summary} ${basisSentence(basis)}`,
      tone: 'heading',
    },
    ...paths.flatMap(pathPart),
    ...cutParts(result),
    ...findingParts(findings),
  ]
}
