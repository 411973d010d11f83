import type { Imported } from '../model/result.js'
import { findingParts } from './assumed.js'
import { visible } from './escape.js'
import type { Part } from './part.js'
import { spentLine } from './plan.js'
import { counted, listed } from './words.js'

/** Files that a report names; of more it says how many there are. */
const mostFiles = 20

/** What was imported, and into which files. */
export const importParts = ({ findings, files, imported = {}, archived = 0, spent }: Imported): Part[] => {
  const paths = Object.keys(files ?? {})
  const left = paths.length > mostFiles + 1 ? paths.length - mostFiles : 0
  const named = left > 0 ? paths.slice(0, mostFiles) : paths
  const things = Object.entries(imported).map(([plural, count]) =>
    counted(count, plural.replace(/s$/, ''), plural),
  )
  return [
    ...(paths.length === 0
      ? []
      : [
          {
            heading: counted(paths.length, 'file'),
            lines: [
              ...named.map((path) => ({ text: visible(path) })),
              ...(left > 0 ? [{ text: `and ${left} more`, tone: 'faint' as const }] : []),
            ],
          },
        ]),
    ...findingParts(findings),
    ...(files === undefined
      ? []
      : [
          {
            lines: [
              ...(spent === undefined ? [] : [{ text: spentLine(spent), tone: 'faint' as const }]),
              {
                text: `${things.length === 0 ? 'Nothing was there' : `They declare ${listed(things)}`}${archived > 0 ? `; ${counted(archived, 'archived pipeline')} left out` : ''}. Held against what was read, they leave nothing to plan.`,
              },
            ],
          },
        ]),
  ]
}
