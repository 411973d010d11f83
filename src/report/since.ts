import type { Address } from '../model/address.js'
import type { Drifted } from '../model/result.js'
import type { Seen, Standing } from '../model/standing.js'
import { inDrift, titleOf } from './change.js'
import { visible } from './escape.js'
import { block, capped, type Part } from './part.js'
import { minute } from './standing.js'
import { listed, thousands } from './words.js'

/** How many things that are gone a report names. The JSON report has them all. */
const mostGone = 40

const nameOf = ({ is, about, what }: Seen): string =>
  is === 'finding' ? visible(`${about}: ${what}`) : titleOf(about as Address)

/** In what it differed. */
const inWhat = ({ is, what }: Seen): string => {
  if (is === 'finding') return ''
  if (is === 'undeclared') return ' (declared by no file)'
  const [verb, ...fields] = what.split(' ')
  return ` (${verb === 'create' ? inDrift.create : verb === 'remove' ? inDrift.remove : visible(listed(fields))})`
}

/** What is new, still there and gone since an earlier run. */
export const sinceParts = ({ since, plan, findings }: Drifted): Part[] => {
  if (since === undefined) return []
  const { at, gone, whole } = since
  if (!whole)
    return [
      {
        says: `Not compared with the run of ${minute(at)}: nothing was read whole. What it saw is kept for the next.`,
      },
    ]
  const all: readonly Standing[] = [...(plan?.changes ?? []), ...(plan?.undeclared ?? []), ...findings]
  const count = (standing: Standing['standing']) => all.filter((one) => one.standing === standing).length
  const counts = [
    [count('new'), 'new'],
    [count('still'), 'still there'],
    [gone.length, 'gone'],
  ] as const
  const told = counts.flatMap(([many, word]) => (many === 0 ? [] : [`${thousands(many)} ${word}`]))
  const lines = gone.map((one) => ({
    text: `${nameOf(one)}${inWhat(one)}, first seen ${minute(one.firstSeen)}`,
    tone: 'faint' as const,
  }))
  return [
    { says: `Since the run of ${minute(at)}: ${told.length === 0 ? 'nothing new' : listed(told)}.` },
    ...block('gone', capped(lines, mostGone)),
  ]
}
