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

const cutLine = ({ says, at, before, after }: Cut): BlockLine[] => [
  {
    text: `${visible(says)}${at === undefined ? '' : `  (${visible(`${at.file}:${at.line}:${at.column}`)})`}`,
  },
  ...(before === undefined ? [] : [{ text: `- ${visible(before)}`, tone: 'removed' } as const]),
  ...(after === undefined ? [] : [{ text: `+ ${visible(after)}`, tone: 'added' } as const]),
]

const cutParts = ({ cut, paths }: AccessWhy): Part[] => {
  if (paths.length === 0) return []
  if (cut === undefined || cut.cuts.length === 0)
    return [{ says: 'No change of the files cuts them: something that they do not say holds them open.' }]
  const { exact, cuts, diff, leavesAssumed = false } = cut
  const what = leavesAssumed ? 'what is open, and what is assumed is left' : 'all of them'
  const heading = `${counted(cuts.length, 'change')} ${cuts.length === 1 ? 'cuts' : 'cut'} ${what}; ${exact ? 'no smaller set does' : 'found greedily, so a smaller set may do'}`
  return [
    ...block(
      heading,
      diff === undefined
        ? cuts.flatMap(cutLine)
        : cuts.flatMap((one) => cutLine({ says: one.says, ...(one.at === undefined ? {} : { at: one.at }) })),
    ),
    ...(diff === undefined ? [] : block('as a difference of the files', diffLines(diff), 'diff')),
  ]
}

/** `bridle access why`: each path hop by hop, and what would cut them all. */
export const whyParts = (result: AccessWhy): Part[] => {
  const { basis, who, on, paths, rest, findings } = result
  if (basis === undefined) return findings.map((finding) => ({ finding }))
  const summary =
    paths.length === 0
      ? 'no path.'
      : `${counted(paths.length, 'path')}${rest > 0 ? ` shown, and ${thousands(rest)} more` : ''}.`
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
