import type { Imported } from '../model/result.js'
import { findingParts } from './assumed.js'
import { visible } from './escape.js'
import type { Part } from './part.js'
import { spentLine } from './plan.js'
import { counted, listed } from './words.js'

/** Files that a report names; of more it says how many there are. */
const mostFiles = 20

/**
 * What was imported, and into which files.
 *
 * @param isWritten  false where somebody is asked first
 */
export const importParts = (result: Imported, isWritten = true): Part[] => {
  const { findings, files, spent } = result
  const paths = Object.keys(files ?? {})
  const left = paths.length > mostFiles + 1 ? paths.length - mostFiles : 0
  const named = left > 0 ? paths.slice(0, mostFiles) : paths
  return [
    ...(paths.length === 0
      ? []
      : [
          {
            heading: `${counted(paths.length, 'file')} ${isWritten ? 'written' : 'to be written'}`,
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
              { text: importSummary(result) },
            ],
          },
        ]),
  ]
}

const proof = 'Held against what was read, they leave nothing to plan.'

/** `They declare 3 teams and 1 queue. Held against what was read, they leave nothing to plan.` */
const importSummary = ({ files = {}, imported = {}, archived = 0, taken }: Imported): string => {
  if (taken !== undefined) {
    const { changed, gone, added, elsewhere } = taken
    const rest =
      elsewhere === 0
        ? ''
        : ` ${counted(elsewhere, 'difference')} elsewhere ${elsewhere === 1 ? 'stays' : 'stay'}: \`bridle plan\` shows ${elsewhere === 1 ? 'it' : 'them'}.`
    if (Object.keys(files).length === 0)
      return elsewhere === 0
        ? 'Nothing has drifted: the files say what is there.'
        : `Nothing was taken into the files.${rest}`
    const parts = [
      ...(changed > 0 ? [`${counted(changed, 'thing')} that differed`] : []),
      ...(gone > 0 ? [`${counted(gone, 'thing')} that ${gone === 1 ? 'is' : 'are'} gone`] : []),
      ...(added > 0 ? [`${counted(added, 'thing')} that no file declared`] : []),
    ]
    return elsewhere === 0
      ? `Taken into the files: ${listed(parts)}. ${proof}`
      : `Taken into the files: ${listed(parts)}. Of these, nothing is left to plan.${rest}`
  }
  const things = Object.entries(imported).map(([plural, count]) =>
    counted(count, plural.replace(/s$/, ''), plural),
  )
  const put = archived > 0 ? `; ${counted(archived, 'archived pipeline')} left out` : ''
  return `${things.length === 0 ? 'Nothing was there' : `They declare ${listed(things)}`}${put}. ${proof}`
}
