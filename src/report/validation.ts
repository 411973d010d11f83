import type { Validation } from '../model/result.js'
import { byKind } from './by-kind.js'
import { titleOf } from './change.js'
import { visible } from './escape.js'
import { findingCount } from './finding.js'
import { counted, listed, thousands } from './words.js'

/** `4 files with 8 teams and 1 queue: no findings.` */
export const validationSummary = ({ declared, files, findings }: Validation): string => {
  const things = Object.entries(declared)
    .filter(([, count]) => count > 0)
    .map(([plural, count]) => counted(count, plural.replace(/s$/, ''), plural))
  const found = findingCount(findings)
  const holding = things.length === 0 ? '' : ` with ${listed(things)}`
  return `${counted(files, 'file')}${holding}: ${found === '' ? 'no findings' : found}.`
}

/** How many names of one kind that are declared elsewhere a report shows. The JSON report has them all. */
const mostOfKind = 5

/** Names that no file declares. What is near a declared name comes first: it may be a slip. */
export const elsewhereLines = ({
  elsewhere,
}: Validation): { readonly name: string; readonly place: string; readonly nearest?: string }[] => {
  const nearFirst = [...elsewhere].sort(
    (a, b) => Number(a.nearest === undefined) - Number(b.nearest === undefined),
  )
  return byKind(nearFirst, mostOfKind).flatMap(({ kind, named, left }) => [
    ...named.map(({ address, where, nearest }) => ({
      name: titleOf(address),
      place: visible(`${where.file}:${where.line}:${where.column}`),
      ...(nearest === undefined ? {} : { nearest: visible(nearest) }),
    })),
    ...(left > 0
      ? [{ name: `${visible(kind)} …`, place: `and ${thousands(left)} more, all of them in --format json` }]
      : []),
  ])
}
