import type { Drifted } from '../model/result.js'
import { visible } from './escape.js'
import { findingCount } from './finding.js'
import { driftPieces, type Piece } from './markdown.js'
import { driftSummary } from './plan.js'
import { sinceParts } from './since.js'
import { counted, listed } from './words.js'

/** @source Buildkite docs, "buildkite-agent annotate": the body is 1 MiB at most */
const mostBytes = 1024 * 1024

/** Kept free for the sentence on what was left out, and for whatever an agent puts around it. */
const spareBytes = 4096

const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** What a reader is told who does not see everything. */
const leftOut = (left: readonly Piece[], elsewhere: string): string => {
  const count = (of: Piece['of'], word: string) => {
    const found = left.filter((one) => one.of === of).length
    return found === 0 ? [] : [counted(found, word)]
  }
  const what = [...count('finding', 'finding'), ...count('difference', 'difference'), ...count('all', 'list')]
  return `**Left out here, as an annotation can hold no more: ${listed(what)}.** ${elsewhere}`
}

/**
 * A drift for the page of a build: the same markdown, cut between its pieces where it would be too long. One piece that is
 * too long by itself leaves room for those after it.
 *
 * @param elsewhere  a sentence that says where all of it is
 */
export const annotation = (result: Drifted, sandbox: string | undefined, elsewhere: string): string => {
  const first = sandbox === undefined ? [] : [`> ${visible(sandbox)}`]
  const shown: string[] = [...first]
  const left: Piece[] = []
  let room = mostBytes - spareBytes - bytesOf(first.join(''))
  for (const piece of driftPieces(result)) {
    const bytes = bytesOf(piece.text) + 2
    if (bytes > room) left.push(piece)
    else {
      shown.push(piece.text)
      room -= bytes
    }
  }
  if (left.length > 0) shown.push(leftOut(left, elsewhere))
  return `${shown.join('\n\n')}\n`
}

/** The sum of a drift in a few sentences, for a chat: no name of anything is in it that a stranger could have chosen. */
export const driftMessage = (result: Drifted, sandbox: string | undefined): string => {
  const { plan, organization, findings, created } = result
  const about = organization === undefined ? 'bridle drift' : `bridle drift of ${organization}`
  const told = [
    ...(plan === undefined ? ['Nothing was read whole.'] : [driftSummary(plan, created, findings)]),
    ...(findings.length === 0 ? [] : [`${findingCount(findings)}.`]),
    ...(plan === undefined ? [] : sinceParts(result).flatMap((one) => ('says' in one ? [one.says] : []))),
    ...(sandbox === undefined ? [] : [sandbox]),
  ]
  return `${visible(about)}: ${told.join(' ')}`
}
