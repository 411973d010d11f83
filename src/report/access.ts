import type {
  AccessChecked,
  AccessWhat,
  AccessWho,
  AccessWhy,
  Contained,
  Result,
  Snapshotted,
} from '../model/result.js'
import { checkParts } from './access-check.js'
import { whatParts } from './access-what.js'
import { whoParts } from './access-who.js'
import { whyParts } from './access-why.js'
import { findingParts } from './assumed.js'
import { visible, widthOf } from './escape.js'
import { block, columns, type Part } from './part.js'
import { spentLine } from './plan.js'
import { basisSentence, containSentence, verdictTones } from './verdict.js'
import { thousands } from './words.js'

/** Answers about access. */
export type AboutAccess = AccessChecked | AccessWho | AccessWhat | AccessWhy | Snapshotted | Contained

const names: Readonly<Record<AboutAccess['result'], string>> = {
  'access-check': 'bridle access check',
  'access-who': 'bridle access who',
  'access-what': 'bridle access what',
  'access-why': 'bridle access why',
  snapshot: 'bridle access snapshot',
  contain: 'bridle contain',
}

/** Which command gives such an answer. */
export const commandOf = ({ result }: AboutAccess): string => names[result]

export const isAboutAccess = (result: Result): result is AboutAccess => Object.hasOwn(names, result.result)

const snapshotParts = ({ basis, organization, holds, spent, findings }: Snapshotted): Part[] => {
  if (basis === undefined) return findings.map((finding) => ({ finding }))
  const rows = Object.entries(holds).map(([plural, count]) => [visible(plural), thousands(count)])
  return [
    {
      ...(organization === undefined ? {} : { about: visible(organization) }),
      says: `Names and settings, no secrets. ${basisSentence(basis)}`,
      tone: 'heading',
    },
    ...block(
      'what it holds',
      columns(rows, widthOf).map((text) => ({ text })),
    ),
    ...findingParts(findings),
    ...(spent === undefined ? [] : [{ says: spentLine(spent), tone: 'faint' } as const]),
  ]
}

const containParts = (result: Contained): Part[] => {
  const { basis, queue, note, verdict, stillRunning, findings } = result
  return [
    {
      about: visible(queue),
      says: `${containSentence(result)}${basis === undefined ? '' : ` ${basisSentence(basis)}`}`,
      tone: verdict === undefined ? 'heading' : verdictTones[verdict],
    },
    ...block('the note of the pause', note === undefined ? [] : [{ text: visible(note) }]),
    ...block(
      'not finished: a pause holds back what waits, and stops no job that has begun',
      stillRunning.map((job) => ({ text: visible(job), tone: 'warning' })),
    ),
    ...findingParts(findings),
  ]
}

/** An answer about access, piece by piece, in the order in which a person needs them. */
export const accessParts = (result: AboutAccess): Part[] => {
  switch (result.result) {
    case 'access-check':
      return checkParts(result)
    case 'access-who':
      return whoParts(result)
    case 'access-what':
      return whatParts(result)
    case 'access-why':
      return whyParts(result)
    case 'snapshot':
      return snapshotParts(result)
    case 'contain':
      return containParts(result)
  }
}
